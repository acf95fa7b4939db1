"""Asks the rooms what they know of someone, for the one page that needs all of them."""

from exercises.models import Session
from healing.accounts.models import User
from healing.checkins.models import CheckIn
from healing.lessons.models import Lesson
from healing.questionnaires.models import Submission
from healing.reminders.models import Plan
from healing.today.steps import Facts
from journal.models import Entry


def facts_of(owner: User, lesson: Lesson | None) -> Facts:
    """What someone has done up to now; `lesson` is the next unread one."""
    dates = set(CheckIn.objects.of(owner).values_list("local_date", flat=True))
    return Facts(
        exercises_done=Session.objects.of(owner).practised().count(),
        pictures_taken=Submission.objects.of(owner).count(),
        checked_in_today=owner.today() in dates,
        check_ins=len(dates),
        unread_lessons=1 if lesson else 0,
        entries=Entry.objects.of(owner).count(),
        has_plan=Plan.objects.of(owner).running().exists(),
    )
