"""A part of bench.reminders: how fast due plans become rows, and what an idle tick costs.

Runs on a database of its own and prints its figures as JSON: python -m bench.reminders_claim PLANS
"""

import json
import sys
from collections.abc import Callable
from datetime import datetime
from statistics import median
from time import perf_counter

from django.db import connection, transaction
from django.utils import timezone

from bench import reminders_rows
from healing.celery import keep_what_is_loaded
from healing.reminders import claim, dispatch, upkeep
from healing.reminders.models import Delivery, Plan

DUE_EVERY = 10
TURNS, TURN_SECONDS = 5, 2.0
IDLE_TIMES, TICK_TIMES = 200, 15


def claim_one(now: datetime) -> int:
    """The plain way to the same row: one due plan, what was sent before, one transaction."""
    with transaction.atomic():
        plan = Plan.objects.due(now).select_for_update().first()
        if plan is None:
            return 0
        delivery = Delivery.for_due(plan)
        mails = Delivery.objects.mails().filter(person=plan.owner_id)
        if mails.filter(local_date=delivery.local_date).exists():
            delivery.state = Delivery.State.SKIPPED
            delivery.reason = Delivery.Reason.JOINED
        seen = plan.owner.last_seen_at
        delivery.is_last_note = mails.went().filter(sent_at__gt=seen).count() >= 3
        delivery.save()
        plan.last_local_date = plan.next_local_date
        plan.schedule_after(plan.next_due_at)
        plan.save()
    return 1


def batches(now: datetime) -> Callable[[], int]:
    """Claims a batch, each where the one before ended, as `claim.claim` does within a tick."""
    place: claim.Place | None = None

    def claim_next() -> int:
        nonlocal place
        made, place = claim.claim_batch(now, place)
        return made

    return claim_next


def rate(work: Callable[[], int], most: int) -> float:
    """Rows a second of `work`, done again and again for some seconds, or for `most` rows."""
    begun, rows = perf_counter(), 0
    while rows < most and perf_counter() - begun < TURN_SECONDS:
        rows += work()
    return rows / (perf_counter() - begun)


def milliseconds(work: Callable[[], object], times: int) -> float:
    found = []
    for _ in range(times):
        begun = perf_counter()
        work()
        found.append(1000 * (perf_counter() - begun))
    return median(found)


def idle_query(now: datetime) -> float:
    """Median milliseconds that the database takes over the claim's statements, nothing due."""
    found = []
    for _ in range(IDLE_TIMES):
        statements: list[tuple[str, float]] = []
        with connection.execute_wrapper(reminders_rows.timed(statements)):
            assert claim.claim(now) == 0
        found.append(1000 * sum(seconds for _, seconds in statements))
    return median(found)


def main(plans: int) -> None:
    now = timezone.now()
    # As on a site that runs: the first tick of all plans every plan anew.
    upkeep.prepare(now)
    begun = perf_counter()
    reminders_rows.make_people(plans, due_every=DUE_EVERY, now=now)
    made = perf_counter() - begun
    keep_what_is_loaded()
    most = plans // DUE_EVERY // (TURNS + 1)
    plain, batched, claim_next = [], [], batches(now)
    for _ in range(TURNS):
        plain.append(rate(lambda: claim_one(now), most // 10))
        batched.append(rate(claim_next, most))
    while claim.claim(now):
        pass
    assert Delivery.objects.count() == plans // DUE_EVERY
    found = {
        "plans": plans,
        "due": plans // DUE_EVERY,
        "made_seconds": made,
        "plain": median(plain),
        "claim": median(batched),
        "idle_query_ms": idle_query(now),
        "idle_tick_ms": milliseconds(lambda: dispatch.tick(now), TICK_TIMES),
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main(int(sys.argv[1]))
