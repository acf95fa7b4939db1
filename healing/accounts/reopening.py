"""Notices when one page is opened again and again, so that it can offer a pause instead of itself.

What is kept is a salted hash of each page and when it was opened, in the row of the session, and
for an hour: `forget_openings` clears the rows of sessions that nobody uses any more.
"""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

KEY = "reopening"
# One [hash of the page, unix seconds, +1 for an opening or -1 for a saving that leads to it].
Opening = list[Any]
LONGEST = 60
# How far back the hourly clearing looks, should it have been down for a while.
CLEAR_BACK = timedelta(days=1)


def opened_again(request: HttpRequest, what: str) -> bool:
    """Note that a signed-in person opens `what`; True from the opening on that is too often.

    `what` names the page, such as "insights"; it is hashed with the site's and the session's key.
    The operator's LOOP_GUARD_OPENINGS within LOOP_GUARD_MINUTES are too often; 0 is never.
    """
    if not is_on():
        return False
    mark = _noted(request, what, 1)
    times = sum(step for page, _at, step in request.session[KEY] if page == mark)
    return bool(times >= settings.LOOP_GUARD_OPENINGS)


def spare_next_opening(request: HttpRequest, what: str) -> None:
    """Call it before a redirect to `what`: arriving there after saving is not checking."""
    if is_on():
        _noted(request, what, -1)


def is_on() -> bool:
    return bool(settings.LOOP_GUARD_OPENINGS and settings.LOOP_GUARD_MINUTES)


def _noted(request: HttpRequest, what: str, step: int) -> str:
    """The hash of `what`, after writing it down and leaving out what is over."""
    now = int(timezone.now().timestamp())
    said = f"{request.session.session_key}|{what}"
    mark = salted_hmac("healing.accounts.reopening", said, algorithm="sha256").hexdigest()[:16]
    fresh = still_fresh(request.session.get(KEY, []), now, settings.LOOP_GUARD_MINUTES)
    request.session[KEY] = [*fresh, [mark, now, step]][-LONGEST:]
    return mark


def still_fresh(openings: list[Opening], now: int, minutes: int) -> list[Opening]:
    """Those of the last `minutes`; `now` in unix seconds."""
    return [one for one in openings if one[1] > now - minutes * 60]


def forget_openings() -> int:
    """Take what is over out of sessions at rest; how many rows it changed.

    A session row says when it ends, and it ends SESSION_COOKIE_AGE after its last change: so only
    those last changed between an hour and a day ago are looked at.
    """
    now = timezone.now()
    kept_for = timedelta(seconds=settings.SESSION_COOKIE_AGE)
    last_change = now + kept_for - timedelta(minutes=settings.LOOP_GUARD_MINUTES)
    rows = Session.objects.filter(expire_date__range=(last_change - CLEAR_BACK, last_change))
    return sum(_forgotten(row) for row in rows.iterator())


def _forgotten(row: Session) -> int:
    """1 if the row held openings and nobody has changed it meanwhile."""
    held = row.get_decoded()
    if held.pop(KEY, None) is None:
        return 0
    same = Session.objects.filter(pk=row.pk, session_data=row.session_data)
    return same.update(session_data=SessionStore().encode(held))
