"""The pages behind the links of a mail: later, pause, start again, stop. No sign-in is asked.

Whoever holds the mail can open them, so they tell nothing of the person: a plan that is stopped, on
a break or gone answers just alike.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from healing.accounts.actions import note_seen
from healing.accounts.clock import local_now, zone_or_utc
from healing.reminders import actions
from healing.reminders.models import Plan
from healing.reminders.schedule import next_at
from healing.reminders.tokens import BadToken, owner_of, read_token

# How long a pause from a mail lasts; on the page of the reminders any day can be chosen.
A_WEEK = timedelta(days=7)
NOBODY = 0  # whose plan is gone
Page = Callable[[HttpRequest, str], HttpResponse]
# Does what was pressed, behind a token of ours; what it returns is for the page.
Press = Callable[[HttpRequest, str], dict[str, object]]


def mail_page(press: Press) -> Page:
    """A page for the link of a mail: a POST presses, a GET shows the button and changes nothing.

    Mail scanners open links. The address holds a token, and is kept out of caches and of other
    sites' logs.
    """

    @login_not_required
    @csrf_exempt
    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(press)
    def page(request: HttpRequest, token: str) -> HttpResponse:
        context: dict[str, object] = {"token": token}
        try:
            read_token(token)
        except BadToken:
            context = {"unknown": True}
        else:
            if request.method == "POST":
                context |= {"pressed": True, **press(request, token)}
        status = 404 if "unknown" in context else 200
        response = render(request, f"reminders/{press.__name__}.html", context, status=status)
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["Cache-Control"] = "no-store"
        return response

    return page


@mail_page
def pause(request: HttpRequest, token: str) -> dict[str, object]:
    """Nothing is sent for a week; the mail may be an old one, and a longer break goes on."""
    owner_id, now = owner_of(token) or NOBODY, timezone.now()
    on_its_way = actions.take_break(
        owner_id=owner_id, until=now + A_WEEK, now=now, keep_longer=True
    )
    return {"on_its_way": on_its_way}


@mail_page
def snooze(request: HttpRequest, token: str) -> dict[str, object]:
    """Sends the mail once more, in an hour or tomorrow; whether it will come is not told."""
    tomorrow, now = request.POST.get("to") == "tomorrow", timezone.now()
    plan_id = read_token(token)
    note_seen(person_id=owner_of(token) or NOBODY, now=now)
    at = _tomorrow_at_this_hour(plan_id, now) if tomorrow else now + timedelta(hours=1)
    actions.snooze(plan_id=plan_id, at=at)
    return {"tomorrow": tomorrow}


def _tomorrow_at_this_hour(plan_id: UUID, now: datetime) -> datetime:
    """By the plan's own clock, across a change of it; of a plan that is gone nothing comes."""
    name = Plan.objects.filter(pk=plan_id).values_list("time_zone", flat=True).first() or "UTC"
    zone = zone_or_utc(name).key
    return next_at(now, zone=zone, at=local_now(zone, now).time())


@mail_page
def resume(request: HttpRequest, token: str) -> dict[str, object]:
    """Ends a break, and starts again what went quiet; what was stopped stays so."""
    owner_id, now = owner_of(token) or NOBODY, timezone.now()
    actions.end_break(owner_id=owner_id, now=now)
    actions.wake(owner_id=owner_id, now=now)
    return {}


@mail_page
def stop(request: HttpRequest, token: str) -> dict[str, object]:
    """RFC 8058: stops every mail, from a mail program or from the button."""
    return {"on_its_way": actions.stop_all(owner_id=owner_of(token) or NOBODY)}
