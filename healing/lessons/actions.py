"""Keeps a person's own notes on lessons, and asks the path which lesson is next."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from exercises import limits
from exercises.actions import bounds, leave_gate_closed, on_gentler_path, open_gate
from exercises.limits import REST
from exercises.models import Session
from healing.accounts.models import User
from healing.cards.actions import card_of
from healing.cards.kinds import SAFETY, is_filled
from healing.checkins.actions import switched_off
from healing.checkins.models import CheckIn, SafetyAnswer
from healing.checkins.safety import Level
from healing.lessons import gate, path
from healing.lessons.gate import Missing
from healing.lessons.models import Lesson, LessonNote, Module, Way
from healing.questionnaires.instruments import find
from healing.questionnaires.models import Submission
from healing.questionnaires.scoring import next_step
from healing.vault.actions import private_id

STARTING_PICTURE = "starting-picture"


@dataclass(frozen=True)
class Step:
    """A lesson on someone's way: `state` is read, next, open, aside or closed."""

    lesson: Lesson
    state: str


@dataclass(frozen=True)
class Chapter:
    """A module on someone's way; `before` are the lessons that had better come first."""

    module: Module
    lessons: Sequence[Step]
    is_done: bool
    before: Sequence[path.Stop]


def note_on(*, owner: User, lesson: Lesson) -> dict[str, Any]:
    """What the person did with this lesson: `LessonNote.said`, or the same with nothing in it."""
    row = LessonNote.objects.of(owner).filter(pk=_row_id(owner, lesson)).first()
    return row.said if row else _nothing(lesson)


def notes(*, owner: User) -> list[dict[str, Any]]:
    """`LessonNote.said` of every lesson the person did something with; oldest first."""
    return [row.said for row in LessonNote.objects.of(owner).order_by("created")]


def lessons_read(*, owner: User) -> dict[str, date]:
    """Content ids of the lessons the person marked as read, each with the date they did."""
    return _read(notes(owner=owner))


def next_lesson(*, owner: User) -> Lesson | None:
    """The lesson suggested next, its `why` filled in; None when there is none to suggest now.

    That is so when everything is read or set aside, or when the week has brought enough of them.
    """
    lessons = _lessons()
    facts = facts_of(owner=owner, lessons=lessons)
    found = None if path.enough_for_now(facts) else path.next_lesson(facts)
    if found is None:
        return None
    lesson = next(one for one in lessons if one.content_id == found.content_id)
    lesson.why = found.reason
    return lesson


def programme(*, owner: User) -> tuple[list[Chapter], path.Facts]:
    """The chapters in the order suggested to this person, the optional ones last; and why so."""
    lessons = _lessons()
    facts = facts_of(owner=owner, lessons=lessons)
    following = path.next_lesson(facts)
    is_open = gate_is_open(owner=owner)
    order = [*path.order(facts), "M9", "S"]
    chapters = [
        Chapter(
            module=module,
            lessons=[
                _step(one, facts, following, is_open) for one in lessons if one.module == module
            ],
            is_done=path.is_done(module.content_id, facts),
            before=path.to_read_before(module.content_id, facts),
        )
        for module in dict.fromkeys(lesson.module for lesson in lessons)
    ]
    known = {name: place for place, name in enumerate(dict.fromkeys(order))}
    chapters.sort(key=lambda chapter: known.get(chapter.module.content_id, len(known)))
    return chapters, facts


def facts_of(*, owner: User, lessons: Sequence[Lesson]) -> path.Facts:
    """What the path needs to know of this person, for these published lessons."""
    said = notes(owner=owner)
    return path.Facts(
        lessons=[
            path.Stop(
                lesson.content_id,
                lesson.title,
                lesson.module.content_id,
                lesson.module.title,
                lesson.gated,
            )
            for lesson in lessons
        ],
        today=owner.today(),
        read=_read(said),
        aside=[one["lesson"] for one in said if one["aside"]],
        pace=pace_of(owner=owner),
        room_first=_suggestion(owner) == "room_and_support",
        recent_loss=on_gentler_path(owner=owner),
    )


def pace_of(*, owner: User) -> path.Pace:
    """The pace the person chose, or the usual one."""
    row = Way.objects.of(owner).first()
    return path.Pace(row.said["pace"]) if row else path.Pace.USUAL


def gate_facts(*, owner: User) -> gate.Facts:
    """What the readiness check knows of a person without asking."""
    facts = facts_of(owner=owner, lessons=_lessons())
    sessions = Session.objects.of(owner).practised()
    check_ins = CheckIn.objects.of(owner).order_by("-local_date")[: gate.FORTNIGHT.days]
    answers = SafetyAnswer.objects.of(owner).order_by("-local_date", "-created")
    return gate.Facts(
        today=facts.today,
        done=[module for module in gate.MODULES if path.is_done(module, facts)],
        read=facts.read,
        practised=[(row.exercise, row.local_date) for row in sessions if row.finished],
        card_is_filled=is_filled(card_of(owner=owner, kind=SAFETY).answers),
        check_ins=[(row.local_date, row.said("steady")) for row in check_ins],
        safety=[*((row.local_date, row.level) for row in answers if row.level), *_rested(owner)],
        asks_steady="steady" not in switched_off(owner=owner),
    )


def _rested(owner: User) -> list[tuple[date, Level]]:
    """The last answer to the safety question that closed something: it may have been erased."""
    rests = bounds(owner=owner)["high_rests_until"]
    return [(date.fromisoformat(rests) - REST, Level.LOW)] if rests else []


def gate_is_open(*, owner: User) -> bool:
    """Whether the lessons behind the readiness check are open to this person."""
    opened = bounds(owner=owner)["gate_opened"]
    return limits.gate_is_open(opened and date.fromisoformat(opened), owner.today())


def gate_asked(*, owner: User) -> date | None:
    """When the questions of the readiness check were last answered in vain."""
    asked = bounds(owner=owner)["gate_asked"]
    return date.fromisoformat(asked) if asked else None


def answer_gate(
    *, owner: User, said: Sequence[Missing], in_therapy: bool, is_settled: bool
) -> list[Missing]:
    """Open the gate, or say what is missing. `said`: what is missing in the answers given now.

    Of the answers only the day is kept, and only if they were the reason.
    """
    facts = gate_facts(owner=owner)
    lacking = [*gate.missing(facts, in_therapy=in_therapy, is_settled=is_settled), *said]
    if not lacking:
        open_gate(owner=owner)
    elif said:
        leave_gate_closed(owner=owner)
    return lacking


@transaction.atomic
def keep_pace(*, owner: User, pace: path.Pace) -> None:
    """Keep how many lessons a week the person wants to be shown."""
    row_id = private_id(owner, "way", "")
    said = {"pace": pace.value}
    row, created = Way.objects.of(owner).get_or_create(
        pk=row_id, defaults={"owner": owner, "said": said}
    )
    if not created:
        row.said = said
        row.save(update_fields=["said"])


def _lessons() -> list[Lesson]:
    return list(Lesson.objects.published().select_related("module").defer("body"))


def _read(said: Iterable[Mapping[str, Any]]) -> dict[str, date]:
    return {one["lesson"]: date.fromisoformat(one["read_on"]) for one in said if one["read_on"]}


def _step(lesson: Lesson, facts: path.Facts, following: path.Next | None, gate_open: bool) -> Step:
    if lesson.content_id in facts.read:
        state = "read"
    elif lesson.gated and not gate_open:
        state = "closed"
    elif lesson.content_id in facts.aside:
        state = "aside"
    elif following and lesson.content_id == following.content_id:
        state = "next"
    else:
        state = "open"
    return Step(lesson, state)


def _suggestion(owner: User) -> str:
    """Key of the rule in the starting picture that fits the person's last ratings, or "".

    The answer about a loss counts through the gentler path alone, which can be ended.
    """
    picture = find(STARTING_PICTURE)
    last = Submission.objects.of(owner).to(picture).first() if picture else None
    if picture is None or last is None:
        return ""
    return next_step(last.asked(picture), last.answers, {}).key


def answer_to(said: Mapping[str, Any], question_id: str) -> str:
    """The answer to one question in a `LessonNote.said`, or an empty text."""
    return str(said["answers"].get(question_id, {}).get("answer", ""))


def mark_of(answer: str) -> str:
    """Sixteen hex digits that tell one answer from another; a browser's line ends do not count."""
    return hashlib.sha256(answer.strip().replace("\r\n", "\n").encode()).hexdigest()[:16]


@transaction.atomic
def keep_note(
    *,
    owner: User,
    lesson: Lesson,
    answer: str | None = None,
    read: bool | None = None,
    aside: bool = False,
    opened_with: str | None = None,
) -> bool:
    """Keep the answer to the lesson's question, and whether the lesson is read.

    None leaves a thing as it is; an empty answer erases it. The first date of reading stands until
    "read" is taken back. A lesson set aside is unread and not suggested again. `opened_with` is the
    mark of the answer that the form was opened with: the form then changes that answer and no
    other. Returns False if another one is in its place. With the answer the words of its question
    are kept: an editor may change them later.
    """
    row, _ = (
        LessonNote.objects.of(owner)
        .select_for_update()
        .get_or_create(
            pk=_row_id(owner, lesson), defaults={"owner": owner, "said": _nothing(lesson)}
        )
    )
    said = row.said
    in_the_way = False
    question = lesson.question
    if question is None:
        answer = None
    if answer is not None and opened_with is not None:
        stored = answer_to(said, question.id)
        untouched = mark_of(answer) == opened_with
        newer = bool(stored) and mark_of(stored) not in (opened_with, mark_of(answer))
        in_the_way = newer and not untouched
        answer = None if untouched or in_the_way else answer
    if answer is not None:
        said["answers"].pop(question.id, None)
    if answer:
        said["answers"][question.id] = {"question": question.value, "answer": answer}
    if aside or read is not None:
        said["aside"] = aside
        said["read_on"] = (said["read_on"] or owner.today().isoformat()) if read else None
    row.said = said
    row.save(update_fields=["said"])
    return not in_the_way


@transaction.atomic
def drop_answer(*, owner: User, lesson: Lesson, question_id: str) -> None:
    """Erase the answer to one question, which the lesson may have stopped asking."""
    row = LessonNote.objects.of(owner).select_for_update().filter(pk=_row_id(owner, lesson)).first()
    if row is not None:
        said = row.said
        said["answers"].pop(question_id, None)
        row.said = said
        row.save(update_fields=["said"])


def _row_id(owner: User, lesson: Lesson) -> Any:
    return private_id(owner, "lesson", lesson.content_id)


def _nothing(lesson: Lesson) -> dict[str, Any]:
    return {"lesson": lesson.content_id, "read_on": None, "aside": False, "answers": {}}
