"""What a page shows of one exercise: the chosen way, its timeline, and the other choices."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from exercises.frame import ARRIVE, RETURN
from exercises.timeline import LENGTHS, Timeline, timeline

# How many breaths an address may ask for, as it writes them.
BREATHS = {str(number): number for number in range(1, 61)}


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


def guide(row: Mapping[str, Any], variant: str = "", length: str = "", rounds: str = "") -> Guide:
    """The exercise in the named way and length; unknown names give the standard ones.

    `rounds`: how many breaths, as an address says it; anything but 1 to 60 is left aside.
    """
    ways = row["variants"]
    way = next((one for one in ways if one["name"] == variant), ways[0])
    chosen = length if length in LENGTHS else "usual"
    breaths = BREATHS.get(rounds) if "pattern" in way else None
    return Guide(row, way, "" if breaths else chosen, _plan(row, way, chosen, breaths))


def _plan(
    row: Mapping[str, Any], way: Mapping[str, Any], length: str, breaths: int | None = None
) -> Timeline:
    rest = (row["rest_after"], row["rest_text"])
    plan = timeline(way, factor=LENGTHS.get(length, 1), rounds=breaths, rest=rest)
    return replace(plan, round=ARRIVE + plan.round + RETURN) if row["frame"] else plan
