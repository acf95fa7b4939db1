"""One look-back read back, with the ways to change and delete it."""

from collections.abc import Callable
from datetime import timedelta

from django.test import Client
from django.urls import reverse

from healing.accounts.models import User
from healing.checkins.models import LookBack
from tests.checkins.conftest import main_of


def made(owner: User, ago: int = 0) -> LookBack:
    row: LookBack = LookBack.objects.create(
        owner=owner,
        local_date=owner.today() - timedelta(days=ago),
        said={"rang": "few", "well": "tea <with> Nia"},
    )
    return row


def page_of(client: Client, row: LookBack) -> str:
    return main_of(client.get(reverse("checkins:look_back_detail", args=[row.pk])).content.decode())


def test_it_reads_back_all_that_was_said_and_no_more(hers: Client, mara: User) -> None:
    page = page_of(hers, made(mara))
    assert "3 to 5 times" in page
    assert "tea &lt;with&gt; Nia" in page
    assert page.count("<dt>") == 2


def test_an_old_one_can_be_deleted_and_no_more_changed(hers: Client, mara: User) -> None:
    change = 'href="/look-back/"'
    assert change in page_of(hers, made(mara))
    old = page_of(hers, made(mara, ago=8))
    assert change not in old
    assert "/delete/" in old


def test_a_stranger_finds_nothing(
    mara: User, theo: User, client_of: Callable[[User], Client]
) -> None:
    address = reverse("checkins:look_back_detail", args=[made(mara).pk])
    assert client_of(theo).get(address).status_code == 404
