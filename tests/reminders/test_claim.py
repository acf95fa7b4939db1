"""Due plans become deliveries: each once, none twice, whatever the clock did."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from healing.accounts.models import User
from healing.reminders import actions, claim, dispatch, letters
from healing.reminders.models import Delivery, Plan
from tests.factories import make_person

State, Reason = Delivery.State, Delivery.Reason
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


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
    """SQLite is asked how many rows it made, PostgreSQL told not to wait for the disk."""
    queries = 7
    plan_for(make_person("first@example.org"))
    with django_assert_num_queries(queries):
        claim.claim(due)
    for n in range(20):
        plan_for(make_person(f"person{n}@example.org"))
    with django_assert_num_queries(queries):
        claim.claim(due)
    # Of those who were not seen for a day it is asked what they left unanswered.
    User.objects.update(last_seen_at=due - DAY)
    with django_assert_num_queries(queries + 1):
        claim.claim(due + DAY)


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


# One mail a person and date ----------------------------------------------------------------------


def two_plans(person: User, plan_for, **later) -> tuple[Plan, Plan]:
    """A check-in at 20:30, and a practice that day at 21:00 or at `later`."""
    asked = {"kind": Plan.Kind.PRACTICE, "exercise": "E05", "local_time": time(21)} | later
    return plan_for(person), plan_for(person, **asked)


MONDAY = date(2026, 11, 23)
JOINED = [(MONDAY, State.SKIPPED, Reason.JOINED)]
WAITS = [(MONDAY, State.PENDING, "")]


def test_two_plans_of_one_day_are_one_mail(mara, theo, plan_for, due):
    first, second = two_plans(mara, plan_for)
    other = plan_for(theo)
    claim.claim(due)
    claim.claim(due + HOUR)

    assert (rows(first), rows(second), rows(other)) == (WAITS, JOINED, WAITS)
    assert set(Plan.objects.values_list("next_local_date", flat=True)) == {MONDAY + DAY}


@pytest.mark.parametrize("batch", [1, 100])
def test_two_plans_due_at_once_are_one_mail(mara, plan_for, due, monkeypatch, batch):
    monkeypatch.setattr(claim, "BATCH", batch)
    pair = two_plans(mara, plan_for, local_time=time(20, 30))
    claim.claim(due)

    assert sorted(rows(one)[0][2] for one in pair) == ["", Reason.JOINED]


@pytest.mark.parametrize("state", [State.SENT, State.FAILED, State.UNCERTAIN, State.SENDING])
def test_a_mail_that_left_is_joined_however_it_ended(mara, plan_for, due, state):
    _first, second = two_plans(mara, plan_for)
    claim.claim(due)
    until = due + HOUR if state == State.SENDING else None
    Delivery.objects.update(state=state, lease_until=until)
    claim.claim(due + HOUR)

    assert rows(second) == JOINED


def test_a_mail_that_was_skipped_leaves_its_date_to_the_next(mara, plan_for, due):
    _first, second = two_plans(mara, plan_for)
    claim.claim(due)
    Delivery.objects.update(state=State.SKIPPED, reason=Reason.LATE)
    claim.claim(due + HOUR)

    assert rows(second) == WAITS


def test_after_an_outage_the_first_that_is_not_too_late_is_the_mail(mara, plan_for, due):
    first, second = two_plans(mara, plan_for)
    claim.claim(due + timedelta(hours=3, minutes=10))

    assert rows(first) == [(MONDAY, State.SKIPPED, Reason.LATE)]
    assert rows(second) == WAITS


def test_a_snooze_takes_nobodys_turn(mara, plan_for, due):
    first, second = two_plans(mara, plan_for)
    actions.snooze(plan_id=first.pk, at=due + HOUR)
    claim.claim(due + HOUR / 2)

    assert len(rows(first)) == 2
    assert rows(second) == JOINED


def test_what_falls_in_quiet_hours_is_written_down_as_quiet(mara, plan_for, due):
    plan = plan_for(mara)
    Plan.objects.update(quiet_from=time(21), quiet_to=time(7))
    claim.claim(due + HOUR)
    assert rows(plan) == [(MONDAY, State.SKIPPED, Reason.QUIET)]


def test_a_plan_due_in_quiet_hours_is_not_sent(mara, plan_for, due):
    """By a change of the clocks alone: an hour within quiet hours is refused."""
    plan = plan_for(mara)
    Plan.objects.update(quiet_from=time(20), quiet_to=time(7))
    claim.claim(due)
    assert rows(plan) == [(MONDAY, State.SKIPPED, Reason.QUIET)]
    assert Delivery.objects.get().send_before == due - HOUR / 2


@pytest.mark.parametrize(
    ("due", "local_time", "quiet"),
    [
        (datetime(2027, 3, 28, 0, 30, tzinfo=UTC), time(1, 30), (time(2, 30), time(7))),
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), time(2, 30), (time(22), time(2, 30))),
    ],
    ids=["the clock jumps over their beginning", "the clock goes back into them"],
)
def test_a_late_mail_stays_out_of_quiet_hours_that_a_clock_change_brings(
    mara, plan_for, due, local_time, quiet
):
    plan = plan_for(mara, now=due - HOUR, local_time=local_time)
    Plan.objects.update(quiet_from=quiet[0], quiet_to=quiet[1])
    late = due + 0.6 * HOUR
    assert Plan.objects.get().is_quiet_then(late)

    claim.claim(late)

    assert rows(plan) == [(due.date(), State.SKIPPED, Reason.QUIET)]


# A zone that a newer table dropped ----------------------------------------------------------------

DROPPED = "US/Pacific-New"


@pytest.mark.parametrize("quiet", [(None, None), (time(22), time(7))], ids=["", "quiet hours"])
def test_a_plan_whose_zone_was_dropped_is_stopped_and_holds_up_no_other(
    mara, theo, plan_for, due, caplog, quiet
):
    lost, other = plan_for(mara), plan_for(theo)
    Plan.objects.filter(pk=lost.pk).update(
        time_zone=DROPPED, quiet_from=quiet[0], quiet_to=quiet[1]
    )

    assert claim.claim(due) == 1

    assert (rows(lost), len(rows(other))) == ([], 1)
    lost.refresh_from_db()
    assert not lost.is_standing
    assert f"Plan {lost.pk} is stopped" in caplog.text
    assert DROPPED in caplog.text
    assert mara.email not in caplog.text


def test_a_letter_due_before_its_day_in_a_dropped_zone_holds_up_no_other(mara, theo, plan_for, due):
    letter, other = letter_for(mara, due), plan_for(theo)
    Plan.objects.filter(pk=letter.pk).update(
        time_zone=DROPPED, next_due_at=due, next_local_date=MONDAY
    )

    assert claim.claim(due) == 1
    assert len(rows(other)) == 1


# Letters ------------------------------------------------------------------------------------------


def letter_for(person: User, due, **fields) -> Plan:
    asked = {"on_date": MONDAY + DAY, "local_time": time(20, 30)} | fields
    return letters.write_letter(
        owner=person, letter=uuid4(), words="Breathe.", time_zone="Europe/Berlin",
        now=due - HOUR, **asked,
    )  # fmt: skip


def test_a_letter_that_went_out_comes_once(mara, due):
    letter = letter_for(mara, due)
    claim.claim(due + DAY)
    Delivery.objects.update(state=State.SENT, sent_at=due + DAY)
    for day in range(2, 5):
        claim.claim(due + day * DAY)

    assert rows(letter) == [(MONDAY + DAY, State.SENT, "")]
    letter.refresh_from_db()
    assert (letter.is_running, letter.had_its_day) == (False, True)


def test_a_letter_stands_until_the_mail_that_was_put_off_from_it_has_gone(mara, due):
    letter = letter_for(mara, due)
    claim.claim(due + DAY)
    Delivery.objects.update(state=State.SENT, sent_at=due + DAY)
    actions.snooze(plan_id=letter.pk, at=due + 2 * DAY + HOUR)
    claim.claim(due + 2 * DAY)

    letter.refresh_from_db()
    assert letter.next_local_date == MONDAY + 3 * DAY
    assert [state for _, state, _ in rows(letter)] == [State.SENT, State.PENDING]
    Delivery.objects.filter(seq=2).update(state=State.SENT, sent_at=due + 2 * DAY + HOUR)
    claim.claim(due + 3 * DAY)
    letter.refresh_from_db()
    assert not letter.is_running


def test_a_letter_that_was_skipped_comes_again_each_day_until_it_went_out(mara, due):
    letter = letter_for(mara, due)
    actions.take_break(owner_id=mara.pk, until=due + 2.5 * DAY, now=due)
    for day in (1, 2, 3):
        claim.claim(due + day * DAY)
    assert [reason for _, _, reason in rows(letter)] == [Reason.BREAK, Reason.BREAK, ""]
    Delivery.objects.filter(state=State.PENDING).update(state=State.UNCERTAIN)
    assert claim.claim(due + 9 * DAY) == 0


def test_a_letter_that_the_days_mail_named_does_not_come_again(mara, plan_for, due):
    check_in, letter = plan_for(mara), letter_for(mara, due, local_time=time(21))
    for day in (0, 1):
        claim.claim(due + day * DAY)
        Delivery.objects.filter(state=State.PENDING).update(state=State.SENT)
    claim.claim(due + DAY + HOUR)
    assert rows(letter) == [(MONDAY + DAY, State.SKIPPED, Reason.JOINED)]
    claim.claim(due + 2 * DAY + HOUR)

    assert len(rows(letter)) == 1
    assert len(rows(check_in)) == 3


def test_a_letter_that_joined_a_mail_which_never_left_comes_again(mara, plan_for, due):
    letter = letter_for(mara, due, local_time=time(21))
    plan_for(mara, weekdays=frozenset({1}))
    claim.claim(due + DAY + HOUR)
    assert rows(letter)[-1][2] == Reason.JOINED
    Delivery.objects.filter(state=State.PENDING).update(state=State.SKIPPED, reason=Reason.LATE)
    claim.claim(due + 2 * DAY + HOUR)

    assert rows(letter)[-1] == (MONDAY + 2 * DAY, State.PENDING, "")


@pytest.mark.parametrize(("then", "runs"), [(State.SENT, False), (State.PENDING, True)])
def test_a_mail_that_is_still_being_sent_ends_no_letter(mara, plan_for, due, then, runs):
    plan_for(mara)
    letter = letter_for(mara, due, on_date=MONDAY + DAY, local_time=time(21))
    claim.claim(due + DAY + 6 * HOUR)
    claim.claim(due + 2 * DAY)
    mail = Delivery.objects.filter(state=State.PENDING)
    mail.update(state=State.SENDING, lease_until=due + 2 * DAY + HOUR)
    claim.claim(due + 2 * DAY + HOUR)
    assert rows(letter)[-1] == (MONDAY + 2 * DAY, State.SKIPPED, Reason.JOINED)
    Delivery.objects.filter(state=State.SENDING).update(state=then, lease_until=None)
    dispatch.reap(due + 3 * DAY - HOUR)
    claim.claim(due + 3 * DAY + HOUR)

    letter.refresh_from_db()
    assert letter.is_running is runs


def test_two_letters_of_one_day_are_one_mail_and_both_are_named(mara, due):
    first, second = letter_for(mara, due), letter_for(mara, due)
    claim.claim(due + DAY)
    Delivery.objects.filter(state=State.PENDING).update(state=State.SENT)
    claim.claim(due + 2 * DAY)

    assert [one.next_due_at for one in Plan.objects.all()] == [None, None]
    assert sorted(rows(first) + rows(second)) == sorted(
        [(MONDAY + DAY, State.SENT, ""), (MONDAY + DAY, State.SKIPPED, Reason.JOINED)]
    )


# Mails that nobody answers ------------------------------------------------------------------------


def send_on(due, day: int) -> list[tuple[str, str, bool]]:
    """Claim on that day and let what waits go out; state, reason and note of the day's rows."""
    claim.claim(due + day * DAY)
    waiting = Delivery.objects.filter(state=State.PENDING)
    waiting.update(state=State.SENT, sent_at=due + day * DAY)
    todays = Delivery.objects.filter(local_date=MONDAY + day * DAY).order_by("due_at")
    return list(todays.values_list("state", "reason", "is_last_note"))


def seen(person: User, at) -> None:
    User.objects.filter(pk=person.pk).update(last_seen_at=at)


SENT, NOTE, SILENCE = (
    (State.SENT, "", False),
    (State.SENT, "", True),
    (State.SKIPPED, Reason.UNANSWERED, False),
)


def test_after_three_unanswered_mails_a_last_note_and_then_silence(mara, plan_for, due):
    plan = plan_for(mara)
    seen(mara, due - DAY)

    assert [send_on(due, day) for day in range(5)] == [[SENT], [SENT], [SENT], [NOTE], [SILENCE]]
    assert send_on(due, 5) == []
    plan.refresh_from_db()
    assert (plan.quiet_since, plan.next_due_at) == (due + 4 * DAY, None)


@pytest.mark.parametrize("answered", [1, 2, 3, 4])
def test_an_answer_begins_the_count_anew(mara, plan_for, due, answered):
    plan_for(mara)
    seen(mara, due - DAY)
    for day in range(answered):
        send_on(due, day)
    seen(mara, due + (answered - 1) * DAY + HOUR)

    found = [send_on(due, day) for day in range(answered, answered + 5)]
    assert found == [[SENT], [SENT], [SENT], [NOTE], [SILENCE]]


def test_unanswered_mails_are_counted_over_all_plans_and_all_fall_quiet(mara, plan_for, due):
    plan_for(mara, weekdays=frozenset({0, 2}))
    plan_for(mara, kind=Plan.Kind.PRACTICE, exercise="E05", weekdays=frozenset({1, 3}))
    plan_for(mara, kind=Plan.Kind.LOOK_BACK, weekdays=frozenset({4}))
    letter_for(mara, due, on_date=MONDAY + 30 * DAY)
    seen(mara, due - DAY)

    assert [send_on(due, day) for day in range(5)] == [[SENT], [SENT], [SENT], [NOTE], [SILENCE]]
    assert set(Plan.objects.values_list("quiet_since", flat=True)) == {due + 4 * DAY}
    assert not Plan.objects.running().exists()


def test_on_the_day_of_the_last_note_a_later_plan_joins_it_and_silence_begins_the_next_day(
    mara, plan_for, due
):
    plan_for(mara)
    later = plan_for(
        mara, kind=Plan.Kind.LOOK_BACK, weekdays=frozenset({3, 4}), local_time=time(21, 30)
    )
    seen(mara, due - DAY)
    assert [send_on(due, day) for day in range(4)][-1] == [NOTE]

    claim.claim(due + 3 * DAY + HOUR)
    assert rows(later) == [(MONDAY + 3 * DAY, State.SKIPPED, Reason.JOINED)]
    assert Plan.objects.running().count() == 2

    assert send_on(due, 4) == [SILENCE]
    assert not Plan.objects.running().exists()


def test_one_persons_silence_is_not_anothers(mara, theo, plan_for, due):
    plan_for(mara), plan_for(theo)
    seen(mara, due - DAY)
    for day in range(5):
        seen(theo, due + day * DAY)
        send_on(due, day)

    assert [one.is_running for one in Plan.objects.of(theo)] == [True]
    assert [one.is_running for one in Plan.objects.of(mara)] == [False]


def test_what_was_skipped_failed_or_extra_is_no_unanswered_mail(mara, plan_for, due):
    plan = plan_for(mara)
    seen(mara, due - DAY)
    for day, state in enumerate([State.FAILED, State.SKIPPED, State.FAILED, State.SKIPPED]):
        claim.claim(due + day * DAY)
        Delivery.objects.filter(state=State.PENDING).update(state=state)
    for seq in (2, 3, 4):
        Delivery.objects.create(
            plan=plan, person=mara.pk, local_date=MONDAY, seq=seq, due_at=due, send_before=due,
            next_attempt_at=due, state=State.SENT, sent_at=due,
        )  # fmt: skip

    assert send_on(due, 4) == [SENT]


@pytest.mark.parametrize("state", [State.UNCERTAIN, State.BOUNCED])
def test_what_may_have_arrived_or_came_back_counts(mara, plan_for, due, state):
    plan_for(mara)
    seen(mara, due - DAY)
    for day in range(3):
        claim.claim(due + day * DAY)
        Delivery.objects.filter(state=State.PENDING).update(state=state)

    assert send_on(due, 3) == [NOTE]


def test_a_last_note_that_did_not_leave_is_written_again(mara, plan_for, due):
    plan_for(mara)
    seen(mara, due - DAY)
    for day in range(3):
        send_on(due, day)
    claim.claim(due + 3 * DAY)
    Delivery.objects.filter(is_last_note=True).update(state=State.SKIPPED, reason=Reason.LATE)

    assert [send_on(due, day) for day in (4, 5)] == [[NOTE], [SILENCE]]


@pytest.mark.parametrize("hour", [20, 21])
def test_a_last_note_names_no_letter_and_the_next_mail_does(mara, plan_for, due, hour):
    plan_for(mara)
    letter = letter_for(mara, due, on_date=MONDAY + 3 * DAY, local_time=time(hour))
    seen(mara, due - DAY)
    assert [send_on(due, day) for day in range(4)][-1][0] == NOTE
    for later in (3 * DAY + HOUR, 4 * DAY, 4 * DAY + HOUR):
        claim.claim(due + later)
    actions.wake(owner_id=mara.pk, now=due + 5 * DAY - 2 * HOUR)

    assert send_on(due, 5)[0] == SENT
    planned = Plan.objects.around([mara.pk], MONDAY + 5 * DAY, now=due + 5 * DAY)
    assert letter in planned.filter(is_in_mail=True)
    for day in (5, 6):
        claim.claim(due + day * DAY + HOUR)
    letter.refresh_from_db()
    assert not letter.is_running


def test_weekly_mails_are_counted_over_the_weeks(mara, plan_for, due):
    plan_for(mara, kind=Plan.Kind.LOOK_BACK, weekdays=frozenset({0}))
    seen(mara, due - DAY)
    assert [send_on(due, 7 * week) for week in range(5)] == [
        [SENT], [SENT], [SENT], [NOTE], [SILENCE]
    ]  # fmt: skip


def test_whoever_comes_back_gets_mail_again_and_the_count_begins_anew(mara, plan_for, due):
    plan_for(mara)
    seen(mara, due - DAY)
    for day in range(5):
        send_on(due, day)
    actions.wake(owner_id=mara.pk, now=due + 9.5 * DAY)

    assert [send_on(due, day) for day in range(10, 15)] == [
        [SENT], [SENT], [SENT], [NOTE], [SILENCE]
    ]  # fmt: skip


def test_the_new_rules_find_their_rows_by_an_index(mara, plan_for, due):
    plan_for(mara)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
    mails = Delivery.objects.mails().filter(person__in=[mara.pk], local_date__gte=MONDAY)

    assert "one_mail_a_person_and_date" in mails.explain()
    assert "one_mail_a_person_and_date" in claim.unanswered([mara.pk], due + 9 * DAY).explain()
    assert "plan_quiet" in Plan.objects.filter(quiet_since__isnull=False).explain()
