"""The pause link of a mail: a week without mails, by a button alone."""

from datetime import time, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from healing.accounts.models import User
from healing.reminders.actions import start_plan, take_break
from healing.reminders.models import Plan
from healing.reminders.tokens import make_token


@pytest.fixture
def plan(mara, plan_for) -> Plan:
    return plan_for(mara, now=timezone.now())


@pytest.fixture
def outside() -> Client:
    """Somebody with the mail alone: no cookie, no session."""
    return Client(enforce_csrf_checks=True)


def address(plan: Plan) -> str:
    return reverse("reminders:pause", args=[make_token(plan)])


def test_the_button_pauses_for_a_week(outside, plan):
    page = outside.post(address(plan)).content.decode()
    assert "Nothing is sent for a week" in page
    until = Plan.objects.get().break_until
    assert timedelta(days=6, hours=23) < until - timezone.now() <= timedelta(days=7)
    assert Plan.objects.get().is_running


@pytest.mark.parametrize("days", [8, None])
def test_an_old_mail_ends_no_longer_break(outside, mara, plan, days):
    now = timezone.now()
    take_break(owner_id=mara.pk, until=now + timedelta(days=days) if days else None, now=now)
    before = Plan.objects.values().get()
    assert "Nothing is sent for a week" in outside.post(address(plan)).content.decode()
    assert Plan.objects.values().get() == before


def test_a_shorter_break_becomes_a_week(outside, mara, plan):
    now = timezone.now()
    take_break(owner_id=mara.pk, until=now + timedelta(days=2), now=now)
    outside.post(address(plan))
    assert Plan.objects.get().break_until > now + timedelta(days=6)


def test_opening_the_link_shows_a_button_and_changes_nothing(outside, plan):
    answer = outside.get(address(plan))
    outside.head(address(plan))
    assert Plan.objects.get().break_until is None
    assert "Pause for a week" in answer.content.decode()
    assert not answer.cookies
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "no-store" in answer.headers["Cache-Control"]


def test_an_erased_plan_answers_alike(outside, plan):
    link = address(plan)
    known = outside.post(link).content
    Plan.objects.all().delete()
    assert outside.post(link).content == known


def test_a_link_that_is_not_ours_is_not_found(outside, db):
    assert outside.post(reverse("reminders:pause", args=["nonsense"])).status_code == 404


def test_it_pauses_every_mail_and_counts_as_an_answer(outside, mara, plan):
    start_plan(
        owner=mara, kind=Plan.Kind.LOOK_BACK, weekdays=frozenset([6]), local_time=time(18),
        time_zone="Europe/Berlin", now=timezone.now(),
    )  # fmt: skip
    User.objects.update(last_seen_at=timezone.now() - timedelta(days=9))
    outside.post(address(plan))
    assert Plan.objects.filter(break_until__isnull=False).count() == 2
    mara.refresh_from_db()
    assert timezone.now() - mara.last_seen_at < timedelta(minutes=1)


def test_after_it_one_press_starts_them_sooner(outside, plan):
    page = outside.post(address(plan)).content.decode()
    assert reverse("reminders:resume", args=[make_token(plan)]) in page
