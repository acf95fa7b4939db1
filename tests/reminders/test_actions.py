"""Plans of several kinds share one clock, one break and one mail; each can be stopped alone."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from healing.accounts.actions import has_consent
from healing.accounts.clock import UnknownZone, zone
from healing.accounts.models import Consent, User
from healing.reminders import actions, claim, letters
from healing.reminders.models import Delivery, Enclosure, Plan

State, Reason = Delivery.State, Delivery.Reason
Kind = Plan.Kind
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
MONDAY = date(2026, 11, 23)
NIGHT = (time(22), time(7))


@pytest.fixture
def pair(mara, plan_for) -> tuple[Plan, Plan]:
    """A check-in at 20:30 and a practice at 21:00, every day."""
    return plan_for(mara), plan_for(
        mara, kind=Kind.PRACTICE, exercise="E05", local_time=time(21)
    )  # fmt: skip


def fresh(plan: Plan) -> Plan:
    return Plan.objects.get(pk=plan.pk)


def states(plan: Plan) -> list[tuple[date, str, str]]:
    rows = Delivery.objects.filter(plan=plan).order_by("local_date", "seq")
    return list(rows.values_list("local_date", "state", "reason"))


def choose(mara, now, *, time_zone="Europe/Berlin", quiet=None, holds="action") -> bool:
    return actions.choose_mail(
        owner=mara, time_zone=time_zone, quiet=quiet, holds=holds, now=now
    )  # fmt: skip


# Starting ----------------------------------------------------------------------------------------


def test_a_practice_keeps_its_exercise_sealed(pair):
    assert Enclosure.objects.get(plan=pair[1]).said == {"exercise": "E05"}
    assert not Enclosure.objects.filter(plan=pair[0]).exists()


def test_another_exercise_takes_the_place_of_the_first(mara, plan_for, pair):
    plan_for(mara, kind=Kind.PRACTICE, exercise="E01", local_time=time(21))
    assert Enclosure.objects.get().said == {"exercise": "E01"}


def test_a_new_plan_shares_what_the_others_share(mara, plan_for, due):
    plan_for(mara)
    choose(mara, due - HOUR, quiet=NIGHT, holds="bare")
    actions.take_break(owner_id=mara.pk, until=due + DAY, now=due - HOUR)

    second = plan_for(mara, kind=Kind.LOOK_BACK)

    assert (second.quiet_from, second.quiet_to, second.holds) == (*NIGHT, "bare")
    assert (second.break_until, second.paused_until) == (due + DAY, None)


def test_a_stopped_plan_taken_up_again_joins_the_break_of_the_others(mara, plan_for, pair, due):
    actions.stop_plan(plan_id=pair[1].pk)
    actions.take_break(owner_id=mara.pk, until=None, now=due - HOUR)

    again = plan_for(mara, kind=Kind.PRACTICE, local_time=time(21))

    assert (again.break_since, again.next_due_at) == (due - HOUR, None)
    actions.end_break(owner_id=mara.pk, now=due - HOUR)
    assert [fresh(one).next_local_date for one in pair] == [MONDAY, MONDAY]


def test_a_plan_in_another_zone_takes_the_others_along(mara, plan_for, pair, due):
    plan_for(mara, kind=Kind.LOOK_BACK, time_zone="America/New_York")

    assert {one.time_zone for one in Plan.objects.all()} == {"America/New_York"}
    assert fresh(pair[0]).next_due_at == due + 6 * HOUR


# Another hour while a mail waits -----------------------------------------------------------------


@pytest.mark.parametrize("leased", [False, True])
def test_another_hour_takes_back_what_waits_and_today_can_still_come(mara, plan_for, due, leased):
    plan = plan_for(mara)
    claim.claim(due)
    if leased:
        Delivery.objects.update(state=State.LEASED, lease_until=due + HOUR)

    moved = plan_for(mara, local_time=time(21), now=due)

    assert states(plan) == []
    assert (moved.next_local_date, moved.next_due_at) == (MONDAY, due + HOUR / 2)


@pytest.mark.parametrize(
    "change",
    [{"local_time": time(9)}, {"weekdays": frozenset(range(3))}, {"time_zone": "Asia/Tokyo"}],
)
def test_where_the_new_hour_has_passed_todays_mail_stays(mara, plan_for, due, change):
    plan = plan_for(mara)
    claim.claim(due)
    changed = plan_for(mara, now=due + HOUR / 4, **change)

    assert (changed.last_local_date, changed.next_local_date) == (MONDAY, MONDAY + DAY)
    assert states(plan) == [(MONDAY, State.PENDING, "")]


def test_the_same_hour_saved_again_takes_nothing_back(mara, plan_for, due):
    plan = plan_for(mara)
    claim.claim(due)
    plan_for(mara, now=due)

    assert states(plan) == [(MONDAY, State.PENDING, "")]


def test_todays_mail_that_went_out_does_not_come_again_at_another_hour(mara, plan_for, due):
    plan = plan_for(mara)
    claim.claim(due)
    Delivery.objects.update(state=State.SENT, sent_at=due)

    assert plan_for(mara, local_time=time(21), now=due).next_local_date == MONDAY + DAY
    assert states(plan) == [(MONDAY, State.SENT, "")]


def test_one_past_the_gate_stays_and_can_be_told(mara, plan_for, due):
    plan = plan_for(mara)
    claim.claim(due)
    assert not actions.on_its_way(owner=mara)
    Delivery.objects.update(state=State.SENDING, lease_until=due + HOUR)

    plan_for(mara, local_time=time(21), now=due)

    assert actions.on_its_way(owner=mara)
    assert states(plan) == [(MONDAY, State.SENDING, "")]
    assert fresh(plan).next_local_date == MONDAY + DAY


# Stopping ----------------------------------------------------------------------------------------


def test_one_plan_is_stopped_and_consent_and_the_other_stand(mara, pair, due):
    assert not actions.stop_plan(plan_id=pair[0].pk)

    assert [fresh(one).is_running for one in pair] == [False, True]
    assert has_consent(owner=mara, kind=Consent.Kind.MAIL)


def test_the_mail_of_a_stopped_plan_is_skipped(pair, due):
    claim.claim(due)
    actions.stop_plan(plan_id=pair[0].pk)
    assert states(pair[0]) == [(MONDAY, State.SKIPPED, Reason.STOPPED)]


def test_one_past_the_gate_is_said(pair, due):
    claim.claim(due)
    Delivery.objects.update(state=State.SENDING, lease_until=due + HOUR)
    assert all(actions.stop_plan(plan_id=one.pk) for one in pair)


def test_a_plan_that_is_gone_is_stopped(mara, plan_for):
    plan = plan_for(mara)
    plan_id = plan.pk
    plan.delete()
    assert not actions.stop_plan(plan_id=plan_id)


def test_stopping_all_ends_consent_break_and_silence(mara, pair, due):
    Plan.objects.filter(pk=pair[0].pk).update(
        quiet_since=due, next_due_at=None, next_local_date=None
    )
    actions.take_break(owner_id=mara.pk, until=None, now=due)

    assert not actions.stop_all(owner_id=mara.pk)

    assert not Plan.objects.standing().exists()
    assert not has_consent(owner=mara, kind=Consent.Kind.MAIL)
    actions.end_break(owner_id=mara.pk, now=due)
    actions.wake(owner_id=mara.pk, now=due)
    assert not Plan.objects.standing().exists()


def test_stopping_all_says_of_one_past_the_gate(mara, pair, due):
    claim.claim(due)
    Delivery.objects.update(state=State.SENDING, lease_until=due + HOUR)
    assert actions.stop_all(owner_id=mara.pk)
    assert not actions.stop_all(owner_id=0)


# Breaks ------------------------------------------------------------------------------------------


def test_a_break_without_an_end_holds_all_plans_until_it_is_ended(mara, pair, due):
    claim.claim(due)
    assert not actions.take_break(owner_id=mara.pk, until=None, now=due)

    assert states(pair[0]) == [(MONDAY, State.SKIPPED, Reason.BREAK)]
    assert [fresh(one).break_since for one in pair] == [due, due]
    assert claim.claim(due + 30 * DAY) == 0

    actions.end_break(owner_id=mara.pk, now=due + 30 * DAY)
    assert [fresh(one).next_local_date for one in pair] == [date(2026, 12, 24), date(2026, 12, 23)]


def test_a_break_with_an_end_counts_its_days_and_ends_by_itself(mara, pair, due):
    actions.take_break(owner_id=mara.pk, until=due + DAY + HOUR / 4, now=due - HOUR)
    for day in range(3):
        claim.claim(due + day * DAY)

    assert [reason for _, _, reason in states(pair[0])] == [Reason.BREAK, Reason.BREAK, ""]


def test_an_end_given_to_a_break_without_one_brings_the_due_moments_back(mara, pair, due):
    actions.take_break(owner_id=mara.pk, until=None, now=due - HOUR)
    actions.take_break(owner_id=mara.pk, until=due + 2 * DAY, now=due - HOUR)

    assert fresh(pair[0]).next_due_at == due
    assert fresh(pair[0]).break_since is None


def test_a_stopped_plan_takes_no_break(mara, pair, due):
    actions.stop_plan(plan_id=pair[0].pk)
    actions.take_break(owner_id=mara.pk, until=None, now=due)
    actions.end_break(owner_id=mara.pk, now=due)

    assert [fresh(one).is_running for one in pair] == [False, True]


def test_a_break_says_of_one_past_the_gate(mara, pair, due):
    claim.claim(due)
    Delivery.objects.update(state=State.SENDING, lease_until=due + HOUR)
    assert actions.take_break(owner_id=mara.pk, until=None, now=due)


@pytest.mark.parametrize("until", [None, timedelta(days=7)])
def test_whoever_takes_a_break_or_ends_one_is_here(mara, pair, due, until):
    actions.take_break(owner_id=mara.pk, until=until and due + until, now=due)
    assert User.objects.get().last_seen_at == due
    actions.end_break(owner_id=mara.pk, now=due + HOUR)
    assert User.objects.get().last_seen_at == due + HOUR


def test_mails_that_had_gone_quiet_come_again_once_woken(mara, pair, due):
    Plan.objects.update(quiet_since=due - DAY, next_due_at=None, next_local_date=None)
    actions.wake(owner_id=mara.pk, now=due - HOUR)

    assert [fresh(one).next_local_date for one in pair] == [MONDAY, MONDAY]
    assert [fresh(one).quiet_since for one in pair] == [None, None]
    assert User.objects.get().last_seen_at == due - HOUR


# What all plans share ----------------------------------------------------------------------------


def test_what_the_mail_holds_changes_nothing_else(mara, pair, due):
    claim.claim(due)
    assert not choose(mara, due, holds="line")

    assert states(pair[0]) == [(MONDAY, State.PENDING, "")]
    assert {one.holds for one in Plan.objects.all()} == {"line"}


def test_another_zone_takes_back_what_waits_and_today_can_still_come(mara, pair, due):
    claim.claim(due)
    assert not actions.change_zone(owner=mara, time_zone="Atlantic/Azores", now=due)

    assert states(pair[0]) == []
    assert fresh(pair[0]).next_due_at == due + 2 * HOUR
    assert fresh(pair[0]).next_local_date == MONDAY


def test_another_zone_hands_what_comes_again_to_the_plan_that_had_joined(mara, pair, due):
    claim.claim(due + HOUR / 2)
    actions.change_zone(owner=mara, time_zone="Atlantic/Azores", now=due + HOUR / 2)

    assert states(pair[0]) == []
    assert states(pair[1]) == [(MONDAY, State.PENDING, "")]


@pytest.mark.parametrize("zone", ["Europe/Helsinki", "Europe/Vienna"])
def test_a_zone_whose_hour_has_passed_leaves_todays_mail(mara, pair, due, zone):
    claim.claim(due + HOUR / 2)
    actions.change_zone(owner=mara, time_zone=zone, now=due + HOUR)

    assert states(pair[0]) == [(MONDAY, State.PENDING, "")]
    assert states(pair[1]) == [(MONDAY, State.SKIPPED, Reason.JOINED)]
    assert fresh(pair[0]).next_local_date == MONDAY + DAY


@pytest.mark.parametrize("leased", [False, True])
def test_quiet_hours_still_to_come_leave_what_waits_until_they_begin(mara, plan_for, due, leased):
    plan = plan_for(mara)
    claim.claim(due)
    if leased:
        Delivery.objects.update(state=State.LEASED, lease_until=due + HOUR)
    choose(mara, due + HOUR / 4, quiet=NIGHT)

    assert states(plan) == [(MONDAY, State.PENDING, "")]
    assert Delivery.objects.get().send_before == due + 1.5 * HOUR
    assert fresh(plan).next_local_date == MONDAY + DAY


@pytest.mark.parametrize("leased", [False, True])
def test_quiet_hours_that_have_begun_stand_as_the_reason(mara, plan_for, due, leased):
    plan = plan_for(mara)
    claim.claim(due)
    if leased:
        Delivery.objects.update(state=State.LEASED, lease_until=due + HOUR)
    choose(mara, due + HOUR / 2, quiet=(time(20, 45), time(7)))

    assert states(plan) == [(MONDAY, State.SKIPPED, Reason.QUIET)]


def test_what_quiet_hours_end_comes_of_the_plan_that_had_joined_after_them(mara, pair, due):
    claim.claim(due + HOUR / 2)
    choose(mara, due + HOUR, quiet=(time(20, 40), time(20, 50)))

    assert states(pair[0]) == [(MONDAY, State.SKIPPED, Reason.QUIET)]
    assert states(pair[1]) == [(MONDAY, State.PENDING, "")]


def test_what_is_handed_over_minds_the_new_quiet_hours(mara, pair, due):
    claim.claim(due + HOUR / 2)
    choose(mara, due + HOUR, quiet=(time(21, 10), time(7)))

    assert states(pair[0]) == [(MONDAY, State.SKIPPED, Reason.QUIET)]
    assert states(pair[1]) == [(MONDAY, State.SKIPPED, Reason.JOINED)]


@pytest.mark.parametrize("rest", ["break", "pause"])
@pytest.mark.parametrize("change", ["zone", "mail", "plan"])
def test_before_the_day_a_rest_ends_nothing_comes_by_the_new_clock_either(
    mara, plan_for, due, rest, change
):
    plan = plan_for(mara)
    until = datetime(2026, 11, 30, tzinfo=zone("Europe/Berlin"))
    if rest == "break":
        actions.take_break(owner_id=mara.pk, until=until, now=due)
    else:
        actions.pause_plan(plan_id=plan.pk, until=until)
    if change == "zone":
        actions.change_zone(owner=mara, time_zone="America/Los_Angeles", now=due)
    elif change == "mail":
        choose(mara, due, time_zone="America/Los_Angeles")
    else:
        plan_for(mara, time_zone="America/Los_Angeles", local_time=time(16), now=due)

    assert fresh(plan).silent_until == datetime(2026, 11, 30, 8, tzinfo=UTC)


def test_a_rest_that_is_over_stays_as_it_was_on_another_clock(mara, plan_for, due):
    plan = plan_for(mara)
    actions.pause_plan(plan_id=plan.pk, until=due)
    actions.change_zone(owner=mara, time_zone="America/Los_Angeles", now=due)

    assert fresh(plan).paused_until == due


def test_the_same_zone_takes_nothing_back(mara, pair, due):
    claim.claim(due)
    actions.change_zone(owner=mara, time_zone="Europe/Berlin", now=due)
    assert states(pair[0]) == [(MONDAY, State.PENDING, "")]


def test_a_zone_that_is_none_changes_nothing(mara, pair, due):
    with pytest.raises(UnknownZone):
        actions.change_zone(owner=mara, time_zone="Mars/Base", now=due)
    with pytest.raises(UnknownZone):
        choose(mara, due, time_zone="Mars/Base")
    assert {one.time_zone for one in Plan.objects.all()} == {"Europe/Berlin"}


@pytest.mark.parametrize("change", ["zone", "mail"])
def test_a_change_for_all_says_of_one_past_the_gate(mara, pair, due, change):
    claim.claim(due)
    Delivery.objects.update(state=State.SENDING, lease_until=due + HOUR)
    if change == "zone":
        assert actions.change_zone(owner=mara, time_zone="Asia/Tokyo", now=due)
    else:
        assert choose(mara, due, quiet=NIGHT)
    assert states(pair[0]) == [(MONDAY, State.SENDING, "")]


def test_a_mail_planned_within_quiet_hours_is_refused(mara, plan_for, pair, due):
    with pytest.raises(actions.HourIsQuiet):
        choose(mara, due - HOUR, quiet=(time(21), time(7)))
    assert fresh(pair[0]).quiet_from is None
    choose(mara, due - HOUR, quiet=NIGHT)
    for at in (time(22), time(23, 59), time(0), time(6, 59)):
        with pytest.raises(actions.HourIsQuiet):
            plan_for(mara, local_time=at)
    plan_for(mara, local_time=time(7))


def test_a_stopped_plan_minds_no_quiet_hours(mara, pair, due):
    actions.stop_plan(plan_id=pair[1].pk)
    choose(mara, due - HOUR, quiet=(time(21), time(7)))
    assert fresh(pair[0]).quiet_from == time(21)


def test_quiet_hours_without_a_length_are_refused(mara, pair, due):
    with pytest.raises(ValueError, match="another time"):
        choose(mara, due, quiet=(time(7), time(7)))


# Snoozing ----------------------------------------------------------------------------------------


def test_a_snooze_into_quiet_hours_comes_at_their_end(mara, pair, due):
    choose(mara, due - HOUR, quiet=NIGHT)
    row = actions.snooze(plan_id=pair[0].pk, at=due + 2 * HOUR)

    assert row.due_at == due + 10.5 * HOUR
    assert row.send_before == row.due_at + 3 * HOUR


def test_quiet_hours_chosen_later_move_what_was_snoozed(mara, pair, due):
    row = actions.snooze(plan_id=pair[0].pk, at=due + 2 * HOUR)
    choose(mara, due - HOUR, quiet=NIGHT)
    row.refresh_from_db()

    assert row.due_at == row.next_attempt_at == due + 10.5 * HOUR


def test_quiet_hours_cut_the_grace_of_what_was_snoozed(mara, pair, due):
    row = actions.snooze(plan_id=pair[0].pk, at=due + HOUR)
    choose(mara, due - HOUR, quiet=NIGHT)
    row.refresh_from_db()

    assert (row.due_at, row.send_before) == (due + HOUR, due + 1.5 * HOUR)


@pytest.mark.parametrize("state", [State.PENDING, State.LEASED])
def test_a_snooze_that_a_server_put_off_moves_when_it_is_asked_for_again(pair, due, state):
    now = timezone.now()
    actions.snooze(plan_id=pair[0].pk, at=now - HOUR)
    until = now + HOUR if state == State.LEASED else None
    Delivery.objects.update(state=state, lease_until=until, next_attempt_at=now + HOUR)
    again = actions.snooze(plan_id=pair[0].pk, at=now + HOUR)

    assert list(Delivery.objects.values_list("pk", "due_at")) == [(again.pk, now + HOUR)]


def test_a_snooze_that_is_past_the_gate_stays_and_another_comes(pair, due):
    actions.snooze(plan_id=pair[0].pk, at=due)
    Delivery.objects.update(state=State.SENDING, lease_until=due + HOUR)
    actions.snooze(plan_id=pair[0].pk, at=due + HOUR)

    assert [state for _, state, _ in states(pair[0])] == [State.SENDING, State.PENDING]


def test_a_snooze_from_a_stopped_plans_mail_comes_of_another_that_runs(mara, plan_for, pair, due):
    later = plan_for(mara, kind=Kind.LOOK_BACK)
    actions.stop_plan(plan_id=pair[0].pk)
    actions.pause_plan(plan_id=pair[1].pk, until=due + DAY)

    assert actions.snooze(plan_id=pair[0].pk, at=due + HOUR).plan == later
    actions.stop_plan(plan_id=later.pk)
    assert actions.snooze(plan_id=pair[0].pk, at=due + HOUR) is None


def test_a_snooze_never_comes_of_a_letter_whose_day_is_to_come(mara, plan_for, due):
    plan = plan_for(mara)
    letters.write_letter(
        owner=mara, letter=uuid4(), words="Breathe.", on_date=MONDAY + DAY, local_time=time(20),
        time_zone="Europe/Berlin", now=due - HOUR,
    )  # fmt: skip
    actions.stop_plan(plan_id=plan.pk)
    assert actions.snooze(plan_id=plan.pk, at=due + HOUR) is None
