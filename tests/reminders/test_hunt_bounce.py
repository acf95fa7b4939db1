"""A letter's mail that comes back after the letter was deleted."""

from datetime import time, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from healing.reminders import letters
from healing.reminders.models import Delivery
from tests.reminders.test_mail_events import from_mailgun, mailgun, post, sent_mail

State = Delivery.State
__all__ = ["mailgun"]

pytestmark = pytest.mark.django_db


def test_the_message_id_finds_the_mail_of_a_letter_that_was_deleted(mailgun, mara, plan_for):
    check_in, now = plan_for(mara), timezone.now()
    letter = letters.write_letter(
        owner=mara, letter=uuid4(), words="Hello", on_date=now.date() + timedelta(days=3),
        local_time=time(20, 30), time_zone="Europe/Berlin", now=now,
    )  # fmt: skip
    named, newer = sent_mail(letter, days_ago=2), sent_mail(check_in, days_ago=0)
    letters.delete_letter(owner=mara, letter=letter.pk, now=now)

    post(from_mailgun("failed", named.message_id), None)

    named.refresh_from_db()
    newer.refresh_from_db()
    assert (named.state, newer.state) == (State.BOUNCED, State.SENT)
