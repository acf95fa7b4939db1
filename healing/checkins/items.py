"""The eight items of the daily check-in: own wording, not a validated scale, never a total."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import Enum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Direction(Enum):
    """Which way is the good way; a count has none."""

    UP = "up"
    DOWN = "down"
    COUNT = "count"


@dataclass(frozen=True, slots=True)
class Item:
    """A question and its answers, 0 first; asked only if the item `show_if` is answered above 0."""

    key: str
    question: str | Promise
    anchors: tuple[str | Promise, ...]
    direction: Direction
    show_if: str | None = None

    @property
    def lowest(self) -> int | None:
        """The answer furthest from the good way; None for a count."""
        ends = {Direction.UP: 0, Direction.DOWN: len(self.anchors) - 1}
        return ends.get(self.direction)


ITEMS = (
    Item(
        "steady",
        _("How settled was your body for most of today?"),
        (
            _("in alarm or shut down nearly all day"),
            _("more unsettled than settled"),
            _("about half and half"),
            _("mostly settled"),
            _("settled nearly all day"),
        ),
        Direction.UP,
    ),
    Item(
        "left_worry",
        _("How much room did worry take about someone leaving, cooling or forgetting you?"),
        (
            _("none"),
            _("a corner"),
            _("a good part"),
            _("most of the day"),
            _("it filled the day"),
        ),
        Direction.DOWN,
    ),
    Item(
        "urge_pull",
        _("How strong was the strongest pull to chase, test, hold on tight or vanish?"),
        (
            _("no pull"),
            _("light"),
            _("clear"),
            _("hard to resist"),
            _("overwhelming"),
        ),
        Direction.DOWN,
    ),
    Item(
        "choice",
        _("When that pull came, how much say did you have in your next step?"),
        (
            _("it happened by itself"),
            _("a little"),
            _("some"),
            _("quite a lot"),
            _("I chose freely"),
        ),
        Direction.UP,
        show_if="urge_pull",
    ),
    Item(
        "inner_voice",
        _("In what tone did you speak to yourself?"),
        (
            _("harsh"),
            _("mostly hard"),
            _("mixed"),
            _("mostly fair"),
            _("fair and warm"),
        ),
        Direction.UP,
    ),
    Item(
        "own_side",
        _("How far did you stay on your own side (needs, limits, rest, honesty)?"),
        (
            _("lost sight of myself"),
            _("mostly gave way"),
            _("half and half"),
            _("mostly stayed"),
            _("stayed with myself"),
        ),
        Direction.UP,
    ),
    Item(
        "connected",
        _("How connected did you feel (people, an animal, a group or a faith all count)?"),
        (
            _("cut off"),
            _("thinly"),
            _("somewhat"),
            _("well"),
            _("warmly"),
        ),
        Direction.UP,
    ),
    Item(
        "practice",
        _("Did you use a steadying or relating skill?"),
        (
            _("not today"),
            _("once"),
            _("more than once"),
        ),
        Direction.COUNT,
    ),
)

# What is said in words beside the items.
TEXTS = {
    "practice_which": _("Which one?"),
    "good_moment": _("One good moment, if there was one"),
    "line": _("One line of your own"),
}


def is_asked(item: Item, answers: Mapping[str, object]) -> bool:
    """Whether `item` applies, given the other answers."""
    return item.show_if is None or answers.get(item.show_if) not in (None, 0)


def is_low(answers: Mapping[str, object]) -> bool:
    """Whether any rated item has its lowest answer: then steadying and help come at once."""
    return any(item.lowest is not None and answers.get(item.key) == item.lowest for item in ITEMS)


def wanted(off: Collection[str]) -> list[Item]:
    """The items to ask someone who switched `off` these; one that hangs on another goes with it."""
    return [item for item in ITEMS if not {item.key, item.show_if} & set(off)]
