"""/check-in/days/: what was checked in, the newest first; days without one leave no mark."""

import re
from datetime import timedelta
from typing import Any

from django.test import Client
from django.urls import reverse

from healing.accounts.models import User
from healing.checkins.models import CheckIn, LookBack

ADDRESS = reverse("checkins:day_list")


def check_in(owner: User, *, ago: int) -> CheckIn:
    row: CheckIn = CheckIn.objects.create(
        owner=owner, local_date=owner.today() - timedelta(days=ago), answers={"steady": 3}
    )
    return row


def test_empty_it_says_what_will_be_here(hers: Client) -> None:
    assert "leaves no mark" in hers.get(ADDRESS).content.decode()


def test_every_day_stands_once_over_the_pages(hers: Client, mara: User) -> None:
    rows = {str(check_in(mara, ago=ago).pk) for ago in range(0, 82, 2)}
    seen: list[str] = []
    address = ADDRESS
    while address:
        page = hers.get(address).content.decode()
        seen += re.findall(r'href="/check-in/([0-9a-f-]{36})/"', page)
        older = re.search(r'href="(\?before=[0-9-]+)"', page)
        address = ADDRESS + older[1] if older else ""
    assert len(seen) == len(rows) == 41
    assert set(seen) == rows


def test_a_page_that_is_not_there_is_the_first(hers: Client, mara: User) -> None:
    row = check_in(mara, ago=1)
    assert str(row.pk) in hers.get(ADDRESS + "?before=never").content.decode()


def test_look_backs_stand_below(hers: Client, mara: User) -> None:
    row = LookBack.objects.create(owner=mara, local_date=mara.today(), said={"rang": "never"})
    assert reverse("checkins:look_back_detail", args=[row.pk]) in hers.get(ADDRESS).content.decode()


def test_a_stranger_sees_none(client_of: Any, mara: User, theo: User) -> None:
    row = check_in(mara, ago=0)
    assert str(row.pk) not in client_of(theo).get(ADDRESS).content.decode()


def test_it_asks_the_database_little(
    hers: Client, mara: User, django_assert_num_queries: Any
) -> None:
    for ago in range(30):
        check_in(mara, ago=ago)
    hers.get(ADDRESS)
    with django_assert_num_queries(5):  # session, person, days, key, look-backs
        hers.get(ADDRESS)
