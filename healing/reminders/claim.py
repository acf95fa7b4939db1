"""Turns due plans into deliveries: each occurrence once, whatever the clock or the machine did.

A batch takes a few queries, however many plans it holds.
"""

import time
from collections.abc import Collection, Hashable, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, cast
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Count, DateField, F, Max, OuterRef, QuerySet, Subquery
from django.db.models.functions import Cast, Coalesce

from healing.accounts.models import User
from healing.reminders.models import Delivery, Plan, grace, too_late

State, Reason = Delivery.State, Delivery.Reason

BATCH = 1000
CLAIM_SECONDS = 10
ADVANCED = ["next_due_at", "next_local_date", "last_local_date"]
# After a long silence this many days of missed mails are written down, not every one of them.
REMEMBERED = timedelta(days=31)
# So many mails without a sign of the person, and the next says that they go quiet.
MOST_UNANSWERED = 3
# Three mails on three dates take longer than this, whoever was here since has not missed them.
SURELY_HERE = timedelta(days=1)


@dataclass(slots=True)
class Taken:
    """An occurrence about to become a delivery: a tenth of a model instance's cost."""

    plan_id: UUID
    person: int
    local_date: date
    due_at: datetime
    send_before: datetime
    state: str = State.PENDING.value
    reason: str = ""
    is_last_note: bool = False

    def skip(self, reason: str) -> None:
        self.state, self.reason, self.is_last_note = State.SKIPPED.value, reason, False


INSERT = """
    INSERT INTO reminders_delivery (
        plan_id, person, local_date, due_at, send_before, state, reason, is_last_note,
        next_attempt_at, seq, attempts, server_reply, message_id
    )
    SELECT plan_id, person, local_date, due_at, send_before, state, reason, is_last_note,
        due_at, 1, 0, '', ''
    FROM unnest(
        %s::uuid[], %s::bigint[], %s::date[], %s::timestamptz[], %s::timestamptz[], %s::text[],
        %s::text[], %s::boolean[]
    ) AS taken (plan_id, person, local_date, due_at, send_before, state, reason, is_last_note)
    ON CONFLICT DO NOTHING
"""
ADVANCE = """
    UPDATE reminders_plan AS plan
    SET next_due_at = moved.due_at, next_local_date = moved.next_date,
        last_local_date = moved.last_date
    FROM unnest(%s::uuid[], %s::timestamptz[], %s::date[], %s::date[])
        AS moved (id, due_at, next_date, last_date)
    WHERE plan.id = moved.id
"""

# Where a batch ended: the due moment and id of its last plan.
Place = tuple[datetime | None, UUID]


def claim(now: datetime, *, seconds: float = CLAIM_SECONDS) -> int:
    """Write a delivery for every occurrence due at `now` and move its plan on; returns how many.

    Stops after `seconds`, so that sending begins while a great many are still to be claimed.

    Several machines may claim at once: each takes rows the others have not locked, and the unique
    keys of Delivery hold whatever else goes wrong.
    """
    # Most ticks end here, on a question that costs less than the batch. Not `exists()`: it drops
    # the order, and with it the index, where many plans were due when the table was last analyzed.
    if Plan.objects.due(now).values_list("pk").first() is None:
        return 0
    total, after = 0, None
    stop_at = time.monotonic() + seconds
    while time.monotonic() < stop_at:
        made, after = claim_batch(now, after)
        total += made
        if after is None:
            break
    return total


@transaction.atomic
def claim_batch(now: datetime, after: Place | None = None) -> tuple[int, Place | None]:
    """Claim the first plans behind `after`.

    Returns how many rows were made, and where to go on, None where no more are due.
    """
    plans = _due(now, after)
    if not plans:
        return 0, None
    place = (plans[-1].next_due_at, plans[-1].pk) if len(plans) == BATCH else None
    for plan in plans:
        plan.stop_if_zone_is_lost()
    named = _named_letters(plans)
    put_off = _put_off(named)
    for plan in plans:
        if plan.pk in named and plan.pk not in put_off:
            plan.stop()
        elif plan.pk in put_off or plan.is_before_its_day:
            plan.schedule_after(now)
    taken = [one for plan in plans for one in _take_due(plan, now)]
    # In one order everywhere, so that two that claim at once never wait for each other in a ring.
    taken.sort(key=lambda one: (one.person, one.local_date, one.due_at, one.plan_id))
    _join(taken)
    away = {plan.owner_id for plan in plans if plan.owner_seen < now - SURELY_HERE}
    silent = _mind_unanswered(taken, away, now)
    _do_not_wait_for_the_disk()
    _write(taken)
    advance(plans)
    _fall_quiet(silent, now)
    return len(taken), place


def _due(now: datetime, after: Place | None) -> list[Plan]:
    """The next batch of due plans, held; those that another claim holds are left to it."""
    rows = Plan.objects.due(now).select_for_update(skip_locked=True, no_key=True, of=["self"])
    rows = rows.annotate(owner_seen=F("owner__last_seen_at"))
    if after is not None:
        # What was claimed a moment ago still lies in the index: begin behind it.
        due_at, pk = after
        rows = rows.filter(next_due_at__gte=due_at).exclude(next_due_at=due_at, id__lte=pk)
    return list(rows[:BATCH])


def _take_due(plan: Plan, now: datetime) -> list[Taken]:
    """The plan's occurrences up to `now`, of which at most the newest will be sent."""
    taken: list[Taken] = []
    while (due_at := plan.next_due_at) is not None and due_at <= now:
        # The database holds both or neither.
        day = cast(date, plan.next_local_date)
        taken.append(Taken(plan.pk, plan.owner_id, day, due_at, plan.send_before(due_at)))
        plan.last_local_date = day
        plan.schedule_after(max(due_at, now - REMEMBERED))
    if not taken:
        return taken
    for missed in taken[:-1]:
        missed.skip(Reason.LATE)
    newest = taken[-1]
    if reason := too_late(newest.due_at, newest.send_before, now):
        newest.skip(reason)
    elif silent := plan.why_silent(now):
        newest.skip(silent)
    return taken


def _named_letters(plans: Iterable[Plan]) -> set[UUID]:
    """Those of the letters whose day has come before that a mail has named since."""
    again = [plan for plan in plans if plan.had_its_day]
    if not again:
        return set()
    people = {plan.owner_id for plan in again}
    went = Delivery.objects.mails().went().filter(person__in=people, is_last_note=False)
    # What is still being sent may be put back by the server, and then nothing was named.
    went = went.exclude(state=State.SENDING)
    newest = dict(went.order_by().values_list("person").annotate(Max("local_date")))
    return {
        plan.pk
        for plan in again
        if plan.on_date and newest.get(plan.owner_id, date.min) >= plan.on_date
    }


def _put_off(named: Collection[UUID]) -> set[UUID]:
    """Those of the letters whose mail was put off and waits: of a stopped one it would not go."""
    if not named:
        return set()
    again = Delivery.objects.waiting().filter(plan__in=named, seq__gt=1)
    return set(again.values_list("plan", flat=True))


def _join(taken: Iterable[Taken]) -> None:
    """Leave one mail a person and date: the first. Against earlier ones the unique key decides."""
    had: set[tuple[int, date]] = set()
    for one in taken:
        if one.state != State.PENDING:
            continue
        key = (one.person, one.local_date)
        if key in had:
            one.skip(Reason.JOINED)
        had.add(key)


def _mind_unanswered(taken: Iterable[Taken], away: Collection[int], now: datetime) -> set[int]:
    """Make a mail the last note, or none at all, where the ones before it were not answered.

    `away` are those who were not seen for a day. Returns the people who get none.
    """
    waiting = [one for one in taken if one.state == State.PENDING and one.person in away]
    if not waiting:
        return set()
    notes = dict(unanswered({one.person for one in waiting}, now).values_list("pk", "notes"))
    had = _dates_with_mail({person for person, number in notes.items() if number}, waiting)
    silent: set[int] = set()
    for one in waiting:
        if one.person in notes and not notes[one.person]:
            one.is_last_note = True
        elif one.person in notes and (one.person, one.local_date) not in had:
            one.skip(Reason.UNANSWERED)
            silent.add(one.person)
    return silent


def _dates_with_mail(people: Collection[int], taken: Iterable[Taken]) -> set[tuple[int, date]]:
    """On which of these dates these people had their mail, the last note perhaps: it holds good."""
    if not people:
        return set()
    rows = Delivery.objects.mails().filter(
        person__in=people, local_date__in={one.local_date for one in taken}
    )
    return set(rows.values_list("person", "local_date"))


def unanswered(people: Collection[int], now: datetime) -> "QuerySet[Any]":
    """Who left three mails or more unanswered; `notes` says how many of them were a last note."""
    seen = OuterRef("last_seen_at")
    # A mail goes out on its date or within the grace after it; the date lets the index find it.
    mails = Delivery.objects.mails().filter(
        person=OuterRef("pk"),
        local_date__gte=Cast(seen - grace() - timedelta(days=1), DateField()),
        state__in=[State.SENT, State.UNCERTAIN, State.BOUNCED],
    )
    since = mails.annotate(at=Coalesce("sent_at", "due_at")).filter(at__gt=seen).order_by()
    number = since.values("person").annotate(n=Count("pk")).values("n")
    notes = since.filter(is_last_note=True).values("person").annotate(n=Count("pk")).values("n")
    rows = User.objects.filter(pk__in=people, last_seen_at__lt=now - SURELY_HERE)
    many = rows.annotate(mails=Subquery(number)).filter(mails__gte=MOST_UNANSWERED)
    return many.annotate(notes=Subquery(notes))


def _do_not_wait_for_the_disk() -> None:
    """At the end of this transaction.

    A power cut takes all of a batch back or none of it, and what it takes back is due again.
    Nothing that was claimed leaves the house before a gate that does wait, and takes it along.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL synchronous_commit TO off")


def _write(taken: Sequence[Taken]) -> None:
    """Insert the rows; a mail whose date had one before has joined it."""
    if _insert(taken) == len(taken):
        return
    rows = Delivery.objects.filter(plan__in={one.plan_id for one in taken}, seq=1)
    days = {one.local_date for one in taken}
    there = set(rows.filter(local_date__in=days).values_list("plan", "local_date"))
    lost = [one for one in taken if (one.plan_id, one.local_date) not in there]
    for one in lost:
        one.skip(Reason.JOINED)
    if lost:
        _insert(lost)


def _insert(taken: Sequence[Taken]) -> int:
    """Insert what no unique key forbids; returns how many, or -1 where that is not known."""
    if connection.vendor == "postgresql":
        # bulk_create adapts each value twice, and takes several times as long.
        return _by_columns(INSERT, taken, Taken.__slots__)
    rows = [Delivery(next_attempt_at=one.due_at, **asdict(one)) for one in taken]
    Delivery.objects.bulk_create(rows, ignore_conflicts=True)
    return -1


def advance(plans: Sequence[Plan]) -> None:
    """Store when these plans, which are held, are due next."""
    if connection.vendor == "postgresql":
        # An upsert takes four times as long, bulk_update twelve times.
        _by_columns(ADVANCE, plans, ["id", *ADVANCED])
        return
    Plan.objects.bulk_create(
        plans, update_conflicts=True, unique_fields=["id"], update_fields=ADVANCED
    )


def _by_columns(statement: str, rows: Sequence[Any], names: Iterable[str]) -> int:
    """Run a statement over the rows' attributes as arrays; returns how many rows it changed."""
    # Each as one text: of a list psycopg2 makes an expression of as many parts, which costs the
    # server more than the rows do.
    columns = [[_in_array(getattr(row, name)) for row in rows] for name in names]
    with connection.cursor() as cursor:
        cursor.execute(statement, ["{" + ",".join(column) + "}" for column in columns])
        return int(cursor.rowcount)


@lru_cache(maxsize=4 * BATCH, typed=True)
def _in_array(value: Hashable) -> str:
    """A number, an id, a moment or a word of ours within an array of PostgreSQL.

    Remembered: plans are due at the same minutes, and an id stands in both statements. The moments
    are in UTC; of a clock that is put back, two an hour apart would be one key.
    """
    return "NULL" if value is None else str(value) or '""'


def _fall_quiet(people: set[int], now: datetime) -> None:
    """Let all mails of these people rest until they are seen."""
    if not people:
        return
    # A plan that another claim holds falls quiet in its own turn: waiting could go round in a ring.
    rows = Plan.objects.running().filter(owner__in=people)
    held = rows.select_for_update(skip_locked=True, no_key=True).values_list("pk", flat=True)
    Plan.objects.filter(pk__in=list(held)).update(
        quiet_since=now, next_due_at=None, next_local_date=None
    )
