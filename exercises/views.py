"""The library, one exercise with its player, four at hand, and what a person noted."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import SuspiciousOperation
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from exercises import content, ratings
from exercises.actions import befores_today, choose, practice, record_session
from exercises.course import next_part, since_start
from exercises.forms import LibraryForm, SessionForm, note_name, refilled_session
from exercises.guide import Guide, guide
from exercises.models import Exercise, Session
from exercises.ratings import Ended
from exercises.usefulness import ENOUGH
from healing.accounts.access import PersonRequest, person_of
from healing.accounts.models import User
from healing.accounts.refill import refills

# What the form brings of a session beside the notes of its steps.
NOTED = ("session", "variant", "before", "after", "seconds", "ended")
A_PAGE = 20
# What "Steady me" holds, in this order: eyes, weight, breath, hands.
AT_HAND = ("E01", "E02", "E05", "E08")


@login_not_required
def steady(request: HttpRequest) -> HttpResponse:
    """Shipped exercises on one page; reads neither database nor session, so it always opens."""
    guides = [guide(content.shipped()[one]) for one in AT_HAND]
    return render(request, "exercises/steady.html", {"guides": guides})


@login_not_required
def exercise_list(request: HttpRequest) -> HttpResponse:
    """The library, filtered by what the address says; for a person without what they put away."""
    form = LibraryForm(request.GET)
    person = person_of(request)
    known = practice(owner=person) if person else None
    found = list(form.filtered(Exercise.objects.published()))
    if known and form.chosen.get("favourites"):
        found = [one for one in found if one.content_id in known.favourites]
    away = [one for one in found if known and one.content_id in known.hidden]
    context = {
        "exercises": away if form.chosen.get("away") else [one for one in found if one not in away],
        "away": away,
        "form": form,
        "chosen": form.chosen,
        "evidence": Exercise.Evidence,
        "favourites": known.favourites if known else (),
        "signed_in": person is not None,
    }
    return render(request, "exercises/exercise_list.html", context)


@login_not_required
def exercise_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """One exercise; for a person also the ratings, and `?session=` brings the one noted before."""
    exercise = get_object_or_404(Exercise.objects.published(), slug=slug)
    person = person_of(request)
    if not person:
        return render(request, "exercises/exercise_detail.html", _page(request, exercise))
    noted = _noted(person, request.GET.get("session"))
    context = _page_of_person(request, person, exercise, noted)
    context["form"] = _empty_form(context["guide"], noted)
    return render(request, "exercises/exercise_detail.html", context)


@refills(refilled_session)
def session_save(request: PersonRequest, slug: str) -> HttpResponse:
    """Keeps a rating before, and goes back to the exercise; or a whole session, and answers it."""
    exercise = get_object_or_404(Exercise.objects.published(), slug=slug)
    if request.method != "POST":
        return redirect(exercise)
    form = refilled_session(request.POST, slug)
    if not form.is_valid():
        context = _page_of_person(request, request.user, exercise, None) | {"form": form}
        return render(request, "exercises/exercise_detail.html", context)
    said = {name: form.cleaned_data[name] for name in NOTED}
    # A rating after it says that the exercise is over, even where no script said how.
    if said["ended"] is None and said["after"] is not None:
        said["ended"] = Ended.FINISHED
    try:
        session = record_session(
            owner=request.user,
            exercise=exercise.content_id,
            noted=form.noted,
            asked=[step["key"] for step in form.asks],
            **said,
        )
    except Session.DoesNotExist:
        raise Http404 from None
    if session.state == Session.State.DONE:
        return redirect("exercises:session_detail", session.pk)
    chosen = urlencode({"session": str(session.pk), "variant": said["variant"] or "standard"})
    return redirect(f"{exercise.get_absolute_url()}?{chosen}")


@require_POST
def exercise_choose(request: PersonRequest, slug: str) -> HttpResponse:
    """Marks the exercise as a favourite, puts it away, or lets it be suggested again."""
    exercise = get_object_or_404(Exercise.objects.published(), slug=slug)
    words = {
        ("favourites", True): _("It is one of your favourites now."),
        ("favourites", False): _("It is no favourite any more."),
        ("hidden", True): _("Put away. It will not be shown or suggested to you."),
        ("hidden", False): _("It is back in your library."),
        ("again", True): _("It may be suggested to you again."),
    }
    chosen = (request.POST.get("as", ""), request.POST.get("on") == "yes")
    if chosen not in words:
        raise SuspiciousOperation("no such choice")
    choose(owner=request.user, exercise=exercise.content_id, as_=chosen[0], on=chosen[1])
    messages.success(request, words[chosen])
    return redirect("exercises:exercise_list" if chosen == ("hidden", True) else exercise)


def session_list(request: PersonRequest) -> HttpResponse:
    """What someone practised and noted, and what seems to work for them."""
    known = practice(owner=request.user)
    titles = dict(Exercise.objects.published().values_list("content_id", "title"))
    page = Paginator(known.sessions[::-1], A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [(row, titles.get(row.exercise, "")) for row in page],
        "results": [(one, titles[one.exercise]) for one in known.results if one.exercise in titles],
        "enough": ENOUGH,
    }
    return render(request, "exercises/session_list.html", context)


def session_delete(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Asks, then deletes one session with all that was noted in it."""
    session = get_object_or_404(Session.objects.of(request.user), pk=pk)
    if request.method == "POST":
        session.delete()
        messages.success(request, _("Deleted."))
        return redirect("exercises:session_list")
    exercise = _by_id([session.exercise]).get(session.exercise)
    context = {"session": session, "exercise": exercise}
    return render(request, "exercises/session_delete.html", context)


def session_detail(request: PersonRequest, pk: UUID) -> HttpResponse:
    """What fits the ratings of a session, with help on the same screen if it is loud."""
    done = Session.objects.of(request.user).practised()
    session = get_object_or_404(done, pk=pk)
    said = session.said
    answer = ratings.answer(
        exercise=session.exercise,
        before=said["before"],
        after=said["after"],
        ended=Ended(said["ended"]),
    )
    by_id = _by_id([session.exercise, *answer.offers])
    context = {
        "session": session,
        "exercise": by_id.get(session.exercise),
        "answer": answer,
        "offers": _those(by_id, answer.offers),
        "practised": done.count(),
    }
    return render(request, "exercises/session_detail.html", context)


def _page(request: HttpRequest, exercise: Exercise, part: str = "") -> dict[str, Any]:
    """What everybody sees of an exercise; `part`: the way to show where the address names none."""
    way = request.POST.get("variant") or request.GET.get("variant") or part
    chosen = guide(exercise.as_row(), way, request.GET.get("length", ""))
    stop = ratings.answer(
        exercise=exercise.content_id, before=None, after=None, ended=Ended.STOPPED
    )
    by_id = _by_id(
        [
            exercise.gentler_exercise,
            *stop.offers,
            *ratings.STEADY_FIRST,
            *ratings.INSTEAD_OF_CLOSED,
        ]
    )
    return {
        "exercise": exercise,
        "guide": chosen,
        "instead": by_id.get(exercise.gentler_exercise),
        "grounding": next(iter(_those(by_id, stop.offers)), None),
        "by_id": by_id,
        "signed_in": False,
    }


def _page_of_person(
    request: HttpRequest, person: User, exercise: Exercise, noted: Session | None
) -> dict[str, Any]:
    """The page with what a person sees beside it: ratings, the part that is next, their notes."""
    known = practice(owner=person)
    ways, mine = exercise.as_row()["variants"], known.of(exercise.content_id)
    done = [row.said["variant"] for row in mine]
    page = _page(request, exercise, part=next_part(ways, done))
    before = noted.said["before"] if noted else None
    today = befores_today(owner=person, exercise=exercise.content_id)
    closed = any(ratings.closes(exercise.content_id, rating) for rating in today)
    course = mine[len(mine) - len(since_start(ways, done)) :]
    return page | {
        "signed_in": True,
        "noted": before,
        "first": _those(page["by_id"], ratings.first_offers(exercise.content_id, before)),
        "closed": closed,
        "open_instead": _those(page["by_id"], ratings.INSTEAD_OF_CLOSED) if closed else [],
        "practised": Session.objects.of(person).practised().count(),
        "last": mine[-1] if mine else None,
        "earlier": [note for row in course for note in row.notes],
        "stirring": exercise.content_id in known.stirring,
        "favourite": exercise.content_id in known.favourites,
        "hidden": exercise.content_id in known.hidden,
        "result": next((r for r in known.results if r.exercise == exercise.content_id), None),
        "save": reverse("exercises:session_save", args=[exercise.slug]),
    }


def _noted(person: User, pk: str | None) -> Session | None:
    """The person's own session of this id, None for none; somebody else's is not found."""
    if not pk:
        return None
    try:
        found: Session = get_object_or_404(Session.objects.of(person), pk=UUID(pk))
    except ValueError:
        raise Http404 from None
    return found


def _empty_form(chosen: Guide, noted: Session | None) -> SessionForm:
    """The form with the id that its row will have, and what was noted before."""
    said = noted.said if noted else {"before": None, "noted": []}
    initial = {"session": noted.pk if noted else uuid4(), "variant": chosen.variant["name"]}
    notes = {note_name(one["key"]): one["value"] for one in said["noted"]}
    # Words to keep only on request are there because somebody asked for it.
    kept = {note_name(one["key"], keep=True): True for one in said["noted"]}
    initial |= {"before": said["before"], **notes, **kept}
    return SessionForm(initial=initial, asks=chosen.plan.asks)


def _by_id(ids: Iterable[str]) -> dict[str, Exercise]:
    """The published ones among these exercises (1 query)."""
    return {row.content_id: row for row in Exercise.objects.published().filter(content_id__in=ids)}


def _those(by_id: dict[str, Exercise], ids: Iterable[str]) -> list[Exercise]:
    """Those that exist, in the order of `ids`."""
    return [by_id[one] for one in ids if one in by_id]
