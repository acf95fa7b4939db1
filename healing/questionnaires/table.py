"""Scores a table of many people's answers, and sums it up for a report (no Django)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from math import nan
from statistics import StatisticsError, correlation, fmean, stdev

from healing.questionnaires.instrument import Instrument, Subscale

Cells = Sequence[str]


class BadTable(ValueError):
    """A table that cannot be scored at all; the message names line and column."""


@dataclass
class Tally:
    """What is kept of one scale to sum it up: all scores, and sums over complete cases.

    `squares` and `sums` are of the items, after reversal, as whole numbers and so exact.
    """

    subscale: Subscale
    scores: list[float | None] = field(default_factory=list)
    complete: int = 0
    sums: list[int] = field(default_factory=list)
    squares: list[int] = field(default_factory=list)
    total: int = 0
    total_squares: int = 0

    def add(self, steps: list[int]) -> None:
        """Count one complete case, its items in the scale's order."""
        self.complete += 1
        total = sum(steps)
        self.total += total
        self.total_squares += total * total
        sums, squares = self.sums, self.squares
        for place, step in enumerate(steps):
            sums[place] += step
            squares[place] += step * step

    def alpha(self) -> float:
        """Cronbach's alpha (1951) over the complete cases; nan with too few or no spread."""
        n, items = self.complete, len(self.sums)
        spread = n * self.total_squares - self.total**2
        if n < 2 or items < 2 or not spread:
            return nan
        pairs = zip(self.sums, self.squares, strict=True)
        single = sum(n * squares - total**2 for total, squares in pairs)
        return items / (items - 1) * (1 - single / spread)


class Scorer:
    """Scores row after row of one table; what it could not score is told and never guessed.

    `missing` is the code, beside an empty cell, that stands for no answer. Raises BadTable for a
    head without the needed columns, and ValueError for a code that is also a step.
    """

    def __init__(self, instrument: Instrument, head: Cells, missing: str = "") -> None:
        self.width = len(head)
        self.rows = self.unscored = 0
        self.names, self.places, self.ignored = _places(instrument, head)
        scale = instrument.scale
        steps = range(scale.lowest, scale.highest + 1)
        self.span = f"{scale.lowest}-{scale.highest}"
        self.steps: dict[str, int | None] = {str(step): step for step in steps}
        self.steps |= {f"{step}.0": step for step in steps}
        if missing in self.steps:
            raise ValueError(f"{missing} is a step of {self.span} and cannot mean no answer")
        self.steps |= {"": None, missing: None}
        self.turn = scale.lowest + scale.highest
        place = {item.key: n for n, item in enumerate(instrument.items)}
        self.keys = [
            [(place[key], key in one.reversed) for key in one.items] for one in instrument.subscales
        ]
        self.tallies = [
            Tally(one, sums=[0] * len(one.items), squares=[0] * len(one.items))
            for one in instrument.subscales
        ]

    def head(self) -> list[str]:
        """The columns of what `score` gives."""
        keys = [tally.subscale.key for tally in self.tallies]
        return ["row", *(name for key in keys for name in (key, f"{key}_answered"))]

    def score(self, cells: Cells) -> tuple[list[str], str]:
        """The row's scores as text, and what is wrong with it, or an empty text.

        A row with a fault has neither scores nor counts, and is left out of the summary.
        """
        self.rows += 1
        steps, fault = self._read(cells)
        if fault:
            self.unscored += 1
            return [str(self.rows), *[""] * (2 * len(self.keys))], fault
        found = [str(self.rows)]
        for tally, key in zip(self.tallies, self.keys, strict=True):
            found += self._score(tally, key, steps)
        return found, ""

    def _read(self, cells: Cells) -> tuple[list[int | None], str]:
        if len(cells) != self.width:
            return [], f"has {len(cells)} cells, the head has {self.width}"
        known = self.steps
        try:
            return [known[cells[place]] for place in self.places], ""
        except KeyError:
            pass
        texts = [cells[place].strip() for place in self.places]
        wrong = [
            f"{name} is {text!r}"
            for name, text in zip(self.names, texts, strict=True)
            if text not in known
        ]
        if wrong:
            return [], f"{', '.join(wrong)}: not a step of {self.span}"
        return [known[text] for text in texts], ""

    def _score(
        self, tally: Tally, key: list[tuple[int, bool]], steps: list[int | None]
    ) -> tuple[str, str]:
        turn = self.turn
        given = [
            turn - step if turned else step
            for step, turned in ((steps[place], turned) for place, turned in key)
            if step is not None
        ]
        answered = len(given)
        if answered == len(key):
            tally.add(given)
        if answered < tally.subscale.minimum_answered:
            tally.scores.append(None)
            return "", str(answered)
        value = sum(given) / answered
        if tally.subscale.summed:
            value *= len(key)
        tally.scores.append(value)
        return str(round(value, 6)), str(answered)

    def summary(self) -> Iterator[str]:
        """n, mean, SD and alpha of each scale, and each correlation, a line each."""
        yield f"{self.rows} rows, {self.rows - self.unscored} read, {self.unscored} not scored"
        for tally in self.tallies:
            scores = [value for value in tally.scores if value is not None]
            mean = fmean(scores) if scores else nan
            sd = stdev(scores) if len(scores) > 1 else nan
            yield (
                f"{tally.subscale.key}: n {len(scores)}, mean {mean:.4f}, SD {sd:.4f}, "
                f"alpha {tally.alpha():.4f} on {tally.complete} complete cases"
            )
        for one, other in combinations(self.tallies, 2):
            r, n = _correlation(one.scores, other.scores)
            yield f"correlation of {one.subscale.key} and {other.subscale.key}: {r:.4f} (n {n})"


def _correlation(one: Iterable[float | None], other: Iterable[float | None]) -> tuple[float, int]:
    """Pearson's r over the rows with both scores, and how many they are; nan without spread."""
    pairs = [(a, b) for a, b in zip(one, other, strict=True) if a is not None and b is not None]
    try:
        return correlation([a for a, _b in pairs], [b for _a, b in pairs]), len(pairs)
    except StatisticsError:
        return nan, len(pairs)


def _places(instrument: Instrument, head: Cells) -> tuple[list[str], list[int], list[str]]:
    """The needed columns, where they stand, and those that look like items and are none."""
    names = [name.strip().upper() for name in head]
    wanted = [f"Q{item.number}" for item in instrument.items]
    lost = [name for name in wanted if name not in names]
    if lost:
        raise BadTable(f"line 1: there is no column {', '.join(lost)}")
    doubled = [name for name in wanted if names.count(name) > 1]
    if doubled:
        raise BadTable(f"line 1: the column {', '.join(doubled)} stands twice")
    like_items = [name for name in names if name[:1] == "Q" and name[1:].isdecimal()]
    ignored = [name for name in like_items if name not in wanted]
    return wanted, [names.index(name) for name in wanted], ignored
