"""A letter whose day passed without a mail is in the next one, once, and is told so."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import pytest

from healing.reminders import claim, dispatch
from healing.reminders.actions import end_break, take_break
from healing.reminders.letters import write_letter
from healing.reminders.models import Delivery, Plan
from healing.reminders.outlook import outlook_of
from healing.reminders.transport import SmtpTransport

DAY, MINUTE, HOUR = timedelta(days=1), timedelta(minutes=1), timedelta(hours=1)
# Wednesday is its day; the break ends as Friday begins.
WEDNESDAY = date(2026, 11, 25)
FRIDAY = datetime(2026, 11, 26, 23, tzinfo=UTC)


@pytest.fixture
def letter(mara, plan_for, due) -> Plan:
    """Beside a check-in mail in the evening."""
    plan_for(mara)
    return write_letter(
        owner=mara, letter=UUID(int=7), words="Keep the key.", local_time=time(9),
        on_date=WEDNESDAY, time_zone="Europe/Berlin", now=due - MINUTE,
    )  # fmt: skip


@pytest.fixture
def missed(mara, letter, due) -> Plan:
    take_break(owner_id=mara.pk, until=FRIDAY, now=due - MINUTE)
    claim_all(due, FRIDAY - 3 * HOUR)
    letter.refresh_from_db()
    assert letter.had_its_day
    return letter


def claim_all(start: datetime, end: datetime) -> None:
    while start <= end:
        claim.claim(start)
        start += HOUR / 2


def test_its_own_hour_is_told_where_it_comes_first(mara, missed):
    told = outlook_of(owner=mara, now=FRIDAY - 2 * HOUR).coming
    claim_all(FRIDAY - 2 * HOUR, FRIDAY + 2 * DAY)
    came = Delivery.objects.exclude(state="skipped").order_by("due_at")
    assert told[0].at == came[0].due_at
    assert sorted(told[0].kinds) == ["check_in", "letter"]
    assert told[1].kinds == ["check_in"]


def test_it_is_told_in_the_mail_that_comes_before_its_hour(mara, missed):
    claim.claim(FRIDAY - 3 * HOUR)
    missed.next_due_at += DAY
    missed.next_local_date += DAY
    missed.last_local_date += DAY
    missed.save()
    told = outlook_of(owner=mara, now=FRIDAY).coming
    assert [(one.at.day, one.at.hour, sorted(one.kinds)) for one in told[:2]] == [
        (27, 20, ["check_in", "letter"]),
        (28, 20, ["check_in"]),
    ]


def test_one_that_is_in_a_mail_is_told_no_more(mara, missed):
    claim_all(FRIDAY, FRIDAY + DAY / 2)
    assert Delivery.objects.get(state="pending").plan == missed
    told = outlook_of(owner=mara, now=FRIDAY + DAY / 2).coming
    assert [one.kinds for one in told] == [["check_in"]] * 3


def test_the_mail_after_an_open_break_names_it_and_it_does_not_come_again(
    mara, letter, due, smtp_server
):
    take_break(owner_id=mara.pk, until=None, now=due - MINUTE)
    back = FRIDAY + DAY / 2
    end_break(owner_id=mara.pk, now=back)
    told = outlook_of(owner=mara, now=back).coming
    assert [sorted(one.kinds) for one in told] == [
        ["check_in", "letter"],
        ["check_in"],
        ["check_in"],
    ]

    for hours in range(24 * 4):
        moment = back + hours * HOUR
        dispatch.tick(moment)
        dispatch.drain(SmtpTransport(), clock=lambda moment=moment: moment)
    texts = [mail.get_body(("plain",)).get_content() for mail in smtp_server.accepted]
    assert [str(letter.pk) in text for text in texts] == [True, False, False, False]
    assert "20:30" in texts[0]
    assert "09:00" not in texts[0]
    assert not Plan.objects.get(pk=letter.pk).is_standing
