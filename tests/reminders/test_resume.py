"""The link of the last note: coming back is one press, without signing in."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from healing.accounts.models import User
from healing.reminders import actions
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
    return reverse("reminders:resume", args=[make_token(plan)])


def silence(plan: Plan) -> None:
    Plan.objects.filter(pk=plan.pk).update(
        quiet_since=timezone.now(), next_due_at=None, next_local_date=None
    )


def test_one_press_brings_back_what_went_quiet(outside, plan):
    silence(plan)
    page = outside.post(address(plan)).content.decode()
    assert "Good to have you back" in page
    plan.refresh_from_db()
    assert plan.is_running
    assert plan.quiet_since is None


@pytest.mark.parametrize("days", [7, None])
def test_it_ends_a_break_too(outside, mara, plan, days):
    until = timezone.now() + timedelta(days=days) if days else None
    actions.take_break(owner_id=mara.pk, until=until, now=timezone.now())
    outside.post(address(plan))
    plan.refresh_from_db()
    assert plan.is_running
    assert plan.break_until is None


def test_it_counts_as_an_answer(outside, mara, plan):
    User.objects.update(last_seen_at=timezone.now() - timedelta(days=9))
    outside.post(address(plan))
    mara.refresh_from_db()
    assert timezone.now() - mara.last_seen_at < timedelta(minutes=1)


def test_what_was_stopped_stays_stopped_and_the_page_is_the_same(outside, plan):
    silence(plan)
    known = outside.post(address(plan)).content
    actions.stop_all(owner_id=plan.owner_id)
    assert outside.post(address(plan)).content == known
    plan.refresh_from_db()
    assert not plan.is_standing
    link = address(plan)
    User.objects.all().delete()
    assert outside.post(link).content == known


def test_opening_the_link_shows_a_button_and_changes_nothing(outside, plan):
    silence(plan)
    before = Plan.objects.values().get()
    answer = outside.get(address(plan))
    outside.head(address(plan))
    assert Plan.objects.values().get() == before
    assert "Start them again" in answer.content.decode()
    assert not answer.cookies
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "no-store" in answer.headers["Cache-Control"]


def test_it_brings_back_nobody_elses(outside, theo, plan, plan_for):
    other = plan_for(theo, now=timezone.now())
    silence(other)
    outside.post(address(plan))
    other.refresh_from_db()
    assert other.quiet_since is not None


def test_a_link_that_is_not_ours_is_not_found(outside, db):
    assert outside.post(reverse("reminders:resume", args=["nonsense"])).status_code == 404


def test_it_asks_the_database_little(outside, plan, django_assert_num_queries):
    with django_assert_num_queries(0):
        outside.get(address(plan))
    with django_assert_num_queries(12):
        outside.post(address(plan))
