"""The service worker may keep public pages only."""

import json
import re

from django.test import Client
from django.urls import reverse

from healing.today.views import SHELL_PAGES


def test_it_is_a_script_that_is_asked_for_anew(client: Client) -> None:
    answer = client.get(reverse("today:service_worker"))
    assert answer["Content-Type"].startswith("text/javascript")
    assert "no-cache" in answer["Cache-Control"]


def test_all_it_keeps_is_public(client: Client, content: None) -> None:
    script = client.get(reverse("today:service_worker")).content.decode()
    written = re.search(r'JSON\.parse\("(.*?)"\)', script)
    assert written is not None
    shell = json.loads(written[1].encode().decode("unicode_escape"))
    assert {reverse(name) for name in SHELL_PAGES} <= set(shell)
    for address in shell:
        if not address.startswith("/static/"):
            assert client.get(address).status_code == 200
