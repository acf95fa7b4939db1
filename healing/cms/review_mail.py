"""The weekly mail about reviews: to those who review, once a week, when there is something."""

import logging
from datetime import date, datetime, timedelta
from smtplib import SMTPRecipientsRefused, SMTPResponseException
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from healing.accounts.models import User
from healing.cms.actions import GROUPS, Role, editors
from healing.cms.models import ReviewMail
from healing.cms.review import Entry, counts, entries, kinds

logger = logging.getLogger(__name__)

LISTED = 20
# The server's word on this one mail; any other trouble would meet the next mail too.
REFUSED = (SMTPRecipientsRefused, SMTPResponseException, ValueError)


def send(now: datetime) -> int:
    """Send this week's mail to every editor who has not had it; returns how many went out.

    A mail is claimed before it is handed over: after a crash in between it is lost for this week,
    and never sent twice. While the mail server cannot be reached nothing is claimed.
    """
    week = now.date() - timedelta(days=now.weekday())
    waiting = [entry for entry in entries(kinds(), now.date()) if entry.waits]
    rows = [ReviewMail.objects.get_or_create(editor=editor)[0] for editor in recipients()]
    to_do = ReviewMail.objects.open(week).filter(pk__in=[row.pk for row in rows])
    if not waiting or not to_do.exists():
        return 0
    try:
        with get_connection() as connection:
            return sum(_sent(row, week, waiting, connection) for row in to_do)
    except OSError as problem:
        logger.warning("review mail: stopped by %s", type(problem).__name__)
        return 0


def recipients() -> QuerySet[User]:
    """Reviewers and admins whose address is confirmed; writers publish nothing and get none."""
    confirmed = EmailAddress.objects.filter(
        user=OuterRef("pk"), email=OuterRef("email"), verified=True
    )
    reviews = Q(groups__name=GROUPS[Role.REVIEWER]) | Q(is_superuser=True)
    return editors().filter(reviews, Exists(confirmed), is_active=True)


def is_offered_to(editor: User) -> bool:
    """Whether the weekly mail exists for this editor's role at all."""
    return editor.is_superuser or editor.groups.filter(name=GROUPS[Role.REVIEWER]).exists()


def _sent(row: ReviewMail, week: date, waiting: list[Entry], connection: Any) -> bool:
    """Whether this editor's mail went out; raises OSError if no mail can go out at all."""
    if not ReviewMail.objects.filter(pk=row.pk).claim(week):
        return False
    try:
        connection.send_messages([_message(row.editor, waiting)])
    except REFUSED as problem:
        logger.warning("review mail: one was refused, %s", type(problem).__name__)
        return False
    return True


def _message(editor: User, waiting: list[Entry]) -> EmailMultiAlternatives:
    context = {
        "site_name": settings.SITE_NAME,
        "site_url": settings.SITE_URL,
        "counts": counts(waiting),
        "entries": waiting[:LISTED],
        "more": len(waiting) - LISTED,
        "report_link": settings.SITE_URL + reverse("cms_review"),
        "settings_link": settings.SITE_URL + reverse("wagtailadmin_account"),
    }
    with translation.override(editor.language):
        subject, plain, html = (
            render_to_string(f"mail/review.{part}", context).strip()
            for part in ("subject", "txt", "html")
        )
    message = EmailMultiAlternatives(
        subject,
        plain + "\n",
        to=[editor.email],
        headers={
            "Auto-Submitted": "auto-generated",
            "List-Unsubscribe": f"<{context['settings_link']}>",
        },
    )
    message.attach_alternative(html + "\n", "text/html")
    return message
