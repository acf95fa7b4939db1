"""Who flies west meets a date again whose mail has gone already."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import uuid4

import pytest

from healing.reminders import actions, dispatch, letters, upkeep
from healing.reminders.models import Delivery, Plan
from healing.reminders.transport import SmtpTransport

MONDAY = date(2026, 11, 23)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
# 05:00 in Berlin on Monday, 23:00 in New York on Sunday.
EARLY = datetime(2026, 11, 23, 4, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def go(now):
    dispatch.tick(now)
    dispatch.drain(SmtpTransport(), clock=lambda: now)


def test_no_letter_is_kept_for_a_date_whose_mail_has_gone(mara, plan_for, smtp_server):
    """It was never named: its day had its mail, and the next mail took it for named."""
    plan_for(mara, local_time=time(5), now=EARLY - HOUR)
    go(EARLY)
    assert Delivery.objects.get().local_date == MONDAY
    actions.change_zone(owner=mara, time_zone="America/New_York", now=EARLY + HOUR / 4)
    said = {
        "owner": mara, "letter": uuid4(), "words": "Hello", "local_time": time(5),
        "time_zone": "America/New_York", "now": EARLY + HOUR / 2,
    }  # fmt: skip
    with pytest.raises(letters.DayHadItsMail):
        letters.write_letter(on_date=MONDAY, **said)

    letter = letters.write_letter(on_date=MONDAY + DAY, **said)
    for day in range(4):
        go(EARLY + timedelta(days=day, hours=6))
    texts = [mail.get_body(("plain",)).get_content() for mail in smtp_server.accepted]
    assert [str(letter.pk) in text for text in texts] == [False, True, False, False]


def test_a_weekly_plan_may_be_due_in_more_than_eight_days(mara, plan_for, smtp_server):
    """Its snoozed mail was deleted by the repair, again and again."""
    # Sunday 22 November, 07:00 in Auckland; Saturday 10:00 in Los Angeles.
    due = datetime(2026, 11, 21, 18, tzinfo=UTC)
    weekly = {"kind": Plan.Kind.LOOK_BACK, "weekdays": frozenset({6})}
    there = {"local_time": time(7), "time_zone": "Pacific/Auckland"}
    plan = plan_for(mara, now=due - HOUR, **weekly, **there)
    go(due)
    here = {"local_time": time(22), "time_zone": "America/Los_Angeles"}
    actions.start_plan(owner=mara, now=due + HOUR / 4, **weekly, **here)
    snoozed = actions.snooze(plan_id=plan.pk, at=due + 2 * HOUR)

    assert upkeep.repair(due + HOUR / 2) == 0
    assert Delivery.objects.filter(pk=snoozed.pk).exists()
