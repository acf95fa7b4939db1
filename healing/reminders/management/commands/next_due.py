"""Prints when a plan with these days and this hour is due, across any change of the clocks."""

from argparse import ArgumentTypeError
from datetime import UTC, date, datetime, time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from healing.accounts.clock import zone
from healing.reminders.schedule import next_due

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def weekdays(text: str) -> frozenset[int]:
    names = [name.strip().lower() for name in text.split(",")]
    if unknown := [name for name in names if name not in DAYS]:
        raise ArgumentTypeError(f"{unknown[0]!r} is no day; write mon,tue,wed,thu,fri,sat,sun.")
    return frozenset(DAYS.index(name) for name in names)


def wall_time(text: str) -> time:
    try:
        return datetime.strptime(text, "%H:%M").time()
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is no time; write it as 09:00.") from None


def zone_name(text: str) -> str:
    try:
        return zone(text).key
    except ValueError as problem:
        raise ArgumentTypeError(str(problem)) from None


def instant(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is no moment; write 2026-03-28T12:00Z.") from None
    if moment.tzinfo is None:
        raise ArgumentTypeError(f"{text!r} has no offset; end it with Z or +01:00.")
    return moment


def day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is no date; write 2026-03-28.") from None


def positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise ArgumentTypeError(f"{text!r} is no count; write 1 or more.")
    return int(text)


class Command(BaseCommand):
    help = "Prints the moments a plan is due: the instant in UTC and the local date, one per line."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--days", type=weekdays, required=True, help="mon,wed,fri")
        parser.add_argument("--at", type=wall_time, required=True, help="wall time, 09:00")
        parser.add_argument("--tz", type=zone_name, required=True, help="Europe/Berlin")
        parser.add_argument("--after", type=instant, help="start, 2026-03-28T12:00Z; else now")
        parser.add_argument("--last", type=day, help="newest date that already had its mail")
        parser.add_argument("--count", type=positive, default=1, help="how many lines")

    def handle(self, *args: Any, **options: Any) -> None:
        after, last = options["after"] or timezone.now(), options["last"]
        for _ in range(options["count"]):
            try:
                last, after = next_due(
                    after,
                    zone=options["tz"],
                    weekdays=options["days"],
                    at=options["at"],
                    last_date=last,
                )
            except OverflowError:
                raise CommandError("The calendar ends with the year 9999.", returncode=2) from None
            self.stdout.write(f"{after.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ} {last}")
