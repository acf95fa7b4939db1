"""How often something was entered, and what was entered together (no Django).

The least numbers are those of programme section 9. Counts go from the most to the fewest; equal
ones stand in the order of the journal's lists. Danger signs are never counted.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain
from typing import Any

from healing.hold.wave import NOT_ACTED, Chosen
from healing.insights.rows import Noted
from healing.taxonomy.feelings import FEELINGS
from healing.taxonomy.meaning import NEEDS
from healing.taxonomy.shape import OTHER, Group, Item, Taxonomy
from healing.taxonomy.triggers import RESERVES, TRIGGERS
from healing.taxonomy.urges import DANGER_SIGNS, LEFT_MYSELF, URGES

# Fewer entries than this are not counted out.
ENOUGH = 5
# “Often together”: from so many entries, so many of them joint, so many times as many as chance.
ENOUGH_TOGETHER = 10
JOINT = 4
TIMES_CHANCE = Fraction(3, 2)

_DANGER = frozenset(item.key for item in DANGER_SIGNS.items)
_BY_GROUP = {group.key: frozenset(item.key for item in group.items) for group in URGES.groups}
# Reaching that chases or hides: what it is a strength to feel and not to do.
PULLS = _BY_GROUP["chases"] | _BY_GROUP["hides"]
STEADY = _BY_GROUP["steady"]
# What happened to somebody is no pattern of theirs.
NO_PATTERN = frozenset({"felt_unsafe"})
DONE_TO_ME = frozenset({"unwanted_touch"})
LEFT = frozenset(LEFT_MYSELF.by_key) - DONE_TO_ME

# What may have appeared together: the first of a pair, and the lists its other may come from.
_PAIRS = {"trigger": ("reserve", "feelings", "urges", "needs"), "feelings": ("urges", "needs")}
# Every such fact has a number, since pairs of numbers are counted ten times as fast as of words.
_FACT = [
    (name, item)
    for name, taxonomy in (
        ("trigger", TRIGGERS),
        ("reserve", RESERVES),
        ("feelings", FEELINGS),
        ("urges", URGES),
        ("needs", NEEDS),
    )
    for item in taxonomy
    if item.key not in _DANGER | NO_PATTERN | {OTHER.key}
]
_FACTS = len(_FACT)
_PAIRED: dict[str, dict[str, int]] = {}
for _number, (_name, _one) in enumerate(_FACT):
    _PAIRED.setdefault(_name, {})[_one.key] = _number
_GROUPS = {item.key: group for group in TRIGGERS.groups for item in group.items}


@dataclass(frozen=True)
class Count:
    """How often one item of a list was chosen."""

    item: Item
    times: int


def chosen(entry: Noted, name: str) -> Sequence[str]:
    """The keys an entry holds of one list, each once."""
    said = entry.said.get(name)
    if not said:
        return ()
    if isinstance(said, str):
        return (said,)
    # Seldom anything stands twice, and a set tells so in half the time.
    return said if len(set(said)) == len(said) else tuple(dict.fromkeys(said))


def trigger_of(entry: Noted) -> str | None:
    """The key of the trigger; own words without one are “something else”."""
    key: str | None = entry.said.get("trigger")
    if key in TRIGGERS.by_key:
        return key
    return OTHER.key if key or entry.said.get("trigger_own") else None


def _ranked(found: Counter[str], taxonomy: Taxonomy) -> list[Count]:
    counts = [Count(item, found[item.key]) for item in taxonomy if found[item.key]]
    return sorted(counts, key=lambda count: -count.times)


def triggers(entries: Iterable[Noted]) -> list[Count]:
    """In how many entries each trigger was named."""
    return _ranked(Counter(key for one in entries if (key := trigger_of(one))), TRIGGERS)


def named(entries: Iterable[Noted], name: str, taxonomy: Taxonomy) -> list[Count]:
    """In how many entries each item of a list was chosen, without danger signs."""
    keys = Counter(key for one in entries for key in chosen(one, name) if key not in _DANGER)
    return _ranked(keys, taxonomy)


@dataclass(frozen=True)
class Hour:
    """Entries of one hour (0 to 23; None: written on another day) by weekday, from Monday on."""

    hour: int | None
    weekdays: tuple[int, ...]

    @property
    def total(self) -> int:
        return sum(self.weekdays)


def by_hour(entries: Iterable[Noted]) -> list[Hour]:
    """Entries by hour and weekday; hours without any are left out, the unknown hour is last."""
    found = Counter((one.hour, one.day.weekday()) for one in entries)
    hours = sorted({hour for hour, _weekday in found}, key=lambda hour: (hour is None, hour or 0))
    return [Hour(hour, tuple(found[hour, day] for day in range(7))) for hour in hours]


def most_frequent(numbers: Sequence[int]) -> int | None:
    """The place of the greatest number; None if it is shared, or no more than one."""
    most = max(numbers, default=0)
    return numbers.index(most) if most > 1 and list(numbers).count(most) == 1 else None


@dataclass(frozen=True)
class Together:
    """Two things of one entry: the list each comes from and its item.

    `joint` entries hold both, `ones` the first, `others` the second, of `entries` in all.
    """

    one: tuple[str, Item]
    other: tuple[str, Item]
    joint: int
    ones: int
    others: int
    entries: int

    @property
    def by_chance(self) -> Fraction:
        """How many joint entries chance alone would give."""
        return Fraction(self.ones * self.others, self.entries)

    @property
    def is_often(self) -> bool:
        return self.joint >= JOINT and self.joint >= TIMES_CHANCE * self.by_chance


def together(entries: Sequence[Noted]) -> list[Together]:
    """Pairs from two lists that appeared together often, the most frequent first."""
    if len(entries) < ENOUGH_TOGETHER:
        return []
    single: list[int] = []
    joint: list[int] = []
    for entry in entries:
        # As `chosen` reads them, without a call for each of ten thousand lists.
        facts = {}
        for name, numbers in _PAIRED.items():
            said = entry.said.get(name) or ()
            keys = (said,) if isinstance(said, str) else said
            facts[name] = {numbers[key] for key in keys if key in numbers}
        single += chain.from_iterable(facts.values())
        for name, kinds in _PAIRS.items():
            if facts[name]:
                others = [*chain.from_iterable(facts[kind] for kind in kinds)]
                joint += [one * _FACTS + other for one in facts[name] for other in others]
    alone = Counter(single)
    pairs = [
        Together(_FACT[one], _FACT[other], times, alone[one], alone[other], len(entries))
        for code, times in Counter(joint).items()
        for one, other in [divmod(code, _FACTS)]
        if times >= JOINT
    ]
    often = [pair for pair in pairs if pair.is_often]
    return sorted(often, key=lambda pair: (-pair.joint, pair.by_chance))


@dataclass(frozen=True)
class Pull:
    """An urge to chase or hide: entries in which it was felt, and in which it was not acted on."""

    item: Item
    felt: int
    let_go: int


def says_what_was_done(entry: Noted) -> bool:
    return bool(entry.said.get("did") or entry.said.get("did_own"))


def pulls(entries: Iterable[Noted]) -> list[Pull]:
    """Urges to chase or hide, counted only where the entry says what was done."""
    felt: Counter[str] = Counter()
    let_go: Counter[str] = Counter()
    for entry in entries:
        if says_what_was_done(entry):
            wanted, did = PULLS.intersection(chosen(entry, "urges")), chosen(entry, "did")
            felt.update(wanted)
            let_go.update(wanted.difference(did))
    return [Pull(one.item, one.times, let_go[one.item.key]) for one in _ranked(felt, URGES)]


def holds(chosen: Iterable[str]) -> tuple[int, int]:
    """Held urges that came to an end, and how many of them were not acted on."""
    ended = Counter(chosen)
    let_go = sum(ended[name] for name in NOT_ACTED)
    return let_go + ended[Chosen.DID_IT], let_go


OUTCOMES = ("yes", "partly", "no", "cannot_know")


def outcomes(entries: Iterable[Noted]) -> dict[str, int]:
    """How guesses turned out, where the person said so: entries by each of `OUTCOMES`."""
    found = Counter(one.said.get("proved") for one in entries)
    return {name: found[name] for name in OUTCOMES}


# What predictions say, in the order of `OUTCOMES`.
_CAME_TRUE = ("happened", "partly", "did_not", "cannot_know")


def predicted(said: Iterable[str]) -> dict[str, int]:
    """How predictions turned out, by each of `OUTCOMES`."""
    found = Counter(said)
    return {name: found[word] for name, word in zip(OUTCOMES, _CAME_TRUE, strict=True)}


def left_and_stayed(entries: Iterable[Noted]) -> tuple[int, int]:
    """Entries in which the person left themselves, and in which they stayed with themselves."""
    left = stayed = 0
    for entry in entries:
        own = entry.said.get("left_myself_own")
        left += bool(own) or not LEFT.isdisjoint(chosen(entry, "left_myself"))
        stayed += bool(entry.said.get("stayed_by"))
    return left, stayed


def group_of(trigger: str) -> Group:
    """The heading a trigger stands under in the journal."""
    return _GROUPS[trigger]


def plain(value: Any) -> str:
    """A nickname, however it is written."""
    return " ".join(str(value or "").casefold().split())
