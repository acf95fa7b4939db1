"""What comes next over all plans, on any day; and what rests."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import pytest

from healing.reminders import actions
from healing.reminders.letters import write_letter
from healing.reminders.models import Delivery, Plan
from healing.reminders.outlook import Coming, outlook_of
from tests.reminders.conftest import DUE

ZONE = "Europe/Berlin"
NOW = DUE - timedelta(hours=2)  # Monday, 23 November 2026, 18:30 in Berlin


@pytest.fixture
def plan(mara, plan_for) -> Plan:
    return plan_for(mara, now=NOW)


def add(mara, kind, *, days, at) -> Plan:
    return actions.start_plan(
        owner=mara, kind=kind, weekdays=frozenset(days), local_time=at, time_zone=ZONE, now=NOW
    )


def told(coming: list[Coming]) -> list[str]:
    return [f"{one.at:%a %d %H:%M} {'+'.join(one.kinds)}" for one in coming]


def coming(mara, now: datetime = NOW) -> list[str]:
    return told(outlook_of(owner=mara, now=now).coming)


def mail_of(plan: Plan, day: date, **fields) -> Delivery:
    common = {"person": plan.owner_id, "due_at": NOW, "send_before": NOW, "next_attempt_at": NOW}
    return Delivery.objects.create(plan=plan, local_date=day, **(common | fields))


def test_one_plan_brings_one_a_day(mara, plan):
    assert coming(mara) == ["Mon 23 20:30 check_in", "Tue 24 20:30 check_in",
                            "Wed 25 20:30 check_in"]  # fmt: skip


def test_what_falls_on_one_day_is_one_mail_at_the_first_hour(mara, plan):
    add(mara, Plan.Kind.LOOK_BACK, days=[1], at=time(8))
    add(mara, Plan.Kind.PRACTICE, days=[1, 2], at=time(21))
    assert coming(mara) == ["Mon 23 20:30 check_in", "Tue 24 08:00 check_in+look_back+practice",
                            "Wed 25 20:30 check_in+practice"]  # fmt: skip


def test_a_letter_comes_on_its_day_alone(mara, plan_for):
    write_letter(
        owner=mara, letter=UUID(int=7), words="hello", on_date=date(2026, 11, 26),
        local_time=time(9), time_zone=ZONE, now=NOW,
    )  # fmt: skip
    plan_for(mara, now=NOW, weekdays=frozenset([3]))
    assert coming(mara) == ["Thu 26 09:00 check_in+letter", "Thu 03 20:30 check_in",
                            "Thu 10 20:30 check_in"]  # fmt: skip


@pytest.mark.parametrize("state", ["pending", "sent", "uncertain"])
def test_a_date_that_has_its_mail_brings_no_other(mara, plan, state):
    mail_of(plan, date(2026, 11, 23), state=state)
    assert coming(mara)[0] == "Tue 24 20:30 check_in"


def test_a_skipped_one_leaves_its_date_free(mara, plan):
    mail_of(plan, date(2026, 11, 23), state="skipped", reason="break")
    assert coming(mara)[0] == "Mon 23 20:30 check_in"


def test_what_was_put_off_takes_its_place_among_them(mara, plan):
    at = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
    mail_of(plan, date(2026, 11, 24), seq=2, due_at=at)
    found = outlook_of(owner=mara, now=NOW).coming
    assert told(found) == ["Mon 23 20:30 check_in", "Tue 24 07:00 check_in",
                           "Tue 24 20:30 check_in"]  # fmt: skip
    assert [one.again for one in found] == [False, True, False]


def test_after_a_break_with_an_end_they_come_from_its_day_on(mara, plan):
    write_letter(
        owner=mara, letter=UUID(int=7), words="hello", on_date=date(2026, 11, 24),
        local_time=time(9), time_zone=ZONE, now=NOW,
    )  # fmt: skip
    until = datetime(2026, 11, 27, 23, tzinfo=UTC)  # midnight in Berlin
    actions.take_break(owner_id=mara.pk, until=until, now=NOW)
    found = outlook_of(owner=mara, now=NOW)
    assert found.break_until is not None
    assert found.break_until.date() == date(2026, 11, 28)
    assert told(found.coming)[0] == "Sat 28 09:00 check_in+letter"
    later = outlook_of(owner=mara, now=until)
    assert later.break_until is None
    assert not later.rests


def test_a_break_without_an_end_brings_nothing_and_is_no_silence(mara, plan):
    actions.take_break(owner_id=mara.pk, until=None, now=NOW)
    found = outlook_of(owner=mara, now=NOW)
    assert (found.on_break, found.is_quiet, found.rests) == (True, False, True)
    assert found.coming == []
    assert found.is_standing


def test_silence_is_no_break(mara, plan):
    Plan.objects.update(quiet_since=NOW, next_due_at=None, next_local_date=None)
    found = outlook_of(owner=mara, now=NOW)
    assert (found.on_break, found.is_quiet, found.rests) == (False, True, True)


def test_another_persons_mails_are_not_hers(mara, theo, plan, plan_for):
    plan_for(theo, now=NOW, weekdays=frozenset([5]))
    mail_of(plan, date(2026, 11, 23), state="sent")
    assert coming(theo)[0] == "Sat 28 20:30 check_in"


def test_it_asks_little_however_many_there_are(mara, plan, django_assert_num_queries):
    for day in range(24, 30):
        write_letter(
            owner=mara, letter=UUID(int=day), words="hello", on_date=date(2026, 11, day),
            local_time=time(9), time_zone=ZONE, now=NOW,
        )  # fmt: skip
    with django_assert_num_queries(4):
        outlook_of(owner=mara, now=NOW)
