"""The prediction ledger's pages: write a fear down, look again on its day, delete it."""

from itertools import groupby
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from healing.accounts.access import PersonRequest
from healing.accounts.refill import refills
from healing.predictions import actions
from healing.predictions.calibration import NEEDED, STRONG, calibrate
from healing.predictions.forms import OutcomeForm, PredictionForm
from healing.predictions.models import Prediction
from healing.predictions.outcomes import Outcome

PAGE = 20


def prediction_list(request: PersonRequest) -> HttpResponse:
    """Asks about the one that has waited longest; below it all others, and how fears turned out."""
    today = request.user.today()
    rows = Prediction.objects.of(request.user).in_order()
    asked = rows[0] if rows and rows[0].state_on(today) == "due" else None
    page = Paginator(rows[1:] if asked else rows, PAGE).get_page(request.GET.get("page"))
    parts = groupby(page.object_list, key=lambda row: row.state_on(today))
    context: dict[str, object] = {
        "has_any": bool(rows),
        "asked": asked if page.number == 1 else None,
        "page": page,
        "parts": [(state, list(some)) for state, some in parts],
    }
    if page.number == 1:
        context |= _turned_out(rows)
    return render(request, "predictions/prediction_list.html", context)


def _turned_out(rows: list[Prediction]) -> dict[str, object]:
    """What came of the fears; it stands above the lists, or below them while it is too early."""
    answered = [(row.likelihood, row.outcome) for row in rows if row.outcome]
    found, is_marked = calibrate(answered), any(row.is_marked for row in rows)
    says_something = is_marked or not found.missing
    return {
        "found": found,
        "is_marked": is_marked,
        "above": says_something,
        "below": bool(answered) and not says_something,
        "needed": NEEDED,
        "limit": STRONG,
    }


@refills(PredictionForm)
def prediction_create(request: PersonRequest) -> HttpResponse:
    form = PredictionForm(request.POST or None, today=request.user.today())
    if request.method == "POST" and form.is_valid():
        actions.add_prediction(
            owner=request.user, form_id=form.cleaned_data["form_id"], **form.words()
        )
        messages.success(request, _("Saved."))
        return redirect("predictions:prediction_list")
    return render(request, "predictions/prediction_create.html", {"form": form})


@refills(lambda data, pk: PredictionForm(data))
def prediction_edit(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Changes the words of an open one; an answered one leads to its answer."""
    prediction = _mine(request, pk)
    if request.method != "POST" and not prediction.is_open:
        return redirect("predictions:prediction_resolve", pk)
    form = PredictionForm(request.POST or None, today=request.user.today(), prediction=prediction)
    context = {"form": form, "prediction": prediction}
    if request.method == "POST" and form.is_valid():
        opened_with = form.cleaned_data["opened_with"]
        try:
            actions.change_prediction(
                owner=request.user, prediction=pk, opened_with=opened_with, **form.words()
            )
        except actions.ChangedMeanwhile:
            context |= _words_again(request, pk)
        else:
            messages.success(request, _("Saved."))
            return redirect("predictions:prediction_list")
    return render(request, "predictions/prediction_edit.html", context)


def _words_again(request: PersonRequest, pk: UUID) -> dict[str, object]:
    """The posted words in the form, below the newer ones that they would have replaced."""
    newer = _mine(request, pk)
    data = request.POST.copy()
    data["opened_with"] = actions.words_mark(newer)
    form = PredictionForm(data, today=request.user.today(), prediction=newer)
    if newer.is_open:
        said = _("Not saved yet: you changed this in another tab. Save again to replace that.")
    else:
        said = _("Not saved: you answered this one in another tab, so its words stay.")
    form.add_error(None, said)
    return {"form": form, "newer": newer}


@refills(lambda data, pk: OutcomeForm(data))
def prediction_resolve(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Asks what happened, or shows the answer, to be changed."""
    prediction = _mine(request, pk)
    form = OutcomeForm(request.POST or None, prediction=prediction)
    context = {"form": form, "prediction": prediction}
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            actions.resolve(
                owner=request.user,
                prediction=pk,
                outcome=Outcome(said["outcome"]),
                told=said["told"],
                unsafe=said["unsafe"],
                opened_with=said["opened_with"],
            )
        except actions.ChangedMeanwhile:
            context |= _answer_again(request, pk)
        else:
            messages.success(request, _("Noted."))
            return redirect("predictions:prediction_list")
    return render(request, "predictions/prediction_resolve.html", context)


def _answer_again(request: PersonRequest, pk: UUID) -> dict[str, object]:
    """The posted answer in the form, below the newer one that it would have replaced."""
    newer = _mine(request, pk)
    data = request.POST.copy()
    data["opened_with"] = actions.answer_mark(newer)
    form = OutcomeForm(data, prediction=newer)
    said = _("Not saved yet: you answered this in another tab. Save again to replace that.")
    form.add_error(None, said)
    return {"form": form, "newer": newer}


@refills(lambda data, pk: OutcomeForm(data, later=True))
@require_POST
def prediction_postpone(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Asks again in a week; words already written stay with it."""
    prediction = _mine(request, pk)
    form = OutcomeForm(request.POST, prediction=prediction, later=True)
    if not form.is_valid():
        context = {"form": form, "prediction": prediction}
        return render(request, "predictions/prediction_resolve.html", context)
    said = form.cleaned_data
    row = actions.postpone(
        owner=request.user, prediction=pk, told=said["told"], unsafe=said["unsafe"]
    )
    if row.is_open:
        messages.success(request, _("It will ask again in a week."))
    return redirect("predictions:prediction_list")


def prediction_delete(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Asks, then deletes."""
    prediction = _mine(request, pk)
    if request.method == "POST":
        prediction.delete()
        messages.success(request, _("Deleted."))
        return redirect("predictions:prediction_list")
    return render(request, "predictions/prediction_delete.html", {"prediction": prediction})


def _mine(request: PersonRequest, pk: UUID) -> Prediction:
    found: Prediction = get_object_or_404(Prediction.objects.of(request.user), pk=pk)
    return found
