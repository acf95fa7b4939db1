"""Several claims at once, each on a connection of its own: one mail a person and date."""

import threading
from collections import Counter
from collections.abc import Callable
from datetime import date, time, timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from healing.reminders import claim
from healing.reminders.models import Delivery, Plan
from tests.factories import make_person
from tests.services import until

State, Reason = Delivery.State, Delivery.Reason
MONDAY = date(2026, 11, 23)

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        "connection.vendor != 'postgresql'", reason="SQLite lets one writer in at a time"
    ),
]


class Beside(threading.Thread):
    """Runs something on a connection of its own; `result()` gives what came of it."""

    def __init__(self, job: Callable[[], Any]) -> None:
        super().__init__(daemon=True)
        self.job, self.found, self.problem = job, None, None

    def run(self) -> None:
        try:
            self.found = self.job()
        except Exception as problem:
            self.problem = problem
        finally:
            connection.close()

    def result(self) -> Any:
        self.join(30)
        assert not self.is_alive(), "it still waits"
        if self.problem:
            raise self.problem
        return self.found


def somebody_waits() -> bool:
    """Whether another connection of this database waits for a lock."""
    with connection.cursor() as cursor:
        # What pg_stat_activity shows stays the same within a transaction.
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return bool(cursor.fetchone()[0])


@pytest.fixture
def pair(mara, plan_for) -> list[Plan]:
    """Two plans of one person, due at once."""
    return [plan_for(mara), plan_for(mara, kind=Plan.Kind.PRACTICE, exercise="E05")]


def race(due, *, first_fails: bool) -> None:
    """Two claims take one plan each; the second waits for the first to end."""
    try:
        with transaction.atomic():
            claim.claim_batch(due)
            second = Beside(lambda: claim.claim_batch(due))
            second.start()
            until(somebody_waits, 20, "the second claim waiting for the first")
            if first_fails:
                raise ConnectionResetError
    except ConnectionResetError:
        pass
    assert second.result()[0] == 1


def outcomes() -> list[tuple[str, str]]:
    return sorted(Delivery.objects.values_list("state", "reason"))


def waits_for_the_disk() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SHOW synchronous_commit")
        return bool(cursor.fetchone()[0] == "on")


def test_the_end_of_a_batch_does_not_wait_for_the_disk_and_all_else_does(pair, due):
    with transaction.atomic():
        assert waits_for_the_disk()
        assert claim.claim_batch(due)[0] == 2
        assert not waits_for_the_disk()

    assert waits_for_the_disk()
    assert outcomes() == [(State.PENDING, ""), (State.SKIPPED, Reason.JOINED)]


@pytest.mark.parametrize("model", [Plan, Delivery])
def test_what_a_claim_leaves_behind_is_swept_soon(model):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT reloptions FROM pg_class WHERE oid = %s::regclass", [model._meta.db_table]
        )
        assert "autovacuum_vacuum_scale_factor=0.01" in cursor.fetchone()[0]


def test_who_comes_second_has_joined_the_first(pair, due, monkeypatch):
    monkeypatch.setattr(claim, "BATCH", 1)
    race(due, first_fails=False)

    assert outcomes() == [(State.PENDING, ""), (State.SKIPPED, Reason.JOINED)]
    assert set(Plan.objects.values_list("next_local_date", flat=True)) == {MONDAY + timedelta(1)}


def test_if_the_first_fails_the_second_is_the_mail(pair, due, monkeypatch):
    monkeypatch.setattr(claim, "BATCH", 1)
    race(due, first_fails=True)
    assert outcomes() == [(State.PENDING, "")]

    claim.claim(due)
    assert outcomes() == [(State.PENDING, ""), (State.SKIPPED, Reason.JOINED)]


def test_many_claims_over_many_people_leave_one_mail_each_and_a_row_for_every_plan(
    plan_for, due, monkeypatch, db
):
    monkeypatch.setattr(claim, "BATCH", 7)
    people = [make_person(f"person{n}@example.org") for n in range(30)]
    for number, person in enumerate(people):
        plan_for(person)
        plan_for(person, kind=Plan.Kind.PRACTICE, exercise="E05", local_time=time(20, number % 30))
        plan_for(person, kind=Plan.Kind.LOOK_BACK, local_time=time(20, 29 - number % 30))

    claims = [Beside(lambda: claim.claim(due)) for _ in range(4)]
    for one in claims:
        one.start()
    # A claim leaves rows that another holds, so what was left is claimed by the next tick.
    made = sum(one.result() for one in claims) + claim.claim(due)

    assert made == Delivery.objects.count() == 90
    mails = Delivery.objects.filter(state=State.PENDING).values_list("person", flat=True)
    assert Counter(mails) == Counter({person.pk: 1 for person in people})
    assert Delivery.objects.filter(reason=Reason.JOINED).count() == 60
    assert not Plan.objects.due(due).exists()


def test_a_claim_leaves_the_plans_that_are_being_changed(pair, due):
    with transaction.atomic():
        list(Plan.objects.select_for_update(no_key=True).filter(pk=pair[0].pk))
        second = Beside(lambda: claim.claim(due))
        second.start()
        assert second.result() == 1
    assert claim.claim(due) == 1
