"""Hands deliveries to the mail server: at most once each, and none lost without a trace.

A worker leases rows, builds the mail, names the recipient to the server, passes the gate, and only
then sends the message. Before the gate everything can be repeated; after it nothing is. What died
in between is counted as uncertain and never sent again (docs/decisions.md).
"""

import logging
import random
import time
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from healing.accounts.models import Consent
from healing.reminders import claim, content, mail, rate, suppression, upkeep
from healing.reminders.models import Delivery, DeliveryQuerySet, Plan, Suppression, grace
from healing.reminders.transport import ConnectionLost, Reply, Transport
from healing.reminders.wording import Wording

logger = logging.getLogger(__name__)

Clock = Callable[[], datetime]
State, Reason = Delivery.State, Delivery.Reason

LEASE_ROWS = 50
# A drain stops leasing after this long, so that a worker told to stop does.
DRAIN_SECONDS = 15
MOST_DRAINS = 4
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 20, 900
# What a drain counts when the row went to somebody else meanwhile.
NOT_SENT = "not_sent"


def tick(now: datetime) -> int:
    """Everything but sending: set clocks right, free what died, claim what is due.

    Returns how many drains are worth starting.
    """
    upkeep.prepare(now)
    reap(now)
    claim.claim(now)
    waiting = _ready(now)[: LEASE_ROWS * MOST_DRAINS].count()
    return -(-waiting // LEASE_ROWS)


def reap(now: datetime) -> None:
    """Decide what becomes of deliveries whose worker died, and of those that waited too long."""
    lease = _lease_length()
    # A lease that ends later than any lease can was given by a clock that ran ahead.
    over = Q(lease_until__lt=now) | Q(lease_until__gt=now + 2 * lease)
    rows = Delivery.objects.filter(over)
    rows.filter(state=State.LEASED).update(state=State.PENDING, lease_token=None, lease_until=None)
    # The token stays: should the worker live after all, its answer is still the truth.
    rows.filter(state=State.SENDING).update(
        state=State.UNCERTAIN, reason=Reason.WORKER_LOST, lease_until=None
    )
    # What quiet hours cut short ends before its grace does.
    waiting = Delivery.objects.filter(state=State.PENDING, send_before__lt=now)
    waiting.filter(due_at__gte=now - grace()).update(state=State.SKIPPED, reason=Reason.QUIET)
    waiting.update(state=State.SKIPPED, reason=Reason.LATE)


def drain(
    transport: Transport,
    *,
    clock: Clock = timezone.now,
    seconds: float = DRAIN_SECONDS,
    rows: int = LEASE_ROWS,
    pause: Callable[[float], None] = time.sleep,
) -> Counter[str]:
    """Send what is waiting, for at most `seconds`, leasing `rows` at a time.

    Returns how many ended in each state. Any number of drains may run at once, on any number of
    machines.
    """
    ended: Counter[str] = Counter()
    stop_at = time.monotonic() + seconds
    with closing(transport):
        while not transport.down and (left := stop_at - time.monotonic()) > 0:
            granted, wait = rate.take(clock(), rows)
            if not granted:
                pause(min(wait, left))
                continue
            batch = _send_up_to(granted, transport, clock, stop_at)
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
        wordings = content.wordings() if leased else {}
        for delivery in leased:
            if transport.down or time.monotonic() >= stop_at:
                break
            ended[send(delivery, token, transport, wordings, clock)] += 1
    finally:
        release(token)
        rate.give_back(granted - ended.total())
    return ended if leased else None


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
    Delivery.objects.held_by(token).update(state=State.PENDING, lease_token=None, lease_until=None)


def gate(delivery: Delivery, token: UUID, message_id: str, now: datetime) -> bool:
    """The point of no return, in one statement: may this mail still go out, now?

    It reads everything anew: the lease is ours and runs, the plan was neither stopped nor paused,
    consent stands, the person still has the address the mail was built for, mail to it has not
    ended, the moment has come and is not long past. True if the row is now `sending`.
    """
    address = delivery.plan.owner.email
    consent = Consent.objects.standing().filter(owner=OuterRef("owner"), kind=Consent.Kind.MAIL)
    ended = Suppression.objects.filter(digest__in=suppression.digests(address), since__isnull=False)
    plan = (
        Plan.objects.running()
        .filter(Q(paused_until__isnull=True) | Q(paused_until__lte=now))
        .filter(Exists(consent), pk=OuterRef("plan"))
        .filter(~Exists(ended), owner__is_active=True, owner__email=address)
    )
    # The row's own conditions stand on the row itself, not in a subquery: PostgreSQL reads them
    # again if another worker changed the row while this statement waited for it.
    passed = (
        Delivery.objects.held_by(token)
        .filter(Exists(plan), pk=delivery.pk, lease_until__gt=now)
        .filter(due_at__lte=now, send_before__gte=now)
        .update(state=State.SENDING, lease_until=now + _lease_length(), message_id=message_id)
    )
    return passed == 1


def send(
    delivery: Delivery,
    token: UUID,
    transport: Transport,
    wordings: Mapping[str, Wording],
    clock: Clock = timezone.now,
) -> str:
    """Take one leased delivery to its end; returns the state it ended in."""
    try:
        built = mail.build(delivery, now=clock(), wordings=wordings)
        reply = transport.envelope(built.sender, built.recipient)
    except ConnectionLost as problem:
        return _retry(delivery, token, str(problem), clock())
    except Exception as problem:
        # One mail that cannot be built must not hold up the others. No words of it are logged.
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
        lease_token=None,
    )


def _settle(delivery: Delivery, token: UUID, state: str, *, reply: str, **changes: Any) -> str:
    """Write down how an attempt ended, if the row is still ours."""
    ours = Q(state__in=[State.LEASED, State.SENDING, State.UNCERTAIN], lease_token=token)
    written = Delivery.objects.filter(ours, pk=delivery.pk).update(
        **{"reason": "", **changes},
        state=state,
        lease_until=None,
        attempts=F("attempts") + 1,
        server_reply=reply[:300],
    )
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
    return _settle(delivery, token, State.SKIPPED, reason=reason, reply="")


def _reason_to_skip(delivery: Delivery, now: datetime) -> str | None:
    """The first of the gate's conditions that will not come true again; None if there is none."""
    plan = delivery.plan
    if not plan.is_running or not plan.owner.is_active:
        return Reason.STOPPED
    if plan.paused_until is not None and plan.paused_until > now:
        return Reason.PAUSED
    agreed = Consent.objects.of(plan.owner).standing().filter(kind=Consent.Kind.MAIL)
    if not agreed.exists():
        return Reason.NO_CONSENT
    if suppression.is_suppressed(plan.owner.email):
        return Reason.SUPPRESSED
    return delivery.too_late(now)
