"""What Celery runs: links whose time is over lose what they showed."""

from django.utils import timezone

from healing.celery import app
from healing.sharing import actions


@app.task  # type: ignore[untyped-decorator]
def expire_shares() -> None:
    actions.expire_shares(timezone.now())
