"""Turns a way of doing an exercise into what happens second by second (no Django)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.functional import Promise


class Kind(StrEnum):
    """What a phase is; the breathing kinds stand in the order of one breath."""

    IN = "in"
    TOP_UP = "top_up"
    HOLD_IN = "hold_in"
    OUT = "out"
    HOLD_OUT = "hold_out"
    STEP = "step"
    BACK = "back"  # a step of the return at the end of an exercise with a frame
    REST = "rest"


class Ask(StrEnum):
    """What a step may ask somebody to note."""

    WRITING = "writing"
    LIST = "list"
    RATING = "rating"
    CHOICE = "choice"


BREATH = (Kind.IN, Kind.TOP_UP, Kind.HOLD_IN, Kind.OUT, Kind.HOLD_OUT)
# How long someone may make an exercise: steps get shorter or longer, breathing gets fewer or more
# rounds. The seconds inside a breath never change.
LENGTHS = {"half": 0.5, "usual": 1.0, "double": 2.0}
# No breathing here is fast: ten breaths a minute at most, which is what [B40] calls slow.
SHORTEST_BREATH = 6


@dataclass(frozen=True)
class Phase:
    """One stretch of time; `label` and `text` are empty for a breath, whose kind says it all.

    0 seconds: it takes as long as it takes. `ask` is the shipped step that asks for something.
    """

    kind: Kind
    seconds: int
    label: str | Promise = ""
    text: str | Promise = ""
    ask: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Timeline:
    """A round of phases, how often it comes, and a rest after the last round."""

    round: tuple[Phase, ...]
    rounds: int = 1
    rest: Phase | None = None

    @property
    def phases(self) -> tuple[Phase, ...]:
        """Every phase in order, the rest included."""
        return self.round * self.rounds + ((self.rest,) if self.rest else ())

    @property
    def seconds(self) -> int:
        """How long the timed steps take; the rest comes on top."""
        return sum(phase.seconds for phase in self.round) * self.rounds

    @property
    def has_clock(self) -> bool:
        """Whether any step has its seconds; without one there is nothing to play."""
        return any(phase.seconds for phase in self.round)

    @property
    def is_timed(self) -> bool:
        """Whether every step has its seconds."""
        return all(phase.seconds for phase in self.round)

    @property
    def asks(self) -> list[Mapping[str, Any]]:
        """The steps that ask for something, in order."""
        return [phase.ask for phase in self.round if phase.ask]

    @property
    def is_breathing(self) -> bool:
        return self.round[0].kind is Kind.IN


def timeline(
    variant: Mapping[str, Any],
    *,
    factor: float = 1,
    rounds: int | None = None,
    rest: tuple[int, str] = (0, ""),
) -> Timeline:
    """The timeline of one variant.

    `variant` holds either `pattern` (seconds for each kind of `BREATH`, and `cycles`) or `steps`
    (as `exercises.content` reads them). `factor` is one of `LENGTHS`; `rounds` is how many breaths
    there are instead of the pattern's own. `rest` is seconds and text of the rest after breathing;
    0 seconds means none. Raises ValueError for a variant with neither.
    """
    if pattern := variant.get("pattern"):
        breath = tuple(Phase(kind, pattern[kind]) for kind in BREATH if pattern.get(kind))
        seconds, text = rest
        after = Phase(Kind.REST, seconds, text=text) if seconds else None
        return Timeline(breath, rounds or _scaled(pattern["cycles"], factor), after)
    if steps := variant.get("steps"):
        return Timeline(tuple(_steps(steps, factor)))
    raise ValueError("A variant needs steps or a breathing pattern.")


def is_gentle(pattern: Mapping[str, int]) -> bool:
    """Whether a breath is slow and easy: six seconds or more, and out no shorter than in."""
    taken_in = pattern["in"] + pattern["top_up"]
    whole = sum(pattern[kind] for kind in BREATH)
    return whole >= SHORTEST_BREATH and pattern["out"] >= taken_in


def _steps(steps: Iterable[Mapping[str, Any]], factor: float) -> Iterable[Phase]:
    for step in steps:
        seconds = _scaled(step["seconds"], factor) if step["seconds"] else 0
        ask = step if step["kind"] in set(Ask) else None
        yield Phase(Kind.STEP, seconds, step["say"], step["text"], ask)


def _scaled(number: int, factor: float) -> int:
    """Halves go up, so that a short step does not get hurried; at least one is left."""
    return max(1, int(number * factor + 0.5))
