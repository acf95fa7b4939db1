"""The panel that other pages put on a hard screen: ways to steady and to help, and no database."""

import re

from django.template.loader import render_to_string
from django.test import Client


def test_each_way_out_of_it_leads_somewhere(client: Client, content: None) -> None:
    panel = render_to_string("safety/_help_now.html")
    addresses = re.findall(r'href="([^"]+)"', panel)
    assert addresses == [
        "/help/",
        "/steady/",
        "/exercises/feet-seat-spine/",
        "/exercises/five-sense-orienting/",
    ]
    for address in addresses:
        assert client.get(address).status_code == 200


def test_it_needs_no_database() -> None:
    # This test has no database: a query in the panel would fail it.
    assert "No one is alerted" in render_to_string("safety/_help_now.html")
