"""The person's side of the mail: what comes next, each plan, what a mail may hold, a break."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_POST, require_safe

from healing.accounts.access import PersonRequest
from healing.accounts.actions import give_consent
from healing.accounts.clock import local_today
from healing.accounts.models import Consent
from healing.accounts.refill import refills
from healing.reminders import actions, suppression, words
from healing.reminders.forms import (
    BreakForm,
    HourForm,
    LookBackForm,
    MailForm,
    PauseForm,
    PlanForm,
    PracticeForm,
    ZoneForm,
)
from healing.reminders.models import Plan
from healing.reminders.outlook import (
    Outlook,
    dates_with_mail,
    last_mails,
    next_mail_with,
    outlook_of,
)
from healing.reminders.practising import chosen_in, exercise_of, to_practise
from healing.reminders.schedule import weekdays_of

# What the form was checked against changed before it could be kept.
CHANGED_MEANWHILE = _lazy(
    "Not saved: a mail or your quiet hours changed in another tab, and an hour would now lie in "
    "them. Choose another hour."
)
FORMS = {
    Plan.Kind.CHECK_IN: PlanForm,
    Plan.Kind.LOOK_BACK: LookBackForm,
    Plan.Kind.PRACTICE: PracticeForm,
}


@require_safe
def plan_list(request: PersonRequest) -> HttpResponse:
    """What comes next and what came; for somebody new, the form that starts the check-in mail."""
    outlook = _outlook(request)
    context = {
        "outlook": outlook,
        "rows": _rows(outlook),
        "form": None if outlook.plans else _form(request, outlook, Plan.Kind.CHECK_IN),
        "recent": last_mails(owner=request.user) if outlook.plans else [],
        "mail_folder": "" if settings.EMAIL_URL else words.mail_folder(),
    }
    return render(request, "reminders/plan_list.html", context)


def _rows(outlook: Outlook) -> list[dict[str, object]]:
    """Each kind with the person's plan of it; somebody new has the first one's form instead."""
    return [
        {"kind": kind.value, "name": name, "about": about, "plan": outlook.of(kind)}
        for kind, (name, about) in words.OFFERED.items()
        if outlook.plans or kind != Plan.Kind.CHECK_IN
    ]


def _outlook(request: PersonRequest) -> Outlook:
    return outlook_of(owner=request.user, now=timezone.now())


def _refilled_plan(data: Mapping[str, Any], kind: str) -> PlanForm:
    more: dict[str, Any] = {}
    if kind == Plan.Kind.PRACTICE:
        more["exercises"] = to_practise()
    return FORMS[Plan.Kind(kind)](data, asks=[*data], **more)


@refills(_refilled_plan)
def plan_edit(request: PersonRequest, kind: str) -> HttpResponse:
    outlook = _outlook(request)
    form = _form(request, outlook, kind)
    if form.is_valid():
        try:
            saved = _start(request, outlook, form, kind)
        except actions.HourIsQuiet:
            form.add_error(None, CHANGED_MEANWHILE)
        else:
            _tell(request, saved, actions.on_its_way(owner=request.user))
            return redirect("reminders:plan_list")
    context = {"form": form, "kind": kind, "plan": outlook.of(kind), "outlook": outlook}
    return render(request, "reminders/plan_edit.html", context)


def _form(request: PersonRequest, outlook: Outlook, kind: str) -> PlanForm:
    """The form of a kind of plan, as it was posted or as the plan stands."""
    plan = outlook.of(kind)
    initial: dict[str, object] = {"time_zone": request.user.time_zone}
    if plan:
        days = [str(day) for day in sorted(weekdays_of(plan.weekdays))]
        initial["days"] = days[0] if kind == Plan.Kind.LOOK_BACK else days
        initial["local_time"] = plan.local_time
    more: dict[str, Any] = {}
    if kind == Plan.Kind.PRACTICE:
        initial["exercise"] = chosen_in(plan)
        more["exercises"] = to_practise(owner=request.user)
    # Everything unticked is an answer too.
    data = request.POST if request.method == "POST" else None
    return FORMS[Plan.Kind(kind)](
        data, initial=initial, asks=outlook.asks, quiet=outlook.quiet, **more
    )


def _start(request: PersonRequest, outlook: Outlook, form: PlanForm, kind: str) -> str:
    """Start or change the plan; returns when the next mail comes, for the person."""
    agree(request, form)
    started = actions.start_plan(
        owner=request.user,
        kind=Plan.Kind(kind),
        weekdays=form.weekdays,
        local_time=form.cleaned_data["local_time"],
        time_zone=outlook.zone or form.cleaned_data["time_zone"],
        exercise=form.cleaned_data.get("exercise", ""),
        now=timezone.now(),
    )
    now = timezone.now()
    had = dates_with_mail(owner=request.user, since=local_today(started.time_zone, now))
    coming = next_mail_with(started, Plan.objects.of(request.user).running(), now, had)
    if coming is None:
        return _("Saved. It comes once your break is over.")
    return _("Saved. It comes next on %(moment)s.") % {"moment": words.moment(coming)}


def agree(request: PersonRequest, form: HourForm) -> None:
    """Keep the consent that the box of a valid form gave."""
    if "consent" in form.fields:
        give_consent(owner=request.user, kind=Consent.Kind.MAIL)


@require_POST
def plan_stop(request: PersonRequest, kind: str) -> HttpResponse:
    """Stops one plan; the others go on."""
    plan = get_object_or_404(Plan.objects.of(request.user), kind=kind)
    on_its_way = actions.stop_plan(plan_id=plan.pk)
    _tell(request, _("It is stopped. You can start it again at any time."), on_its_way)
    return redirect("reminders:plan_list")


@refills(lambda data, kind: PauseForm(data))
def plan_pause(request: PersonRequest, kind: str) -> HttpResponse:
    """Lets one plan rest until a day, or ends that; the others go on."""
    plan = get_object_or_404(Plan.objects.of(request.user), kind=kind)
    if not plan.is_standing:
        return redirect("reminders:plan_list")
    if "end" in request.POST:
        actions.pause_plan(plan_id=plan.pk, until=None)
        messages.success(request, _("The pause is over. It comes as planned."))
        return redirect("reminders:plan_list")
    data = request.POST if request.method == "POST" else None
    form = PauseForm(data, today=local_today(plan.time_zone, timezone.now()))
    if form.is_valid():
        on_its_way = actions.pause_plan(plan_id=plan.pk, until=form.end(plan.time_zone))
        _tell(request, _("It is paused. Your other mails go on."), on_its_way)
        return redirect("reminders:plan_list")
    context = {"form": form, "kind": kind, "plan": plan, "name": words.OFFERED[Plan.Kind(kind)][0]}
    return render(request, "reminders/plan_pause.html", context)


def _tell(request: PersonRequest, done: str, on_its_way: bool) -> None:
    """Say what was done, and whether one mail had left before."""
    left = _("One mail was already on its way.") if on_its_way else ""
    messages.success(request, f"{done} {left}".strip())


@refills(MailForm)
def mail_edit(request: PersonRequest) -> HttpResponse:
    """What a mail may hold, quiet hours and time zone: one choice for all plans."""
    outlook = _outlook(request)
    if not outlook.plans:
        return redirect("reminders:plan_list")
    first = outlook.plans[0]
    names = ("holds", "quiet_from", "quiet_to", "time_zone")
    data = request.POST if request.method == "POST" else None
    initial = {name: getattr(first, name) for name in names}
    form = MailForm(data, initial=initial, plans=[one for one in outlook.plans if one.is_standing])
    if form.is_valid():
        try:
            on_its_way = actions.choose_mail(
                owner=request.user,
                time_zone=form.cleaned_data["time_zone"],
                quiet=form.quiet,
                holds=form.cleaned_data["holds"],
                now=timezone.now(),
            )
        except actions.HourIsQuiet:
            form.add_error(None, CHANGED_MEANWHILE)
        else:
            _tell(request, _("Saved."), on_its_way)
            return redirect("reminders:plan_list")
    return render(request, "reminders/mail_edit.html", {"form": form})


@require_POST
def zone_change(request: PersonRequest) -> HttpResponse:
    """Moves every plan to the clock of the device, as it reported it."""
    form = ZoneForm(request.POST)
    if form.is_valid():
        name = form.cleaned_data["time_zone"]
        on_its_way = actions.change_zone(owner=request.user, time_zone=name, now=timezone.now())
        told = _("Your mails come by the clock of %(place)s now.") % {"place": words.place(name)}
        _tell(request, told, on_its_way)
    else:
        messages.error(request, " ".join(map(str, form.errors["time_zone"])))
    return redirect("today:today" if request.POST.get("back") == "today" else "reminders:plan_list")


@refills(BreakForm)
def break_take(request: PersonRequest) -> HttpResponse:
    """Stops everything at once, until a day or until the person starts it again."""
    outlook = _outlook(request)
    if not outlook.is_standing:
        return redirect("reminders:plan_list")
    data = request.POST if request.method == "POST" else None
    form = BreakForm(data, today=_today_of(outlook))
    if form.is_valid():
        until = form.end(outlook.zone)
        on_its_way = actions.take_break(owner_id=request.user.pk, until=until, now=timezone.now())
        _tell(request, _("The break has begun. Nothing is sent."), on_its_way)
        return redirect("reminders:plan_list")
    return render(request, "reminders/break_take.html", {"form": form})


def _today_of(outlook: Outlook) -> date:
    """The date on the clock of the plans."""
    return local_today(outlook.zone, timezone.now())


@require_POST
def mails_resume(request: PersonRequest) -> HttpResponse:
    """Ends a break, and starts again what went quiet."""
    now = timezone.now()
    actions.end_break(owner_id=request.user.pk, now=now)
    actions.wake(owner_id=request.user.pk, now=now)
    messages.success(request, _("Good to have you back. The mails come as planned."))
    return redirect("today:today" if request.POST.get("back") == "today" else "reminders:plan_list")


@require_POST
def address_lift(request: PersonRequest) -> HttpResponse:
    """Sends to the person's address again, after mail to it came back or was unwanted."""
    suppression.lift(request.user.email)
    messages.success(request, _("The mails go to this address again, as planned."))
    return redirect("reminders:plan_list")


@require_POST
def mails_stop(request: PersonRequest) -> HttpResponse:
    """Stops every mail and takes back the consent."""
    on_its_way = actions.stop_all(owner_id=request.user.pk)
    done = _("All mails are stopped, and your agreement is taken back. Nothing you wrote is lost.")
    _tell(request, done, on_its_way)
    return redirect("reminders:plan_list")


@require_safe
def practice_go(request: PersonRequest) -> HttpResponse:
    """Where a mail's link leads: on to the exercise, which neither mail nor link names."""
    return redirect(exercise_of(owner=request.user) or "exercises:exercise_list")
