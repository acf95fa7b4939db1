"""Which part of an exercise that lasts days comes next. (No Django.)"""

from collections.abc import Mapping, Sequence
from typing import Any


def parts_of(ways: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The ways that make up the course, in order; empty for an exercise done in one sitting."""
    return [way for way in ways if way.get("times")]


def since_start(ways: Sequence[Mapping[str, Any]], done: Sequence[str]) -> list[str]:
    """What of `done` (names of ways, the oldest first) belongs to the course now under way."""
    parts = parts_of(ways)
    if not parts or parts[0]["name"] not in done:
        return []
    start = len(done) - 1 - list(reversed(done)).index(parts[0]["name"])
    return list(done[start:])


def next_part(ways: Sequence[Mapping[str, Any]], done: Sequence[str]) -> str:
    """The name of the part to offer next; "" before the start, after the end and where none is.

    Only how often a part was done counts, never on which days: a day left out is no loss.
    """
    under_way = since_start(ways, done)
    if not under_way:
        return ""
    for way in parts_of(ways):
        if under_way.count(way["name"]) < way["times"]:
            return str(way["name"])
    return ""
