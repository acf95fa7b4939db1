"""A zone that a newer table dropped breaks neither a button nor a link of a mail."""

from datetime import time, timedelta
from uuid import UUID

import pytest
from django.test import Client
from django.utils import timezone

from healing.reminders.actions import take_break
from healing.reminders.letterbox import letters_of, undo_token
from healing.reminders.letters import delete_letter, write_letter
from healing.reminders.models import Delivery, Plan
from healing.reminders.tokens import make_token
from tests.reminders.pages import AGAIN, BREAK, LETTERS

STATES = ["running", "break", "quiet"]


@pytest.fixture(params=STATES)
def dropped(mara, plan_for, request) -> Plan:
    """Before the first tick after the upgrade, or while the plan has no due moment anyway."""
    now = timezone.now()
    plan = plan_for(mara, now=now)
    if request.param == "break":
        take_break(owner_id=mara.pk, until=None, now=now)
    if request.param == "quiet":
        Plan.objects.update(quiet_since=now, next_due_at=None, next_local_date=None)
    Plan.objects.update(
        time_zone="US/Pacific-New", quiet_from=time(0), quiet_to=time(20), local_time=time(21)
    )
    return plan


@pytest.mark.parametrize("until", [None, 3])
def test_a_break_can_be_taken(client_of, mara, dropped, until):
    day = (mara.today() + timedelta(days=until)).isoformat() if until else ""
    assert client_of(mara).post(BREAK, {"until": day}).status_code == 302
    dropped.refresh_from_db()
    assert not dropped.is_running


def test_the_mails_can_be_asked_for_again(client_of, mara, dropped):
    page = client_of(mara).post(AGAIN, follow=True).content.decode()
    assert "is no longer on the world’s list of time zones" in page


@pytest.mark.parametrize(
    ("press", "data"),
    [("snooze", {}), ("snooze", {"to": "tomorrow"}), ("pause", {}), ("resume", {}), ("stop", {})],
)
def test_the_links_of_a_mail_answer(dropped, press, data):
    assert Client().post(f"/r/{make_token(dropped)}/{press}/", data).status_code == 200
    assert not Delivery.objects.exists()


def test_a_letter_can_be_brought_back(client_of, mara):
    write_letter(
        owner=mara, letter=UUID(int=7), words="Keep the key.", local_time=time(9),
        on_date=mara.today() + timedelta(days=9), time_zone="Europe/Berlin", now=timezone.now(),
    )  # fmt: skip
    Plan.objects.update(time_zone="US/Pacific-New")
    undo = undo_token(letters_of(mara).get())
    delete_letter(owner=mara, letter=UUID(int=7), now=timezone.now())
    assert client_of(mara).post(f"{LETTERS}restore/", {"undo": undo}).status_code == 302
    assert letters_of(mara).get().pk == UUID(int=7)
