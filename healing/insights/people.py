"""Entries about one person, by the nickname the entries hold (no Django).

Counted are the writer's own feelings, needs, urges and steady moments, never the other person.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from healing.insights.counts import DONE_TO_ME, chosen, plain
from healing.insights.rows import Noted

# After these nobody needs a pattern: the way to the questions about safety stands instead.
UNSAFE = frozenset({"felt_unsafe", "threat_to_leave", "dishonesty"})


@dataclass(frozen=True)
class Somebody:
    """A nickname as it was last written, and the entries that hold it."""

    nickname: str
    entries: Sequence[Noted]

    @property
    def needs_care(self) -> bool:
        """Whether an entry names fear, threat, lies or unwanted touch."""
        return any(
            one.said.get("trigger") in UNSAFE
            or not DONE_TO_ME.isdisjoint(chosen(one, "left_myself"))
            for one in self.entries
        )


def people_in(entries: Iterable[Noted]) -> dict[str, Somebody]:
    """Everybody entries name, by plain nickname, in the order of the alphabet."""
    found: dict[str, list[Noted]] = {}
    for entry in entries:
        if name := plain(entry.said.get("person")):
            found.setdefault(name, []).append(entry)
    return {
        name: Somebody(max(found[name], key=lambda one: one.day).said["person"], found[name])
        for name in sorted(found)
    }
