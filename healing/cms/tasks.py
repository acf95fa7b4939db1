"""What Celery runs for the editors: texts at the hour they were given, and the weekly mail."""

import logging
from collections.abc import Callable
from typing import Any

from django.apps import apps
from django.db import transaction
from django.utils import timezone
from wagtail.models import DraftStateMixin, Revision

from healing.celery import app
from healing.cms import review_mail

logger = logging.getLogger(__name__)


@app.task  # type: ignore[untyped-decorator]
def publish_scheduled() -> None:
    """End and publish what is due, each text by itself.

    Wagtail's own command stops at the first text that cannot be published, and every later one
    would wait for it, a text to be taken off among them.
    """
    now = timezone.now()
    kinds: list[Any] = [kind for kind in apps.get_models() if issubclass(kind, DraftStateMixin)]
    for kind in kinds:
        for text in kind.objects.filter(live=True, expire_at__lt=now).order_by("expire_at"):
            _one(text, text.unpublish, set_expired=True, log_action="wagtail.unpublish.scheduled")
    for revision in Revision.objects.filter(approved_go_live_at__lt=now).order_by(
        "approved_go_live_at"
    ):
        _one(revision, revision.publish, log_action="wagtail.publish.scheduled")


def _one(text: Any, change: Callable[..., Any], **arguments: Any) -> None:
    try:
        with transaction.atomic():
            change(**arguments)
    except Exception as problem:  # whatever it is, the other texts go on
        kind = type(text).__name__
        logger.error("%s %s was left as it is: %s", kind, text.pk, type(problem).__name__)


@app.task  # type: ignore[untyped-decorator]
def mail_reviews() -> None:
    review_mail.send(timezone.now())
