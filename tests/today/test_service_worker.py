"""The service worker may keep public pages only."""

import json
import re

from django.test import Client
from django.urls import reverse

from healing.today.views import SHELL_PAGES


def test_it_is_a_script_that_is_asked_for_anew(client: Client, db: None) -> None:
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


def test_the_only_private_page_it_knows_is_the_card_that_may_be_kept(
    client: Client, content: None
) -> None:
    script = client.get(reverse("today:service_worker")).content.decode()
    written = re.search(r'OWN_PAGES = JSON\.parse\("(.*?)"\)', script)
    assert written is not None
    pages = json.loads(written[1].encode().decode("unicode_escape"))
    assert pages == [
        reverse("cards:card_detail", args=["safety-card"]),
        reverse("cards:card_copy"),
    ]
    # It reads that copy and deletes it; putting it there is left to the button.
    assert ".put(" not in script
    assert "caches.delete(OWN)" in script
    shell = re.search(r'SHELL = JSON\.parse\("(.*?)"\)', script)
    assert shell is not None
    assert not set(pages) & set(json.loads(shell[1].encode().decode("unicode_escape")))
