"""Says in plain words when a mail comes, what it holds and what became of it."""

from collections.abc import Sequence
from datetime import date, datetime

from django.conf import settings
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.formats import date_format, time_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from healing.accounts.clock import local_now, local_today
from healing.reminders.models import Delivery, Plan
from healing.reminders.schedule import EVERY_DAY, weekdays_of

State = Delivery.State
DAY, YEAR_TOO = "l, j F", "l, j F Y"
WORKDAYS, WEEKEND = frozenset(range(5)), frozenset([5, 6])
KINDS: dict[str, str | Promise] = {
    Plan.Kind.CHECK_IN: gettext_lazy("check-in"),
    Plan.Kind.LOOK_BACK: gettext_lazy("look-back"),
    Plan.Kind.PRACTICE: gettext_lazy("practice"),
    Plan.Kind.LETTER: gettext_lazy("a letter from you"),
}

# Each kind of plan that a person has one of: its name, and what it is.
OFFERED = {
    Plan.Kind.CHECK_IN: (
        gettext_lazy("Daily check-in"),
        gettext_lazy("One small thing to do, and your check-in"),
    ),
    Plan.Kind.LOOK_BACK: (gettext_lazy("Weekly look-back"), gettext_lazy("Three minutes a week")),
    Plan.Kind.PRACTICE: (
        gettext_lazy("Practice of one exercise"),
        gettext_lazy("One that you want to make your own"),
    ),
}


def day(on: date, *, today: date | None = None) -> str:
    """A date as "Sunday, 29 November"; with its year if it lies further than half a year away."""
    far = today is not None and abs((on - today).days) > 180
    return date_format(on, YEAR_TOO if far else DAY)


def moment(local: datetime | None, *, today: date | None = None) -> str:
    """A local moment as "Tuesday, 24 November at 20:30", the day as in `day`; empty for None."""
    if local is None:
        return ""
    # Without its zone, or Django would move it to the server's.
    wall = local.replace(tzinfo=None)
    return _("%(day)s at %(time)s") % {
        "day": day(wall.date(), today=today),
        "time": date_format(wall, "H:i"),
    }


def listing(parts: Sequence[str]) -> str:
    """Words as "a, b and c"."""
    *first, last = map(str, parts)
    return (
        _("%(first)s and %(last)s") % {"first": ", ".join(first), "last": last} if first else last
    )


def holding(kinds: Sequence[str], *, again: bool = False) -> str:
    """What a mail to come holds, as "check-in and look-back"."""
    held = listing([str(KINDS[kind]) for kind in kinds])
    return _("%(held)s, once more as you asked") % {"held": held} if again else held


def rhythm(plan: Plan) -> str:
    """Days and hour of a plan as "every day at 20:30"; of a letter, its day."""
    if plan.on_date:
        return day(plan.on_date, today=local_today(plan.time_zone, timezone.now()))
    return _("%(days)s at %(time)s") % {
        "days": _days(weekdays_of(plan.weekdays)),
        "time": time_format(plan.local_time, "H:i"),
    }


def _days(chosen: frozenset[int]) -> str:
    if chosen == EVERY_DAY:
        return _("every day")
    if chosen == WORKDAYS:
        return _("Monday to Friday")
    return listing([str(WEEKDAYS[one]) for one in sorted(chosen)])


def paused(plan: Plan | None) -> str:
    """The day before which a paused plan brings nothing, as in `day`; empty if it is not paused."""
    now = timezone.now()
    if plan is None or plan.paused_until is None or plan.paused_until <= now:
        return ""
    end = local_now(plan.time_zone, plan.paused_until).date()
    return day(end, today=local_today(plan.time_zone, now))


def place(zone: str) -> str:
    """A time zone by its town, as "Buenos Aires"."""
    return zone.rpartition("/")[2].replace("_", " ")


def shared(plan: Plan) -> str:
    """What is the same for all plans: what a mail holds, quiet hours, the clock."""
    parts = [str(Plan.Holds(plan.holds).label)]
    if plan.quiet_from is not None and plan.quiet_to is not None:
        hours = {
            "first": time_format(plan.quiet_from, "H:i"),
            "last": time_format(plan.quiet_to, "H:i"),
        }
        parts.append(_("quiet from %(first)s to %(last)s") % hours)
    parts.append(_("by the clock of %(place)s") % {"place": place(plan.time_zone)})
    return "; ".join(parts)


def outcome(delivery: Delivery) -> str:
    """What became of a mail, for the person it was meant for."""
    why = delivery.get_reason_display()
    if delivery.reason == Delivery.Reason.PAUSED:
        # Not of the day's one mail, as every other reason, but of one plan in it.
        return _("%(kind)s not sent: %(why)s") % {"kind": KINDS[delivery.plan.kind], "why": why}
    if delivery.state == State.SENT and delivery.sent_at:
        return _sent(delivery)
    told = {
        State.UNCERTAIN: _("may have reached you: %(why)s. It was not sent twice."),
        State.SKIPPED: _("not sent: %(why)s"),
        State.FAILED: _("not sent: %(why)s"),
        State.SENDING: _("on its way"),
        State.BOUNCED: _("sent, and came back: your mailbox did not take it"),
        State.COMPLAINED: _("sent, and marked as unwanted in your mailbox"),
    }
    if delivery.reason == Delivery.Reason.RESTORED:
        return _("not sent again: %(why)s") % {"why": why}
    found = told.get(State(delivery.state))
    return found % {"why": why} if found else _waiting(delivery)


def _sent(delivery: Delivery) -> str:
    at = date_format(_on_its_clock(delivery, delivery.sent_at), "H:i")
    if delivery.is_last_note:
        return _("sent at %(time)s, the last one before they went quiet") % {"time": at}
    return _("sent at %(time)s") % {"time": at}


def _waiting(delivery: Delivery) -> str:
    """What a mail that has not left the house waits for."""
    if delivery.due_at > timezone.now():
        due = _on_its_clock(delivery, delivery.due_at)
        return _("comes on %(moment)s, as you asked") % {"moment": moment(due)}
    if delivery.attempts:
        return _("waiting: the mail server was not ready, it is tried again")
    return _("waiting to be sent")


def _on_its_clock(delivery: Delivery, at: datetime | None) -> datetime:
    return local_now(delivery.plan.time_zone, at or delivery.due_at)


def mail_folder() -> str:
    """The folder mails are written to without a mail server, as the operator would name it."""
    folder = settings.MAIL_DIR
    inside = folder.is_relative_to(settings.BASE_DIR)
    return str(folder.relative_to(settings.BASE_DIR) if inside else folder.name)
