"""The shape of a questionnaire: what it asks, how it is keyed, what it may say (no Django)."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Item:
    """One line to rate."""

    key: str
    text: str


@dataclass(frozen=True)
class Scale:
    """The steps an item can be rated with, and the words for each."""

    lowest: int
    anchors: tuple[str, ...]

    @property
    def highest(self) -> int:
        return self.lowest + len(self.anchors) - 1

    @property
    def steps(self) -> list[tuple[int, str]]:
        return list(enumerate(self.anchors, self.lowest))


@dataclass(frozen=True)
class Subscale:
    """Items that belong together; scored as the mean of those that were answered."""

    key: str
    title: str
    items: tuple[str, ...]
    minimum_answered: int
    more_is_support: bool
    band: float
    about_the_same_below: float
    low: str
    middle: str
    high: str


@dataclass(frozen=True)
class Choice:
    """A question with named answers, outside every scale."""

    key: str
    text: str
    multi: bool
    options: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Rule:
    """A suggestion and when it fits; a field that is empty asks for nothing."""

    key: str
    text: str
    choice: str = ""
    answer: str = ""
    subscale: str = ""
    at_least: float = 0
    above: str = ""
    by: float = 0


@dataclass(frozen=True)
class Instrument:
    """One questionnaire of one version."""

    id: str
    version: int
    title: str
    introduction: str
    instruction: str
    time_frame: str
    citation: str
    licence: str
    unvalidated: bool
    source_note: str
    scale: Scale
    items: tuple[Item, ...]
    low_below: float
    high_from: float
    subscales: tuple[Subscale, ...]
    choices: tuple[Choice, ...]
    result_note: str
    retake_weeks: int
    retake_text: str
    rules: tuple[Rule, ...]
