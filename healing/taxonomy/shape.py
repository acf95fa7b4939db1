"""What a word list is made of: items with keys that never change, in groups, some with a note.

A key is stored in people's rows, so it may be added but never renamed or taken away. (Programme
section 6 holds the lists.)
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Label = str | Promise
SHOWN_FIRST = 8


@dataclass(frozen=True, slots=True)
class SafetyNote:
    """Shown at once when its item is chosen, beside the help link; it never stops saving.

    `urgent` also brings the steadying and help panel onto the screen; `weighs` offers the exercise
    that weighs whether an alarm is an echo or an answer (E30).
    """

    text: Label
    urgent: bool = False
    weighs: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to choose: its stable key, what the person reads, and what to say with it."""

    key: str
    label: Label
    note: SafetyNote | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Items under one heading."""

    key: str
    label: Label
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Taxonomy:
    """One list of the journal.

    `first` are the keys shown to someone who has not used it yet, between spaces; `never_first`
    those that stay in their group however often they are chosen.
    """

    groups: tuple[Group, ...]
    first: str
    never_first: frozenset[str] = frozenset()

    def __iter__(self) -> Iterator[Item]:
        return (item for group in self.groups for item in group.items)

    @cached_property
    def by_key(self) -> dict[str, Item]:
        return {item.key: item for item in self}

    def shown_first(self, used: Iterable[str]) -> list[Item]:
        """Eight items: the most used of `used` (on a tie the earlier), then those of `first`."""
        counts = Counter(key for key in used if key in self.by_key and key not in self.never_first)
        keys = dict.fromkeys([*(key for key, _count in counts.most_common()), *self.first.split()])
        return [self.by_key[key] for key in keys][:SHOWN_FIRST]


OTHER = Item("other", _("Something else"))
