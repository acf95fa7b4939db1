"""The menu leads to every page a person has, and each link opens."""

import re
from collections.abc import Callable

from django.test import Client
from django.urls import reverse

from healing.accounts.models import User


def test_every_link_of_the_menu_opens(
    client_of: Callable[[User], Client], mara: User, content: None
) -> None:
    client = client_of(mara)
    page = client.get(reverse("today:menu")).content.decode()
    links = set(re.findall(r'href="(/[^"#]*)"', page.split("<main")[1]))
    assert len(links) > 15
    for link in links - {"/accounts/logout/"}:
        answer = client.get(link)
        # Some pages of the account ask for the password again first.
        assert answer.status_code == 200 or "/reauthenticate/" in answer["Location"], link
