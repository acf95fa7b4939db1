"""The manifest is JSON and names the site."""

import json

from django.test import Client
from django.urls import reverse


def test_it_names_the_site(client: Client) -> None:
    answer = client.get(reverse("today:manifest"))
    assert answer["Content-Type"].startswith("application/manifest+json")
    assert json.loads(answer.content)["name"] == "Steady Ground"
