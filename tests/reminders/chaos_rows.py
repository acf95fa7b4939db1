"""What the chaos run needs of the product; importing it loads Django on the database of the run."""

import os
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "healing.settings")
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connections, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from healing import serve  # noqa: E402
from healing.accounts.actions import give_consent  # noqa: E402
from healing.accounts.models import Consent, User  # noqa: E402
from healing.reminders.actions import start_plan  # noqa: E402
from healing.reminders.models import Delivery, Plan  # noqa: E402

__all__ = ["connections"]

UNSETTLED = (Delivery.State.PENDING, Delivery.State.LEASED, Delivery.State.SENDING)
BREAK_EVERY = 50
AT_ONCE = 200


class Row(NamedTuple):
    """What became of one occurrence."""

    recipient: str
    local_date: date
    seq: int
    state: str
    message_id: str


def make_tables() -> None:
    call_command("migrate", verbosity=0)


def make_people(number: int, *, spread: timedelta) -> dict[str, date]:
    """So many people, each with one mail due from now on within `spread`; the date of each mail.

    Every fiftieth is on a break.
    """
    due: dict[str, date] = {}
    for first in range(0, number, AT_ONCE):
        with transaction.atomic():
            for n in range(first, min(number, first + AT_ONCE)):
                plan = _make_plan(f"person{n}@example.org", spread * n / number)
                due[plan.owner.email] = plan.next_local_date
                if n % BREAK_EVERY == 0:
                    # As it stands while a break runs; beginning one would also plan anew.
                    until = timezone.now() + timedelta(days=3)
                    Plan.objects.filter(pk=plan.pk).update(break_until=until)
    return due


def _make_plan(email: str, later: timedelta) -> Plan:
    owner = User.objects.create_user(email)
    give_consent(owner=owner, kind=Consent.Kind.MAIL)
    moment = datetime.now(UTC) + later
    return start_plan(
        owner=owner, weekdays=frozenset(range(7)), local_time=moment.time(), time_zone="UTC",
        now=moment - timedelta(seconds=1),
    )  # fmt: skip


def settled(number: int) -> bool:
    """Whether every mail was claimed and has come to its end."""
    rows = Delivery.objects
    return rows.count() >= number and not rows.filter(state__in=UNSETTLED).exists()


def rows() -> list[Row]:
    found = Delivery.objects.values_list(
        "plan__owner__email", "local_date", "seq", "state", "message_id"
    )
    return [Row(*one) for one in found]


def server_commands(folder: Path) -> dict[str, list[str]]:
    """Two beats and two workers, as two machines would start them."""
    found = {}
    for n in (1, 2):
        each = serve.commands("127.0.0.1", 0, folder / f"schedule-{n}")
        name = each["worker"].index("-n") + 1
        each["worker"][name] = f"chaos-{n}@%h"
        found |= {f"beat-{n}": each["beat"], f"worker-{n}": each["worker"]}
    return found
