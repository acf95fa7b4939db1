"""Workers are killed and minds are changed in the middle of the work, and no promise is broken."""

import asyncio
import json
import os
import subprocess
import sys
from collections import Counter
from datetime import date, timedelta
from email import message_from_bytes
from pathlib import Path
from time import time as wall_clock
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from django.db import connection
from django.utils import timezone

from healing.accounts.models import Consent, User
from healing.reminders.models import Plan
from tests.services import OffersPipelining

PEOPLE = 100
FEWEST_KILLS = 30


class SlowServer(OffersPipelining):
    """Accepts a mail at the dot and lets its answer travel for a while, as real ones do."""

    def __init__(self) -> None:
        self.accepted: Counter[str] = Counter()
        self.accepted_at: dict[str, float] = {}

    async def handle_RCPT(self, server, session, envelope, address, options):
        await asyncio.sleep(0.005)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        message_id = message_from_bytes(envelope.content)["Message-ID"]
        self.accepted[message_id] += 1
        self.accepted_at[message_id] = wall_clock()
        await asyncio.sleep(0.02)
        return "250 OK queued"


@pytest.fixture
def sink(unused_port):
    handler = SlowServer()
    controller = Controller(handler, hostname="127.0.0.1", port=unused_port)
    controller.start()
    yield handler
    controller.stop()


def make_due_plans() -> None:
    """Due a second ago, at this hour: where clocks are behind ours it is still to come."""
    now = timezone.now()
    people = User.objects.bulk_create(
        User(email=f"person{n}@example.org", password="!") for n in range(PEOPLE)
    )
    Consent.objects.bulk_create(
        Consent(owner=person, kind=Consent.Kind.MAIL, version=1) for person in people
    )
    Plan.objects.bulk_create(
        Plan(
            owner=person, weekdays=127, local_time=now.time().replace(microsecond=0),
            time_zone="UTC",
            next_due_at=now - timedelta(seconds=1), next_local_date=now.date(),
            last_local_date=date(2026, 1, 1),
        )
        for person in people
    )  # fmt: skip


def database_for_others(folder: Path) -> dict[str, str]:
    """The test's rows in a database that other processes can open."""
    if connection.vendor == "postgresql":
        known = connection.settings_dict
        place = f"{known['HOST']}:{known['PORT']}/{known['NAME']}"
        login = (
            f"{known['USER']}:{known['PASSWORD']}@" if known["PASSWORD"] else f"{known['USER']}@"
        )
        return {"DATABASE_URL": f"postgresql://{login}{place}"}
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(folder / "steady.sqlite3")])
    return {}


def run(script: str, folder: Path, port: int, root: Path) -> dict[str, Any]:
    """What the script printed, run on the test's rows against the slow server."""
    clean = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    done = subprocess.run(
        [sys.executable, "-m", f"tests.reminders.{script}", "7"],
        env=clean | database_for_others(folder) | {
            "DJANGO_SETTINGS_MODULE": "healing.settings",
            "VAR_DIR": str(folder),
            "EMAIL_URL": f"smtp://127.0.0.1:{port}",
            # Short, so that what a dead worker held is free again within the test.
            "REMINDERS_LEASE_SECONDS": "1" if script == "kill_workers" else "60",
        },
        cwd=root, capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.django_db(transaction=True)
def test_killed_workers_double_no_mail_and_lose_none_in_silence(
    sink, unused_port, tmp_path, settings
):
    make_due_plans()

    found = run("kill_workers", tmp_path, unused_port, settings.BASE_DIR)

    states, accepted = found["states"], sink.accepted
    told = f"{found['killed']} kills, {states}, {len(accepted)} accepted"
    by_state = dict(found["ids"])
    assert found["killed"] >= FEWEST_KILLS, told
    assert len(found["ids"]) == PEOPLE, told
    assert set(states) <= {"sent", "uncertain"}, told
    assert max(accepted.values()) == 1, told
    sent = {message_id for message_id, state in by_state.items() if state == "sent"}
    assert sent <= set(accepted), told
    # Whatever was accepted is known to be sent, or counted as uncertain.
    assert set(accepted) <= set(by_state), told
    # The kills did hit the moment that matters, or the test has shown nothing.
    assert states.get("uncertain", 0) > 0, told
    assert states["sent"] > PEOPLE / 2, told


@pytest.mark.django_db(transaction=True)
def test_after_a_change_that_saw_nothing_on_its_way_no_mail_comes(
    sink, unused_port, tmp_path, settings
):
    make_due_plans()

    found = run("change_while_sending", tmp_path, unused_port, settings.BASE_DIR)

    came = {message_id[1:33]: moment for message_id, moment in sink.accepted_at.items()}
    # A mail that moved to another hour leaves no row.
    states = {plan: found["states"].get(plan, "moved") for plan, *_ in found["changes"]}
    told = Counter(states.values())
    for plan, act, on_its_way, moment in found["changes"]:
        if not on_its_way:
            assert came.get(plan, 0) <= moment, f"{plan} was mailed after {act}; {told}"
        assert (plan in came) == (states[plan] == "sent"), f"{plan}, {act}; {told}"
    # Changes came before, between and after the mails, or the test has shown nothing.
    assert told["sent"] > 0, told
    assert told["skipped"] > 0, told
    assert told["moved"] > 0, told
    assert set(told) == {"sent", "skipped", "moved"}, told
