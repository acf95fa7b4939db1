"""Wrong clocks, new time-zone tables, people who came back, and what is old."""

from datetime import date, time, timedelta
from importlib.metadata import version
from uuid import uuid4

import pytest

from healing.accounts.models import User
from healing.reminders import actions, claim, dispatch, letters, upkeep
from healing.reminders.models import Delivery, Engine, Plan
from tests.factories import make_person

State, Reason = Delivery.State, Delivery.Reason
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
MONDAY = date(2026, 11, 23)


def rows(plan: Plan) -> list[tuple[date, str, str]]:
    found = Delivery.objects.filter(plan=plan).order_by("local_date", "seq")
    return list(found.values_list("local_date", "state", "reason"))


def letter_for(owner: User, due, *, on_date: date) -> Plan:
    return letters.write_letter(
        owner=owner, letter=uuid4(), words="Breathe.", on_date=on_date, local_time=time(20, 30),
        time_zone="Europe/Berlin", now=due - HOUR,
    )  # fmt: skip


# A clock that ran ahead --------------------------------------------------------------------------


def test_a_clock_forty_days_ahead_silences_nobody_once_it_is_set_right(mara, plan_for, due):
    plan = plan_for(mara)
    claim.claim(due)
    Delivery.objects.update(state=State.SENT)
    claim.claim(due + 40 * DAY + timedelta(hours=5))

    assert upkeep.repair(due + timedelta(minutes=1)) == 1

    plan.refresh_from_db()
    assert plan.next_due_at == due + DAY
    assert plan.last_local_date == date(2026, 11, 23)
    assert rows(plan) == [(date(2026, 11, 23), State.SENT, "")]


def test_a_clock_three_days_ahead_is_noticed_by_a_date_that_has_not_come(mara, plan_for, due):
    plan = plan_for(mara)
    claim.claim(due + 3 * DAY + timedelta(hours=5))

    assert upkeep.repair(due) == 1

    plan.refresh_from_db()
    assert plan.next_due_at == due + DAY
    assert upkeep.repair(due) == 0


def test_a_mail_that_did_go_out_under_the_wrong_clock_is_kept_and_not_doubled(mara, plan_for, due):
    plan = plan_for(mara)
    wrong = due + 5 * DAY
    claim.claim(wrong)
    Delivery.objects.filter(state=State.PENDING).update(state=State.SENT)
    upkeep.repair(due)
    assert rows(plan)[-1] == (date(2026, 11, 28), State.SENT, "")

    for day in range(8):
        claim.claim(due + day * DAY)

    assert [d for d, state, _ in rows(plan)].count(date(2026, 11, 28)) == 1
    assert rows(plan)[-1][0] == date(2026, 11, 30)


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Niue", "Europe/Berlin"])
def test_no_healthy_plan_is_touched_by_the_repair(mara, plan_for, due, zone):
    for hour in range(0, 24, 3):
        plan = plan_for(mara, time_zone=zone, local_time=time(hour), weekdays=frozenset({0}))
        before = plan.next_due_at
        for step in range(30):
            now = due + step * timedelta(hours=7)
            assert upkeep.repair(now) == 0
            claim.claim(now)
        plan.refresh_from_db()
        assert plan.next_due_at > before
        plan.delete()


@pytest.mark.parametrize("days", [1, 30, 4 * 365])
def test_a_letter_may_wait_for_years(mara, due, days):
    letter_for(mara, due, on_date=MONDAY + days * DAY)
    assert upkeep.repair(due) == 0


@pytest.mark.parametrize("wrong", [20, 400])
def test_a_letter_that_is_due_after_its_day_is_set_right(mara, due, wrong):
    letter = letter_for(mara, due, on_date=MONDAY + 30 * DAY)
    Plan.objects.update(
        next_due_at=letter.next_due_at + wrong * DAY,
        next_local_date=letter.next_local_date + wrong * DAY,
    )

    assert upkeep.repair(due) == 1

    letter.refresh_from_db()
    assert (letter.next_due_at, letter.next_local_date) == (due + 30 * DAY, MONDAY + 30 * DAY)
    assert upkeep.repair(due) == 0


def test_a_letter_that_is_due_before_its_day_waits_for_it(mara, due):
    letter = letter_for(mara, due, on_date=MONDAY + 30 * DAY)
    Plan.objects.update(next_due_at=due + 25 * DAY, next_local_date=MONDAY + 25 * DAY)

    assert claim.claim(due + 25 * DAY) == 0

    letter.refresh_from_db()
    assert (letter.next_due_at, letter.had_its_day) == (due + 30 * DAY, False)


def test_a_letter_claimed_under_a_clock_that_ran_ahead_still_has_its_day(mara, due):
    letter = letter_for(mara, due, on_date=MONDAY + 30 * DAY)
    claim.claim(due + 40 * DAY)
    assert upkeep.repair(due) == 1

    letter.refresh_from_db()
    assert (letter.next_local_date, letter.had_its_day) == (MONDAY + 30 * DAY, False)
    assert rows(letter) == []


# Once a minute -----------------------------------------------------------------------------------


def test_a_tick_with_nothing_to_do_asks_little(plan_for, mara, due, django_assert_num_queries):
    plan_for(mara)
    dispatch.tick(due - HOUR)
    # The engine's row, three for what died or waited too long, what is due, and what is waiting.
    with django_assert_num_queries(6):
        assert dispatch.tick(due - HOUR + timedelta(seconds=15)) == 0


def test_a_tick_is_written_down_once_a_minute(db, due):
    for seconds in (0, 15, 59, 60):
        upkeep.prepare(due + timedelta(seconds=seconds))
        at = 60 if seconds == 60 else 0
        assert Engine.objects.get().ticked_at == due + timedelta(seconds=at)


def test_a_clock_that_went_back_is_noticed_at_the_next_tick(mara, plan_for, due):
    plan = plan_for(mara)
    dispatch.tick(due + 40 * DAY)
    dispatch.tick(due - timedelta(minutes=5))

    plan.refresh_from_db()
    assert plan.next_due_at == due
    assert Engine.objects.get().ticked_at == due - timedelta(minutes=5)


# Another time-zone table --------------------------------------------------------------------------


def test_another_table_plans_everything_anew_and_is_remembered(mara, theo, plan_for, due):
    moved, letter = plan_for(mara), letter_for(theo, due, on_date=MONDAY + 9 * DAY)
    Engine.objects.create(pk=1, tzdata_version="2001a")
    # As an older table had it: an hour off.
    Plan.objects.filter(pk=moved.pk).update(next_due_at=due + HOUR)
    Plan.objects.filter(pk=letter.pk).update(next_due_at=letter.next_due_at - HOUR)

    upkeep.prepare(due - HOUR)

    moved.refresh_from_db()
    letter.refresh_from_db()
    assert (moved.next_due_at, moved.next_local_date) == (due, MONDAY)
    assert letter.next_due_at == due + 9 * DAY
    assert Engine.objects.get().tzdata_version == version("tzdata")


def test_the_same_table_plans_nothing_anew(mara, plan_for, due):
    plan_for(mara)
    Engine.objects.create(pk=1, tzdata_version=version("tzdata"))
    Plan.objects.update(next_due_at=due + HOUR)
    upkeep.prepare(due - HOUR)
    assert Plan.objects.get().next_due_at == due + HOUR


def test_a_mail_that_would_be_past_by_the_new_table_comes_now(mara, plan_for, due):
    plan_for(mara)
    Plan.objects.update(next_due_at=due + HOUR)
    now = due + HOUR / 2

    assert upkeep.follow_zones("2001a", now) == 1

    plan = Plan.objects.get()
    assert (plan.next_due_at, plan.next_local_date) == (now, MONDAY)
    assert claim.claim(now) == 1


def test_a_date_that_was_claimed_does_not_come_again_by_a_new_table(mara, plan_for, due):
    plan = plan_for(mara)
    claim.claim(due)
    upkeep.follow_zones("2001a", due + timedelta(minutes=1))

    plan.refresh_from_db()
    assert (plan.next_local_date, plan.last_local_date) == (MONDAY + DAY, MONDAY)


def test_what_is_due_already_and_what_is_stopped_stay_as_they_are(mara, theo, plan_for, due):
    plan_for(mara)
    actions.stop_plan(plan_id=plan_for(theo).pk)
    assert upkeep.follow_zones("2001a", due) == 0
    assert sorted(Plan.objects.values_list("next_due_at", flat=True), key=str) == [due, None]


def test_a_plan_whose_zone_was_dropped_is_stopped_and_the_others_are_followed(
    mara, theo, plan_for, due, caplog
):
    lost, other = plan_for(mara), plan_for(theo)
    drop_zone_of(lost)
    Engine.objects.create(pk=1, tzdata_version="2001a")

    upkeep.prepare(due - HOUR / 2)

    assert running_of(lost, other) == [False, True]
    assert Engine.objects.get().tzdata_version == version("tzdata")
    assert f"Plan {lost.pk} is stopped" in caplog.text


def test_a_dropped_zone_holds_up_neither_waking_nor_repair_nor_quarantine(
    mara, theo, plan_for, due
):
    lost, other = plan_for(mara), plan_for(theo)
    drop_zone_of(lost)
    Plan.objects.update(quiet_since=due - DAY, next_due_at=None, next_local_date=None)
    User.objects.update(last_seen_at=due)
    upkeep.wake_seen(due)
    assert running_of(lost, other) == [False, True]

    far = {"next_due_at": due + 40 * DAY, "next_local_date": MONDAY + 40 * DAY}
    Plan.objects.update(**far)
    upkeep.repair(due)
    assert running_of(lost, other) == [False, True]

    Plan.objects.update(**far)
    upkeep.quarantine(due)
    assert running_of(lost, other) == [False, True]


def drop_zone_of(plan: Plan) -> None:
    Plan.objects.filter(pk=plan.pk).update(time_zone="US/Pacific-New")


def running_of(*plans: Plan) -> list[bool]:
    return [Plan.objects.get(pk=plan.pk).is_running for plan in plans]


def test_plans_are_followed_in_batches_and_all_of_them(plan_for, due, monkeypatch, db):
    monkeypatch.setattr(upkeep, "BATCH", 4)
    for n in range(11):
        plan_for(make_person(f"person{n}@example.org"))
    Plan.objects.update(next_due_at=due + HOUR)

    assert upkeep.follow_zones("2001a", due - HOUR) == 11
    assert set(Plan.objects.values_list("next_due_at", flat=True)) == {due}


# People who came back -----------------------------------------------------------------------------


def quiet(person: User, since) -> None:
    Plan.objects.filter(owner=person).update(
        quiet_since=since, next_due_at=None, next_local_date=None
    )


def test_who_was_seen_since_gets_mail_again_and_nobody_else(mara, theo, plan_for, due):
    plan_for(mara), plan_for(mara, kind=Plan.Kind.LOOK_BACK), plan_for(theo)
    for person, seen in ((mara, due - 2 * HOUR), (theo, due - 4 * HOUR)):
        quiet(person, due - 3 * HOUR)
        User.objects.filter(pk=person.pk).update(last_seen_at=seen)

    assert upkeep.wake_seen(due - HOUR) == 2

    assert [one.next_due_at for one in Plan.objects.of(mara)] == [due, due]
    assert [one.next_due_at for one in Plan.objects.of(theo)] == [None]


def test_a_silence_that_begins_in_the_future_came_of_a_wrong_clock(mara, plan_for, due):
    plan_for(mara)
    quiet(mara, due + 40 * DAY)
    User.objects.update(last_seen_at=due - 9 * DAY)

    assert upkeep.wake_seen(due - HOUR) == 1
    assert Plan.objects.get().next_due_at == due


# What is old --------------------------------------------------------------------------------------


def past(plan: Plan, days: int, due) -> None:
    at = due - days * DAY
    Delivery.objects.create(
        plan=plan, person=plan.owner_id, local_date=at.date(), due_at=at, send_before=at,
        next_attempt_at=at, state=State.SENT, sent_at=at,
    )  # fmt: skip


def test_old_deliveries_go_and_their_date_does_not_come_again(
    mara, plan_for, due, settings, monkeypatch
):
    settings.REMINDERS_KEEP_DAYS = 40
    monkeypatch.setattr(upkeep, "BATCH", 7)
    plan = plan_for(mara)
    for days in range(60, 0, -1):
        past(plan, days, due)
    Plan.objects.update(last_local_date=MONDAY - DAY)

    assert upkeep.remove_old(due) == 20
    assert min(Delivery.objects.values_list("due_at", flat=True)) == due - 40 * DAY
    assert upkeep.remove_old(due) == 0
    assert Plan.objects.get().last_local_date == MONDAY - DAY


def test_a_row_of_a_wrong_clock_among_the_old_ones_stops_nothing(mara, theo, plan_for, due):
    plan = plan_for(mara)
    past(plan_for(theo), -400, due)
    past(plan, 99, due)
    assert upkeep.remove_old(due) == 1
