"""How likely someone held their fears, beside how many came true (no Django)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from healing.predictions.outcomes import Outcome

NEEDED = 8  # fewer fears make a picture of chance
STRONG = 70  # per cent: from here on a fear was held as likely
STEPS = ((0, 19), (20, 39), (40, 59), (60, 79), (80, 100))  # per cent, both ends within

Rated = tuple[int, Outcome]


@dataclass(frozen=True)
class Tally:
    """How many fears there were, and how many of them came true, whole or partly."""

    fears: int
    happened: int
    partly: int

    @property
    def share(self) -> float:
        """Per cent that came true, partly counted as half; 0 where there is no fear."""
        return 100 * (self.happened + self.partly / 2) / self.fears if self.fears else 0.0


@dataclass(frozen=True)
class Step:
    """The fears rated from `low` to `high` per cent, and the mean of their ratings."""

    low: int
    high: int
    mean: float
    tally: Tally

    @property
    def x(self) -> int:
        """Where its dot stands from the left, 0 to 100."""
        return round(self.mean)

    @property
    def y(self) -> int:
        """Where its dot stands from the top, 0 to 100."""
        return 100 - round(self.tally.share)


@dataclass(frozen=True)
class Calibration:
    """`steps` are those that hold a fear, the lowest first.

    `unknown` are answers that nobody can know, `unrated` those whose fear had no likelihood;
    neither is counted anywhere else.
    """

    everything: Tally
    strong: Tally
    steps: tuple[Step, ...]
    unknown: int
    unrated: int

    @property
    def missing(self) -> int:
        """How many more counted answers it takes to say something."""
        return max(0, NEEDED - self.everything.fears)


def calibrate(answers: Iterable[tuple[int | None, Outcome]]) -> Calibration:
    """From the likelihood of each answered fear, 0 to 100 per cent or None, and what happened."""
    every = list(answers)
    known = [(rated, outcome) for rated, outcome in every if outcome is not Outcome.CANNOT_KNOW]
    counted = [(rated, outcome) for rated, outcome in known if rated is not None]
    steps = [_step(low, high, counted) for low, high in STEPS]
    return Calibration(
        everything=_tally(counted),
        strong=_tally([one for one in counted if one[0] >= STRONG]),
        steps=tuple(step for step in steps if step.tally.fears),
        unknown=len(every) - len(known),
        unrated=len(known) - len(counted),
    )


def _step(low: int, high: int, counted: Sequence[Rated]) -> Step:
    within = [one for one in counted if low <= one[0] <= high]
    mean = sum(rated for rated, _outcome in within) / len(within) if within else 0.0
    return Step(low=low, high=high, mean=mean, tally=_tally(within))


def _tally(counted: Sequence[Rated]) -> Tally:
    outcomes = [outcome for _rated, outcome in counted]
    return Tally(
        fears=len(outcomes),
        happened=outcomes.count(Outcome.HAPPENED),
        partly=outcomes.count(Outcome.PARTLY),
    )
