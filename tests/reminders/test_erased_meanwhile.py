"""A person is erased while a claim takes their plans, or while they change them elsewhere."""

from datetime import time, timedelta
from threading import Event

import pytest
from django.db import connection, transaction

from healing.accounts.models import User
from healing.privacy.actions import erase_person
from healing.reminders import actions, claim, dispatch
from healing.reminders.models import Delivery, Plan
from tests.reminders.test_claim_at_once import Beside, somebody_waits
from tests.services import until

PATIENCE = 20

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        "connection.vendor != 'postgresql'", reason="SQLite lets one writer in at a time"
    ),
]


def erasing(person: User) -> Beside:
    return Beside(lambda: erase_person(owner=User.objects.get(pk=person.pk)))


def test_a_claim_that_was_first_leaves_nothing_behind(mara, plan_for, due):
    plan_for(mara)
    with transaction.atomic():
        claim.claim_batch(due)
        erasure = erasing(mara)
        erasure.start()
        until(somebody_waits, PATIENCE, "the erasure waits")

    erasure.result()
    assert not User.objects.exists()
    assert not Delivery.objects.exists()


def test_it_never_waits_in_a_ring_with_a_claim_of_a_date_that_had_its_mail(mara, plan_for, due):
    plan_for(mara)
    plan_for(mara, kind=Plan.Kind.LOOK_BACK, local_time=time(20))
    dispatch.tick(due - timedelta(minutes=30))
    with transaction.atomic():
        plans = claim._due(due, None)
        erasure = erasing(mara)
        erasure.start()
        until(somebody_waits, PATIENCE, "the erasure waits")
        claim._write([one for plan in plans for one in claim._take_due(plan, due)])

    erasure.result()
    assert not User.objects.exists()


def test_it_never_waits_in_a_ring_with_a_stop(mara, plan_for):
    plan_for(mara)
    reached, go_on = Event(), Event()

    def pause(execute, sql, *rest):
        done = execute(sql, *rest)
        if sql.startswith('DELETE FROM "reminders_plan"'):
            reached.set()
            go_on.wait(PATIENCE)
        return done

    def erase():
        with connection.execute_wrapper(pause):
            erase_person(owner=User.objects.get(pk=mara.pk))

    erasure, stop = Beside(erase), Beside(lambda: actions.stop_all(owner_id=mara.pk))
    erasure.start()
    assert reached.wait(PATIENCE)
    stop.start()
    until(somebody_waits, PATIENCE, "the stop waits")
    go_on.set()

    erasure.result()
    assert stop.result() is False
