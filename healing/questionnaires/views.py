"""A questionnaire to fill in, and what it shows."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from healing.accounts.access import PersonRequest
from healing.accounts.refill import refills
from healing.accounts.reopening import opened_again, spare_next_opening
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
            return _to_results(request, slug)
        context |= {
            "standing": standing,
            "again_from": standing.again_from(instrument),
            "again": opened_again(request, f"retake {slug}"),
        }
        return render(request, "questionnaires/questionnaire.html", context)
    if request.method == "POST" and form.is_valid():
        actions.submit(
            owner=request.user,
            instrument=instrument,
            row=form.cleaned_data["row"],
            answers=form.answers,
            choices=form.choices,
        )
        return _to_results(request, slug)
    return render(request, "questionnaires/questionnaire.html", context)


def _to_results(request: PersonRequest, slug: str) -> HttpResponse:
    """The way from the form to what it shows, which does not count as looking again."""
    spare_next_opening(request, f"results {slug}")
    return redirect("questionnaires:results", slug)


def results(request: PersonRequest, slug: str) -> HttpResponse:
    instrument = _instrument(slug)
    rows = list(Submission.objects.of(request.user).to(instrument)[:2])
    context: dict[str, Any] = {"instrument": instrument, "now": None}
    if rows:
        now, before = rows[0], rows[1] if len(rows) > 1 else None
        context |= {
            "now": now,
            "before": before,
            "results": results_of(instrument, now, before),
            "next_step": next_step(instrument, now.answers, now.choices),
            "again_from": now.again_from(instrument),
            "again": opened_again(request, f"results {slug}"),
        }
    return render(request, "questionnaires/results.html", context)
