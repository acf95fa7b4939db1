"""Changing a moment."""

from collections.abc import Callable
from datetime import timedelta

from django.test import Client

from healing.accounts.models import User
from healing.locker.models import Moment
from tests.locker.conftest import WORDS, Keep


def edit(row: Moment) -> str:
    return f"/locker/{row.pk}/edit/"


def opened(page: str) -> str:
    return page.split('name="opened_with" value="')[1][:16]


def test_it_is_shown_as_it_is_and_changed(hers: Client, mara: User, keep: Keep) -> None:
    row = keep(mara, triggers=["quarrel"], day=mara.today(), in_mail=True)
    page = hers.get(edit(row)).content.decode()
    for name in ('value="someone_stayed"', 'value="quarrel"', 'name="in_mail"'):
        assert "checked" in page.split(name)[1].split(">")[0]
    assert f'value="{mara.today():%Y-%m-%d}"' in page
    data = {"opened_with": opened(page), "words": "other words", "kind": "asked_and_fine"}
    for _ in range(2):  # a double press is no conflict
        assert hers.post(edit(row), data).headers["Location"] == "/locker/"
    assert Moment.objects.of(mara).get().said == {
        "kind": "asked_and_fine", "words": "other words", "triggers": [], "day": None,
        "in_mail": False,
    }  # fmt: skip


def test_a_moment_kept_east_of_here_can_be_changed_while_its_day_is_still_to_come(
    hers: Client, mara: User, keep: Keep
) -> None:
    tomorrow = mara.today() + timedelta(days=1)
    row = keep(mara, day=tomorrow)
    data = {"opened_with": opened(hers.get(edit(row)).content.decode()), "words": "other words"}
    later = tomorrow + timedelta(days=1)
    page = hers.post(edit(row), {**data, "day": f"{later:%Y-%m-%d}"}).content.decode()
    assert "This day is still to come" in page
    hers.post(edit(row), {**data, "day": f"{tomorrow:%Y-%m-%d}"})
    changed = Moment.objects.of(mara).get()
    assert (changed.words, changed.day) == ("other words", tomorrow)


def test_a_change_in_another_tab_is_shown_and_not_overwritten(
    hers: Client, mara: User, keep: Keep
) -> None:
    row = keep(mara)
    mark = opened(hers.get(edit(row)).content.decode())
    hers.post(edit(row), {"opened_with": mark, "words": "first tab"})
    page = hers.post(edit(row), {"opened_with": mark, "words": "second tab"}).content.decode()
    assert "Not saved yet" in page
    assert "first tab" in page
    assert "second tab" in page
    assert Moment.objects.of(mara).get().words == "first tab"
    hers.post(edit(row), {"opened_with": opened(page), "words": "second tab"})
    assert Moment.objects.of(mara).get().words == "second tab"


def test_an_expired_session_gives_every_word_back(client: Client, mara: User, keep: Keep) -> None:
    answer = client.post(edit(keep(mara)), {"words": "my new words"})
    assert answer.status_code == 403
    assert "my new words" in answer.content.decode()


def test_a_stranger_finds_nothing(
    mara: User, theo: User, keep: Keep, client_of: Callable[[User], Client]
) -> None:
    row = keep(mara)
    his = client_of(theo)
    assert his.get(edit(row)).status_code == 404
    assert his.post(edit(row), {"words": "his"}).status_code == 404
    assert Moment.objects.get().words == WORDS
