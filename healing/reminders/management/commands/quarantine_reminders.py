"""After a database was restored from a copy: nothing goes out that may have gone out before."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from healing.reminders.upkeep import quarantine


class Command(BaseCommand):
    help = (
        "Run it after a restore from a backup, before a worker starts: what waits is skipped, and "
        "for every person today counts as mailed. Prints what was changed; again, it changes "
        "nothing."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        done = quarantine(timezone.now())
        self.stdout.write(f"waiting mails skipped: {done['skipped']}")
        self.stdout.write(f"mails that may have gone out: {done['uncertain']}")
        self.stdout.write(f"plans that go on tomorrow: {done['plans']}")
