"""What ratings before and after say about an exercise for one person. (No Django.)

The interval is the one that goes with the sign test: two of the ordered changes, the same number
of places from both ends, between which the median lies in at least nine of ten such rows. It
assumes no shape of the numbers (Conover, Practical Nonparametric Statistics, on quantiles).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import comb
from statistics import median

# Programme section 9: fewer say nothing.
ENOUGH = 5
SURE = 0.9
# Of the distress number, on the median: less is not told as a fall.
WORTH_SAYING = 1


@dataclass(frozen=True)
class Result:
    """The changes (after minus before) noted with one exercise; below zero is less distress.

    `middle`, `low` and `high` are None while there are too few.
    """

    exercise: str
    times: int
    middle: float | None = None
    low: int | None = None
    high: int | None = None

    @property
    def helps(self) -> bool:
        """Whether the number usually fell, and the interval holds no rise."""
        if self.middle is None or self.high is None:
            return False
        return self.middle <= -WORTH_SAYING and self.high <= 0

    @property
    def fall(self) -> float:
        """By how much the number usually fell; 0 where it did not."""
        return max(0.0, -(self.middle or 0.0))


def results(rated: Iterable[tuple[str, int, int]]) -> list[Result]:
    """One result for each exercise, the most useful first, those with too few ratings last.

    `rated` holds (exercise id, rating before, rating after), each 0 to 10.
    """
    changes: dict[str, list[int]] = {}
    for exercise, before, after in rated:
        changes.setdefault(exercise, []).append(after - before)
    found = [_result(exercise, sorted(numbers)) for exercise, numbers in changes.items()]
    return sorted(found, key=lambda one: (one.middle is None, one.middle or 0, one.exercise))


def _result(exercise: str, ordered: list[int]) -> Result:
    times = len(ordered)
    if times < ENOUGH:
        return Result(exercise, times)
    place = _place(times)
    return Result(exercise, times, median(ordered), ordered[place], ordered[-1 - place])


def _place(times: int) -> int:
    """How many places from each end the interval begins; 0 takes the lowest and the highest."""
    place, outside = 0, 0.0
    while place < times // 2:
        outside += 2 * comb(times, place) / 2**times
        if 1 - outside < SURE:
            break
        place += 1
    return max(0, place - 1)
