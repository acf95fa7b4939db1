"""The lessons: open to all for reading, with a place to answer and to mark as read for a person."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from exercises.models import Exercise
from healing.accounts.access import PersonRequest, person_of
from healing.accounts.actions import has_consent
from healing.accounts.models import Consent, User
from healing.accounts.refill import refills
from healing.accounts.reopening import opened_again, spare_next_opening
from healing.lessons import actions, gate
from healing.lessons.forms import (
    PaceForm,
    ReadinessForm,
    ReflectionForm,
    refilled_reflection,
)
from healing.lessons.models import Lesson
from healing.lessons.path import Pace, enough_for_now

# Offered beside the readiness check: a lesson and an exercise that need none, and the path S.
INSTEAD_OF_GATED = ("M9.4", "S.1")
REPARENTING = "E34"


@login_not_required
@require_safe
def lesson_list(request: HttpRequest) -> HttpResponse:
    person = person_of(request)
    context = {
        "lessons": Lesson.objects.published().select_related("module").defer("body"),
        "read": actions.lessons_read(owner=person) if person else {},
        "signed_in": person is not None,
    }
    return render(request, "lessons/lesson_list.html", context)


@refills(PaceForm)
def programme(request: PersonRequest) -> HttpResponse:
    """The path: what is done, open and optional, and why the order; the pace can be changed."""
    form = PaceForm(request.POST or None, initial={"pace": actions.pace_of(owner=request.user)})
    if request.method == "POST" and form.is_valid():
        actions.keep_pace(owner=request.user, pace=Pace(form.cleaned_data["pace"]))
        messages.success(request, _("Saved."))
        return redirect("lessons:programme")
    chapters, facts = actions.programme(owner=request.user)
    context = {
        "chapters": chapters,
        "form": form,
        "facts": facts,
        "read": sum(stop.content_id in facts.read for stop in facts.lessons),
        "all": len(facts.lessons),
        "enough": enough_for_now(facts),
    }
    return render(request, "lessons/programme.html", context)


@refills(ReadinessForm)
def readiness(request: PersonRequest) -> HttpResponse:
    """The readiness check: what it is waiting for, and the questions it asks. Keeps no answer."""
    facts = actions.gate_facts(owner=request.user)
    may_answer = gate.may_answer(facts, actions.gate_asked(owner=request.user))
    form = ReadinessForm(request.POST or None, asks_settled=not facts.asks_steady)
    lacking = None
    if request.method == "POST" and may_answer and form.is_valid():
        lacking = actions.answer_gate(
            owner=request.user,
            said=form.missing(),
            in_therapy=form.cleaned_data["in_therapy"],
            is_settled=form.is_settled,
        )
        if not lacking:
            return redirect("lessons:readiness")
    context = {
        "form": form,
        "may_answer": may_answer,
        "missing": gate.missing(facts),
        "asks_steady": facts.asks_steady,
        "lacking": lacking,
        "is_open": actions.gate_is_open(owner=request.user),
        "open_now": Lesson.objects.published().filter(gated=True),
        "instead": Lesson.objects.published().filter(content_id__in=INSTEAD_OF_GATED),
        "reparenting": Exercise.objects.published().filter(content_id=REPARENTING).first(),
    }
    return render(request, "lessons/readiness.html", context)


@require_safe
def note_list(request: PersonRequest) -> HttpResponse:
    """Every answer the person gave to a lesson's question, with the way to change it."""
    said = {one["lesson"]: one["answers"] for one in actions.notes(owner=request.user)}
    lessons = Lesson.objects.published().defer("body").filter(content_id__in=said)
    answered = [(one, said.pop(one.content_id).values()) for one in lessons]
    # Words to a lesson that an editor took off are still the person's.
    answered += [(None, answers.values()) for answers in said.values()]
    answered = [(lesson, answers) for lesson, answers in answered if answers]
    return render(request, "lessons/note_list.html", {"answered": answered})


@login_not_required
@require_safe
def lesson_detail(request: HttpRequest, slug: str) -> HttpResponse:
    lesson, person = _published(slug), person_of(request)
    context = _page(lesson, person)
    if person and not context.get("closed"):
        context["again"] = opened_again(request, _opening_of(lesson))
    return render(request, "lessons/lesson_detail.html", context)


def _opening_of(lesson: Lesson) -> str:
    return f"lesson {lesson.content_id}"


@refills(refilled_reflection)
@require_POST
def lesson_note(request: PersonRequest, slug: str) -> HttpResponse:
    """Keeps the answer; the button pressed says whether the lesson counts as read.

    A script that saves while someone writes asks for JSON, and gets the mark to send next time.
    """
    try:
        lesson = _published(slug)
        if _is_closed(lesson, request.user):
            raise Http404
    except Http404:
        return _gone(request)
    if dropped := request.POST.get("drop"):
        # What stands in the form was posted with the button, and is kept below like any other.
        actions.drop_answer(owner=request.user, lesson=lesson, question_id=dropped)
        messages.success(request, _("Taken out."))
    return _keep(request, lesson)


def _keep(request: PersonRequest, lesson: Lesson) -> HttpResponse:
    question = lesson.question
    form = ReflectionForm(request.POST, **_for_page(lesson))
    quiet = request.headers.get("Accept") == "application/json"
    if not form.is_valid():
        return _back(request, lesson, form, quiet)
    answer, asked = form.cleaned_data["answer"], form.cleaned_data["question"]
    if answer and asked and (question is None or asked != question.id):
        return _asked_otherwise(request, lesson, form, quiet)
    pressed = request.POST.get("read", "")
    read = {"yes": True, "no": False, "aside": False}.get(pressed)
    kept = actions.keep_note(
        owner=request.user,
        lesson=lesson,
        answer=answer,
        read=read,
        aside=pressed == "aside",
        opened_with=form.cleaned_data["opened_with"],
    )
    if quiet:
        return JsonResponse({"opened_with": actions.mark_of(answer)}, status=200 if kept else 409)
    if not kept:
        return _ask_again(request, lesson)
    said = {"yes": _("Marked as read."), "aside": _("Set aside. It will not be suggested again.")}
    if "drop" not in request.POST:
        messages.success(request, said.get(pressed, _("Saved.")))
    if pressed == "aside":
        return redirect("lessons:programme")
    # Arriving there after saving is not looking again.
    spare_next_opening(request, _opening_of(lesson))
    return redirect(lesson)


def _back(
    request: PersonRequest, lesson: Lesson, form: ReflectionForm, quiet: bool, **more: Any
) -> HttpResponse:
    """The page with the form as it was posted, and what is wrong with it."""
    if quiet:
        return JsonResponse({}, status=409)
    context = {**_page(lesson, request.user), **more, "form": form}
    return render(request, "lessons/lesson_detail.html", context)


def _asked_otherwise(
    request: PersonRequest, lesson: Lesson, form: ReflectionForm, quiet: bool
) -> HttpResponse:
    """An editor changed the question while someone wrote: they decide whether the answer fits."""
    if lesson.question is None:
        return _gone(request)
    data = request.POST.copy()
    data["question"] = lesson.question.id
    form = ReflectionForm(data, **_for_page(lesson))
    form.add_error(
        "answer",
        _("Not saved yet: the question has changed. Read it again, and save if your words fit."),
    )
    return _back(request, lesson, form, quiet)


def _gone(request: PersonRequest) -> HttpResponse:
    """The words for a lesson that is not there, to copy or to send again; raises Http404."""
    if not request.POST.get("answer", "").strip():
        raise Http404
    form = ReflectionForm(request.POST, question=_("What you wrote"))
    return render(request, "lessons/lesson_note.html", {"form": form}, status=404)


def _ask_again(request: PersonRequest, lesson: Lesson) -> HttpResponse:
    """The posted words in the form, below the newer ones that they would have replaced."""
    newer = actions.answer_to(actions.note_on(owner=request.user, lesson=lesson), _asked(lesson))
    data = request.POST.copy()
    data["opened_with"] = actions.mark_of(newer)
    form = ReflectionForm(data, **_for_page(lesson))
    form.add_error(
        "answer",
        _("Not saved yet: you saved another answer in another tab. Save again to replace it."),
    )
    return _back(request, lesson, form, quiet=False, newer=newer)


def _published(slug: str) -> Lesson:
    found = Lesson.objects.published().select_related("module")
    lesson: Lesson = get_object_or_404(found, slug=slug)
    return lesson


def _is_closed(lesson: Lesson, person: User | None) -> bool:
    """Whether the lesson stands behind the readiness check, and the person has not passed it."""
    return lesson.gated and not (person and actions.gate_is_open(owner=person))


def _asked(lesson: Lesson) -> str:
    return str(lesson.question.id) if lesson.question else ""


def _for_page(lesson: Lesson) -> dict[str, str]:
    """How the form stands on the lesson's page: its answer in the text, its buttons at the end."""
    question = lesson.question
    return {"question": question.value if question else "", "belongs_to": "note"}


def _page(lesson: Lesson, person: User | None) -> dict[str, Any]:
    """The page's context; a place to write only for someone who agreed to storing."""
    if _is_closed(lesson, person):
        return {**lesson.page(), "signed_in": person is not None, "closed": True}
    if person is None or not has_consent(owner=person, kind=Consent.Kind.STORING):
        return {**lesson.page(), "signed_in": person is not None}
    note = actions.note_on(owner=person, lesson=lesson)
    asked, answers = _asked(lesson), note["answers"]
    answer = actions.answer_to(note, asked)
    initial = {"answer": answer, "question": asked, "opened_with": actions.mark_of(answer)}
    return {
        **lesson.page(),
        "signed_in": True,
        "read_on": date.fromisoformat(note["read_on"]) if note["read_on"] else None,
        "aside": note["aside"],
        "answered": answers[asked]["question"] if answer else "",
        "former": {key: said for key, said in answers.items() if key != asked},
        "form": ReflectionForm(initial=initial, **_for_page(lesson)),
    }
