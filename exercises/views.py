"""The library, one exercise with its player, four at hand, and what a person noted."""

import logging
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import SuspiciousOperation
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from exercises import actions, content, forms, limits, ratings, screens
from exercises.guide import guide
from exercises.models import Exercise, Session
from exercises.page import (
    SHORT_AFTER_LOSS,
    Stage,
    by_id,
    empty_form,
    noted_session,
    opening,
    own_steadying,
    page,
    page_of_person,
    place_of,
    stage,
    those,
)
from exercises.ratings import Ended
from exercises.said import CHOICES, PATH_SAID
from exercises.usefulness import ENOUGH
from healing.accounts.access import PersonRequest, person_of
from healing.accounts.refill import refills
from healing.cards.beside_help import own_card

logger = logging.getLogger(__name__)

# What the form brings of a session beside the notes of its steps.
NOTED = ("session", "variant", "before", "after", "seconds", "ended")
A_PAGE = 20
# The third start of E18 or E30 about one person in two weeks suggests to talk (programme 1.3).
TALK_INSTEAD = 3
# What "Steady me" holds, in this order: eyes, weight, breath, hands.
AT_HAND = ("E01", "E02", "E05", "E08")


@login_not_required
def steady(request: HttpRequest) -> HttpResponse:
    """Shipped exercises on one page; for a visitor it reads neither database nor session.

    A person's own if-then lines, and what usually helps them, stand above; without them it opens
    all the same.
    """
    guides = [guide(content.shipped()[one]) for one in AT_HAND]
    return render(request, "exercises/steady.html", {"guides": guides, "own": _own(request)})


def _own(request: HttpRequest) -> dict[str, Any]:
    try:
        person = person_of(request)
        return own_steadying(owner=person) if person else {}
    except Exception as problem:
        logger.warning("steady shown without a person's own: %s", type(problem).__name__)
        return {}


@login_not_required
def exercise_list(request: HttpRequest) -> HttpResponse:
    """The library, filtered by what the address says; for a person without what they put away."""
    form = forms.LibraryForm(request.GET)
    person = person_of(request)
    known = actions.practice(owner=person) if person else None
    if not known:
        form.chosen.pop("away", None)
    path = actions.gentler_path(owner=person) if person else None
    found = list(form.filtered(Exercise.objects.published()))
    if path and path.until:
        found = [one for one in found if one.content_id not in limits.RESTS_AFTER_LOSS]
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
        "path": path,
        "signed_in": person is not None,
    }
    return render(request, "exercises/exercise_list.html", context)


@login_not_required
def exercise_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """One exercise; for a person also the ratings, and `?session=` brings the one noted before."""
    exercise = get_object_or_404(Exercise.objects.published(), slug=slug)
    person = person_of(request)
    if not person:
        return render(request, "exercises/exercise_detail.html", page(request, exercise))
    noted = noted_session(person, request.GET.get("session"))
    context = page_of_person(request, person, exercise, noted)
    asked = stage(person, exercise, noted, request.GET.get("open", ""))
    open_instead = those(context["by_id"], limits.instead(asked.why))
    context |= {"stage": asked, "open_instead": open_instead}
    context["form"] = empty_form(context["guide"], noted)
    return render(request, "exercises/exercise_detail.html", context)


@refills(forms.refilled_session)
def session_save(request: PersonRequest, slug: str) -> HttpResponse:
    """Keeps a rating before, and goes back to the exercise; or a whole session, and answers it."""
    exercise = get_object_or_404(Exercise.objects.published(), slug=slug)
    if request.method != "POST":
        return redirect(exercise)
    form = forms.refilled_session(request.POST, slug)
    if not form.is_valid():
        context = page_of_person(request, request.user, exercise, None) | {"form": form}
        return render(request, "exercises/exercise_detail.html", context)
    said = {name: form.cleaned_data[name] for name in NOTED}
    # A rating after it says that the exercise is over, even where no script said how.
    if said["ended"] is None and said["after"] is not None:
        said["ended"] = Ended.FINISHED
    try:
        session = actions.record_session(
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
    if form.drops_words:
        context = page_of_person(request, request.user, exercise, session) | {"form": form}
        return render(request, "exercises/exercise_detail.html", context)
    chosen = {"session": str(session.pk), "variant": said["variant"] or "standard"}
    if "open" in request.GET:
        chosen["open"] = request.GET["open"]
    return redirect(f"{exercise.get_absolute_url()}?{urlencode(chosen)}")


@refills(forms.refilled_person)
def person_screen(request: PersonRequest, slug: str) -> HttpResponse:
    """Opens an exercise with another person, or shows help in its place. Keeps no answer."""
    exercise = _screened(slug, requires_safety_screen=True)
    if request.method != "POST":
        return redirect(exercise)
    form = forms.refilled_person(request.POST, slug)
    if not form.is_valid():
        return _ask_again(request, exercise, Stage("person", form))
    name = form.cleaned_data["name"]
    known = actions.other_of(owner=request.user, name=name) if name else None
    rests = form.rests or bool(known and known["rests_since"] == request.user.today().isoformat())
    if name:
        actions.name_other(owner=request.user, name=name, exercise=exercise.content_id, rests=rests)
    if form.is_safe and not rests:
        return redirect(_opened(request, exercise))
    alarm = by_id([screens.ALARM_OR_ANSWER]).get(screens.ALARM_OR_ANSWER)
    context = {"exercise": exercise, "alarm": alarm, "rested": not form.rests and rests}
    return render(request, "exercises/person_screen.html", context)


@refills(forms.refilled_alarm)
def alarm_screen(request: PersonRequest, slug: str) -> HttpResponse:
    """Shows the other steps of E30, or help in their place. Keeps no tick."""
    exercise = _screened(slug, content_id=screens.ALARM_OR_ANSWER)
    if request.method != "POST":
        return redirect(exercise)
    form = forms.refilled_alarm(request.POST, slug)
    if not form.is_valid():
        return _ask_again(request, exercise, Stage("alarm", form))
    starts = 0
    if name := form.cleaned_data["name"]:
        # Only the two questions before E25-E28 end a rest, never a tick here.
        rests = None if form.is_safe else True
        starts = actions.name_other(
            owner=request.user, name=name, exercise=exercise.content_id, rests=rests
        )
    if not form.is_safe:
        return render(request, "exercises/alarm_screen.html", {"exercise": exercise})
    way = {"again": "yes"} if starts >= TALK_INSTEAD else {}
    return redirect(_opened(request, exercise, **way))


@refills(forms.refilled_whom)
def about_whom(request: PersonRequest, slug: str) -> HttpResponse:
    """Begins E18; the third time about one person it first suggests to talk, with the way on."""
    exercise = _screened(slug, content_id=screens.OTHER_STORIES)
    if request.method != "POST":
        return redirect(exercise)
    form = forms.refilled_whom(request.POST, slug)
    if not form.is_valid():
        return _ask_again(request, exercise, Stage("whom", form))
    way_on = _opened(request, exercise)
    if name := form.cleaned_data["name"]:
        starts = actions.name_other(
            owner=request.user, name=name, exercise=exercise.content_id, rests=None
        )
        if starts >= TALK_INSTEAD:
            context = {"exercise": exercise, "way_on": way_on}
            return render(request, "exercises/about_whom.html", context)
    return redirect(way_on)


def gentler_path(request: PersonRequest) -> HttpResponse:
    """What changes for a while after a loss; a press begins it, ends it or declines it."""
    if request.method != "POST":
        resting = those(by_id(limits.RESTS_AFTER_LOSS), limits.RESTS_AFTER_LOSS)
        short = those(by_id(SHORT_AFTER_LOSS), SHORT_AFTER_LOSS)
        path = actions.gentler_path(owner=request.user)
        context = {"path": path, "resting": resting, "short": short}
        return render(request, "exercises/gentler_path.html", context)
    pressed = request.POST.get("as", "")
    if pressed not in PATH_SAID:
        raise SuspiciousOperation("no such answer")
    if pressed == "on":
        actions.begin_gentler_path(owner=request.user)
    else:
        actions.end_gentler_path(owner=request.user)
    messages.success(request, PATH_SAID[pressed])
    return redirect(_back(request) or "exercises:gentler_path")


@refills(forms.refilled_day)
def day_check(request: PersonRequest, slug: str) -> HttpResponse:
    """Begins an exercise with a frame, or offers something else today. Keeps the rating alone."""
    exercise = get_object_or_404(Exercise.objects.published().exclude(frame=""), slug=slug)
    if request.method != "POST":
        return redirect(exercise)
    form = forms.refilled_day(request.POST, slug)
    valid = form.is_valid()
    sent = Session.objects.of(request.user).filter(pk=form.cleaned_data["session"]).first()
    if sent:
        return redirect(_begun(request, exercise, sent))
    if stage(request.user, exercise, None, "").name != "day":
        return redirect(exercise)
    if not valid:
        return _ask_again(request, exercise, Stage("day", form))
    before = form.cleaned_data["before"]
    loud = before >= limits.FRAME_CLOSES_AT
    if not form.is_right and not loud:
        found = those(by_id(limits.INSTEAD), limits.INSTEAD)
        return render(request, "exercises/day_check.html", {"exercise": exercise, "offers": found})
    try:
        session = actions.record_session(
            owner=request.user,
            session=form.cleaned_data["session"],
            exercise=exercise.content_id,
            variant=guide(exercise.as_row(), request.GET.get("variant", "")).variant["name"],
            before=before,
            after=None,
            seconds=None,
            ended=None,
            framed=not loud,
        )
    except Session.DoesNotExist:
        raise Http404 from None
    return redirect(_begun(request, exercise, session))


@require_POST
def aftercare(request: PersonRequest, pk: UUID) -> HttpResponse:
    """How the rest of the day of an exercise with a frame was; a rough one is met with care."""
    session = get_object_or_404(Session.objects.of(request.user), pk=pk)
    if not session.said["framed"]:
        raise Http404
    try:
        said = screens.Aftercare(request.POST.get("aftercare", ""))
    except ValueError:
        raise SuspiciousOperation("no such answer") from None
    actions.keep_aftercare(session=session, aftercare=said)
    if said is screens.Aftercare.ROUGH:
        offers = those(by_id(ratings.STEADY_AFTER), ratings.STEADY_AFTER)
        context = {"session": session, "offers": offers, "own": own_card(request)}
        return render(request, "exercises/aftercare.html", context)
    messages.success(request, _("Thank you. That is noted, sealed."))
    return redirect("today:today")


@require_POST
def exercise_choose(request: PersonRequest, slug: str) -> HttpResponse:
    """Marks the exercise as a favourite, puts it away, or lets it be suggested again."""
    exercise = get_object_or_404(Exercise.objects.published(), slug=slug)
    pressed = CHOICES.get(request.POST.get("as", ""))
    if pressed is None:
        raise SuspiciousOperation("no such choice")
    as_, on, words = pressed
    actions.choose(owner=request.user, exercise=exercise.content_id, as_=as_, on=on)
    messages.success(request, words)
    return redirect("exercises:exercise_list" if (as_, on) == ("hidden", True) else exercise)


def session_list(request: PersonRequest) -> HttpResponse:
    """What someone practised and noted, and what seems to work for them."""
    known = actions.practice(owner=request.user)
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
        actions.delete_session(session=session)
        messages.success(request, _("Deleted."))
        return redirect("exercises:session_list")
    exercise = by_id([session.exercise]).get(session.exercise)
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
    exercise = by_id([session.exercise]).get(session.exercise)
    moves = screens.next_moves(place_of(exercise, session, screens.READING)) if exercise else ()
    found = by_id([*answer.offers, *moves])
    help = answer.help or (exercise and place_of(exercise, session, screens.MY_NO) == 0)
    context = {
        "session": session,
        "exercise": exercise,
        "answer": answer,
        "offers": those(found, answer.offers),
        "moves": those(found, moves),
        "help": help,
        "own": own_card(request) if help else None,
        "framed": bool(session.said["framed"]),
        # The steps of an exercise with a frame are open on the day of its check alone.
        "may_change": not said["framed"] or session.local_date == request.user.today(),
        "practised": done.count(),
    }
    return render(request, "exercises/session_detail.html", context)


def _back(request: PersonRequest) -> str:
    """The page of ours that the form stood on, if it said so."""
    back = request.POST.get("back", "")
    ours = url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure())
    return back if ours and back.startswith("/") else ""


def _screened(slug: str, **which: Any) -> Exercise:
    found: Exercise = get_object_or_404(Exercise.objects.published(), slug=slug, **which)
    return found


def _opened(request: PersonRequest, exercise: Exercise, **more: str) -> str:
    """The address of an exercise after its questions, with the way and session asked for before."""
    asked = {name: request.GET[name] for name in ("session", "variant") if name in request.GET}
    chosen = urlencode({**asked, "open": opening(request.user, exercise), **more})
    return f"{exercise.get_absolute_url()}?{chosen}"


def _begun(request: PersonRequest, exercise: Exercise, session: Session) -> str:
    """The address of an exercise with a frame after today's check, which may have closed it."""
    if not session.said["framed"]:
        return exercise.get_absolute_url()
    chosen = urlencode({"session": str(session.pk), "variant": session.said["variant"]})
    return f"{exercise.get_absolute_url()}?{chosen}"


def _ask_again(request: PersonRequest, exercise: Exercise, asked: Stage) -> HttpResponse:
    """The page with the questions as they were answered, and what is wrong with them."""
    context = page_of_person(request, request.user, exercise, None)
    context |= {"stage": asked, "form": asked.form}
    return render(request, "exercises/exercise_detail.html", context)
