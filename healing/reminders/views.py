"""The page that plans a person's mail, and the stop link that every mail carries."""

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from healing.accounts.access import PersonRequest
from healing.accounts.actions import give_consent, has_consent
from healing.accounts.models import Consent, User
from healing.accounts.refill import refills
from healing.reminders import words
from healing.reminders.actions import start_plan, stop_plan
from healing.reminders.forms import PlanForm
from healing.reminders.models import Delivery, Plan
from healing.reminders.schedule import weekdays_of
from healing.reminders.tokens import BadToken, read_token

RECENT = 7


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
        "next_time": words.moment(plan.next_local) if plan and agreed else "",
        "plan": plan,
        "recent": _recent(plan),
        "mail_folder": "" if settings.EMAIL_URL else words.mail_folder(),
    }
    return render(request, "reminders/plan_edit.html", context)


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
    if stop_plan(plan_id=plan.pk):
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
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """RFC 8058: a POST stops, from a mail program or from the button; a GET only shows the button.

    Mail scanners open links, so a GET changes nothing. A plan that was erased answers alike.
    """
    try:
        plan_id = read_token(token)
    except BadToken:
        return render(request, "reminders/stop.html", {"unknown": True}, status=404)
    if request.method != "POST":
        return render(request, "reminders/stop.html")
    on_its_way = stop_plan(plan_id=plan_id)
    return render(request, "reminders/stop.html", {"stopped": True, "on_its_way": on_its_way})
