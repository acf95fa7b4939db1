"""Changing the time zone: from the list, and only one of the list."""

from collections.abc import Callable

from django.test import Client
from django.urls import reverse

from healing.accounts.models import User


def test_it_is_changed_and_said(client_of: Callable[[User], Client], mara: User) -> None:
    client = client_of(mara)
    assert (
        '<option value="Europe/Berlin" selected>'
        in client.get(reverse("accounts:time_zone")).content.decode()
    )
    client.post(reverse("accounts:time_zone"), {"time_zone": "Asia/Tokyo"})
    mara.refresh_from_db()
    assert mara.time_zone == "Asia/Tokyo"


def test_an_unknown_zone_is_refused_with_a_way_on(
    client_of: Callable[[User], Client], mara: User
) -> None:
    answer = client_of(mara).post(reverse("accounts:time_zone"), {"time_zone": "Mars/Olympus"})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "for example Europe/Berlin" in page
    assert "<title>Error: " in page
    mara.refresh_from_db()
    assert mara.time_zone == "Europe/Berlin"
