"""Hears from the mail provider which mails came back, and which were marked as unwanted.

django-anymail checks who is speaking and reads each provider's form; mail itself leaves by SMTP
alone. Nothing of what a provider says is logged, and nothing but codes is kept.
"""

import re
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from anymail.signals import AnymailTrackingEvent as Event
from anymail.signals import EventType, RejectReason
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.module_loading import import_string
from django.views.decorators.csrf import csrf_exempt

from healing.reminders.models import Delivery, Suppression
from healing.reminders.replies import (
    CODES,
    about_the_mailbox,
    about_the_sender,
    codes_of,
    enhanced_code,
)
from healing.reminders.suppression import strike, suppress

State, Why = Delivery.State, Suppression.Reason

VIEWS: Final = {
    "brevo": "anymail.webhooks.brevo.BrevoTrackingWebhookView",
    "mailersend": "anymail.webhooks.mailersend.MailerSendTrackingWebhookView",
    "mailgun": "anymail.webhooks.mailgun.MailgunTrackingWebhookView",
    "postmark": "anymail.webhooks.postmark.PostmarkTrackingWebhookView",
}
# What may have reached the server; what is being sent may come back before its 250 is written down.
LEFT = (State.SENDING, State.SENT, State.UNCERTAIN)
# How far back a mail is looked for that came back without its Message-ID.
LATELY = timedelta(days=7)
PLAN_IN_ID = re.compile(r"<?([0-9a-f]{32})\.")
UNWANTED = (EventType.COMPLAINED, EventType.UNSUBSCRIBED)
CAME_BACK = (EventType.BOUNCED, EventType.REJECTED)


@login_not_required
@csrf_exempt
def mail_events(request: HttpRequest) -> HttpResponseBase:
    """Whatever MAIL_WEBHOOK's provider posts; without the setting there is no such page."""
    if not settings.MAIL_WEBHOOK:
        raise Http404
    view = import_string(VIEWS[settings.MAIL_WEBHOOK])
    answer: HttpResponseBase = view.as_view(http_method_names=["post"])(request)
    return answer


def hear(*, event: Event, **_said: Any) -> None:
    """Receives anymail's signal. The same event heard twice changes nothing the second time."""
    address, now = (event.recipient or "").strip(), timezone.now()
    if not address:
        return
    came_back = event.event_type in CAME_BACK
    unwanted = came_back and event.reject_reason == RejectReason.SPAM
    with transaction.atomic():
        if unwanted or event.event_type in UNWANTED:
            _mark(event, address, State.COMPLAINED)
            suppress(address, Why.COMPLAINED, now)
        elif came_back:
            _came_back(event, address, now)


def _came_back(event: Event, address: str, now: datetime) -> None:
    """A hard bounce ends the mails; a soft one counts once for its mail, so it needs that mail."""
    marked = _mark(event, address, State.BOUNCED)
    if _is_hard(event):
        suppress(address, Why.BOUNCED, now)
    elif marked and not about_the_sender(event.mta_response or ""):
        strike(address, Why.BOUNCED, now)


def _is_hard(event: Event) -> bool:
    """Whether no later mail can arrive either: by the provider's own word, else by the codes."""
    said = event.esp_event
    named = " ".join(str(said.get(key, "")) for key in ("Type", "event", "type")).lower()
    if "hard" in named or "soft" in named:
        return "hard" in named
    if event.reject_reason not in (RejectReason.BOUNCED, RejectReason.INVALID):
        return False
    reply = event.mta_response or ""
    passing = enhanced_code(reply).startswith("4") or about_the_mailbox(reply)
    return not (passing or about_the_sender(reply))


def _mark(event: Event, address: str, state: str) -> bool:
    """Write down what became of the mail; False if it is not known, or known already."""
    row = _by_message_id(event.message_id or "", address) or _newest(event, address, state)
    if row is None:
        return False
    codes = _codes(event.mta_response or "") or row.server_reply
    marked = Delivery.objects.filter(pk=row.pk, state__in=LEFT).update(
        state=state, lease_until=None, server_reply=codes
    )
    return marked == 1


def _by_message_id(message_id: str, address: str) -> Delivery | None:
    """The mail with this id, if it is one of ours; the plan in it leads to the row by an index.

    The mail of a letter that was deleted since is another plan's by now, of the same person.
    """
    found = PLAN_IN_ID.match(message_id)
    if found is None:
        return None
    rows = Delivery.objects.filter(message_id__in=[message_id, f"<{message_id.strip('<>')}>"])
    return (
        rows.filter(plan=UUID(found[1])).first()
        or rows.filter(plan__owner__email=address.lower()).first()
    )


def _newest(event: Event, address: str, state: str) -> Delivery | None:
    """The last mail to this address before the event; the same one if the event is repeated."""
    moment = event.timestamp or timezone.now()
    rows = Delivery.objects.filter(plan__owner__email=address.lower(), state__in=[*LEFT, state])
    return rows.filter(due_at__range=(moment - LATELY, moment)).order_by("-due_at").first()


def _codes(reply: str) -> str:
    return enhanced_code(reply) or (codes_of(reply) if CODES.match(reply) else "")
