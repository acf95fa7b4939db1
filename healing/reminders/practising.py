"""Which exercises a plan may lead to, and which one it leads to."""

from exercises.actions import practice
from exercises.models import Exercise
from healing.accounts.models import User
from healing.reminders.models import Enclosure, Plan


def to_practise(*, owner: User | None = None) -> list[Exercise]:
    """Exercises for a plan, by title (3 queries for a person, else 1).

    None of high intensity and none with questions before it: they may be closed on the day. None
    that the person put away, or that stirred things up.
    """
    known = practice(owner=owner) if owner else None
    found = Exercise.objects.published().exclude(intensity=Exercise.Intensity.HIGH)
    return [
        one
        for one in found.order_by("title")
        if not one.is_screened and (known is None or known.may_suggest(one.content_id))
    ]


def chosen_in(plan: Plan | None) -> str:
    """The content id of the exercise that a plan leads to; empty for none."""
    found = Enclosure.objects.filter(plan=plan).first() if plan else None
    return str(found.said.get("exercise", "")) if found else ""


def exercise_of(*, owner: User) -> Exercise | None:
    """The exercise that the person's practice leads to, if it is published still."""
    plan = Plan.objects.of(owner).filter(kind=Plan.Kind.PRACTICE).first()
    rows = Exercise.objects.published()
    return rows.filter(content_id=chosen_in(plan)).first()
