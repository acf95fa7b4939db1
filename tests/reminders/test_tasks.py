"""The doorbell: beat rings tick, tick rings drain, and the worker does both."""

import gc
from datetime import timedelta

import pytest
from celery.contrib.testing.worker import start_worker
from django.conf import settings as django_settings
from django.utils import timezone

from healing.celery import app
from healing.reminders import tasks
from healing.reminders.models import Delivery
from tests.services import until


def test_beat_rings_a_task_that_exists():
    entry = app.conf.beat_schedule["tick"]
    app.loader.import_default_modules()

    assert entry["task"] in app.tasks
    assert app.tasks[entry["task"]].name == tasks.tick.name
    assert entry["schedule"] == django_settings.REMINDERS_TICK_SECONDS
    assert entry["options"]["expires"] >= entry["schedule"]


def test_an_hourly_job_removes_what_is_old(mara, plan_for):
    entry = app.conf.beat_schedule["remove_old_deliveries"]
    row = Delivery.for_due(plan_for(mara))
    row.due_at = timezone.now() - timedelta(days=django_settings.REMINDERS_KEEP_DAYS, minutes=1)
    row.save()

    app.tasks[entry["task"]]()

    assert not Delivery.objects.exists()


def test_tasks_carry_nothing_and_keep_no_result():
    for task in (tasks.tick, tasks.drain, tasks.remove_old):
        assert task.run.__code__.co_argcount == 0
        assert task.ignore_result
        assert task.acks_late
        assert task.reject_on_worker_lost
    assert app.conf.result_backend is None
    assert app.conf.worker_prefetch_multiplier == 1


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_is_rung_sends_what_is_due(mara, plan_for, settings, tmp_path):
    settings.EMAIL_URL, settings.MAIL_DIR = "", tmp_path
    plan = plan_for(mara, now=timezone.now())
    plan.next_due_at = timezone.now() - timedelta(minutes=1)
    plan.next_local_date = plan.next_due_at.date()
    plan.save()

    with start_worker(app, pool="solo", perform_ping_check=False, shutdown_timeout=20):
        tasks.tick.delay()
        until(lambda: bool(list(tmp_path.glob("*.eml"))), 20, "a mail")
        sent = Delivery.objects.filter(state=Delivery.State.SENT)
        until(sent.exists, 20, "the row marked as sent")

    assert len(list(tmp_path.glob("*.eml"))) == 1


def test_a_worker_spares_the_collector_what_it_began_with():
    gc.unfreeze()
    with start_worker(app, pool="solo", perform_ping_check=False, shutdown_timeout=20):
        assert gc.get_freeze_count() > 0
    gc.unfreeze()
