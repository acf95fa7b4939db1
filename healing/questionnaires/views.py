"""A questionnaire to fill in, and what it shows."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from exercises.actions import AFTER_LOSS, gentler_path
from healing.accounts.access import PersonRequest
from healing.accounts.refill import refills
from healing.accounts.reopening import opened_again, spare_next_opening
from healing.questionnaires import actions, instruments
from healing.questionnaires.forms import AnswersForm, QuestionnaireForm, as_initial
from healing.questionnaires.instrument import GENERAL, Instrument
from healing.questionnaires.models import Submission, Taking
from healing.questionnaires.questions import TARGET, Question, first_open, questions
from healing.questionnaires.results import errors, map_of
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
    resting = actions.resting(owner=request.user, instrument=instrument)
    if instrument.about.keys() <= resting.keys():
        if request.method == "POST":
            return _to_results(request, slug)
        return _not_yet(request, instrument, resting)
    begun = actions.under_way(owner=request.user, instrument=instrument)
    form = QuestionnaireForm(
        instrument,
        request.POST or None,
        initial=_initial(begun),
        resting=_opening(instrument, resting),
    )
    if request.method == "POST" and form.is_valid():
        actions.submit(
            owner=request.user,
            instrument=instrument,
            row=form.cleaned_data["row"],
            answers=form.answers,
            choices=form.choices,
            target=form.target or GENERAL,
        )
        return _to_results(request, slug)
    next_number = first_open(instrument, begun.said["passed"] if begun else 0)
    context = {"instrument": instrument, "form": form, "begun": begun, "next_number": next_number}
    return render(request, "questionnaires/questionnaire.html", context)


def _not_yet(
    request: PersonRequest, instrument: Instrument, resting: dict[str, Submission]
) -> HttpResponse:
    """It was answered lately about everybody it can be about."""
    standing = max(resting.values(), key=lambda row: row.created)
    opens = min(_opening(instrument, resting).values())
    context = {
        "instrument": instrument,
        "standing": standing,
        "again_from": opens,
        "again": opened_again(request, f"retake {instrument.id}"),
    }
    return render(request, "questionnaires/questionnaire.html", context)


def _to_results(request: PersonRequest, slug: str) -> HttpResponse:
    """The way from the form to what it shows, which does not count as looking again."""
    spare_next_opening(request, f"results {slug}")
    return redirect("questionnaires:results", slug)


def _opening(instrument: Instrument, resting: dict[str, Submission]) -> dict[str, date]:
    return {target: row.again_from(instrument) for target, row in resting.items()}


def _initial(begun: Taking | None) -> dict[str, Any]:
    if begun is None:
        return {}
    said = begun.said
    return {"row": begun.row, **as_initial(said["answers"], said["choices"], said[TARGET])}


def _asked(slug: str, number: int) -> Question:
    """One question by its number from 1; raises Http404."""
    asked = questions(_instrument(slug))
    if not 1 <= number <= len(asked):
        raise Http404
    return asked[number - 1]


def _one(data: Any, slug: str, number: int) -> AnswersForm:
    return AnswersForm([_asked(slug, number)], data, edition=_instrument(slug).edition)


@refills(_one)
def question(request: PersonRequest, slug: str, number: int) -> HttpResponse:
    """One question alone, kept as soon as it is passed; the last one ends the questionnaire."""
    instrument, asked = _instrument(slug), _asked(slug, number)
    resting = actions.resting(owner=request.user, instrument=instrument)
    begun = actions.under_way(owner=request.user, instrument=instrument)
    about = (begun.said[TARGET] if begun else "") or GENERAL
    # Whoever comes by a later question's address has not said yet whom it is about.
    if instrument.about.keys() <= resting.keys() or (number > 1 and about in resting):
        return redirect("questionnaires:questionnaire", slug)
    opening = _opening(instrument, resting)
    form = AnswersForm(
        [asked],
        request.POST or None,
        edition=instrument.edition,
        initial=_initial(begun),
        resting=opening,
    )
    count = len(questions(instrument))
    if request.POST.get("go") == "later" and not form.is_valid():
        # Nobody is held here by an answer that cannot be kept.
        return redirect("today:today")
    if request.method == "POST" and form.is_valid():
        begun = actions.keep_answers(
            owner=request.user,
            instrument=instrument,
            asked={asked.key},
            answers=form.answers,
            choices=form.choices,
            target=form.target,
            passed=number,
        )
        if (to := _way_on(request.POST.get("go", ""), slug, number, count)) is not None:
            return to
        if begun and not begun.is_empty:
            said = {"answers": begun.said["answers"], "choices": begun.said["choices"]}
            target = begun.said[TARGET] or GENERAL
            actions.submit(
                owner=request.user, instrument=instrument, row=begun.row, target=target, **said
            )
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
    """Keeps the page with all questions as it stands, while it is being filled in.

    `changed` names what was changed on that page, apart by spaces; without it, all was. 200 gives
    all that is kept now, and another status says that nothing of this is: 409 because it was stored
    or deleted meanwhile, or with a `why`, because it is too early to answer about this person.
    """
    instrument = _instrument(slug)
    resting = actions.resting(owner=request.user, instrument=instrument)
    if instrument.about.keys() <= resting.keys():
        return JsonResponse({"saved": False}, status=409)
    opening = _opening(instrument, resting)
    form = QuestionnaireForm(instrument, request.POST, resting=opening, is_finished=False)
    if form.has_error(TARGET, "resting"):
        return JsonResponse({"saved": False, "why": "resting"}, status=409)
    if not form.is_valid():
        return JsonResponse({"saved": False}, status=400)
    changed = request.POST.get("changed")
    kept = actions.keep_answers(
        owner=request.user,
        instrument=instrument,
        asked={one.key for one in form.asked},
        answers=form.answers,
        choices=form.choices,
        target=form.target,
        row=form.cleaned_data["row"],
        changed=None if changed is None else changed.split(),
    )
    if kept is None:
        return JsonResponse({"saved": False}, status=409)
    return JsonResponse({"saved": True, "kept": _as_posted(form.asked, kept)})


def _as_posted(asked: Iterable[Question], kept: Taking) -> dict[str, list[str]]:
    """What is kept as a browser would post it, field by field."""
    posted, initial = {"row": [str(kept.row)]}, _initial(kept)
    for one in asked:
        said = initial.get(one.key, [] if one.many else "")
        posted[one.key] = said if isinstance(said, list) else [said]
    return posted


@require_POST
def afresh(request: PersonRequest, slug: str) -> HttpResponse:
    """Deletes what was answered so far, and begins again."""
    actions.discard(owner=request.user, instrument=_instrument(slug))
    return redirect("questionnaires:questionnaire", slug)


def results(request: PersonRequest, slug: str) -> HttpResponse:
    """What the last answers show; `?about=` numbers whom they are about, else the newest."""
    instrument = _instrument(slug)
    about: dict[str, list[Submission]] = {}
    for row in Submission.objects.of(request.user).to(instrument):
        about.setdefault(row.target, []).append(row)
    rows = _chosen(request, instrument, about)
    context: dict[str, Any] = {"instrument": instrument, "now": None}
    if rows:
        now, before = rows[0], rows[1] if len(rows) > 1 else None
        suggested = next_step(now.asked(instrument), now.answers, now.choices)
        is_fresh = request.user.today() - now.local_date < AFTER_LOSS
        after_loss = is_fresh and suggested.key == actions.RECENT_LOSS
        context |= {
            "now": now,
            "before": before,
            "target": instrument.about.get(now.target, ""),
            "others": _others(instrument, about, now.target),
            "results": results_of(instrument, now, before),
            "errors": errors(instrument),
            "map": map_of(instrument, rows),
            "next_step": suggested,
            "path": gentler_path(owner=request.user) if after_loss else None,
            "again_from": now.again_from(instrument),
            "again": opened_again(request, f"results {slug}"),
        }
    return render(request, "questionnaires/results.html", context)


def _chosen(
    request: PersonRequest, instrument: Instrument, about: dict[str, list[Submission]]
) -> list[Submission]:
    """The submissions about one person, the newest first; a number tells no one who that is."""
    wanted = request.GET.get("about", "")
    for number, target in enumerate(instrument.about):
        if str(number) == wanted and target in about:
            return about[target]
    return next(iter(about.values()), [])


def _others(
    instrument: Instrument, about: dict[str, list[Submission]], shown: str
) -> list[tuple[int, str]]:
    return [
        (number, title)
        for number, (target, title) in enumerate(instrument.about.items())
        if target in about and target != shown
    ]
