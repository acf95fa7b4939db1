"""Turns answers into scale scores, and two sets of answers into a careful comparison (no Django).

Means are fractions: with floats, 8/3 would not be one step above 5/3.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any

from healing.questionnaires.instrument import Instrument, Rule, Subscale

Answers = Mapping[str, int]


class Level(StrEnum):
    LOW = "low"
    MIDDLE = "middle"
    HIGH = "high"


class Change(StrEnum):
    LOWER = "lower"
    SAME = "about the same"
    HIGHER = "higher"


@dataclass(frozen=True)
class Score:
    """What was answered on one scale; `mean` is None when too few items were.

    The mean is on the items' own scale, for example 0 to 4.
    """

    subscale: Subscale
    answered: int
    mean: Fraction | None

    def between(self, lowest: int, highest: int) -> tuple[Fraction, Fraction] | None:
        """The mean with its band to each side, kept within the scale; None without a mean."""
        if self.mean is None:
            return None
        band = Fraction(self.subscale.band)
        return max(Fraction(lowest), self.mean - band), min(Fraction(highest), self.mean + band)


def score(instrument: Instrument, answers: Answers) -> list[Score]:
    """One score for each scale, in the instrument's order.

    `answers` holds item key -> step; keys it does not hold were skipped, keys the instrument does
    not know are left out. Raises ValueError for a step outside the scale.
    """
    return [_score(instrument, subscale, answers) for subscale in instrument.subscales]


def _score(instrument: Instrument, subscale: Subscale, answers: Answers) -> Score:
    given = [answers[key] for key in subscale.items if key in answers]
    for step in given:
        if not instrument.scale.lowest <= step <= instrument.scale.highest:
            raise ValueError(f"An answer on {subscale.key} lies outside the scale.")
    enough = len(given) >= subscale.minimum_answered
    return Score(subscale, len(given), Fraction(sum(given), len(given)) if enough else None)


def level(instrument: Instrument, mean: Fraction) -> Level:
    """Which of the three sentences fits; the cut-offs are the instrument's own caution."""
    if mean < instrument.low_below:
        return Level.LOW
    return Level.HIGH if mean >= instrument.high_from else Level.MIDDLE


def compare(earlier: Score, later: Score) -> Change | None:
    """How one scale changed; None if either has too few answers."""
    if earlier.mean is None or later.mean is None:
        return None
    step = later.mean - earlier.mean
    if abs(step) < later.subscale.about_the_same_below:
        return Change.SAME
    return Change.HIGHER if step > 0 else Change.LOWER


def next_step(instrument: Instrument, answers: Answers, choices: Mapping[str, Any]) -> Rule:
    """The first suggestion that fits; the last one of an instrument always does."""
    means = {one.subscale.key: one.mean for one in score(instrument, answers)}
    return next(rule for rule in instrument.rules if _fits(rule, means, choices))


def _fits(rule: Rule, means: Mapping[str, Fraction | None], choices: Mapping[str, Any]) -> bool:
    if rule.choice:
        given = choices.get(rule.choice)
        return rule.answer in given if isinstance(given, list) else rule.answer == given
    if rule.subscale:
        mean, other = means[rule.subscale], means[rule.above]
        if mean is None or other is None:
            return False
        return mean >= rule.at_least and mean - other >= rule.by
    return True
