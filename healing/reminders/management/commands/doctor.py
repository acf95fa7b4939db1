"""Looks over everything a mail needs, for an operator; a fault makes the command fail."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from healing.reminders.checkup import checkup


class Command(BaseCommand):
    help = "Checks mail server, headers, links, returned mail, rate, beat, clock and time zones."

    def handle(self, *args: Any, **options: Any) -> None:
        faults = 0
        for name, well, words in checkup():
            faults += not well
            self.stdout.write(f"{'well ' if well else 'FAULT'}  {name}: {words}")
        if faults:
            sys.exit(1)
