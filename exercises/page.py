"""What the page of one exercise shows: to everybody, and to the person who opened it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.core.signing import BadSignature, TimestampSigner
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import urlencode

from exercises import limits, ratings
from exercises.actions import limit_facts, on_gentler_path, practice
from exercises.course import next_part, since_start
from exercises.forms import AlarmForm, DayForm, PersonForm, SessionForm, WhomForm, note_name
from exercises.guide import Guide, guide
from exercises.limits import Why
from exercises.models import Exercise, Session
from exercises.ratings import Ended
from exercises.screens import ALARM_OR_ANSWER, OTHER_STORIES
from healing.accounts.clock import is_night
from healing.accounts.models import User
from healing.cards.actions import card_of
from healing.cards.kinds import IF_THEN

# How long the answers to the questions before an exercise hold; they themselves are not kept.
OPEN_FOR = 2 * 3600  # seconds
# The trigger chain, whose short form comes first in a wave and at night.
CHAIN = "E16"
# Which ones open in their short form on the gentler path (programme section 2, shortcuts).
SHORT_AFTER_LOSS = (CHAIN, "E23")


@dataclass(frozen=True)
class Stage:
    """How far into an exercise the page leads: what has to come before the steps, if anything.

    `name` is the template of that part: account, closed, person, alarm, whom, day or steps.
    """

    name: str = "steps"
    form: forms.Form | None = None
    why: Why | None = None


def page(request: HttpRequest, exercise: Exercise, part: str = "") -> dict[str, Any]:
    """What everybody sees of an exercise; `part`: the way to show where the address names none."""
    row = exercise.as_row()
    way = request.POST.get("variant") or request.GET.get("variant") or part
    stop = ratings.answer(
        exercise=exercise.content_id, before=None, after=None, ended=Ended.STOPPED
    )
    linked = [exercise.gentler_exercise, *stop.offers, *ratings.STEADY_FIRST, *limits.INSTEAD]
    linked += limits.INSTEAD_AFTER_LOSS
    found = by_id(linked)
    return {
        "exercise": exercise,
        "guide": guide(row, way, request.GET.get("length", ""), request.GET.get("rounds", "")),
        "instead": found.get(exercise.gentler_exercise),
        "grounding": next(iter(those(found, stop.offers)), None),
        "by_id": found,
        "signed_in": False,
        "stage": Stage("account") if exercise.is_screened else Stage(),
    }


def page_of_person(
    request: HttpRequest, person: User, exercise: Exercise, noted: Session | None
) -> dict[str, Any]:
    """The page with what a person sees beside it: ratings, the part that is next, their notes."""
    known = practice(owner=person)
    ways, mine = exercise.as_row()["variants"], known.of(exercise.content_id)
    done = [row.said["variant"] for row in mine]
    before = noted.said["before"] if noted else None
    after_loss = exercise.content_id in SHORT_AFTER_LOSS and on_gentler_path(owner=person)
    short = after_loss or short_first(exercise, before, person.now().hour)
    part = next_part(ways, done) or ("gentle" if short else "")
    shown = page(request, exercise, part=part)
    course = mine[len(mine) - len(since_start(ways, done)) :]
    return shown | {
        "signed_in": True,
        "noted": before,
        "first": those(shown["by_id"], ratings.first_offers(exercise.content_id, before)),
        "after_loss": after_loss,
        "practised": Session.objects.of(person).practised().count(),
        "last": mine[-1] if mine else None,
        "earlier": [note for row in course for note in row.notes],
        "stirring": exercise.content_id in known.stirring,
        "favourite": exercise.content_id in known.favourites,
        "hidden": exercise.content_id in known.hidden,
        "result": next((r for r in known.results if r.exercise == exercise.content_id), None),
        "save": reverse("exercises:session_save", args=[exercise.slug]) + _open_mark(request),
        "stage": Stage(),
    }


def _open_mark(request: HttpRequest) -> str:
    """What the form carries on, so that noting a number does not ask the questions again."""
    return f"?{urlencode({'open': request.GET['open']})}" if "open" in request.GET else ""


def short_first(exercise: Exercise, before: int | None, hour: int) -> bool:
    """Whether E16 opens in its short form: in a wave and at night (programme, E16)."""
    in_a_wave = before is not None and before >= ratings.LOUD
    return exercise.content_id == CHAIN and (in_a_wave or is_night(hour))


def own_steadying(*, owner: User) -> dict[str, Any]:
    """What “Steady me” shows of a person: their if-then card, and what their numbers speak for."""
    helpful = practice(owner=owner).helpful
    found = by_id(one.exercise for one in helpful)
    low = [
        (found[one.exercise], one.fall)
        for one in helpful
        if one.exercise in found and found[one.exercise].intensity == Exercise.Intensity.LOW
    ]
    return {"card": card_of(owner=owner, kind=IF_THEN), "best": next(iter(low), None)}


def stage(person: User, exercise: Exercise, noted: Session | None, opened: str) -> Stage:
    """What has to come before the steps; `opened`: what `opening` gave, or anything else."""
    begun = noted if noted and _is_begun(person, exercise, noted) else None
    if exercise.intensity == Exercise.Intensity.HIGH:
        facts = limit_facts(owner=person, apart_from=begun.pk if begun else None)
        if why := limits.closed(exercise.as_row(), facts):
            return Stage("closed", why=why)
    if exercise.frame and not begun:
        return Stage("day", form=DayForm())
    if exercise.requires_safety_screen and not _is_open(person, exercise, opened):
        return Stage("person", form=PersonForm(exercise=exercise.content_id))
    if exercise.content_id == ALARM_OR_ANSWER and not _is_open(person, exercise, opened):
        return Stage("alarm", form=AlarmForm())
    if exercise.content_id == OTHER_STORIES and not (noted or _is_open(person, exercise, opened)):
        return Stage("whom", form=WhomForm())
    return Stage()


def _is_begun(person: User, exercise: Exercise, noted: Session) -> bool:
    """Whether today's check was passed for this session of an exercise with a frame."""
    is_this = noted.exercise == exercise.content_id and noted.local_date == person.today()
    return is_this and bool(noted.said["framed"])


def opening(person: User, exercise: Exercise) -> str:
    """A mark for an address: the questions before this exercise were answered well, lately."""
    return TimestampSigner(salt=_salt(person, exercise)).sign("open")


def _is_open(person: User, exercise: Exercise, opened: str) -> bool:
    try:
        TimestampSigner(salt=_salt(person, exercise)).unsign(opened, max_age=OPEN_FOR)
    except BadSignature:
        return False
    return True


def _salt(person: User, exercise: Exercise) -> str:
    return f"exercises.page {person.pk} {exercise.content_id}"


def noted_session(person: User, pk: str | None) -> Session | None:
    """The person's own session of this id, None for none; somebody else's is not found."""
    if not pk:
        return None
    try:
        found: Session = get_object_or_404(Session.objects.of(person), pk=UUID(pk))
    except ValueError:
        raise Http404 from None
    return found


def empty_form(chosen: Guide, noted: Session | None) -> SessionForm:
    """The form with the id that its row will have, and what was noted before."""
    said = noted.said if noted else {"before": None, "noted": []}
    initial = {"session": noted.pk if noted else uuid4(), "variant": chosen.variant["name"]}
    notes = {note_name(one["key"]): one["value"] for one in said["noted"]}
    # Words to keep only on request are there because somebody asked for it.
    kept = {note_name(one["key"], keep=True): True for one in said["noted"]}
    initial |= {"before": said["before"], **notes, **kept}
    return SessionForm(initial=initial, asks=chosen.plan.asks)


def place_of(exercise: Exercise, session: Session, key: str) -> int | None:
    """The place, among the choices of E30's step `key`, of what was chosen; None for nothing."""
    if exercise.content_id != ALARM_OR_ANSWER:
        return None
    chosen = next((note["value"] for note in session.notes if note["key"] == key), None)
    asks = guide(exercise.as_row(), session.said["variant"] or "").plan.asks
    options: list[str] = next((step["options"] for step in asks if step["key"] == key), [])
    return options.index(chosen) if chosen in options else None


def by_id(ids: Iterable[str]) -> dict[str, Exercise]:
    """The published ones among these exercises (1 query)."""
    return {row.content_id: row for row in Exercise.objects.published().filter(content_id__in=ids)}


def those(found: dict[str, Exercise], ids: Sequence[str]) -> list[Exercise]:
    """Those that exist, in the order of `ids`."""
    return [found[one] for one in ids if one in found]
