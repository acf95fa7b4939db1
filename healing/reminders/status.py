"""How the sending of mail stands, for an operator: numbers alone, nothing of any person."""

import re
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min, Q

from healing.reminders.models import Delivery, Plan

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
State = Delivery.State
# The rest of a reply may name an address: only its codes are counted (RFC 5321, RFC 3463).
CODES = re.compile(r"[2-5]\d\d(?: [245]\.\d{1,3}\.\d{1,3})?")


@dataclass(frozen=True)
class Status:
    """`unsent`: plans and mails whose moment has come and that have not left; `oldest_due`: the
    first of these moments, or None; `unclaimed_since`: the same of plans alone, which no tick has
    taken up. `states`: mails of the last 24 hours by state and reason.
    `sent_last_hour`: mails. `troubles`: answers of the server in the last 24 hours to mails that
    failed or wait for another try, by their codes; "no answer" where there was none.
    """

    unsent: int
    oldest_due: datetime | None
    unclaimed_since: datetime | None
    states: dict[str, int]
    sent_last_hour: int
    troubles: dict[str, int]


def status(now: datetime) -> Status:
    """The state of things at `now` (5 queries)."""
    waiting = Delivery.objects.filter(state__in=[State.PENDING, State.LEASED], due_at__lte=now)
    plans = Plan.objects.filter(next_due_at__lte=now)
    unclaimed = plans.aggregate(number=Count("pk"), first=Min("next_due_at"))
    held = waiting.aggregate(number=Count("pk"), first=Min("due_at"))
    lately = Delivery.objects.filter(due_at__gt=now - DAY, due_at__lte=now)
    by_state = lately.order_by().values_list("state", "reason").annotate(Count("pk"))
    trouble = Q(state=State.FAILED) | Q(state__in=[State.PENDING, State.LEASED], attempts__gt=0)
    replies = lately.filter(trouble).values_list("server_reply", flat=True)
    firsts = [first for first in (unclaimed["first"], held["first"]) if first]
    return Status(
        unsent=unclaimed["number"] + held["number"],
        oldest_due=min(firsts, default=None),
        unclaimed_since=unclaimed["first"],
        states={" ".join(filter(None, (one, why))): number for one, why, number in by_state},
        sent_last_hour=Delivery.objects.filter(state=State.SENT, sent_at__gt=now - HOUR).count(),
        troubles=dict(Counter(codes_of(reply) for reply in replies)),
    )


def codes_of(reply: str) -> str:
    """The codes at the beginning of a server's reply, without its words."""
    found = CODES.match(reply)
    return found[0] if found else "no answer"
