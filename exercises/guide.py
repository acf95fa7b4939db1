"""What a page shows of one exercise: the chosen way, its timeline, and the other choices."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from exercises.timeline import LENGTHS, Timeline, timeline


@dataclass(frozen=True)
class Choice:
    """Another way or length: its value in the address, its label, note and seconds."""

    name: str
    label: str
    note: str
    seconds: int
    chosen: bool


@dataclass(frozen=True)
class Guide:
    """One exercise in one way and length; `row` is as `exercises.content` reads it."""

    row: Mapping[str, Any]
    variant: Mapping[str, Any]
    length: str
    plan: Timeline

    @property
    def ways(self) -> list[Choice]:
        """Every way of doing it, in the chosen length."""
        return [
            Choice(
                way["name"],
                way["label"],
                way["note"],
                _plan(self.row, way, self.length).seconds,
                way is self.variant,
            )
            for way in self.row["variants"]
        ]

    @property
    def lengths(self) -> list[Choice]:
        """The chosen way in every length."""
        return [
            Choice(name, "", "", _plan(self.row, self.variant, name).seconds, name == self.length)
            for name in LENGTHS
        ]


def guide(row: Mapping[str, Any], variant: str = "", length: str = "") -> Guide:
    """The exercise in the named way and length; unknown names give the standard ones."""
    ways = row["variants"]
    way = next((one for one in ways if one["name"] == variant), ways[0])
    chosen = length if length in LENGTHS else "usual"
    return Guide(row, way, chosen, _plan(row, way, chosen))


def _plan(row: Mapping[str, Any], way: Mapping[str, Any], length: str) -> Timeline:
    return timeline(way, factor=LENGTHS[length], rest=(row["rest_after"], row["rest_text"]))
