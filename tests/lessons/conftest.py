"""Somebody for whom the readiness check holds, condition by condition."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

from exercises.models import Session
from healing.accounts.models import User
from healing.cards.actions import card_of, keep_card, mark_of
from healing.cards.kinds import SAFETY
from healing.checkins.actions import answer_safety
from healing.checkins.models import CheckIn
from healing.lessons.actions import keep_note
from healing.lessons.gate import Missing
from healing.lessons.models import Lesson

CARD = {
    "warning_signs": "I stop answering my sister",
    "alone": "Long out-breath, ten rounds",
    "people": "Jonas 0151 2345 6789",
}
NO, LOW = {"a": "no", "b": "no"}, {"a": "came_and_went", "b": "no", "c": "no"}


def read(person: User, *ids: str) -> None:
    for lesson in Lesson.objects.filter(content_id__in=ids):
        keep_note(owner=person, lesson=lesson, read=True)


def _read(person: User) -> None:
    ids = Lesson.objects.filter(module__content_id__in=["M1", "M4"])
    read(person, "M5.4", *ids.values_list("content_id", flat=True))


def practise(person: User, exercise: str, days_ago: int, **said: Any) -> Session:
    """A finished use of an exercise so many days ago."""
    blank = dict.fromkeys(("variant", "before", "after", "seconds", "framed", "aftercare"))
    what = {"exercise": exercise, "ended": "finished", "noted": []}
    return Session.objects.create(
        owner=person,
        local_date=person.today() - timedelta(days=days_ago),
        state=Session.State.DONE,
        said=blank | what | said,
    )


def _practise(person: User) -> None:
    for place in range(10):
        ended = "enough" if place % 2 else "finished"
        practise(person, ("E01", "E05", "E09", "E11")[place % 4], place % 5, ended=ended)


def fill_card(person: User, **changed: str) -> None:
    opened_with = mark_of(card_of(owner=person, kind=SAFETY).answers)
    answers = {name: words for name, words in (CARD | changed).items() if words}
    assert keep_card(owner=person, kind=SAFETY, answers=answers, opened_with=opened_with)


def _check_in(person: User) -> None:
    for days_ago, steady in enumerate((2, 0, 3, 1, 2)):
        day = person.today() - timedelta(days=days_ago)
        CheckIn.objects.create(owner=person, local_date=day, answers={"steady": steady})


def say(person: User, answers: dict[str, str]) -> None:
    """Answers the safety question."""
    answer_safety(owner=person, row=uuid4(), answers=answers)


# What makes each of the conditions 1 to 5 hold.
HOLDS: dict[Missing, Callable[[User], None]] = {
    Missing.LESSONS: _read,
    Missing.PRACTICE: _practise,
    Missing.CARD: fill_card,
    Missing.CHECK_INS: _check_in,
    Missing.SAFETY: lambda person: say(person, NO),
}


def make_ready(person: User, but: Missing | None = None) -> None:
    """All five conditions hold for this person, or all but one."""
    for one, make in HOLDS.items():
        if one is not but:
            make(person)
