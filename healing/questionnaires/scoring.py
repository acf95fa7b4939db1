"""Turns answers into scale scores, and two sets of answers into a careful comparison (no Django).

Scores are fractions: with floats, 8/3 would not be one step above 5/3.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any

from healing.questionnaires.instrument import Caution, Instrument, Rule, Subscale

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

    The mean is on the items' own scale, for example 0 to 4, after reversal.
    """

    subscale: Subscale
    answered: int
    mean: Fraction | None

    @property
    def value(self) -> Fraction | None:
        """The published score: the mean, or the sum with the mean standing in for skipped items."""
        if self.mean is None or not self.subscale.summed:
            return self.mean
        return self.mean * len(self.subscale.items)

    def between(self, lowest: int, highest: int) -> tuple[Fraction, Fraction] | None:
        """The mean with its band to each side, kept within the scale; None without mean or band."""
        if self.mean is None or self.subscale.caution is None:
            return None
        band = Fraction(self.subscale.caution.band)
        return max(Fraction(lowest), self.mean - band), min(Fraction(highest), self.mean + band)


def score(instrument: Instrument, answers: Answers) -> list[Score]:
    """One score for each scale, in the instrument's order.

    `answers` holds item key -> step as it was chosen, before reversal; keys it does not hold were
    skipped, keys the instrument does not know are left out. Raises ValueError for a step outside
    the scale.
    """
    return [_score(instrument, subscale, answers) for subscale in instrument.subscales]


def _score(instrument: Instrument, subscale: Subscale, answers: Answers) -> Score:
    scale = instrument.scale
    keyed = []
    for key in subscale.items:
        if key not in answers:
            continue
        step = answers[key]
        if not scale.lowest <= step <= scale.highest:
            raise ValueError(f"An answer on {subscale.key} lies outside the scale.")
        keyed.append(scale.lowest + scale.highest - step if key in subscale.reversed else step)
    enough = len(keyed) >= subscale.minimum_answered
    return Score(subscale, len(keyed), Fraction(sum(keyed), len(keyed)) if enough else None)


def across_targets(instrument: Instrument, by_target: Mapping[str, Answers]) -> list[Score]:
    """One score for each scale: the mean over the targets that were answered about.

    `by_target` holds target key -> answers. A scale with too few answers about one of them has no
    number, since leaving that target out would be a score of something else (Fraley et al., 2011).
    """
    each = [score(instrument, answers) for answers in by_target.values()]
    joined = []
    for subscale, scores in zip(instrument.subscales, zip(*each, strict=True), strict=True):
        means = [one.mean for one in scores if one.mean is not None]
        whole = len(means) == len(scores)
        mean = sum(means, Fraction(0)) / len(means) if whole else None
        joined.append(Score(subscale, sum(one.answered for one in scores), mean))
    return joined


def level(instrument: Instrument, mean: Fraction) -> Level:
    """Which of the three sentences fits; the cut-offs are the instrument's own caution."""
    if mean < instrument.low_below:
        return Level.LOW
    return Level.HIGH if mean >= instrument.high_from else Level.MIDDLE


def compare(earlier: Fraction, later: Fraction, caution: Caution) -> Change:
    """How two means differ by our own caution, which is no measured error."""
    step = later - earlier
    if abs(step) < caution.about_the_same_below:
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
