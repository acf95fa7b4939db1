"""What can go into a packet: each kind says how its rows read as plain lines.

To add one, write a reader that gives its rows between two days, and name it in KINDS.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from exercises.models import Exercise, Session
from exercises.screens import Aftercare
from healing.accounts.models import User
from healing.checkins.items import ITEMS, TEXTS
from healing.checkins.models import CheckIn, LookBack
from healing.predictions.models import Prediction
from healing.questionnaires import instruments
from healing.questionnaires.instrument import Instrument
from healing.questionnaires.models import Submission
from healing.questionnaires.results import Result, results
from healing.sharing.packet import Line, Row
from healing.vault.models import PrivateQuerySet
from journal.models import Entry

# Two years of four rows a day. More is no longer read, neither by a helper nor in the preview.
MOST_ROWS = 3000
Read = tuple[UUID, date, Iterable[Line]]
Reader = Callable[[User, date, date], Iterable[Read]]


class TooMany(ValueError):
    """More rows than a packet holds."""


@dataclass(frozen=True, slots=True)
class Kind:
    """`plural` stands in the form, `single` over each row."""

    slug: str
    plural: str | Promise
    single: str | Promise
    read: Reader


def rows_between(*, owner: User, kinds: Iterable[str], first: date, last: date) -> list[Row]:
    """The rows of these kinds on these days, both included, by day; raises TooMany."""
    chosen = set(kinds)
    found = [
        Row(pk.hex, str(kind.single), day, tuple(line for line in lines if line.text))
        for kind in KINDS
        if kind.slug in chosen
        for pk, day, lines in kind.read(owner, first, last)
    ]
    if len(found) > MOST_ROWS:
        raise TooMany
    return sorted((row for row in found if row.lines), key=lambda row: row.day)


def _within(rows: PrivateQuerySet, first: date, last: date) -> Any:
    """The rows on these days, in the order they were made; one more than there may be."""
    days = rows.filter(local_date__range=(first, last))
    return days.order_by("local_date", "created", "id")[: MOST_ROWS + 1]


def _entries(owner: User, first: date, last: date) -> Iterator[Read]:
    for entry in _within(Entry.objects.of(owner), first, last):
        yield (
            entry.pk,
            entry.local_date,
            [
                Line(part.name, str(part.label), _of_ten(words) if part.number else words)
                for part, words in entry.answers
            ],
        )


def _of_ten(words: object) -> str:
    return _("%(number)s of 10") % {"number": words}


def _check_ins(owner: User, first: date, last: date) -> Iterator[Read]:
    for row in _within(CheckIn.objects.of(owner), first, last):
        rated = [
            Line(item.key, str(item.question), str(item.anchors[row.answers[item.key]]))
            for item in ITEMS
            if item.key in row.answers
        ]
        written = [
            Line(name, str(label), row.answers.get(name, "")) for name, label in TEXTS.items()
        ]
        yield row.pk, row.local_date, [*rated, *written]


def _look_backs(owner: User, first: date, last: date) -> Iterator[Read]:
    for row in _within(LookBack.objects.of(owner), first, last):
        yield (
            row.pk,
            row.local_date,
            [Line(f"said-{n}", str(text), words) for n, (text, words) in enumerate(row.words)],
        )


def _predictions(owner: User, first: date, last: date) -> Iterator[Read]:
    for row in _within(Prediction.objects.of(owner), first, last):
        percent = "" if row.likelihood is None else f"{row.likelihood} %"
        yield (
            row.pk,
            row.local_date,
            [
                Line("fear", _("What I feared"), row.fear),
                Line("likelihood", _("How likely it felt"), percent),
                Line("outcome", _("What happened"), str(row.outcome_words) if row.outcome else ""),
                Line("told", _("In my words"), row.told),
            ],
        )


AFTERCARE = {
    Aftercare.FINE: gettext_lazy("fine"),
    Aftercare.STIRRED: gettext_lazy("stirred up"),
    Aftercare.ROUGH: gettext_lazy("rough"),
}


def _sessions(owner: User, first: date, last: date) -> Iterator[Read]:
    titles = dict(Exercise.objects.values_list("content_id", "title"))
    for row in _within(Session.objects.of(owner).practised(), first, last):
        said = row.said
        yield (
            row.pk,
            row.local_date,
            [
                Line("exercise", _("What I did"), titles.get(row.exercise, row.exercise)),
                *(
                    Line(name, label, "" if said[name] is None else _of_ten(said[name]))
                    for name, label in (("before", _("Distress before")), ("after", _("and after")))
                ),
                *(Line(f"note-{one['key']}", str(one["say"]), _noted(one)) for one in row.notes),
                Line(
                    "aftercare",
                    _("The rest of the day"),
                    str(AFTERCARE[said["aftercare"]]) if said["aftercare"] else "",
                ),
            ],
        )


def _noted(note: dict[str, Any]) -> str:
    value = note["value"]
    return ", ".join(value) if isinstance(value, list) else str(value)


def _submissions(owner: User, first: date, last: date) -> Iterator[Read]:
    for row in _within(Submission.objects.of(owner), first, last):
        if instrument := instruments.find(row.instrument):
            yield (
                row.pk,
                row.local_date,
                [
                    Line("title", _("Questionnaire"), instrument.title),
                    Line("about", _("About"), instrument.about.get(row.target, "")),
                    *_answered(row.asked(instrument), row),
                    *(
                        Line(f"scale-{number}", one.title, _read(instrument, one))
                        for number, one in enumerate(results(instrument, row))
                        if one.mean
                    ),
                ],
            )


def _read(instrument: Instrument, one: Result) -> str:
    return f"{one.mean} ({one.between})" if instrument.has_room else one.mean


def _answered(instrument: Instrument, row: Submission) -> Iterator[Line]:
    """Each answered item and choice; one of another version or wording has no words any more."""
    steps = dict(instrument.scale.steps)
    for item in instrument.items:
        if item.key in row.answers and item.text:
            yield Line(item.key, item.text, steps.get(row.answers[item.key], ""))
    for choice in instrument.choices:
        said = row.choices.get(choice.key, [])
        keys = [said] if isinstance(said, str) else said
        options = dict(choice.options)
        words = ", ".join(options[key] for key in keys if key in options)
        yield Line(f"choice-{choice.key}", choice.text, words)


KINDS = (
    Kind("entries", gettext_lazy("Journal entries"), gettext_lazy("Journal entry"), _entries),
    Kind("check-ins", gettext_lazy("Check-ins"), gettext_lazy("Check-in"), _check_ins),
    Kind("look-backs", gettext_lazy("Look-backs"), gettext_lazy("Look-back"), _look_backs),
    Kind("exercises", gettext_lazy("Exercises done"), gettext_lazy("Exercise"), _sessions),
    Kind("predictions", gettext_lazy("Predictions"), gettext_lazy("Prediction"), _predictions),
    Kind(
        "questionnaires",
        gettext_lazy("Questionnaire results"),
        gettext_lazy("Questionnaire"),
        _submissions,
    ),
)
