"""Builds the message of a delivery: neutral outside, one small thing to do inside."""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from typing import NamedTuple

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from healing.checkins import tokens as check_in_tokens
from healing.locker.actions import line_for_mail
from healing.reminders import content, wording
from healing.reminders import tokens as stop_tokens
from healing.reminders.models import Delivery
from healing.reminders.words import moment

# Long links stay on one line, so that the plain text can be read as it stands in a file too.
POLICY = SMTP.clone(max_line_length=998)


class Mail(NamedTuple):
    """One message ready to go, and the id it can be found by."""

    message_id: str
    sender: str
    recipient: str
    content: bytes


def build(
    delivery: Delivery, *, now: datetime, wordings: Mapping[str, wording.Wording] | None = None
) -> Mail:
    """The mail of `delivery`, dated `now`; the delivery needs its plan and the plan its owner.

    `wordings` is what `content.wordings()` found; without it, that is asked here.
    """
    words = (wordings or content.wordings())[wording.CHECK_IN]
    person = delivery.plan.owner
    sender = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    with translation.override(person.language):
        values = _values(delivery, words)
        paragraphs = wording.filled(words.body, wording.MAILS[wording.CHECK_IN], values)
        message = EmailMessage(policy=POLICY)
        message["Subject"] = words.subject
        message.set_content(wording.as_text(paragraphs) + "\n")
        message.add_alternative(_html(words.subject, paragraphs), subtype="html")
    message["From"] = settings.DEFAULT_FROM_EMAIL
    message["To"] = person.email
    message["Date"] = format_datetime(now.astimezone(UTC))
    message["Message-ID"] = message_id = _message_id(delivery, sender.partition("@")[2])
    message["X-Delivery"] = str(delivery.pk)
    message["Auto-Submitted"] = "auto-generated"
    message["List-Unsubscribe"] = f"<{values['stop']}>"
    message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return Mail(message_id, sender, person.email, message.as_bytes())


def _values(delivery: Delivery, words: wording.Wording) -> dict[str, str]:
    """What each placeholder of the check-in mail stands for."""
    plan = delivery.plan
    token = check_in_tokens.make_token(plan.owner_id, delivery.local_date)
    plan_token = stop_tokens.make_token(plan)
    return {
        "thing": words.thing_on(delivery.local_date),
        "line": _line(delivery) if wording.LINE.written in words.body else "",
        "link": _address("checkins:from_mail", token),
        "next": moment(plan.next_local),
        "later": _address("reminders:snooze", plan_token),
        "stop": _address("reminders:stop", plan_token),
        "site": settings.SITE_NAME,
    }


def _line(delivery: Delivery) -> str:
    """The one line of their own that the person let stand in their mail, if they did."""
    return line_for_mail(owner=delivery.plan.owner, day=delivery.local_date) or ""


def _html(subject: str, paragraphs: list[list[wording.Line]]) -> str:
    context = {"subject": subject, "paragraphs": paragraphs}
    return render_to_string("mail/mail.html", context)


def _address(name: str, token: str) -> str:
    return settings.SITE_URL + reverse(name, args=[token])


def _message_id(delivery: Delivery, domain: str) -> str:
    """From plan, date and seq alone: a mail that went out twice would carry the same id."""
    day = delivery.local_date.strftime("%Y%m%d")
    return f"<{delivery.plan_id.hex}.{day}.{delivery.seq}@{domain or 'localhost'}>"
