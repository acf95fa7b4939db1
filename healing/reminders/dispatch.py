"""Hands deliveries to the mail server: at most once each, and none lost without a trace.

A worker leases rows, builds the mail, names the recipient to the server, passes the gate, and only
then sends the message. Before the gate everything can be repeated; after it nothing is. What died
in between is counted as uncertain and never sent again (docs/decisions.md).
"""

import logging
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, suppress
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.models import Case, Q, Value, When
from django.utils import timezone

from healing.accounts.models import Consent
from healing.reminders import claim, content, mail, rate, suppression, upkeep
from healing.reminders.holdback import hand_over
from healing.reminders.models import Delivery, DeliveryQuerySet, Plan, grace
from healing.reminders.prepared import Prepared
from healing.reminders.transport import ConnectionLost, Reply, Transport

logger = logging.getLogger(__name__)

Clock = Callable[[], datetime]
State, Reason = Delivery.State, Delivery.Reason

# So few that several drains share what waits for a slow server; whoever got through them takes more
# at once, which costs less a mail.
FIRST_ROWS, LEASE_ROWS = 50, 100
REAPED_AT_ONCE = 1000
# Mails built in a row take half the time of mails built between two talks with servers. A change of
# their people's plans still reaches them (see `holdback.locked`), one of their words does not.
BUILT_AT_ONCE = 25
# A drain stops leasing after this long, so that a worker told to stop does.
DRAIN_SECONDS = 15
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 20, 900
# Of a row that nobody holds any more.
FREE: dict[str, Any] = {"state": State.PENDING, "lease_token": None}
# What a drain counts when the row went to somebody else meanwhile.
NOT_SENT = "not_sent"

# As SQL, because Django needs longer to write these two, for every mail, than the database to
# answer them. The row's own conditions stand on the row itself, not in a subquery: PostgreSQL reads
# them again if another worker changed the row while the statement waited for it. Everything else is
# asked by keys that never change, table by table: planning a join took longer than all the rest.
GATE = """UPDATE reminders_delivery SET state = 'sending', lease_until = %s, message_id = %s
WHERE id = %s AND state = 'leased' AND lease_token = %s AND lease_until > %s
  AND due_at <= %s AND send_before >= %s
  AND EXISTS (
    SELECT 1 FROM reminders_plan
    WHERE id = %s AND next_due_at IS NOT NULL
      AND (paused_until IS NULL OR paused_until <= %s)
      AND (break_until IS NULL OR break_until <= %s))
  AND EXISTS (SELECT 1 FROM accounts_user WHERE id = %s AND is_active AND email = %s)
  AND EXISTS (
    SELECT 1 FROM accounts_consent
    WHERE owner_id = %s AND kind = 'mail' AND withdrawn IS NULL)
  AND NOT EXISTS (
    SELECT 1 FROM reminders_suppression WHERE digest IN ({ended}) AND since IS NOT NULL)"""
# An outcome that a power cut takes back is found again as uncertain; so nothing waits for the disk.
SETTLE = Prepared(
    """UPDATE reminders_delivery
SET state = %s, reason = %s, lease_until = NULL, lease_token = %s, attempts = attempts + 1,
    server_reply = %s, sent_at = COALESCE(%s, sent_at),
    next_attempt_at = COALESCE(%s, next_attempt_at)
WHERE id = %s AND lease_token = %s AND state IN ('leased', 'sending', 'uncertain')""",
    durable=False,
)


def tick(now: datetime) -> int:
    """Everything but sending: set clocks right, free what died, claim what is due.

    Returns how many drains are worth starting.
    """
    upkeep.prepare(now)
    reap(now)
    claim.claim(now)
    waiting = _ready(now)[: FIRST_ROWS * settings.REMINDERS_CONNECTIONS].count()
    return -(-waiting // FIRST_ROWS)


def reap(now: datetime) -> None:
    """Decide what becomes of deliveries whose worker died, and of those that waited too long."""
    lease = _lease_length()
    # A lease that ends later than any lease can was given by a clock that ran ahead.
    over = Q(lease_until__lt=now) | Q(lease_until__gt=now + 2 * lease)
    rows = Delivery.objects.filter(over)
    _change(rows.filter(state=State.LEASED), **FREE)
    # The token stays: should the worker live after all, its answer is still the truth.
    _change(rows.filter(state=State.SENDING), state=State.UNCERTAIN, reason=Reason.WORKER_LOST)
    # What quiet hours cut short ends before its grace does.
    cut_short = When(due_at__gte=now - grace(), then=Value(Reason.QUIET.value))
    why = Case(cut_short, default=Value(Reason.LATE.value))
    late = Delivery.objects.filter(state=State.PENDING, send_before__lt=now)
    while late.exists() and _skip_late(late, why, now):
        pass


@transaction.atomic
def _skip_late(late: DeliveryQuerySet, why: Case, now: datetime) -> bool:
    """Skip these and let what had joined them come, or neither; whether there were any."""
    ended = _change(late, state=State.SKIPPED, reason=why)
    _leave_to_the_joined(ended, now)
    return bool(ended)


def _change(rows: DeliveryQuerySet, *, wait: bool = False, **values: Any) -> list[Delivery]:
    """Take the lease from these rows and set `values`; returns them as they were.

    What somebody else is changing just now is left to the next look, or waited for with `wait`.
    """
    # Most often there are none, and no transaction is needed to see that.
    if not rows.exists():
        return []
    with transaction.atomic():
        held = list(rows.in_order(skip_locked=not wait)[:REAPED_AT_ONCE])
        changed = Delivery.objects.filter(pk__in=[row.pk for row in held])
        changed.update(lease_until=None, **values)
    return held


def _leave_to_the_joined(late: Sequence[Delivery], now: datetime) -> None:
    """Let a mail that had joined one which is now too late come in its place, if it still may."""
    dates = {(row.person, row.local_date) for row in late if row.seq == 1}
    joined = Delivery.objects.filter(
        plan__owner__in={person for person, _day in dates},
        local_date__in={day for _person, day in dates},
        state=State.SKIPPED,
        reason=Reason.JOINED,
        send_before__gte=now,
    )
    for person, day in dates.intersection(joined.values_list("person", "local_date")):
        # A claim may have been quicker to give the date a mail.
        with suppress(IntegrityError), transaction.atomic():
            hand_over(person, {day}, now)


def drain(
    transport: Transport,
    *,
    clock: Clock = timezone.now,
    seconds: float = DRAIN_SECONDS,
    rows: int = LEASE_ROWS,
    pause: Callable[[float], None] = time.sleep,
) -> Counter[str]:
    """Send what is waiting, for at most `seconds`, leasing at most `rows` at a time.

    Returns how many ended in each state. Any number of drains may run at once, on any number of
    machines.
    """
    ended: Counter[str] = Counter()
    stop_at, wanted = time.monotonic() + seconds, min(FIRST_ROWS, rows)
    with closing(transport):
        while not transport.down and (left := stop_at - time.monotonic()) > 0:
            granted, wait = rate.take(clock(), wanted)
            if not granted:
                pause(min(wait, left))
                continue
            batch, wanted = _send_up_to(granted, transport, clock, stop_at), rows
            if transport.asked_for_less:
                transport.asked_for_less = False
                rate.slow(clock())
            if batch is None:
                break
            ended += batch
    return ended


def _send_up_to(
    granted: int, transport: Transport, clock: Clock, stop_at: float
) -> Counter[str] | None:
    """Lease and send one batch; returns how many ended in each state, None if nothing waits."""
    ended: Counter[str] = Counter()
    token, leased = lease(clock(), granted)
    try:
        mails = _with_mails(leased, clock)
        this = next(mails, None)
        while this and not (
            transport.down or transport.asked_for_less or time.monotonic() >= stop_at
        ):
            after = next(mails, None)
            ended[send(*this, token, transport, clock, following=after and after[1])] += 1
            this = after
    finally:
        release(token)
        rate.give_back(granted - ended.total())
    return ended if leased else None


def _with_mails(
    leased: Sequence[Delivery], clock: Clock
) -> Iterator[tuple[Delivery, mail.Mail | Exception]]:
    """Each with its mail, or with what stood in the way of one."""
    wordings = content.wordings() if leased else {}
    plans = _plans_around(leased, clock())

    def built(delivery: Delivery) -> mail.Mail | Exception:
        around = plans[delivery.person, delivery.local_date]
        try:
            return mail.build(delivery, now=clock(), wordings=wordings, plans=around)
        except Exception as problem:
            # One mail that cannot be built must not hold up the others.
            return problem

    for first in range(0, len(leased), BUILT_AT_ONCE):
        few = leased[first : first + BUILT_AT_ONCE]
        yield from list(zip(few, map(built, few), strict=True))


def _plans_around(leased: Sequence[Delivery], now: datetime) -> dict[tuple[int, date], list[Plan]]:
    """What `mail.build` asks for each of these mails, in one query a date."""
    found: dict[tuple[int, date], list[Plan]] = {(one.person, one.local_date): [] for one in leased}
    for day in {one.local_date for one in leased}:
        people = [one.person for one in leased if one.local_date == day]
        for plan in Plan.objects.around(people, day, now=now):
            found[plan.owner_id, day].append(plan)
    return found


def _ready(now: datetime) -> DeliveryQuerySet:
    rows = Delivery.objects.filter(state=State.PENDING, next_attempt_at__lte=now, due_at__lte=now)
    return rows.order_by("next_attempt_at", "id")


def _lease_length() -> timedelta:
    return timedelta(seconds=settings.REMINDERS_LEASE_SECONDS)


@transaction.atomic
def lease(now: datetime, rows: int = LEASE_ROWS) -> tuple[UUID, list[Delivery]]:
    """Hold up to `rows` waiting deliveries for a while; returns the lease's token and the rows."""
    token = uuid4()
    waiting = _ready(now).select_for_update(skip_locked=True, no_key=True)
    ids = list(waiting.values_list("pk", flat=True)[:rows])
    Delivery.objects.filter(pk__in=ids, state=State.PENDING).update(
        state=State.LEASED, lease_token=token, lease_until=now + _lease_length()
    )
    held = Delivery.objects.held_by(token).select_related("plan__owner")
    return token, list(held.order_by("next_attempt_at", "id")) if ids else []


def release(token: UUID) -> None:
    """Give back what the lease still holds: nothing of it was begun."""
    # Another drain that leases at this moment may hold these rows for as long, and lets go of them
    # when it sees that they are taken. Left to the reaper, they would come a lease's length late.
    _change(Delivery.objects.held_by(token), wait=True, **FREE)


def gate(delivery: Delivery, token: UUID, message_id: str, now: datetime) -> bool:
    """The point of no return, in one statement: may this mail still go out, now?

    It reads everything anew: the lease is ours and runs, the plan was neither stopped nor paused,
    consent stands, the person still has the address the mail was built for, mail to it has not
    ended, the moment has come and is not long past. True if the row is now `sending`.
    """
    owner = delivery.plan.owner
    known = suppression.digests(owner.email)
    until, moment = _as_stored(now + _lease_length()), _as_stored(now)
    held = [delivery.pk, token.hex, moment, moment, moment]
    plan = [delivery.plan_id.hex, moment, moment]
    person = [owner.pk, owner.email, owner.pk, *known]
    return _gate(len(known)).run([until, message_id, *held, *plan, *person]) == 1


@cache
def _gate(digests: int) -> Prepared:
    """The gate for an address that the list may know by so many digests."""
    return Prepared(GATE.format(ended=", ".join(["%s"] * digests)))


def _as_stored(moment: datetime | None) -> str | None:
    """A moment as this database reads it; as a text, since psycopg2 is slow to write moments."""
    return None if moment is None else str(connection.ops.adapt_datetimefield_value(moment))


def send(
    delivery: Delivery,
    built: mail.Mail | Exception,
    token: UUID,
    transport: Transport,
    clock: Clock,
    *,
    following: mail.Mail | Exception | None,
) -> str:
    """Take one leased delivery to its end; returns the state it ended in.

    The server hears of the mail `following` it while the outcome of this one is written.
    """
    try:
        if isinstance(built, Exception):
            raise built
        reply = transport.envelope(built.sender, built.recipient)
    except ConnectionLost as problem:
        return _retry(delivery, token, str(problem), clock())
    except Exception as problem:
        # No words of it are logged.
        transport.reset()
        logger.error("Delivery %s: %s while preparing.", delivery.pk, type(problem).__name__)
        return _retry(delivery, token, type(problem).__name__, clock())
    if not reply.accepted:
        transport.reset()
        return _answered(delivery, token, reply, clock())
    if not gate(delivery, token, built.message_id, clock()):
        transport.reset()
        return _held_back(delivery, token, clock())
    try:
        reply = transport.data(built.content)
    except ConnectionLost as problem:
        return _settle(
            delivery, token, State.UNCERTAIN, reason=Reason.CONNECTION_LOST, reply=str(problem)
        )
    if not reply.accepted:
        transport.reset()
    if isinstance(following, mail.Mail):
        transport.announce(following.sender, following.recipient)
    return _answered(delivery, token, reply, clock())


def _answered(delivery: Delivery, token: UUID, reply: Reply, now: datetime) -> str:
    """What the server's answer means, whichever step it came at."""
    if reply.accepted:
        return _settle(delivery, token, State.SENT, reply=str(reply), sent_at=now)
    if reply.passing:
        return _retry(delivery, token, str(reply), now)
    ended = _settle(delivery, token, State.FAILED, reason=Reason.REFUSED, reply=str(reply))
    suppression.refused(delivery.plan.owner.email, str(reply), now)
    return ended


def _retry(delivery: Delivery, token: UUID, reply: str, now: datetime) -> str:
    """Back into the queue, later each time and never all at once."""
    pause = min(FIRST_PAUSE_SECONDS * 2**delivery.attempts, LONGEST_PAUSE_SECONDS)
    pause *= random.uniform(0.8, 1.2)  # noqa: S311  (spreads the load, guards nothing)
    return _settle(
        delivery,
        token,
        State.PENDING,
        reply=reply,
        next_attempt_at=now + timedelta(seconds=pause),
    )


def _settle(
    delivery: Delivery,
    token: UUID,
    state: str,
    *,
    reply: str,
    reason: str = "",
    sent_at: datetime | None = None,
    next_attempt_at: datetime | None = None,
) -> str:
    """Write down how an attempt ended, if the row is still ours; what waits again is nobody's."""
    kept = None if state == State.PENDING else token.hex
    moments = [_as_stored(sent_at), _as_stored(next_attempt_at)]
    changes = [str(state), str(reason), kept, reply[:300], *moments]
    written = SETTLE.run([*changes, delivery.pk, token.hex])
    return state if written else NOT_SENT


def _held_back(delivery: Delivery, token: UUID, now: datetime) -> str:
    """Why the gate stayed shut; a lease that was lost belongs to somebody else by now."""
    row = (
        Delivery.objects.held_by(token).select_related("plan__owner").filter(pk=delivery.pk).first()
    )
    reason = _reason_to_skip(row, now) if row else None
    if reason is None:
        # Lost to the reaper or to a stop, or the clock went back: the next drain sees.
        return NOT_SENT
    with transaction.atomic():
        ended = _settle(delivery, token, State.SKIPPED, reason=reason, reply="")
        if ended == State.SKIPPED and reason in (Reason.LATE, Reason.QUIET):
            _leave_to_the_joined([delivery], now)
    return ended


def _reason_to_skip(delivery: Delivery, now: datetime) -> str | None:
    """The first of the gate's conditions that will not come true again; None if there is none."""
    plan = delivery.plan
    if not plan.is_running or not plan.owner.is_active:
        return Reason.STOPPED
    if silent := plan.why_silent(now):
        return silent
    agreed = Consent.objects.of(plan.owner).standing().filter(kind=Consent.Kind.MAIL)
    if not agreed.exists():
        return Reason.NO_CONSENT
    if suppression.is_suppressed(plan.owner.email):
        return Reason.SUPPRESSED
    return delivery.too_late(now)
