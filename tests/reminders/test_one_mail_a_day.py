"""Whatever people and the clock do: one mail a person and date, and none in quiet hours."""

from collections import Counter
from datetime import UTC, datetime, time, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from healing.accounts.clock import local_now
from healing.accounts.models import User
from healing.reminders import actions, claim, dispatch, letters, upkeep
from healing.reminders.models import Delivery, Plan
from healing.reminders.schedule import next_at, within
from tests.factories import make_person

State = Delivery.State
START = datetime(2026, 3, 27, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
# Their clocks change within the days that are played; Kiritimati is a day ahead of Honolulu.
ZONES = ["Europe/Berlin", "America/Nuuk", "Pacific/Kiritimati", "Pacific/Honolulu", "Asia/Beirut"]

zones = st.sampled_from(ZONES)
hours = st.builds(time, st.integers(0, 23), st.sampled_from([0, 30]))
quiet_hours = st.none() | st.tuples(hours, hours).filter(lambda pair: pair[0] != pair[1])
kinds = st.sampled_from([Plan.Kind.CHECK_IN, Plan.Kind.LOOK_BACK, Plan.Kind.PRACTICE])
days = st.frozensets(st.integers(0, 6), min_size=1)


class Mailbox(RuleBasedStateMachine):
    """One person, and a clock that only goes forward."""

    def __init__(self) -> None:
        super().__init__()
        self.person = make_person(f"{uuid4().hex}@example.org")
        self.now = START
        self.letters: list[UUID] = []
        # How many planned mails left for each date.
        self.left: Counter[object] = Counter()

    @initialize(zone=zones, at=hours, by_letter=st.booleans())
    def begin(self, zone: str, at: time, by_letter: bool) -> None:
        if by_letter:
            self.write(1, at, 0)
        else:
            self.start(Plan.Kind.CHECK_IN, frozenset(range(7)), at, zone)

    @rule(kind=kinds, days=days, at=hours, zone=zones)
    def start(self, kind: str, days: frozenset[int], at: time, zone: str) -> None:
        self.allowed(
            lambda: actions.start_plan(
                owner=self.person, kind=kind, weekdays=days, local_time=at, time_zone=zone,
                now=self.now,
            )
        )  # fmt: skip

    @rule(zone=zones, quiet=quiet_hours)
    def choose(self, zone: str, quiet: tuple[time, time] | None) -> None:
        self.allowed(
            lambda: actions.choose_mail(
                owner=self.person, time_zone=zone, quiet=quiet, holds="bare", now=self.now
            )
        )

    @rule(zone=zones)
    def travel(self, zone: str) -> None:
        actions.change_zone(owner=self.person, time_zone=zone, now=self.now)

    @rule(days=st.none() | st.integers(1, 4))
    def rest(self, days: int | None) -> None:
        until = self.now + timedelta(days=days) if days else None
        actions.take_break(owner_id=self.person.pk, until=until, now=self.now)

    @rule(days=st.none() | st.integers(1, 4), data=st.data())
    def pause(self, days: int | None, data: st.DataObject) -> None:
        until = self.now + timedelta(days=days) if days else None
        if plans := list(Plan.objects.of(self.person).order_by("id")):
            actions.pause_plan(plan_id=data.draw(st.sampled_from(plans)).pk, until=until)

    @rule()
    def go_on(self) -> None:
        actions.end_break(owner_id=self.person.pk, now=self.now)

    @rule()
    def come_back(self) -> None:
        actions.wake(owner_id=self.person.pk, now=self.now)

    @rule(ahead=st.integers(1, 3), at=hours, which=st.integers(0, 3))
    def write(self, ahead: int, at: time, which: int) -> None:
        letter = self.letters[which] if which < len(self.letters) else uuid4()
        zone = Plan.objects.of(self.person).first()
        today = local_now(zone.time_zone if zone else "UTC", self.now).date()
        written = self.allowed(
            lambda: letters.write_letter(
                owner=self.person, letter=letter, words="Breathe.", local_time=at,
                on_date=today + timedelta(days=ahead), time_zone="UTC", now=self.now,
            )
        )  # fmt: skip
        if written and letter not in self.letters:
            self.letters.append(letter)

    @precondition(lambda self: self.letters)
    @rule()
    def delete(self) -> None:
        letters.delete_letter(owner=self.person, letter=self.letters.pop(), now=self.now)

    @rule(data=st.data())
    def stop(self, data: st.DataObject) -> None:
        if plans := list(Plan.objects.of(self.person).order_by("id")):
            actions.stop_plan(plan_id=data.draw(st.sampled_from(plans)).pk)

    @rule(later=st.integers(0, 30))
    def snooze(self, later: int) -> None:
        if plan := Plan.objects.of(self.person).running().first():
            actions.snooze(plan_id=plan.pk, at=self.now + later * HOUR)

    @rule(
        half_hours=st.integers(1, 48),
        then=st.sampled_from([State.SENT, State.SENT, State.UNCERTAIN, State.FAILED, None]),
    )
    def wait(self, half_hours: int, then: str | None) -> None:
        for _ in range(half_hours):
            self.now += HOUR / 2
            upkeep.wake_seen(self.now)
            dispatch.reap(self.now)
            claim.claim(self.now)
            if then:
                self.send(then)

    def send(self, state: str) -> None:
        """What passes the gate now: its moment has come, and it is not too late."""
        rows = Delivery.objects.filter(
            person=self.person.pk, state=State.PENDING, due_at__lte=self.now,
            send_before__gte=self.now, plan__next_due_at__isnull=False,
        ).exclude(plan__break_until__gt=self.now)  # fmt: skip
        rows = rows.exclude(plan__paused_until__gt=self.now)
        for row in rows.select_related("plan"):
            wall = local_now(row.plan.time_zone, self.now).time()
            assert not row.plan.is_quiet_at(wall) or wall == row.plan.quiet_from
            if row.seq == 1 and state != State.FAILED:
                self.left[row.local_date] += 1
            row.state, row.sent_at = state, self.now
            row.save()

    def allowed(self, change: object) -> object:
        """What came of it; None where it was refused in words."""
        try:
            return change()
        except (
            actions.HourIsQuiet,
            letters.DayHadItsMail,
            letters.DayNotPossible,
            letters.LetterHadItsDay,
            letters.TooManyLetters,
        ):
            return None

    @invariant()
    def one_mail_a_date(self) -> None:
        mails = Delivery.objects.mails().filter(person=self.person.pk)
        assert set(Counter(mails.values_list("local_date", flat=True)).values()) <= {1}
        assert set(self.left.values()) <= {1}, "a date had two mails"

    @invariant()
    def nothing_that_waits_may_go_out_in_quiet_hours(self) -> None:
        rows = Delivery.objects.waiting().filter(plan__quiet_from__isnull=False)
        for row in rows.filter(person=self.person.pk).select_related("plan"):
            plan = row.plan
            assert (
                not within(
                    local_now(plan.time_zone, row.due_at).time(), plan.quiet_from, plan.quiet_to
                )
                or row.send_before <= row.due_at
            )
            assert row.send_before <= next_at(row.due_at, zone=plan.time_zone, at=plan.quiet_from)

    @invariant()
    def a_plan_rests_or_is_due_ahead(self) -> None:
        for plan in Plan.objects.of(self.person):
            assert not (plan.is_running and plan.is_resting)
            if plan.next_local_date and plan.last_local_date:
                assert plan.next_local_date > plan.last_local_date
            if plan.next_local_date and plan.on_date:
                assert plan.next_local_date >= plan.on_date

    @invariant()
    def all_plans_share_one_clock(self) -> None:
        shared = Plan.objects.of(self.person).values_list(
            "time_zone", "quiet_from", "quiet_to", "holds"
        )
        assert len(set(shared)) <= 1

    def teardown(self) -> None:
        User.objects.filter(pk=self.person.pk).delete()


@pytest.mark.django_db
def test_whatever_is_done_there_is_one_mail_a_person_and_date():
    run_state_machine_as_test(
        Mailbox, settings=settings(max_examples=30, stateful_step_count=20, deadline=None)
    )
