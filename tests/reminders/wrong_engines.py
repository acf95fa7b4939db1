"""Engines that break a promise, to prove that the chaos run would see it.

`celery worker --include tests.reminders.wrong_engines` loads this; WRONG_ENGINE names the fault.
"""

import os
from datetime import datetime
from typing import Any

from django.utils import timezone

from healing.reminders import dispatch
from healing.reminders.models import Delivery

true_gate, true_reap = dispatch.gate, dispatch.reap


def gate_that_leads_to(**changes: Any) -> Any:
    def gate(delivery: Delivery, *rest: Any) -> bool:
        passed = true_gate(delivery, *rest)
        if passed:
            Delivery.objects.filter(pk=delivery.pk).update(**changes)
        return passed

    return gate


def send_then_mark() -> None:
    """Nothing says that the mail may have left, so a dead worker's mail is sent again."""
    dispatch.gate = gate_that_leads_to(state=Delivery.State.LEASED)


def mark_then_send() -> None:
    """What a worker held when it died counts as sent."""
    marked = {"state": Delivery.State.SENT, "lease_until": None, "sent_at": timezone.now()}
    dispatch.gate = gate_that_leads_to(**marked)


def requeue() -> None:
    """What was on its way goes back into the queue."""

    def reap(now: datetime) -> None:
        over = Delivery.objects.filter(state=Delivery.State.SENDING, lease_until__lt=now)
        over.update(state=Delivery.State.PENDING, lease_token=None, lease_until=None)
        true_reap(now)

    dispatch.reap = reap


ENGINES = {engine.__name__: engine for engine in (send_then_mark, mark_then_send, requeue)}
if name := os.environ.get("WRONG_ENGINE"):
    ENGINES[name]()
