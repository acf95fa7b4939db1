"""A letter whose day passed while the mails rested is named once."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import uuid4

import pytest

from healing.reminders import actions, dispatch, letters
from healing.reminders.models import Plan
from healing.reminders.transport import SmtpTransport

MONDAY = date(2026, 11, 23)
DAY = timedelta(days=1)

pytestmark = pytest.mark.django_db


def test_the_mail_after_a_break_names_it_and_it_does_not_come_again(
    mara, plan_for, due, smtp_server
):
    plan_for(mara)
    now = due - timedelta(hours=1)
    letter = letters.write_letter(
        owner=mara, letter=uuid4(), words="Hello", on_date=MONDAY + DAY, local_time=time(9),
        time_zone="Europe/Berlin", now=now,
    )  # fmt: skip
    actions.take_break(owner_id=mara.pk, until=None, now=now)
    actions.end_break(owner_id=mara.pk, now=datetime(2026, 11, 27, 12, tzinfo=UTC))

    for hours in range(24 * 4, 24 * 8):
        moment = due + timedelta(hours=hours)
        dispatch.tick(moment)
        dispatch.drain(SmtpTransport(), clock=lambda moment=moment: moment)
    texts = [mail.get_body(("plain",)).get_content() for mail in smtp_server.accepted]
    assert [str(letter.pk) in text for text in texts] == [True, False, False, False]
    assert "20:30" in texts[0]
    assert "09:00" not in texts[0]
    assert not Plan.objects.get(pk=letter.pk).is_standing
