"""Keeps what a person notes about doing an exercise, and works out what it says."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, TypeVar, cast
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from exercises.limits import HIGH, REST, WEEK, Facts
from exercises.models import Bounds, Exercise, Other, Session, Taste
from exercises.ratings import RISES, Ended
from exercises.screens import Aftercare
from exercises.usefulness import Result, results
from healing.accounts.models import User
from healing.vault.actions import private_id
from healing.vault.models import PrivateRecord

Row = TypeVar("Row", bound=PrivateRecord)
# What of a person's `Bounds` the rules of `limits` read, by the names of its `Facts`.
BOUNDS = (
    "gate_opened",
    "safety_asked",
    "high_rests_until",
    "frame_rests_until",
    "gentler_until",
)
# What an answer to the safety question changes of it.
SAFETY_BOUNDS = ("gate_opened", "safety_asked", "high_rests_until")
FORTNIGHT = timedelta(days=14)
# How long the gentler path after a loss holds (programme section 2, shortcuts).
AFTER_LOSS = timedelta(days=90)


@transaction.atomic
def record_session(
    *,
    owner: User,
    session: UUID,
    exercise: str,
    variant: str,
    before: int | None,
    after: int | None,
    seconds: int | None,
    ended: Ended | None,
    noted: Sequence[Mapping[str, Any]] = (),
    asked: Collection[str] = (),
    framed: bool | None = None,
) -> Session:
    """Keep one session under the id its form was given, so that sending twice makes one row.

    `ended` None means that it is not over yet. What an earlier call noted stays unless this one
    brings something in its place; of the steps, what the form asked (`asked`, their keys) is now
    as `noted` says (see `SessionForm.noted`), and words of other ways stay. `framed`: the check of
    the day was passed. Raises Session.DoesNotExist if the id belongs to somebody else.
    """
    row = _own(owner, session)
    brought = {
        "exercise": exercise,
        "variant": variant,
        "before": before,
        "after": after,
        "seconds": seconds,
        "ended": ended,
        "framed": framed,
        "aftercare": None,
    }
    kept = row.said or {}
    row.said = {name: kept.get(name) if value is None else value for name, value in brought.items()}
    others = [one for one in kept.get("noted", []) if one["key"] not in asked]
    row.said["noted"] = [*others, *noted]
    if ended:
        row.state = Session.State.DONE
    row.save()
    return row


def _own(owner: User, session: UUID) -> Session:
    """The owner's row of this id, locked; made if there is none."""
    rows = Session.objects.of(owner).select_for_update()
    found: Session | None = rows.filter(pk=session).first()
    if found:
        return found
    try:
        with transaction.atomic():
            return Session.objects.create(
                id=session,
                owner=owner,
                local_date=owner.today(),
                state=Session.State.BEGUN,
                said={},
            )
    except IntegrityError:
        mine: Session = rows.get(pk=session)
        return mine


@dataclass(frozen=True)
class Practice:
    """What a person's sessions and choices say about every exercise, worked out in one reading.

    `sessions`: the newest practised ones, the oldest first.
    """

    sessions: Sequence[Session]
    favourites: Collection[str]
    hidden: Collection[str]
    stirring: Collection[str]
    results: Sequence[Result]

    def of(self, exercise: str) -> list[Session]:
        """The sessions of one exercise, the oldest first."""
        return [row for row in self.sessions if row.exercise == exercise]

    def may_suggest(self, exercise: str) -> bool:
        """Whether the person neither put it away nor found that it stirred things up twice."""
        return exercise not in {*self.hidden, *self.stirring}

    @property
    def helpful(self) -> list[Result]:
        """Exercises after which the distress usually fell, the most useful first."""
        return [one for one in self.results if one.helps and self.may_suggest(one.exercise)]


def practice(*, owner: User) -> Practice:
    """What is known of a person's practice (2 queries)."""
    sessions = Session.objects.of(owner).lately()
    taste = _taste(owner)
    return Practice(
        sessions=sessions,
        favourites=taste["favourites"],
        hidden=taste["hidden"],
        stirring=_stirring(sessions, taste["again"]),
        results=results(_rated(sessions)),
    )


def _rated(sessions: Iterable[Session]) -> Iterator[tuple[str, int, int]]:
    for row in sessions:
        if row.said["before"] is not None and row.said["after"] is not None:
            yield row.exercise, row.said["before"], row.said["after"]


def _stirring(sessions: Iterable[Session], again: Mapping[str, str]) -> set[str]:
    """Exercises after which the distress rose twice since they may be suggested (again)."""
    since = {exercise: datetime.fromisoformat(moment) for exercise, moment in again.items()}
    rises = Counter(
        row.exercise
        for row in sessions
        if row.rose and row.created >= since.get(row.exercise, row.created)
    )
    return {exercise for exercise, times in rises.items() if times >= RISES}


@transaction.atomic
def choose(*, owner: User, exercise: str, as_: str, on: bool) -> None:
    """Mark an exercise as a favourite or put it away (`as_`: "favourites" or "hidden"), or not.

    "again" lets one be suggested from now on that had stirred things up.
    """
    row = _only(Taste, owner, _no_taste(), "taste", "")
    said = row.said
    if as_ == "again":
        said["again"][exercise] = timezone.now().isoformat()
    else:
        said[as_] = [one for one in said[as_] if one != exercise] + ([exercise] if on else [])
    row.said = said
    row.save(update_fields=["said"])


def limit_facts(*, owner: User, apart_from: UUID | None = None) -> Facts:
    """What decides which exercises are closed to a person now (3 queries).

    `apart_from`: a session under way, which does not stand in its own way.
    """
    today = owner.today()
    high = set(Exercise.objects.filter(intensity=HIGH).values_list("content_id", flat=True))
    rows = list(Session.objects.of(owner).filter(local_date__gt=today - WEEK))
    said = bounds(owner=owner)
    befores = [
        row.said["before"] for row in rows if row.local_date == today and row.exercise in high
    ]
    return Facts(
        today=today,
        high_befores=[rating for rating in befores if rating is not None],
        framed_on=[
            *(row.local_date for row in rows if row.said["framed"] and row.pk != apart_from),
            *(date.fromisoformat(day) for day in said["framed_gone"] or ()),
        ],
        **{name: said[name] and date.fromisoformat(said[name]) for name in BOUNDS},
    )


def bounds(*, owner: User) -> dict[str, Any]:
    """`Bounds.said` of a person, or the same with nothing in it."""
    row = Bounds.objects.of(owner).first()
    return _no_bounds() | (row.said if row else {})


@transaction.atomic
def open_gate(*, owner: User) -> None:
    """Open the exercises with a frame: the readiness check was passed today."""
    _set_bounds(owner, gate_opened=owner.today(), gate_asked=None)


@transaction.atomic
def leave_gate_closed(*, owner: User) -> None:
    """Note that the readiness check was answered today, in vain."""
    _set_bounds(owner, gate_asked=owner.today())


@transaction.atomic
def note_safety(*, owner: User, is_none: bool) -> None:
    """Note an answer to the safety question: whether its level was “none”.

    A level above it closes the gate at once, and the high-intensity exercises for two weeks.
    """
    today = owner.today()
    if is_none:
        _set_bounds(owner, safety_asked=today)
    else:
        _set_bounds(owner, safety_asked=None, gate_opened=None, high_rests_until=today + REST)


@transaction.atomic
def take_back_safety(*, owner: User, before: Mapping[str, str | None]) -> None:
    """A wrong tap in the safety question: what `bounds` said before it holds again."""
    _set_bounds(owner, **{name: before[name] for name in SAFETY_BOUNDS})


@dataclass(frozen=True)
class GentlerPath:
    """The gentler path after a loss: the first day after it, None while it is off.

    `asked`: the person answered before whether they want it.
    """

    until: date | None
    asked: bool


def gentler_path(*, owner: User) -> GentlerPath:
    """How the gentler path stands today (1 query)."""
    said = bounds(owner=owner)
    until = said["gentler_until"] and date.fromisoformat(said["gentler_until"])
    still_on = until is not None and owner.today() < until
    return GentlerPath(until if still_on else None, said["gentler_asked"] is not None)


def on_gentler_path(*, owner: User) -> bool:
    """Whether the person is on the gentler path after a loss, and its 90 days are not over."""
    return gentler_path(owner=owner).until is not None


@transaction.atomic
def begin_gentler_path(*, owner: User) -> None:
    """A break-up or a death is fresh: for 90 days from today the gentler path holds."""
    today = owner.today()
    _set_bounds(owner, gentler_until=today + AFTER_LOSS, gentler_asked=today)


@transaction.atomic
def end_gentler_path(*, owner: User) -> None:
    """The person declines the gentler path, or ends it early; they are not asked again."""
    _set_bounds(owner, gentler_until=None, gentler_asked=owner.today())


@transaction.atomic
def forget_note(*, session: Session, key: str) -> None:
    """Delete what was noted in one step of a session; the rest of it stays."""
    row = Session.objects.of(session.owner).select_for_update().get(pk=session.pk)
    row.said = {**row.said, "noted": [one for one in row.notes if one["key"] != key]}
    row.save(update_fields=["said"])


@transaction.atomic
def keep_aftercare(*, session: Session, aftercare: Aftercare) -> None:
    """Keep how the rest of the day of a session was; a rough one lets those with a frame rest.

    Another answer on the same day takes a rough one back, and the rest with it.
    """
    was_rough = session.said["aftercare"] == Aftercare.ROUGH
    session.said = {**session.said, "aftercare": aftercare}
    session.save(update_fields=["said"])
    is_rough = aftercare is Aftercare.ROUGH
    if not (is_rough or was_rough):
        return
    owner, rests_until = session.owner, session.owner.today() + REST
    if is_rough:
        _set_bounds(owner, frame_rests_until=rests_until)
    elif bounds(owner=owner)["frame_rests_until"] == rests_until.isoformat():
        _set_bounds(owner, frame_rests_until=None)


@transaction.atomic
def delete_session(*, session: Session) -> None:
    """Delete a session with all that was noted; of one with a frame its day still counts."""
    if session.said["framed"]:
        owner = session.owner
        row = _only(Bounds, owner, _no_bounds(), "bounds", "")
        since = (owner.today() - WEEK).isoformat()
        lately = [day for day in row.said.get("framed_gone") or [] if day > since]
        row.said = row.said | {"framed_gone": [*lately, session.local_date.isoformat()]}
        row.save(update_fields=["said"])
    session.delete()


def awaiting_aftercare(*, owner: User) -> Session | None:
    """The last session with a frame of the two weeks before today, if nothing is said of it yet."""
    today = owner.today()
    rows = Session.objects.of(owner).filter(local_date__lt=today, local_date__gte=today - REST)
    framed = [row for row in rows.order_by("-created") if row.said["framed"]]
    return framed[0] if framed and not framed[0].said["aftercare"] else None


@transaction.atomic
def name_other(*, owner: User, name: str, exercise: str, rests: bool | None) -> int:
    """Note that an exercise was begun about somebody, or that E25-E28 rest for them from today.

    `rests` None leaves that as it was. Returns how often it was begun about them in two weeks.
    """
    empty: dict[str, Any] = {"name": name, "rests_since": None, "starts": {}}
    row = _only(Other, owner, empty, *_other(name))
    today = owner.today()
    said = row.said
    if rests is not None:
        said["rests_since"] = today.isoformat() if rests else None
    since = (today - FORTNIGHT).isoformat()
    starts = [one for one in said["starts"].get(exercise, []) if one > since]
    said["starts"][exercise] = [*starts, today.isoformat()]
    row.said = said
    row.save(update_fields=["said"])
    return len(starts) + 1


def other_of(*, owner: User, name: str) -> dict[str, Any] | None:
    """`Other.said` of somebody of this name, or None."""
    row = Other.objects.of(owner).filter(pk=private_id(owner, *_other(name))).first()
    return row.said if row else None


def _taste(owner: User) -> dict[str, Any]:
    row = Taste.objects.of(owner).first()
    return row.said if row else _no_taste()


def _no_taste() -> dict[str, Any]:
    return {"favourites": [], "hidden": [], "again": {}}


def _no_bounds() -> dict[str, Any]:
    return dict.fromkeys([*BOUNDS, "gate_asked", "gentler_asked", "framed_gone"])


def _set_bounds(owner: User, **changed: date | str | None) -> None:
    row = _only(Bounds, owner, _no_bounds(), "bounds", "")
    row.said = _no_bounds() | row.said | {name: day and str(day) for name, day in changed.items()}
    row.save(update_fields=["said"])


def _other(name: str) -> tuple[str, str]:
    """What the row id of somebody named is made of: the name, however it is written."""
    return "other", " ".join(name.casefold().split())


def _only(model: type[Row], owner: User, empty: Mapping[str, Any], *parts: str) -> Row:
    """A person's only row for these parts, locked; made if there is none."""
    rows = model.objects.of(owner).select_for_update()
    made = {"owner": owner, "said": dict(empty)}
    row, _ = rows.get_or_create(pk=private_id(owner, *parts), defaults=made)
    return cast(Row, row)
