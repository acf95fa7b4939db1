"""Ending a pause: the mails come as planned from now on."""

from datetime import timedelta

from django.utils import timezone

from healing.reminders.models import Plan

RESUME = "/reminders/resume/"


def test_it_ends_the_pause_at_once(client_of, mara, plan_for):
    plan = plan_for(mara, now=timezone.now())
    Plan.objects.update(paused_until=timezone.now() + timedelta(days=5))
    client = client_of(mara)
    assert "End the pause" in client.get("/reminders/").content.decode()
    page = client.post(RESUME, follow=True).content.decode()
    assert "The pause is over." in page
    assert "End the pause" not in page
    plan.refresh_from_db()
    assert plan.paused_until is None
    assert plan.is_running


def test_a_link_or_a_stranger_ends_nothing(client_of, mara, theo, plan_for):
    plan_for(mara, now=timezone.now())
    until = timezone.now() + timedelta(days=5)
    Plan.objects.update(paused_until=until)
    assert client_of(mara).get(RESUME).status_code == 405
    assert client_of(theo).post(RESUME).status_code == 404
    assert Plan.objects.get().paused_until == until
