"""How a person's mails stand: what comes next over all plans, what rests, what became of the last.

Several plans are one mail a day: what falls on one date comes together, at the first hour of it.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice

from django.db.models import Max

from healing.accounts.actions import has_consent
from healing.accounts.clock import is_known, local_now, local_today
from healing.accounts.models import Consent, User
from healing.reminders.models import Delivery, Plan
from healing.reminders.schedule import next_at
from healing.reminders.suppression import is_suppressed

SHOWN_AHEAD = 3
RECENT = 7
SECOND = timedelta(seconds=1)
State = Delivery.State
ORDER = [Plan.Kind.CHECK_IN, Plan.Kind.LOOK_BACK, Plan.Kind.PRACTICE, Plan.Kind.LETTER]


@dataclass(frozen=True)
class Coming:
    """One mail to come: when, on the plan's clock, and the kinds it holds.

    `again`: it was put off from a mail, and comes once more.
    """

    at: datetime
    kinds: Sequence[str]
    again: bool = False


@dataclass(frozen=True)
class Outlook:
    """`plans`: all, by kind, letters by their day. `break_until`: the end of a break, on the
    plans' clock, None without one; `on_break`: a break without an end; `is_quiet`: unanswered mails
    made them stop; `is_suppressed`: mail to the address came back or was unwanted. `coming` is
    empty where nothing would be sent.
    """

    plans: Sequence[Plan]
    agreed: bool
    coming: Sequence[Coming]
    is_suppressed: bool
    break_until: datetime | None
    on_break: bool
    is_quiet: bool

    @property
    def is_standing(self) -> bool:
        """Whether some plan is not stopped."""
        return any(plan.is_standing for plan in self.plans)

    @property
    def rests(self) -> bool:
        """Whether one press brings the mails back."""
        return self.on_break or self.is_quiet or self.break_until is not None

    @property
    def is_over(self) -> bool:
        """Whether nothing is to come and nothing holds it back: all is stopped, or has come."""
        held_back = self.rests or self.is_suppressed or self.zone_is_lost or not self.agreed
        return not self.is_standing or not (self.coming or held_back)

    @property
    def zone(self) -> str:
        """The time zone of all plans; empty without one, and if a newer table dropped it."""
        return self.plans[0].time_zone if self.plans and not self.zone_is_lost else ""

    @property
    def zone_is_lost(self) -> bool:
        """Whether the plans cannot go on: the time-zone table dropped the name of their zone."""
        return bool(self.plans) and not is_known(self.plans[0].time_zone)

    @property
    def quiet(self) -> tuple[time, time] | None:
        """The quiet hours of all plans."""
        first = self.plans[0] if self.plans else None
        if first is None or first.quiet_from is None or first.quiet_to is None:
            return None
        return first.quiet_from, first.quiet_to

    @property
    def asks(self) -> list[str]:
        """What has still to be asked with a new plan."""
        missing = {"time_zone": not self.zone, "consent": not self.agreed}
        return [name for name, is_so in missing.items() if is_so]

    def of(self, kind: str) -> Plan | None:
        """The plan of a kind that there is one of."""
        return next((plan for plan in self.plans if plan.kind == kind), None)

    @property
    def letters(self) -> list[Plan]:
        return [plan for plan in self.plans if plan.kind == Plan.Kind.LETTER]

    @property
    def next_letter(self) -> Plan | None:
        """The next letter whose day is to come."""
        return next((one for one in self.letters if one.is_standing and not one.had_its_day), None)


def outlook_of(*, owner: User, now: datetime) -> Outlook:
    """How the mails of a person stand at `now` (2 queries, 4 with a plan that runs)."""
    plans = sorted(Plan.objects.of(owner), key=_order)
    agreed = has_consent(owner=owner, kind=Consent.Kind.MAIL)
    ends = [one.break_until for one in plans if one.break_until and one.break_until > now]
    running = [plan for plan in plans if plan.is_running]
    suppressed = bool(running) and is_suppressed(owner.email)
    sends = agreed and running and not suppressed
    return Outlook(
        plans=plans,
        agreed=agreed,
        coming=_coming(owner, running, now) if sends else [],
        is_suppressed=suppressed,
        break_until=local_now(plans[0].time_zone, max(ends)) if ends else None,
        on_break=any(plan.break_since for plan in plans),
        is_quiet=any(plan.quiet_since for plan in plans),
    )


def _order(plan: Plan) -> tuple[int, date]:
    return ORDER.index(Plan.Kind(plan.kind)), plan.on_date or date.min


def _coming(owner: User, running: Sequence[Plan], now: datetime) -> list[Coming]:
    """The next mails: those of the plans, one a date, and what was put off from a mail."""
    today = min(local_today(plan.time_zone, now) for plan in running)
    lately = Delivery.objects.filter(person=owner.pk, local_date__gte=today)
    rows = list(lately.exclude(state=State.SKIPPED).select_related("plan"))
    had = {row.local_date for row in rows if row.seq == 1}
    again = [
        Coming(local_now(row.plan.time_zone, row.due_at), [row.plan.kind], again=True)
        for row in rows
        if row.seq > 1 and row.state == State.PENDING and row.due_at > now
    ]
    planned = _planned(running, now, had)
    return sorted([*again, *islice(planned, SHOWN_AHEAD)], key=lambda one: one.at)[:SHOWN_AHEAD]


def _planned(running: Sequence[Plan], now: datetime, had: set[date]) -> list[Coming]:
    """What the plans bring by date, without the dates that had their mail."""
    found: dict[date, list[tuple[datetime, str]]] = {}
    for plan in running:
        # A date may be taken, so one more than is shown.
        for at in _moments(plan, now, SHOWN_AHEAD + 1):
            found.setdefault(at.date(), []).append((at, plan.kind))
    for letter in _missed(running):
        own = _own_moment(letter, now)
        # It is in the next mail, or has one of its own before that.
        day = min([own.date(), *(day for day in found if day not in had)])
        at = min([own, *(at for at, _kind in found.get(day, []))])
        found.setdefault(day, []).append((at, letter.kind))
    return [
        Coming(min(at for at, _kind in parts), list(dict.fromkeys(kind for _at, kind in parts)))
        for day, parts in sorted(found.items())
        if day not in had
    ]


def _missed(running: Iterable[Plan]) -> list[Plan]:
    """The letters of a person whose day has come, and that no mail since has named or is to."""
    letters = [plan for plan in running if plan.had_its_day and is_known(plan.time_zone)]
    if not letters:
        return []
    mails = Delivery.objects.mails().filter(person=letters[0].owner_id, is_last_note=False)
    dates = mails.exclude(state=State.FAILED).aggregate(newest=Max("local_date"))
    newest = dates["newest"] or date.min
    return [one for one in letters if one.on_date and newest < one.on_date]


def dates_with_mail(*, owner: User, since: date) -> set[date]:
    """The dates from `since` on that have their mail: no other comes on them (1 query)."""
    rows = Delivery.objects.mails().filter(person=owner.pk, local_date__gte=since)
    return set(rows.values_list("local_date", flat=True))


def next_mail(running: Iterable[Plan], now: datetime, had: Collection[date]) -> datetime | None:
    """When the next mail of these plans comes, on their clock; on none of the dates `had`."""
    found = (at for plan in running for at in _moments(plan, now, len(had) + 1))
    return min((at for at in found if at.date() not in had), default=None)


def next_mail_with(
    plan: Plan, running: Iterable[Plan], now: datetime, had: Collection[date]
) -> datetime | None:
    """As `next_mail`, of the plan's next date: another plan's hour on it may be sooner."""
    own = next_mail([plan], now, had)
    if own is None:
        return None
    # As many as a plan for every day has up to that date; its clock may be a day ahead of ours.
    count = (own.date() - now.date()).days + 2
    found = (at for one in running for at in _moments(one, now, count))
    return min([own, *(at for at in found if at.date() == own.date())])


def _moments(plan: Plan, now: datetime, count: int) -> list[datetime]:
    """When the plan brings a mail next; a letter that falls into a break comes after it."""
    found = plan.coming(now, count)
    return [_own_moment(plan, now)] if plan.on_date and found else found


def _own_moment(letter: Plan, now: datetime) -> datetime:
    """When a mail of the letter's own comes: on its next date, or after a break."""
    due_at, silent = letter.next_due_at or now, letter.silent_until or now
    if due_at < silent:
        due_at = next_at(silent - SECOND, zone=letter.time_zone, at=letter.local_time)
    return local_now(letter.time_zone, due_at)


def last_mails(*, owner: User) -> list[Delivery]:
    """The latest mails and missed ones, the newest first; with their plans (1 query).

    What went together with another plan's mail is that mail, and not another row.
    """
    rows = Delivery.objects.filter(person=owner.pk).exclude(reason=Delivery.Reason.JOINED)
    newest = rows.select_related("plan").order_by("-local_date", "-seq", "-due_at")
    met: dict[tuple[object, ...], Delivery] = {}
    for row in newest[: RECENT * len(ORDER)]:
        # Two plans that were stopped on one day missed one mail; a pause is of one plan alone.
        one = row.plan.kind if row.reason == Delivery.Reason.PAUSED else ""
        met.setdefault((row.local_date, row.seq, row.state, row.reason, one), row)
    return list(met.values())[:RECENT]
