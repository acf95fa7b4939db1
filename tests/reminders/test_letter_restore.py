"""Bringing a deleted letter back, for an hour, on the page that deleted it."""

import re
from datetime import time, timedelta
from uuid import UUID

import pytest
from django.test import Client
from django.utils import timezone

from healing.reminders import claim, letterbox
from healing.reminders.actions import choose_mail, end_break, stop_all, stop_plan, take_break
from healing.reminders.letters import delete_letter, write_letter
from healing.reminders.models import Delivery, Enclosure, Plan
from tests.reminders.pages import text

State = Delivery.State
DAY = timedelta(days=1)
PK = UUID(int=7)
DELETE, RESTORE = f"/reminders/letters/{PK}/delete/", "/reminders/letters/restore/"


@pytest.fixture
def letter(mara) -> Plan:
    return write_letter(
        owner=mara, letter=PK, words="Keep the key.", local_time=time(9),
        on_date=mara.today() + timedelta(days=10), time_zone="Europe/Berlin", now=timezone.now(),
    )  # fmt: skip


@pytest.fixture
def undo(client_of, mara, letter) -> str:
    page = client_of(mara).post(DELETE).content.decode()
    return re.findall(r'name="undo" value="([^"]+)"', page)[0]


def test_it_is_back_as_it_was(client_of, mara, letter, undo):
    page = client_of(mara).post(RESTORE, {"undo": undo}, follow=True)
    assert "It is back where it was." in text(page)
    back = Plan.objects.get(pk=PK)
    for name in ("owner_id", "on_date", "local_time", "time_zone", "next_due_at", "weekdays"):
        assert getattr(back, name) == getattr(letter, name), name
    assert letter.created - back.created < timedelta(milliseconds=1)
    assert letterbox.words_of(back) == "Keep the key."


def test_a_break_that_began_meanwhile_holds_for_it_too(client_of, mara, plan_for, undo):
    plan_for(mara, now=timezone.now())
    take_break(owner_id=mara.pk, until=None, now=timezone.now())
    client_of(mara).post(RESTORE, {"undo": undo})
    back = Plan.objects.get(pk=PK)
    assert back.break_since is not None
    assert not back.is_running


def test_one_that_was_stopped_comes_back_stopped(client_of, mara, letter):
    client = client_of(mara)
    stop_all(owner_id=mara.pk)
    page = client.post(DELETE).content.decode()
    client.post(RESTORE, {"undo": re.findall(r'name="undo" value="([^"]+)"', page)[0]})
    assert not Plan.objects.get(pk=PK).is_standing


@pytest.mark.parametrize(
    ("state", "is_last_note", "comes"),
    [
        (State.SENT, False, False),
        (State.SENDING, False, False),
        (State.SENT, True, True),
        (State.SKIPPED, False, True),
    ],
)
def test_a_letter_that_a_mail_named_comes_in_no_second_mail(
    mara, letter, state, is_last_note, comes
):
    due = letter.next_due_at
    claim.claim(due)
    ends = due + DAY / 24 if state == State.SENDING else None
    Delivery.objects.update(state=state, lease_until=ends, is_last_note=is_last_note)
    given = letterbox.undo_token(letterbox.letters_of(mara).get())
    delete_letter(owner=mara, letter=PK, now=due)
    letterbox.restore_letter(owner=mara, undo=given, now=due)

    claim.claim(due + DAY)
    assert Delivery.objects.filter(local_date=letter.on_date + DAY).exists() is comes
    assert Plan.objects.get(pk=PK).is_standing is comes


def test_one_that_missed_the_mail_of_its_day_comes_the_day_after(mara, letter, plan_for):
    due = letter.next_due_at
    plan_for(mara, now=due - DAY, local_time=time(0, 5))
    given = letterbox.undo_token(letterbox.letters_of(mara).get())
    delete_letter(owner=mara, letter=PK, now=due)
    claim.claim(due)
    Delivery.objects.update(state=State.SENT)
    letterbox.restore_letter(owner=mara, undo=given, now=due)

    back = Plan.objects.get(pk=PK)
    assert back.on_date == letter.on_date + DAY
    around = Plan.objects.around([mara.pk], back.on_date, now=due + DAY)
    assert around.get(pk=PK).is_in_mail


def test_one_that_a_mail_named_is_not_taken_up_when_a_break_ends(mara, letter):
    due = letter.next_due_at
    claim.claim(due)
    Delivery.objects.update(state=State.SENT)
    take_break(owner_id=mara.pk, until=None, now=due)
    given = letterbox.undo_token(letterbox.letters_of(mara).get())
    delete_letter(owner=mara, letter=PK, now=due)
    letterbox.restore_letter(owner=mara, undo=given, now=due)
    end_break(owner_id=mara.pk, now=due)
    assert not Plan.objects.get(pk=PK).is_standing


@pytest.mark.parametrize("days", [None, 20])
def test_its_break_goes_on_where_all_other_plans_are_stopped(mara, letter, plan_for, days):
    now = timezone.now()
    stop_plan(plan_id=plan_for(mara, now=now).pk)
    take_break(owner_id=mara.pk, until=now + days * DAY if days else None, now=now)
    given = letterbox.undo_token(letterbox.letters_of(mara).get())
    delete_letter(owner=mara, letter=PK, now=now)
    letterbox.restore_letter(owner=mara, undo=given, now=now)

    back = Plan.objects.get(pk=PK)
    assert back.break_until or back.break_since
    claim.claim(letter.next_due_at)
    assert not Delivery.objects.mails().exists()


def test_into_quiet_hours_chosen_meanwhile_it_comes_at_their_end(mara, letter, plan_for):
    now = timezone.now()
    stop_plan(plan_id=plan_for(mara, now=now).pk)
    given = letterbox.undo_token(letterbox.letters_of(mara).get())
    delete_letter(owner=mara, letter=PK, now=now)
    quiet = (time(8), time(10))
    choose_mail(owner=mara, time_zone="Europe/Berlin", quiet=quiet, holds="bare", now=now)
    letterbox.restore_letter(owner=mara, undo=given, now=now)

    back = Plan.objects.get(pk=PK)
    assert back.local_time == time(10)
    claim.claim(back.next_due_at)
    assert Delivery.objects.get(local_date=letter.on_date).state == State.PENDING


def test_one_that_was_stopped_stays_so_when_a_break_ends(mara, letter, plan_for):
    stop_all(owner_id=mara.pk)
    given = letterbox.undo_token(letterbox.letters_of(mara).get())
    now = timezone.now()
    delete_letter(owner=mara, letter=PK, now=now)
    plan_for(mara, now=now)
    take_break(owner_id=mara.pk, until=None, now=now)
    letterbox.restore_letter(owner=mara, undo=given, now=now)
    end_break(owner_id=mara.pk, now=now)
    assert not Plan.objects.get(pk=PK).is_standing


def test_twice_does_no_harm(client_of, mara, undo):
    client = client_of(mara)
    for _ in range(2):
        client.post(RESTORE, {"undo": undo})
    assert Plan.objects.count() == 1
    assert Enclosure.objects.count() == 1


def test_after_an_hour_it_is_gone(client_of, mara, undo, monkeypatch):
    monkeypatch.setattr(letterbox, "UNDO_FOR", timedelta(seconds=-1))
    page = client_of(mara).post(RESTORE, {"undo": undo}, follow=True)
    assert "The hour for bringing it back is over." in text(page)
    assert not Plan.objects.exists()


@pytest.mark.parametrize("change", [lambda undo: "", lambda undo: undo[:-2], lambda undo: "x"])
def test_what_was_altered_brings_nothing_back(client_of, mara, undo, change):
    client_of(mara).post(RESTORE, {"undo": change(undo)})
    assert not Plan.objects.exists()


def test_a_stranger_a_link_and_a_visitor_bring_nothing_back(client_of, mara, theo, undo):
    client_of(theo).post(RESTORE, {"undo": undo})
    assert client_of(mara).get(RESTORE, {"undo": undo}).status_code == 405
    assert Client().post(RESTORE, {"undo": undo}).status_code == 403
    assert not Plan.objects.exists()
