"""The page that plans a person's mail, and the links that a mail carries: later, pause, stop."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from functools import wraps

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from healing.accounts.access import PersonRequest
from healing.accounts.actions import give_consent, has_consent
from healing.accounts.clock import local_now, local_today, zone
from healing.accounts.models import Consent, User
from healing.accounts.refill import refills
from healing.reminders import actions, words
from healing.reminders.actions import end_break, start_plan, stop_all, take_break
from healing.reminders.forms import PauseForm, PlanForm
from healing.reminders.models import Delivery, Plan
from healing.reminders.schedule import weekdays_of
from healing.reminders.tokens import BadToken, owner_of, read_token

RECENT = 7
SHOWN_AHEAD = 3
# How long a pause from a mail lasts; on the page of the plan any day can be chosen.
A_WEEK = timedelta(days=7)


@refills(PlanForm)
def plan_edit(request: PersonRequest) -> HttpResponse:
    plan = Plan.objects.of(request.user).filter(kind=Plan.Kind.CHECK_IN).first()
    agreed = has_consent(owner=request.user, kind=Consent.Kind.MAIL)
    initial = _initial(request.user, plan)
    # Everything unticked is an answer too.
    posted = request.POST if request.method == "POST" else None
    form = PlanForm(posted, initial=initial, ask_consent=not agreed)
    if form.is_valid():
        messages.success(request, _save(request.user, plan, form))
        return redirect("reminders:plan_edit")
    context = {
        "form": form,
        "coming": [words.moment(one) for one in _coming(plan)] if agreed else [],
        "pause": PauseForm(today=_plan_today(plan)) if plan else None,
        "paused_until": _pause_end(plan),
        "plan": plan,
        "recent": _recent(plan),
        "mail_folder": "" if settings.EMAIL_URL else words.mail_folder(),
    }
    return render(request, "reminders/plan_edit.html", context)


@refills(PauseForm)
@require_POST
def plan_pause(request: PersonRequest) -> HttpResponse:
    """Sends nothing before a day; a day that cannot be is said and nothing changes."""
    plan = get_object_or_404(Plan.objects.of(request.user).running())
    form = PauseForm(request.POST, today=_plan_today(plan))
    if not form.is_valid():
        messages.error(request, " ".join(map(str, form.errors["until"])))
        return redirect("reminders:plan_edit")
    until = datetime.combine(form.cleaned_data["until"], time.min, tzinfo=zone(plan.time_zone))
    on_its_way = take_break(owner_id=request.user.pk, until=until, now=timezone.now())
    messages.success(request, _paused_words(on_its_way))
    return redirect("reminders:plan_edit")


@require_POST
def plan_resume(request: PersonRequest) -> HttpResponse:
    plan = get_object_or_404(Plan.objects.of(request.user))
    end_break(owner_id=plan.owner_id, now=timezone.now())
    messages.success(request, _("The pause is over. The mails come as planned."))
    return redirect("reminders:plan_edit")


def _paused_words(on_its_way: bool) -> str:
    if on_its_way:
        return _("The mails are paused. One mail was already on its way.")
    return _("The mails are paused.")


def _plan_today(plan: Plan) -> date:
    return local_today(plan.time_zone, timezone.now())


def _coming(plan: Plan | None) -> list[datetime]:
    return plan.coming(timezone.now(), SHOWN_AHEAD) if plan else []


def _pause_end(plan: Plan | None) -> date | None:
    """The first day on which mail comes again, on the plan's own clock; None without a pause."""
    if plan is None or plan.paused_until is None or plan.paused_until <= timezone.now():
        return None
    return local_now(plan.time_zone, plan.paused_until).date()


def _initial(person: User, plan: Plan | None) -> dict[str, object]:
    if plan is None:
        return {"time_zone": person.time_zone}
    return {
        "active": plan.is_running,
        "days": [str(day) for day in weekdays_of(plan.weekdays)],
        "local_time": plan.local_time,
        "time_zone": plan.time_zone,
    }


def _save(person: User, plan: Plan | None, form: PlanForm) -> str:
    """Do what the form says; returns what happened, for the person."""
    if form.cleaned_data["active"]:
        give_consent(owner=person, kind=Consent.Kind.MAIL)
        started = start_plan(
            owner=person,
            weekdays=form.weekdays,
            local_time=form.cleaned_data["local_time"],
            time_zone=form.cleaned_data["time_zone"],
            now=timezone.now(),
        )
        return _("Saved. The next mail comes on %(moment)s.") % {
            "moment": words.moment(started.next_local)
        }
    if plan is None:
        return _("Saved. No mail is planned.")
    if stop_all(owner_id=person.pk):
        return _("The mails are stopped. One mail was already on its way.")
    return _("The mails are stopped. You can start them again here at any time.")


def _recent(plan: Plan | None) -> list[tuple[object, str]]:
    """Date and outcome of the latest mails, newest first."""
    if plan is None:
        return []
    rows = Delivery.objects.filter(plan=plan).select_related("plan")
    return [
        (row.local_date, words.outcome(row))
        for row in rows.order_by("-local_date", "-seq")[:RECENT]
    ]


def _token_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Keeps an address that holds a token out of caches and of other sites' logs."""

    @wraps(view)
    def quiet(request: HttpRequest, token: str) -> HttpResponse:
        response = view(request, token)
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["Cache-Control"] = "no-store"
        return response

    return quiet


@login_not_required
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@_token_page
def pause(request: HttpRequest, token: str) -> HttpResponse:
    """A POST pauses the mails for a week; a GET only shows the button."""
    try:
        owner_id = owner_of(token) or 0
    except BadToken:
        return render(request, "reminders/pause.html", {"unknown": True}, status=404)
    context: dict[str, object] = {"token": token}
    if request.method == "POST":
        now = timezone.now()
        on_its_way = take_break(owner_id=owner_id, until=now + A_WEEK, now=now)
        context |= {"paused": True, "on_its_way": on_its_way}
    return render(request, "reminders/pause.html", context)


@login_not_required
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@_token_page
def snooze(request: HttpRequest, token: str) -> HttpResponse:
    """A POST sends the mail once more, in an hour or tomorrow; a GET only shows the buttons."""
    try:
        plan_id = read_token(token)
    except BadToken:
        return render(request, "reminders/snooze.html", {"unknown": True}, status=404)
    context: dict[str, object] = {"token": token}
    if request.method == "POST":
        days = int(request.POST.get("to") == "tomorrow")
        at = timezone.now() + (timedelta(days=1) if days else timedelta(hours=1))
        # Whether it will come says nothing to whoever holds the link.
        actions.snooze(plan_id=plan_id, at=at)
        context |= {"asked": True, "tomorrow": bool(days)}
    return render(request, "reminders/snooze.html", context)


@login_not_required
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@_token_page
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """RFC 8058: a POST stops, from a mail program or from the button; a GET only shows the button.

    Mail scanners open links, so a GET changes nothing. A plan that was erased answers alike.
    """
    try:
        owner_id = owner_of(token) or 0
    except BadToken:
        return render(request, "reminders/stop.html", {"unknown": True}, status=404)
    if request.method != "POST":
        return render(request, "reminders/stop.html")
    on_its_way = stop_all(owner_id=owner_id)
    return render(request, "reminders/stop.html", {"stopped": True, "on_its_way": on_its_way})
