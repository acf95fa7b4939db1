"""Deleting a moment: asked first, then its sealed words are gone."""

from collections.abc import Callable

from django.test import Client

from healing.accounts.models import User
from healing.locker.models import Moment
from tests.locker.conftest import Keep


def delete(row: Moment) -> str:
    return f"/locker/{row.pk}/delete/"


def test_asking_deletes_nothing_and_shows_what_would_go(
    hers: Client, mara: User, keep: Keep
) -> None:
    page = hers.get(delete(keep(mara))).content.decode()
    assert "She stayed &amp; made" in page
    assert "Keep it" in page
    assert Moment.objects.of(mara).count() == 1


def test_it_takes_this_one_and_leaves_the_others(hers: Client, mara: User, keep: Keep) -> None:
    row, other = keep(mara), keep(mara)
    assert hers.post(delete(row), follow=True).redirect_chain == [("/locker/", 302)]
    assert Moment.objects.of(mara).get() == other
    assert hers.post(delete(row)).status_code == 404


def test_a_stranger_and_a_visitor_delete_nothing(
    client: Client, mara: User, theo: User, keep: Keep, client_of: Callable[[User], Client]
) -> None:
    row = keep(mara)
    his = client_of(theo)
    assert his.get(delete(row)).status_code == 404
    assert his.post(delete(row)).status_code == 404
    assert client.post(delete(row)).status_code == 403
    assert Moment.objects.count() == 1
