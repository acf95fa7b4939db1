"""Asks first, then deletes one check-in and nothing else."""

from collections.abc import Callable
from datetime import timedelta

from django.test import Client
from django.urls import reverse

from healing.accounts.models import User
from healing.checkins.models import CheckIn


def made(owner: User, ago: int = 0) -> CheckIn:
    row: CheckIn = CheckIn.objects.create(
        owner=owner,
        local_date=owner.today() - timedelta(days=ago),
        answers={"steady": 3, "good_moment": "tea <with> Nia"},
    )
    return row


def address(row: CheckIn) -> str:
    return reverse("checkins:check_in_delete", args=[row.pk])


def test_looking_deletes_nothing_and_pressing_deletes_this_one(hers: Client, mara: User) -> None:
    row, other = made(mara), made(mara, ago=1)
    assert "cannot be brought back" in hers.get(address(row)).content.decode()
    assert CheckIn.objects.count() == 2
    assert hers.post(address(row))["Location"] == reverse("checkins:day_list")
    assert list(CheckIn.objects.all()) == [other]


def test_twice_is_met_with_not_found(hers: Client, mara: User) -> None:
    row = made(mara)
    hers.post(address(row))
    assert hers.post(address(row)).status_code == 404


def test_a_stranger_deletes_nothing(
    mara: User, theo: User, client_of: Callable[[User], Client]
) -> None:
    row = made(mara)
    assert client_of(theo).post(address(row)).status_code == 404
    assert CheckIn.objects.count() == 1
