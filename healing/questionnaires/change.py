"""Whether two scores differ by more than their error: the reliable change index (no Django).

SEM = SD * sqrt(1 - r); a difference counts beyond 1.96 * sqrt(2) * SEM (Jacobson & Truax, 1991,
Journal of Consulting and Clinical Psychology 59, 12-19, their S_diff).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import sqrt

from healing.questionnaires.instrument import Instrument, Reliability, Subscale
from healing.questionnaires.scoring import score

# Two-sided 95 % of a normal distribution.
Z = 1.96


class Verdict(StrEnum):
    UP = "up beyond error"
    DOWN = "down beyond error"
    CANNOT_TELL = "cannot tell"


@dataclass(frozen=True)
class Taken:
    """One filled-in questionnaire; `answers` holds item key -> step as it was chosen.

    `wording` marks words that an operator added, as in `Instrument`.
    """

    instrument: str
    version: int
    lowest: int
    highest: int
    target: str
    answers: Mapping[str, int]
    wording: str = ""

    @property
    def asked(self) -> tuple[str, int, str, int, int]:
        """What was asked, and on which range."""
        return self.instrument, self.version, self.wording, self.lowest, self.highest


@dataclass(frozen=True)
class Moved:
    """How one scale moved, in its own units.

    `threshold` and `verdict` are None where no reliability is declared: then the two numbers are
    all that can be said.
    """

    subscale: Subscale
    earlier: Fraction
    later: Fraction
    threshold: float | None
    verdict: Verdict | None


def standard_error(reliability: Reliability) -> float:
    """The standard error of measurement, in the units of the SD.

    Raises ValueError for a reliability outside 0 to 1 or an SD that is not positive.
    """
    if not 0 <= reliability.r <= 1 or not reliability.sd > 0:
        raise ValueError("a reliability lies from 0 to 1, and an SD is more than 0")
    return reliability.sd * sqrt(1 - reliability.r)


def threshold(reliability: Reliability) -> float:
    """The difference that error alone passes once in twenty times, in the units of the SD."""
    return Z * sqrt(2) * standard_error(reliability)


def verdict(earlier: Fraction, later: Fraction, reliability: Reliability) -> Verdict:
    """One of three outcomes; a difference as large as the threshold does not pass it."""
    step, least = later - earlier, threshold(reliability)
    if abs(step) <= least:
        return Verdict.CANNOT_TELL
    return Verdict.UP if step > 0 else Verdict.DOWN


def comparable(earlier: Taken, later: Taken, subscale: Subscale) -> bool:
    """Whether both were asked the same way, and the same items of the scale were answered."""
    items = set(subscale.items)
    same_items = items & earlier.answers.keys() == items & later.answers.keys()
    return earlier.asked == later.asked and earlier.target == later.target and same_items


def asked_by(instrument: Instrument) -> tuple[str, int, str, int, int]:
    """What the instrument asks as it is today, as `Taken.asked`."""
    scale = instrument.scale
    return instrument.id, instrument.version, instrument.wording, scale.lowest, scale.highest


def changes(instrument: Instrument, earlier: Taken, later: Taken) -> list[Moved | None]:
    """How each scale moved, in the instrument's order; None where nothing may be compared.

    Nothing may be compared either if `later` is not of this instrument, version, words and range.
    """
    if later.asked != asked_by(instrument):
        return [None] * len(instrument.subscales)
    return [_moved(instrument, n, earlier, later) for n in range(len(instrument.subscales))]


def _moved(instrument: Instrument, number: int, earlier: Taken, later: Taken) -> Moved | None:
    subscale = instrument.subscales[number]
    if not comparable(earlier, later, subscale):
        return None
    before, after = (score(instrument, one.answers)[number].value for one in (earlier, later))
    if before is None or after is None:
        return None
    reliability = subscale.reliability
    if reliability is None:
        return Moved(subscale, before, after, None, None)
    found = verdict(before, after, reliability)
    return Moved(subscale, before, after, threshold(reliability), found)
