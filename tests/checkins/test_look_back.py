"""/look-back/: the week, question by question, and the safety question under it."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from exercises.models import Session
from healing.accounts.models import User
from healing.checkins.actions import switch_off
from healing.checkins.look_back import QUESTIONS, applicable, asked
from healing.checkins.models import LookBack, SafetyAnswer
from journal.models import Entry
from tests.checkins.conftest import days_later, main_of

ADDRESS = reverse("checkins:look_back")
DONE = reverse("checkins:looked_back")
ALL = {
    "rang": "few",
    "until": "an_hour",
    "well": 'I said "later" – and meant it',
    "next": "call Nia",
    "pace": "slower",
    "worse": "the imagery",
}


def stored(user: User) -> dict[str, str]:
    said: dict[str, str] = LookBack.objects.of(user).get().said
    return said


def test_everything_said_is_kept(hers: Client, mara: User) -> None:
    assert hers.post(ADDRESS, ALL)["Location"] == DONE
    assert stored(mara) == ALL
    assert LookBack.objects.get().local_date == mara.today()
    assert SafetyAnswer.objects.count() == 0


@pytest.mark.parametrize("name", list(ALL))
def test_each_question_can_be_left_open(hers: Client, mara: User, name: str) -> None:
    hers.post(ADDRESS, {**ALL, name: ""})
    assert stored(mara) == {key: said for key, said in ALL.items() if key != name}
    hers.post(ADDRESS, {**ALL, name: "-" if name in {"rang", "until", "pace"} else " "})
    assert name not in stored(mara)


def test_a_second_one_on_the_same_day_changes_the_first(hers: Client, mara: User) -> None:
    hers.post(ADDRESS, ALL)
    page = hers.get(ADDRESS).content.decode()
    assert "and meant it" in page
    assert re.search(r'value="few"[^>]*checked', page)
    hers.post(ADDRESS, {"rang": "never"})
    assert stored(mara) == {"rang": "never"}


def test_nothing_said_keeps_no_row(hers: Client) -> None:
    assert hers.post(ADDRESS, {"well": " "})["Location"] == DONE
    assert not LookBack.objects.exists()


def test_the_first_has_no_week_before_it(hers: Client, mara: User) -> None:
    assert 'name="compared"' not in hers.get(ADDRESS).content.decode()
    hers.post(ADDRESS, {**ALL, "compared": "easier"})
    assert "compared" not in stored(mara)
    with days_later(7):
        assert 'name="compared"' in hers.get(ADDRESS).content.decode()
        hers.post(ADDRESS, {"compared": "much_harder"})
    assert [
        row.said.get("compared") for row in LookBack.objects.of(mara).order_by("local_date")
    ] == [
        None,
        "much_harder",
    ]


def test_the_safety_question_stands_under_it_and_may_be_skipped(hers: Client, mara: User) -> None:
    page = main_of(hers.get(ADDRESS).content.decode())
    assert "No one watches these answers and no one is alerted." in page
    answer = hers.post(ADDRESS, {**ALL, "a": "came_and_went", "b": "no", "c": "no"})
    row = SafetyAnswer.objects.of(mara).get()
    assert answer["Location"] == reverse("checkins:safety_answered", args=[row.pk])
    assert row.level == "low"
    assert stored(mara) == ALL


def test_pressing_save_twice_gives_one_answer_to_it(hers: Client, mara: User) -> None:
    page = hers.get(ADDRESS).content.decode()
    row = re.search(r'name="row" value="([^"]+)"', page)
    assert row
    for _time in range(2):
        hers.post(ADDRESS, {"row": row[1], "a": "no", "b": "no"})
    assert SafetyAnswer.objects.of(mara).count() == 1


def test_another_persons_answer_is_never_changed(
    hers: Client, theo: User, client_of: Callable[[User], Client]
) -> None:
    hers.post(ADDRESS, {"a": "often", "b": "did", "c": "no"})
    row = SafetyAnswer.objects.get()
    answer = client_of(theo).post(ADDRESS, {"row": str(row.pk), "a": "no", "b": "no"})
    assert answer.status_code == 404
    assert SafetyAnswer.objects.get().level == "high"


def test_what_is_switched_off_is_not_asked_and_stays(hers: Client, mara: User) -> None:
    hers.post(ADDRESS, ALL)
    switch_off(owner=mara, off={"worse", "pace"})
    page = hers.get(ADDRESS).content.decode()
    assert 'name="worse"' not in page
    assert 'name="pace"' not in page
    hers.post(ADDRESS, {"rang": "most_days", "worse": "forged"})
    assert stored(mara) == {"rang": "most_days", "pace": "slower", "worse": "the imagery"}


def test_it_begins_with_one_small_honest_count(hers: Client, mara: User) -> None:
    assert "In the last seven days" not in hers.get(ADDRESS).content.decode()
    for ago in (0, 0, 3, 7):
        Entry.objects.create(
            owner=mara, local_date=mara.today() - timedelta(days=ago), content={"form": "quick"}
        )
    for state in ("done", "begun"):
        Session.objects.create(owner=mara, local_date=mara.today(), state=state, said={})
    page = re.sub(r"\s+", " ", hers.get(ADDRESS).content.decode())
    assert "In the last seven days you wrote 3 entries on 2 days and did 1 exercise." in page


@pytest.mark.parametrize(("name", "value"), [("rang", "ever"), ("pace", "x"), ("a", "perhaps")])
def test_an_answer_outside_the_choices_is_refused_and_nothing_lost(
    hers: Client, name: str, value: str
) -> None:
    answer = hers.post(ADDRESS, {**ALL, name: value})
    assert answer.status_code == 200
    assert "call Nia" in answer.content.decode()
    assert not LookBack.objects.exists()


def test_a_line_that_is_too_long_is_given_back_whole(hers: Client) -> None:
    page = hers.post(ADDRESS, {"well": "x" * 2001}).content.decode()
    assert "x" * 2001 in page
    assert "Shorten it to 2000" in page


def test_signed_out_every_word_comes_back(db: None) -> None:
    answer = Client().post(ADDRESS, ALL)
    assert answer.status_code == 403
    assert "call Nia" in answer.content.decode()
    assert not LookBack.objects.exists()


def test_looking_stores_nothing(hers: Client, django_assert_num_queries: Any) -> None:
    hers.get(ADDRESS)
    # session, person, today's row, what is switched off, an earlier one; entries and exercises
    with django_assert_num_queries(7):
        hers.get(ADDRESS)
    assert not LookBack.objects.exists()


@settings(deadline=None)
@given(
    st.frozensets(st.sampled_from([one.key for one in QUESTIONS])),
    st.booleans(),
    st.dictionaries(st.sampled_from([one.key for one in QUESTIONS]), st.text(min_size=1)),
)
def test_what_is_asked_and_kept_follows_from_the_choices(
    off: frozenset[str], is_first: bool, said: dict[str, str]
) -> None:
    keys = [one.key for one in asked(off=off, is_first=is_first)]
    assert not off & set(keys)
    assert ("compared" in keys) == ("compared" not in off and not is_first)
    kept = applicable({**said, "rang": "never"})
    assert "until" not in kept
    assert applicable({**said, "rang": "few"}) == {**said, "rang": "few"}
