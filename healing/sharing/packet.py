"""A packet: what a person chose to take along, line by line, without what they struck (no Django).

A line is struck by its mark, `<row id>.<line name>`, a whole row by its id. What is left shows no
trace of what is gone: a row whose lines are all struck goes with them, and `partial` says no more
than that something is not there.
"""

import json
from collections.abc import Iterable, Sequence, Set
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

# How many lines one page of the preview holds: its ticks stay far below the number of fields that
# Django takes in one form (1,000), and the page stays light.
PAGE_LINES = 150


@dataclass(frozen=True, slots=True)
class Line:
    """One question and its answer; `name` is one word, and no other line of the row has it."""

    name: str
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """One thing a person wrote or did; `kind` is what it is called, such as “Check-in”."""

    id: str
    kind: str
    day: date
    lines: tuple[Line, ...]

    @property
    def marked(self) -> list[tuple[str, Line]]:
        """Each line with the mark that strikes it."""
        return [(f"{self.id}.{line.name}", line) for line in self.lines]

    @property
    def marks(self) -> frozenset[str]:
        """Every mark that strikes something of this row."""
        return frozenset({self.id, *(mark for mark, _line in self.marked)})

    def without(self, out: Set[str]) -> "Row | None":
        """What is left of it; None for nothing."""
        lines = tuple(line for mark, line in self.marked if mark not in out)
        return None if self.id in out or not lines else Row(self.id, self.kind, self.day, lines)


@dataclass(frozen=True, slots=True)
class Packet:
    """What is taken along. The days are those that were asked for, whatever was struck."""

    first: date
    last: date
    rows: tuple[Row, ...]
    partial: bool

    def to_json(self) -> dict[str, Any]:
        """Plain data, without ids, so that nothing in it points back at a row."""
        return {
            "from": self.first.isoformat(),
            "to": self.last.isoformat(),
            "partial": self.partial,
            "rows": [
                {
                    "date": row.day.isoformat(),
                    "kind": row.kind,
                    "answers": [
                        {"question": line.label, "answer": line.text} for line in row.lines
                    ],
                }
                for row in self.rows
            ],
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Packet":
        """The packet that `to_json` wrote, with new ids."""
        return cls(
            date.fromisoformat(data["from"]),
            date.fromisoformat(data["to"]),
            tuple(
                Row(
                    str(number),
                    row["kind"],
                    date.fromisoformat(row["date"]),
                    tuple(
                        Line(str(place), one["question"], one["answer"])
                        for place, one in enumerate(row["answers"])
                    ),
                )
                for number, row in enumerate(data["rows"])
            ),
            data["partial"],
        )


def struck(rows: Iterable[Row], out: Set[str], *, first: date, last: date) -> Packet:
    """The packet of these rows without what `out` strikes; marks of no row strike nothing."""
    everything = tuple(rows)
    left = tuple(row for row in (one.without(out) for one in everything) if row)
    return Packet(first, last, left, partial=left != everything)


def pages(rows: Sequence[Row]) -> list[list[Row]]:
    """The rows in order, in pages of at most 150 lines; a longer row has a page to itself."""
    found: list[list[Row]] = []
    lines = PAGE_LINES
    for row in rows:
        if lines + len(row.lines) > PAGE_LINES:
            found.append([])
            lines = 0
        found[-1].append(row)
        lines += len(row.lines)
    return found


def fingerprint(rows: Iterable[Row]) -> str:
    """The rows as one text, to tell whether they are still what somebody looked at."""
    plain = [{**asdict(row), "day": row.day.isoformat()} for row in rows]
    return json.dumps(plain, ensure_ascii=False)
