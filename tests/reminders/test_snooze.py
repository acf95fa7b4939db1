"""The later link of a mail: the same mail once more, and the plan stays as it is."""

from datetime import UTC, datetime, time, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from healing.accounts.clock import local_today, zone
from healing.accounts.models import User
from healing.reminders import actions, claim, dispatch
from healing.reminders.models import Delivery, Plan
from healing.reminders.tokens import make_token
from healing.reminders.transport import SmtpTransport


@pytest.fixture
def plan(mara, plan_for) -> Plan:
    return plan_for(mara, now=timezone.now())


@pytest.fixture
def outside() -> Client:
    """Somebody with the mail alone: no cookie, no session."""
    return Client(enforce_csrf_checks=True)


def address(plan: Plan) -> str:
    return reverse("reminders:snooze", args=[make_token(plan)])


@pytest.mark.parametrize(
    ("to", "later"), [("hour", timedelta(hours=1)), ("tomorrow", timedelta(days=1))]
)
def test_it_comes_once_more_and_the_plan_does_not_move(outside, plan, smtp_server, to, later):
    now = timezone.now()
    assert outside.post(address(plan), {"to": to}).status_code == 200
    row = Delivery.objects.get()
    assert abs(row.due_at - now - later) < timedelta(minutes=1)
    assert row.seq == 2
    assert Plan.objects.get().next_due_at == plan.next_due_at
    assert dispatch.drain(SmtpTransport()) == {}
    moved = now - timedelta(minutes=1)
    Delivery.objects.update(due_at=moved, next_attempt_at=moved)
    assert dispatch.drain(SmtpTransport()) == {"sent": 1}
    assert smtp_server.recipients == ["mara@example.org"]


@pytest.mark.parametrize(
    ("pressed", "comes"),
    [
        ("2026-10-24 20:40", "2026-10-25 20:40"),  # the clocks go back in the night
        ("2027-03-27 23:40", "2027-03-28 23:40"),  # they go forward
        ("2027-03-27 02:30", "2027-03-28 03:30"),  # into an hour that is left out
        ("2026-10-24 02:30", "2026-10-25 02:30"),  # into one that comes twice
    ],
)
def test_tomorrow_means_the_same_hour_of_the_plans_clock(
    outside, plan, monkeypatch, pressed, comes
):
    berlin = zone(plan.time_zone)
    now = datetime.fromisoformat(pressed).replace(tzinfo=berlin).astimezone(UTC)
    monkeypatch.setattr(timezone, "now", lambda: now)
    outside.post(address(plan), {"to": "tomorrow"})
    row = Delivery.objects.get()
    assert f"{row.due_at.astimezone(berlin):%Y-%m-%d %H:%M}" == comes
    assert row.due_at.astimezone(berlin).fold == 0


def test_asked_twice_before_it_has_gone_it_moves(outside, plan):
    for to in ("hour", "tomorrow", "hour"):
        outside.post(address(plan), {"to": to})
    row = Delivery.objects.get()
    assert row.due_at - timezone.now() < timedelta(hours=1, minutes=1)


def test_the_planned_mail_of_that_day_stays_its_own(outside, plan):
    Delivery.for_due(plan).save()
    outside.post(address(plan), {"to": "hour"})
    assert sorted(Delivery.objects.values_list("seq", flat=True)) == [1, 2]


@pytest.mark.parametrize("state", ["stopped", "paused", "gone"])
def test_where_nothing_is_sent_nothing_comes_and_the_page_is_the_same(outside, plan, state):
    link = address(plan)
    known = outside.post(link, {"to": "hour"}).content
    Delivery.objects.all().delete()
    if state == "stopped":
        Plan.objects.update(next_due_at=None, next_local_date=None)
    elif state == "paused":
        Plan.objects.update(paused_until=timezone.now() + timedelta(days=2))
    else:
        Plan.objects.all().delete()
    assert outside.post(link, {"to": "hour"}).content == known
    assert not Delivery.objects.exists()


def test_in_quiet_hours_it_comes_when_they_are_over_and_the_page_says_how(outside, mara, plan):
    now = timezone.now()
    hours = now.astimezone(zone(plan.time_zone))
    begin, end = (hours + timedelta(minutes=m) for m in (30, 90))
    quiet = tuple(one.time().replace(second=0, microsecond=0) for one in (begin, end))
    Plan.objects.update(quiet_from=quiet[0], quiet_to=quiet[1])
    page = outside.post(address(plan), {"to": "hour"}).content.decode()
    row = Delivery.objects.get()
    assert row.due_at.astimezone(zone(plan.time_zone)).time() == quiet[1]
    assert "Should that fall into quiet hours of yours, it comes when they are over." in page
    # Their end would tell whoever holds the link where the person lives now.
    assert f"{quiet[1]:%H:%M}" not in page


def test_it_counts_as_an_answer(outside, mara, plan):
    User.objects.update(last_seen_at=timezone.now() - timedelta(days=9))
    outside.post(address(plan), {"to": "hour"})
    mara.refresh_from_db()
    assert timezone.now() - mara.last_seen_at < timedelta(minutes=1)


def test_opening_the_link_shows_buttons_and_changes_nothing(outside, plan):
    answer = outside.get(address(plan))
    outside.head(address(plan))
    page = answer.content.decode()
    assert not Delivery.objects.exists()
    assert "In an hour" in page
    assert "/pause/" in page
    assert "/stop/" in page
    assert not answer.cookies
    assert answer.headers["Referrer-Policy"] == "no-referrer"


def test_her_page_says_that_it_comes_as_she_asked(outside, plan, client_of, mara):
    outside.post(address(plan), {"to": "hour"})
    assert "as you asked" in client_of(mara).get("/reminders/").content.decode()


def test_a_link_that_is_not_ours_is_not_found(outside, db):
    assert outside.post(reverse("reminders:snooze", args=["nonsense"])).status_code == 404


@pytest.mark.parametrize("taken", [False, True])
@pytest.mark.parametrize(
    ("to_zone", "quiet"), [("Europe/Berlin", (time(22), time(7))), ("Asia/Tokyo", None)]
)
def test_moved_over_midnight_it_is_of_the_day_it_comes(mara, plan_for, due, to_zone, quiet, taken):
    plan = plan_for(mara)
    claim.claim(due)
    Delivery.objects.update(state="sent", sent_at=due)
    if taken:
        late = actions.snooze(plan_id=plan.pk, at=due + timedelta(hours=14))
        Delivery.objects.filter(pk=late.pk).update(state="sent", sent_at=late.due_at)
    put_off = actions.snooze(plan_id=plan.pk, at=due + timedelta(hours=3))
    assert put_off.local_date == due.date()
    actions.choose_mail(
        owner=mara, time_zone=to_zone, quiet=quiet, holds="bare", now=due + timedelta(hours=1)
    )
    put_off.refresh_from_db()
    assert put_off.local_date == local_today(to_zone, put_off.due_at)
    assert put_off.seq == (3 if taken else 2)
