"""How the sending of mail stands, printed for an operator."""

from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from healing.reminders.status import Status, status


class Command(BaseCommand):
    help = "Prints what is due and unsent, what became of the mails of a day, rate and troubles."

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        for line in lines(status(now), now):
            self.stdout.write(line)


def lines(found: Status, now: datetime) -> list[str]:
    """The status, a line each."""
    age = f", the oldest since {_lasting(found.oldest_due, now)}" if found.oldest_due else ""
    return [
        f"due and unsent: {found.unsent}{age}",
        f"last 24 hours: {_counts(found.states)}",
        f"sent in the last hour: {found.sent_last_hour}",
        f"troubles in 24 hours: {_counts(found.troubles)}",
        f"addresses that get no more mail: {found.suppressed}",
        f"rate: {_rate(found.per_second)}",
    ]


def _counts(numbers: dict[str, int]) -> str:
    return ", ".join(f"{name} {number}" for name, number in sorted(numbers.items())) or "nothing"


def _rate(per_second: float | None) -> str:
    return "no limit" if per_second is None else f"{per_second:.1f} a second"


def _lasting(since: datetime, now: datetime) -> str:
    minutes, seconds = divmod(int((now - since).total_seconds()), 60)
    return f"{minutes} min {seconds} s" if minutes else f"{seconds} s"
