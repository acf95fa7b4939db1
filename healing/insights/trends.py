"""Numbers over time: means by day, week or month, with what is missing left open (no Django)."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import fmean

from healing.insights.rows import CheckedIn, Noted, Practised
from healing.insights.spans import Unit, start_of, steps
from healing.taxonomy.triggers import UNTIL_STEADY

# Programme section 9: a trend needs so many check-ins within so many days.
ENOUGH_CHECK_INS = 14
WITHIN = timedelta(days=28)


@dataclass(frozen=True)
class Point:
    """One step: its first day, how many numbers it holds, and their mean; None for none."""

    day: date
    times: int
    mean: float | None


Numbers = Iterable[tuple[date, int]]


def means(numbers: Numbers, first: date, last: date, unit: Unit) -> list[Point]:
    """One point for each step from `first` to `last`; numbers outside are left out."""
    found: dict[date, list[int]] = {}
    for day, number in numbers:
        if first <= day <= last:
            found.setdefault(start_of(day, unit), []).append(number)
    return [
        Point(step, len(held), fmean(held) if held else None)
        for step in steps(first, last, unit)
        for held in [found.get(step, [])]
    ]


def strengths_of(entries: Iterable[Noted]) -> list[tuple[date, int]]:
    """How strong it was, by day."""
    return [(one.day, one.said["strength"]) for one in entries if _number(one.said, "strength")]


def answers_to(check_ins: Iterable[CheckedIn], item: str) -> list[tuple[date, int]]:
    """The answers to one item, by day."""
    return [(one.day, one.answers[item]) for one in check_ins if _number(one.answers, item)]


def _number(said: Mapping[str, object], name: str) -> bool:
    return isinstance(said.get(name), int)


def shows_a_trend(check_ins: Iterable[CheckedIn]) -> bool:
    """Whether some 28 days hold 14 check-ins."""
    days = sorted({one.day for one in check_ins})
    ends = days[ENOUGH_CHECK_INS - 1 :]
    return any(end - start < WITHIN for start, end in zip(days, ends, strict=False))


@dataclass(frozen=True)
class Ends:
    """Of the points that hold something: the lowest, the highest, and the latest."""

    lowest: Point
    highest: Point
    latest: Point


def ends(points: Iterable[Point]) -> Ends | None:
    """None where fewer than two points hold anything; on a tie the earlier point."""
    held = [point for point in points if point.mean is not None]
    if len(held) < 2:
        return None
    by_mean = sorted(held, key=lambda point: point.mean or 0)
    highest = max(held, key=lambda point: point.mean or 0)
    return Ends(by_mean[0], highest, held[-1])


@dataclass(frozen=True)
class Month:
    """How long it took to be steady again, in the entries of one month, by key of the list."""

    day: date
    times: Mapping[str, int]

    @property
    def total(self) -> int:
        return sum(self.times.values())

    @property
    def cells(self) -> list[int]:
        """In the order of the list, the shortest first."""
        return [self.times[item.key] for item in UNTIL_STEADY]


def until_steady(entries: Iterable[Noted]) -> list[Month]:
    """Months that hold an answer, the newest first."""
    found: dict[date, Counter[str]] = {}
    for entry in entries:
        if (key := entry.said.get("until")) in UNTIL_STEADY.by_key:
            found.setdefault(start_of(entry.day, Unit.MONTH), Counter())[key] += 1
    return [Month(day, found[day]) for day in sorted(found, reverse=True)]


@dataclass(frozen=True)
class BeforeAfter:
    """Entries that hold both numbers: means, and how often the second was lower, same, higher."""

    times: int
    before: float
    after: float
    lower: int
    same: int
    higher: int


def before_after(entries: Iterable[Noted]) -> BeforeAfter | None:
    """None where no entry holds both numbers."""
    both = [
        (one.said["strength"], one.said["after"])
        for one in entries
        if _number(one.said, "strength") and _number(one.said, "after")
    ]
    if not both:
        return None
    lower = sum(after < before for before, after in both)
    same = sum(after == before for before, after in both)
    return BeforeAfter(
        times=len(both),
        before=fmean(before for before, _after in both),
        after=fmean(after for _before, after in both),
        lower=lower,
        same=same,
        higher=len(both) - lower - same,
    )


@dataclass(frozen=True)
class Step:
    """Practice and alarm in one week or month, side by side; nothing says one made the other."""

    day: date
    practised: int
    worry: Point
    steady: Point


def practice(
    check_ins: Sequence[CheckedIn],
    sessions: Iterable[Practised],
    first: date,
    last: date,
    unit: Unit,
) -> list[Step]:
    """For each step: days with practice (an exercise here, or noted in the check-in), and means."""
    days = {one.day for one in sessions} | {
        one.day for one in check_ins if (one.answers.get("practice") or 0) > 0
    }
    times = Counter(start_of(day, unit) for day in days if first <= day <= last)
    rows = zip(
        means(answers_to(check_ins, "left_worry"), first, last, unit),
        means(answers_to(check_ins, "steady"), first, last, unit),
        strict=True,
    )
    return [Step(worry.day, times[worry.day], worry, steady) for worry, steady in rows]
