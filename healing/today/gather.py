"""Asks the rooms what they know of someone, for the one page that needs all of them."""

from dataclasses import dataclass
from datetime import date, timedelta

from exercises.actions import practice
from exercises.models import Exercise, Session
from healing.accounts.models import User
from healing.checkins.models import CheckIn, LookBack, SafetyAnswer
from healing.checkins.safety import Level
from healing.lessons.models import Lesson
from healing.questionnaires.models import Submission
from healing.reminders.models import Plan
from healing.reminders.outlook import Outlook
from healing.today.steps import Facts
from journal.models import Entry

WEEK = timedelta(days=7)
# Named where nothing is known yet, in this order: breath, hands, weight, eyes.
FOR_MOST = ("E05", "E08", "E02", "E01")


@dataclass(frozen=True)
class Calming:
    """An exercise, and by how much the person's number usually fell after it, if that is known."""

    exercise: Exercise
    fall: float | None


def facts_of(owner: User, lesson: Lesson | None, mails: Outlook) -> Facts:
    """What someone has done up to now; `lesson` is the next unread one, `mails` their reminders."""
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
        has_plan=mails.is_standing,
        heavy=heavy,
        ask_safety=heavy and answer is not None and answer.local_date < owner.today(),
        in_danger=answer is not None and answer.level is Level.NOW,
        look_back_due=_look_back_due(owner, mails),
        practice_due=_practice_due(owner, mails),
    )


def _look_back_due(owner: User, mails: Outlook) -> bool:
    """Whether a look-back is planned for today, or the last one is more than a week old."""
    today = owner.today()
    rows = LookBack.objects.of(owner).order_by("-local_date")
    last = rows.values_list("local_date", flat=True).first()
    if last == today:
        return False
    long_ago = last is not None and today - last > WEEK
    return long_ago or _is_planned(mails, Plan.Kind.LOOK_BACK, today)


def _practice_due(owner: User, mails: Outlook) -> bool:
    """Whether an exercise is planned for today, and none was practised yet."""
    today = owner.today()
    if not _is_planned(mails, Plan.Kind.PRACTICE, today):
        return False
    done = Session.objects.of(owner).practised().filter(local_date=today)
    return not done.exists()


def _is_planned(mails: Outlook, kind: str, today: date) -> bool:
    """Whether the mail of a kind comes today, or came."""
    plan = mails.of(kind)
    if plan is None or not plan.is_running:
        return False
    return today in {plan.next_local_date, plan.last_local_date}


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
