"""What the pages of the room are called, and what one line of a page holds."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from healing.insights.counts import Count, Hour, Pull, Together, most_frequent
from healing.insights.spans import Span, Unit

Label = str | Promise
# Address name, title, and what stands there.
PAGES: tuple[tuple[str, Label, Label], ...] = (
    ("triggers", _("What sets it off"), _("How often, at which hour, and with what")),
    ("course", _("How strong, and how long"), _("Over time, with the gaps left open")),
    ("choices", _("Urges, guesses and needs"), _("What you felt, and what you did")),
    ("practice", _("Practice and alarm"), _("Week by week, side by side")),
    ("works", _("What works after what"), _("Exercises by kind of trigger")),
    ("people", _("By nickname"), _("Your own side with one person")),
)


@dataclass(frozen=True)
class Bar:
    """One line of a list: its words, its number, and its length of 100."""

    label: Label
    times: int
    wide: int


def bars_of(found: Iterable[Count]) -> list[Bar]:
    """The list as bars; the longest is the most frequent."""
    listed = list(found)
    most = max((one.times for one in listed), default=1)
    return [Bar(one.item.label, one.times, round(100 * one.times / most)) for one in listed]


@dataclass(frozen=True)
class Pair:
    """Two things that appeared together often, in words."""

    one: Label
    other: Label
    joint: int
    ones: int
    others: int
    by_chance: float


def pairs_of(found: Iterable[Together]) -> list[Pair]:
    return [
        Pair(
            _words(*pair.one),
            _words(*pair.other),
            pair.joint,
            pair.ones,
            pair.others,
            float(pair.by_chance),
        )
        for pair in found
    ]


def _words(name: str, item: object) -> Label:
    label: Label = item.label  # type: ignore[attr-defined]
    return _("body’s reserve: %(label)s") % {"label": label} if name == "reserve" else label


@dataclass(frozen=True)
class Clock:
    """The table of hours and weekdays; `hour` and `weekday` are the most frequent, if one is.

    `peak`: from this number on a cell is marked.
    """

    hours: list[Hour]
    totals: tuple[int, ...]
    hour: Hour | None
    weekday: int | None
    peak: int

    @property
    def known(self) -> int:
        """Entries whose hour is known."""
        return sum(one.total for one in self.hours if one.hour is not None)


def clock_of(hours: list[Hour]) -> Clock:
    known = [one for one in hours if one.hour is not None]
    totals = tuple(sum(one.weekdays[day] for one in hours) for day in range(7))
    at = most_frequent([one.total for one in known])
    most = max((number for one in known for number in one.weekdays), default=0)
    return Clock(
        hours=hours,
        totals=totals,
        hour=None if at is None else known[at],
        weekday=most_frequent(totals),
        peak=max(2, int(Fraction(most, 2)) + 1),
    )


def totals_of(pulls: Iterable[Pull]) -> tuple[int, int]:
    """How often an urge was felt, and how often it was not acted on."""
    listed = list(pulls)
    return sum(one.felt for one in listed), sum(one.let_go for one in listed)


def unit_of_weeks(span: Span) -> Unit:
    """The step of a picture that counts days: never a single day."""
    return Unit.MONTH if span.unit is Unit.MONTH else Unit.WEEK
