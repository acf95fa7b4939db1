"""A questionnaire to fill in, and what it shows."""

from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from healing.accounts.access import PersonRequest
from healing.accounts.refill import refills
from healing.accounts.reopening import opened_again, spare_next_opening
from healing.questionnaires import actions, instruments
from healing.questionnaires.forms import AnswersForm, QuestionnaireForm, as_initial
from healing.questionnaires.instrument import Instrument
from healing.questionnaires.models import Submission, Taking
from healing.questionnaires.questions import Question, first_open, questions
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
    """All questions on one page; what was answered before, here or one by one, stands in it."""
    instrument = _instrument(slug)
    if standing := actions.resting(owner=request.user, instrument=instrument):
        if request.method == "POST":
            return _to_results(request, slug)
        context = {
            "instrument": instrument,
            "standing": standing,
            "again_from": standing.again_from(instrument),
            "again": opened_again(request, f"retake {slug}"),
        }
        return render(request, "questionnaires/questionnaire.html", context)
    begun = actions.under_way(owner=request.user, instrument=instrument)
    form = QuestionnaireForm(instrument, request.POST or None, initial=_initial(begun))
    if request.method == "POST" and form.is_valid():
        row, answers, choices = form.cleaned_data["row"], form.answers, form.choices
        actions.submit(
            owner=request.user, instrument=instrument, row=row, answers=answers, choices=choices
        )
        return _to_results(request, slug)
    next_number = first_open(instrument, begun.said["passed"] if begun else 0)
    context = {"instrument": instrument, "form": form, "begun": begun, "next_number": next_number}
    return render(request, "questionnaires/questionnaire.html", context)


def _initial(begun: Taking | None) -> dict[str, Any]:
    if begun is None:
        return {}
    return {"row": begun.row, **as_initial(begun.said["answers"], begun.said["choices"])}


def _asked(slug: str, number: int) -> Question:
    """One question by its number from 1; raises Http404."""
    asked = questions(_instrument(slug))
    if not 1 <= number <= len(asked):
        raise Http404
    return asked[number - 1]


@refills(lambda data, slug, number: AnswersForm([_asked(slug, number)], data))
def question(request: PersonRequest, slug: str, number: int) -> HttpResponse:
    """One question alone, kept as soon as it is passed; the last one ends the questionnaire."""
    instrument, asked = _instrument(slug), _asked(slug, number)
    if actions.resting(owner=request.user, instrument=instrument):
        return redirect("questionnaires:questionnaire", slug)
    begun = actions.under_way(owner=request.user, instrument=instrument)
    form = AnswersForm([asked], request.POST or None, initial=_initial(begun))
    count = len(questions(instrument))
    if request.method == "POST" and form.is_valid():
        begun = actions.keep_answers(
            owner=request.user,
            instrument=instrument,
            asked={asked.key},
            answers=form.answers,
            choices=form.choices,
            passed=number,
        )
        if (to := _way_on(request.POST.get("go", ""), slug, number, count)) is not None:
            return to
        if begun and not begun.is_empty:
            said = {"answers": begun.said["answers"], "choices": begun.said["choices"]}
            actions.submit(owner=request.user, instrument=instrument, row=begun.row, **said)
            return _to_results(request, slug)
        form.add_error(None, _("Nothing is chosen yet. One answer is enough to see something."))
    context = {"instrument": instrument, "form": form, "number": number, "count": count}
    return render(request, "questionnaires/question.html", context)


def _way_on(go: str, slug: str, number: int, count: int) -> HttpResponse | None:
    """Where a button leads; None for the end of the questionnaire."""
    if go == "later":
        return redirect("today:today")
    if go == "back":
        return redirect("questionnaires:question", slug, max(1, number - 1))
    if number < count:
        return redirect("questionnaires:question", slug, number + 1)
    return None


@require_POST
def answers_save(request: PersonRequest, slug: str) -> HttpResponse:
    """Keeps the page with all questions as it stands, while it is being filled in."""
    instrument = _instrument(slug)
    form = QuestionnaireForm(instrument, request.POST)
    form.is_valid()
    if form.errors.keys() - {NON_FIELD_ERRORS}:
        return JsonResponse({"saved": False}, status=400)
    if actions.resting(owner=request.user, instrument=instrument):
        return JsonResponse({"saved": False}, status=409)
    kept = actions.keep_answers(
        owner=request.user,
        instrument=instrument,
        asked={one.key for one in form.asked},
        answers=form.answers,
        choices=form.choices,
        row=form.cleaned_data["row"],
    )
    return JsonResponse({"saved": bool(kept)}, status=200 if kept else 409)


@require_POST
def afresh(request: PersonRequest, slug: str) -> HttpResponse:
    """Deletes what was answered so far, and begins again."""
    actions.discard(owner=request.user, instrument=_instrument(slug))
    return redirect("questionnaires:questionnaire", slug)


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
