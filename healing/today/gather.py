"""Asks the rooms what they know of someone, for the one page that needs all of them."""

from dataclasses import dataclass

from exercises.actions import practice
from exercises.models import Exercise, Session
from healing.accounts.models import User
from healing.checkins.models import CheckIn, SafetyAnswer
from healing.checkins.safety import Level
from healing.lessons.models import Lesson
from healing.questionnaires.models import Submission
from healing.reminders.models import Plan
from healing.today.steps import Facts
from journal.models import Entry

# Named where nothing is known yet, in this order: breath, hands, weight, eyes.
FOR_MOST = ("E05", "E08", "E02", "E01")


@dataclass(frozen=True)
class Calming:
    """An exercise, and by how much the person's number usually fell after it, if that is known."""

    exercise: Exercise
    fall: float | None


def facts_of(owner: User, lesson: Lesson | None) -> Facts:
    """What someone has done up to now; `lesson` is the next unread one."""
    dates = set(CheckIn.objects.of(owner).values_list("local_date", flat=True))
    answer = SafetyAnswer.objects.of(owner).last_with_level()
    heavy = answer is not None and answer.level in {Level.HIGH, Level.NOW}
    return Facts(
        exercises_done=Session.objects.of(owner).practised().count(),
        pictures_taken=Submission.objects.of(owner).count(),
        checked_in_today=owner.today() in dates,
        check_ins=len(dates),
        unread_lessons=1 if lesson else 0,
        entries=Entry.objects.of(owner).count(),
        has_plan=Plan.objects.of(owner).running().exists(),
        heavy=heavy,
        ask_safety=heavy and answer is not None and answer.local_date < owner.today(),
        in_danger=answer is not None and answer.level is Level.NOW,
    )


def calming(owner: User, *, gently: bool) -> Calming | None:
    """The exercise to name for a hard minute: the person's own best, else one that suits most.

    Never one of high intensity: those stir, and may be closed. `gently`: only one of low intensity.
    None where there is none, or all are put away.
    """
    known = practice(owner=owner)
    best = [one.exercise for one in known.helpful]
    order = [*best, *(one for one in FOR_MOST if known.may_suggest(one))]
    found = Exercise.objects.published().filter(content_id__in=order)
    found = found.exclude(intensity=Exercise.Intensity.HIGH)
    if gently:
        found = found.filter(intensity=Exercise.Intensity.LOW)
    by_id = {one.content_id: one for one in found}
    chosen = next((by_id[one] for one in order if one in by_id), None)
    if chosen is None:
        return None
    falls = {one.exercise: one.fall for one in known.helpful}
    return Calming(chosen, falls.get(chosen.content_id))
