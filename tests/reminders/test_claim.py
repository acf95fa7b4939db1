"""Due plans become deliveries: each once, none twice, whatever the clock did."""

from datetime import date, time, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from healing.accounts.models import User
from healing.reminders import claim, dispatch
from healing.reminders.models import Delivery, Plan
from tests.factories import make_person

State, Reason = Delivery.State, Delivery.Reason
DAY = timedelta(days=1)


def rows(plan: Plan) -> list[tuple[date, str, str]]:
    found = Delivery.objects.filter(plan=plan).order_by("local_date", "seq")
    return list(found.values_list("local_date", "state", "reason"))


def test_a_due_plan_becomes_one_waiting_mail_and_moves_on(mara, plan_for, due):
    plan = plan_for(mara)

    assert claim.claim(due) == 1

    plan.refresh_from_db()
    assert rows(plan) == [(date(2026, 11, 23), State.PENDING, "")]
    assert plan.last_local_date == date(2026, 11, 23)
    assert plan.next_local_date == date(2026, 11, 24)
    assert plan.next_due_at == due + DAY


def test_a_minute_before_nothing_is_due(mara, plan_for, due):
    plan = plan_for(mara)

    assert claim.claim(due - timedelta(minutes=1)) == 0
    assert rows(plan) == []


def test_looking_twice_makes_one_row(mara, plan_for, due):
    plan = plan_for(mara)
    claim.claim(due)

    assert claim.claim(due) == 0
    assert len(rows(plan)) == 1


def test_even_a_plan_set_back_by_hand_makes_no_second_row_for_the_date(mara, plan_for, due):
    """What a restored backup or a meddling operator can do; the unique key stands behind."""
    plan = plan_for(mara)
    claim.claim(due)
    Plan.objects.filter(pk=plan.pk).update(
        next_due_at=due, next_local_date=date(2026, 11, 23), last_local_date=None
    )

    claim.claim(due)

    assert len(rows(plan)) == 1
    plan.refresh_from_db()
    assert plan.next_due_at == due + DAY


def test_within_three_hours_a_late_mail_still_goes_out(mara, plan_for, due):
    plan = plan_for(mara)
    claim.claim(due + timedelta(hours=3))

    assert rows(plan) == [(date(2026, 11, 23), State.PENDING, "")]


def test_later_than_that_it_is_written_down_as_late(mara, plan_for, due):
    plan = plan_for(mara)
    claim.claim(due + timedelta(hours=3, minutes=1))

    assert rows(plan) == [(date(2026, 11, 23), State.SKIPPED, Reason.LATE)]


def test_after_an_outage_of_days_only_the_newest_mail_goes_out(mara, plan_for, due):
    plan = plan_for(mara)
    claim.claim(due + 3 * DAY + timedelta(hours=1))

    assert rows(plan) == [
        (date(2026, 11, 23), State.SKIPPED, Reason.LATE),
        (date(2026, 11, 24), State.SKIPPED, Reason.LATE),
        (date(2026, 11, 25), State.SKIPPED, Reason.LATE),
        (date(2026, 11, 26), State.PENDING, ""),
    ]


def test_even_a_grace_of_days_brings_one_mail_after_an_outage(mara, plan_for, due, settings):
    settings.REMINDERS_GRACE_SECONDS = 7 * 24 * 3600
    plan = plan_for(mara)
    claim.claim(due + 3 * DAY)

    assert [state for _, state, _ in rows(plan)] == [State.SKIPPED] * 3 + [State.PENDING]


def test_a_year_of_silence_is_not_written_down_day_by_day(mara, plan_for, due):
    plan = plan_for(mara)
    claim.claim(due + 365 * DAY)

    assert 31 <= len(rows(plan)) <= 33
    assert [state for _, state, _ in rows(plan)].count(State.PENDING) == 1


def test_a_paused_plan_is_counted_as_paused_and_goes_on(mara, plan_for, due):
    plan = plan_for(mara)
    Plan.objects.filter(pk=plan.pk).update(paused_until=due + DAY)
    claim.claim(due)

    assert rows(plan) == [(date(2026, 11, 23), State.SKIPPED, Reason.PAUSED)]
    plan.refresh_from_db()
    assert plan.next_due_at == due + DAY


def test_a_stopped_plan_is_never_due(mara, plan_for, due):
    plan = plan_for(mara)
    plan.stop()
    plan.save()

    assert claim.claim(due + DAY) == 0
    with pytest.raises(ValueError, match="stopped plan"):
        Delivery.for_due(plan)


def test_many_plans_are_claimed_in_batches_and_all_of_them(plan_for, due, monkeypatch, db):
    monkeypatch.setattr(claim, "BATCH", 4)
    people = [make_person(f"person{n}@example.org") for n in range(11)]
    for person in people:
        plan_for(person)

    assert claim.claim(due) == 11
    assert Plan.objects.due(due).count() == 0


def test_claiming_asks_the_database_the_same_number_of_times_for_one_or_many(
    plan_for, due, db, django_assert_num_queries
):
    """SQLite does not say how many rows it made, so it is asked once more."""
    queries = 7 if connection.vendor == "postgresql" else 8
    plan_for(make_person("first@example.org"))
    with django_assert_num_queries(queries):
        claim.claim(due)
    for n in range(20):
        plan_for(make_person(f"person{n}@example.org"))
    with django_assert_num_queries(queries):
        claim.claim(due)


def test_what_is_due_first_is_claimed_first(mara, theo, plan_for, due, monkeypatch):
    monkeypatch.setattr(claim, "BATCH", 1)
    late, early = plan_for(mara), plan_for(theo, local_time=time(20, 15))
    claim.claim_batch(due)

    assert (len(rows(late)), len(rows(early))) == (0, 1)


# What the database itself refuses ----------------------------------------------------------------


@pytest.mark.parametrize("mask", [0, 128])
def test_a_plan_without_a_real_weekday_cannot_be_stored(mara, plan_for, mask):
    plan = plan_for(mara)
    with pytest.raises(IntegrityError), transaction.atomic():
        Plan.objects.filter(pk=plan.pk).update(weekdays=mask)


def test_a_plan_cannot_be_half_stopped(mara, plan_for):
    plan = plan_for(mara)
    with pytest.raises(IntegrityError), transaction.atomic():
        Plan.objects.filter(pk=plan.pk).update(next_due_at=None)


def test_nobody_can_have_two_plans_and_so_two_mails_a_day(mara, plan_for, due):
    plan_for(mara)
    with pytest.raises(IntegrityError), transaction.atomic():
        Plan.objects.create(
            owner=mara, weekdays=1, local_time=time(9), time_zone="UTC",
            next_due_at=due, next_local_date=due.date(),
        )  # fmt: skip


def test_two_deliveries_of_one_date_need_two_numbers(mara, plan_for, due):
    plan = plan_for(mara)
    Delivery.for_due(plan).save()
    with pytest.raises(IntegrityError), transaction.atomic():
        Delivery.for_due(plan).save()


def test_only_a_held_delivery_has_a_lease(mara, plan_for, due):
    delivery = Delivery.for_due(plan_for(mara))
    for state, until in [(State.PENDING, due), (State.SENDING, None), (State.SENT, due)]:
        delivery.state, delivery.lease_until = state, until
        with pytest.raises(IntegrityError), transaction.atomic():
            delivery.save(force_insert=True)


def test_erasing_a_person_takes_plan_and_deliveries_along(mara, plan_for, due):
    plan_for(mara)
    claim.claim(due)
    User.objects.filter(pk=mara.pk).delete()

    assert (Plan.objects.count(), Delivery.objects.count()) == (0, 0)


def test_the_queries_of_every_tick_read_an_index(mara, plan_for, due):
    plan_for(mara)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")

    assert "plan_due" in Plan.objects.due(due)[:500].explain()
    assert "delivery_pending" in dispatch._ready(due)[:50].explain()
