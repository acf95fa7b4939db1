"""How the sending of mail stands, for an operator: numbers alone, nothing of any person."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min, Q

from healing.reminders import rate
from healing.reminders.models import Delivery, Plan, Suppression
from healing.reminders.replies import codes_of

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
State = Delivery.State


@dataclass(frozen=True)
class Status:
    """`unsent`: plans and mails whose moment has come and that have not left; `oldest_due`: the
    first of these moments, or None. `states`: mails of the last 24 hours by state and reason.
    `sent_last_hour`: mails. `troubles`: answers of the server in the last 24 hours to mails that
    failed or wait for another try, by their codes; "no answer" where there was none. `suppressed`:
    addresses that get no more mail. `per_second`: how many mails may leave, None for no limit.
    """

    unsent: int
    oldest_due: datetime | None
    states: dict[str, int]
    sent_last_hour: int
    troubles: dict[str, int]
    suppressed: int
    per_second: float | None


def status(now: datetime) -> Status:
    """The state of things at `now` (7 queries)."""
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
        states={" ".join(filter(None, (one, why))): number for one, why, number in by_state},
        sent_last_hour=Delivery.objects.filter(state=State.SENT, sent_at__gt=now - HOUR).count(),
        troubles=dict(Counter(codes_of(reply) for reply in replies)),
        suppressed=Suppression.objects.filter(since__isnull=False).count(),
        per_second=rate.present(now),
    )
