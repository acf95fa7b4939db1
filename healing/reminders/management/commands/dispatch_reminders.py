"""One look for due reminders by hand: what beat and a worker do, in this process."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db.models import Count
from django.utils import timezone

from healing.reminders import dispatch, transport
from healing.reminders.models import Delivery


class Command(BaseCommand):
    help = "Claims what is due, sends what is waiting, and prints how many are in each state."

    def handle(self, *args: Any, **options: Any) -> None:
        dispatch.tick(timezone.now())
        ended = dispatch.drain(transport.from_settings())
        self.stdout.write(f"this time: {_counts(ended)}")
        states = Delivery.objects.order_by("state").values_list("state").annotate(Count("pk"))
        self.stdout.write(f"altogether: {_counts(dict(states))}")


def _counts(numbers: dict[str, int]) -> str:
    return ", ".join(f"{name} {number}" for name, number in sorted(numbers.items())) or "nothing"
