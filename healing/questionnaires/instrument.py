"""The shape of a questionnaire: what it asks, how it is keyed, what it may say (no Django)."""

from dataclasses import dataclass, replace

# Whom answers are about where nobody is named.
GENERAL = "general"


@dataclass(frozen=True)
class Item:
    """One line to rate; `text` is empty while its wording needs a licence.

    `number` is the item's own in the publication. `anchors` replace the scale's words where one
    line is answered with words of its own.
    """

    number: int
    key: str
    text: str
    anchors: tuple[str, ...] = ()


@dataclass(frozen=True)
class Scale:
    """The steps an item can be rated with, and the words for each, where we may show them."""

    lowest: int
    highest: int
    anchors: tuple[str, ...] = ()

    @property
    def steps(self) -> list[tuple[int, str]]:
        return list(enumerate(self.anchors, self.lowest))


@dataclass(frozen=True)
class Reliability:
    """How exact a scale was found to be, on the scale's own metric and response range."""

    kind: str
    r: float
    sd: float
    source: str


@dataclass(frozen=True)
class Words:
    """What may be said of a low, a middle and a high score."""

    low: str
    middle: str
    high: str


@dataclass(frozen=True)
class Caution:
    """Room of our own to each side of a score, in steps; it is not a measured error."""

    band: float
    about_the_same_below: float


@dataclass(frozen=True)
class Subscale:
    """Items that belong together, scored as the mean or the sum of those that were answered."""

    key: str
    title: str
    items: tuple[str, ...]
    reversed: frozenset[str]
    summed: bool
    minimum_answered: int
    more_is_support: bool
    reliability: Reliability | None
    caution: Caution | None
    words: Words | None


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
class Source:
    """Where an instrument comes from, under which terms, and what is known of it."""

    citation: str
    licence: str
    address: str
    unvalidated: bool
    note: str


@dataclass(frozen=True)
class Instrument:
    """One questionnaire of one version.

    `targets` are the people or circles it can be answered about, key and title. `wording` marks
    words that an operator added: other words, or the same on another range, have another mark.
    """

    id: str
    version: int
    title: str
    introduction: str
    instruction: str
    time_frame: str
    source: Source
    scale: Scale
    items: tuple[Item, ...]
    low_below: float
    high_from: float
    subscales: tuple[Subscale, ...]
    targets: tuple[tuple[str, str], ...]
    choices: tuple[Choice, ...]
    result_note: str
    retake_weeks: int
    retake_text: str
    rules: tuple[Rule, ...]
    for_people: bool = True
    wording: str = ""

    @property
    def edition(self) -> str:
        """What somebody answered: the version, and the mark of added words."""
        return f"{self.version}-{self.wording}" if self.wording else str(self.version)

    @property
    def about(self) -> dict[str, str]:
        """Whom it can be answered about, key -> title."""
        return dict(self.targets) or {GENERAL: ""}

    @property
    def has_room(self) -> bool:
        """Whether its numbers are read with room to both sides."""
        return any(one.caution for one in self.subscales)

    @property
    def has_wording(self) -> bool:
        """Whether people can be asked: every line has its words and every step too."""
        return bool(self.scale.anchors) and all(item.text for item in self.items)

    def steps(self, item: Item) -> list[tuple[int, str]]:
        """Step and words for one line."""
        if item.anchors:
            return list(enumerate(item.anchors, self.scale.lowest))
        return self.scale.steps


def with_range(instrument: Instrument, lowest: int, highest: int) -> Instrument:
    """The same key on another response range, which reversal follows.

    What was measured or worded on the old range does not hold on the new one: reliability and
    anchors go. Raises ValueError if there are not at least two steps.
    """
    if highest <= lowest:
        raise ValueError("a range goes from a lower to a higher step")
    scale = instrument.scale
    if (lowest, highest) == (scale.lowest, scale.highest):
        return instrument
    return replace(
        instrument,
        scale=Scale(lowest, highest),
        items=tuple(replace(item, anchors=()) for item in instrument.items),
        subscales=tuple(
            replace(one, reliability=None, caution=None, words=None) for one in instrument.subscales
        ),
    )


def without_words(instrument: Instrument) -> Instrument:
    """The key alone, as it ships: no words of items and steps, and no mark of them."""
    return replace(
        instrument,
        scale=Scale(instrument.scale.lowest, instrument.scale.highest),
        items=tuple(replace(item, text="", anchors=()) for item in instrument.items),
        wording="",
    )
