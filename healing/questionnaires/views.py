"""A questionnaire to fill in, and what it shows."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from exercises.actions import AFTER_LOSS, gentler_path
from healing.accounts.access import PersonRequest
from healing.accounts.refill import refills
from healing.questionnaires import actions, instruments
from healing.questionnaires.forms import QuestionnaireForm
from healing.questionnaires.instrument import Instrument
from healing.questionnaires.models import Submission
from healing.questionnaires.results import results as results_of
from healing.questionnaires.scoring import next_step


def _instrument(slug: str) -> Instrument:
    if found := instruments.find(slug):
        return found
    raise Http404


def _form(data: Any, slug: str) -> QuestionnaireForm:
    return QuestionnaireForm(_instrument(slug), data)


@refills(_form)
def questionnaire(request: PersonRequest, slug: str) -> HttpResponse:
    instrument = _instrument(slug)
    form = _form(request.POST or None, slug)
    context = {"instrument": instrument, "form": form}
    if standing := actions.resting(owner=request.user, instrument=instrument):
        if request.method == "POST":
            return redirect("questionnaires:results", slug)
        again = {"standing": standing, "again_from": standing.again_from(instrument)}
        return render(request, "questionnaires/questionnaire.html", context | again)
    if request.method == "POST" and form.is_valid():
        actions.submit(
            owner=request.user,
            instrument=instrument,
            row=form.cleaned_data["row"],
            answers=form.answers,
            choices=form.choices,
        )
        return redirect("questionnaires:results", slug)
    return render(request, "questionnaires/questionnaire.html", context)


def results(request: PersonRequest, slug: str) -> HttpResponse:
    instrument = _instrument(slug)
    rows = list(Submission.objects.of(request.user).to(instrument)[:2])
    context: dict[str, Any] = {"instrument": instrument, "now": None}
    if rows:
        now, before = rows[0], rows[1] if len(rows) > 1 else None
        suggested = next_step(instrument, now.answers, now.choices)
        is_fresh = request.user.today() - now.local_date < AFTER_LOSS
        after_loss = is_fresh and suggested.key == actions.RECENT_LOSS
        context |= {
            "now": now,
            "before": before,
            "results": results_of(instrument, now, before),
            "next_step": suggested,
            "path": gentler_path(owner=request.user) if after_loss else None,
            "again_from": now.again_from(instrument),
        }
    return render(request, "questionnaires/results.html", context)
