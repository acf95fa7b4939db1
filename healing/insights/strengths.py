"""The strengths and steady moments a page shows beside everything else (no Django)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from healing.insights.counts import (
    PULLS,
    STEADY,
    chosen,
    left_and_stayed,
    says_what_was_done,
)
from healing.insights.rows import CheckedIn, Noted

# At least this much of 0 to 4 is a settled day, or one on one's own side.
GOOD = 3


@dataclass(frozen=True)
class Strength:
    """What was counted (`kind`; a template words it), and in how many entries or days."""

    kind: str
    times: int


def strengths(entries: Sequence[Noted], check_ins: Sequence[CheckedIn] = ()) -> list[Strength]:
    """What went well, as entered; if nothing was, that it was noticed and written down."""
    found = {
        "let_go": sum(map(_let_go, entries)),
        "steady_step": sum(not STEADY.isdisjoint(chosen(one, "did")) for one in entries),
        "stayed": left_and_stayed(entries)[1],
        "lower": sum(_is_lower(one) for one in entries),
        "settled": _days(check_ins, "steady"),
        "own_side": _days(check_ins, "own_side"),
        "good_moment": sum(bool(one.answers.get("good_moment")) for one in check_ins),
    }
    told = [Strength(kind, times) for kind, times in found.items() if times]
    if told:
        return told
    if entries:
        return [Strength("noticed", len(entries))]
    return [Strength("checked_in", len(check_ins))] if check_ins else []


def _let_go(entry: Noted) -> bool:
    """Whether an urge to chase or hide was felt and not acted on."""
    if not says_what_was_done(entry):
        return False
    did = chosen(entry, "did")
    return any(key in PULLS and key not in did for key in chosen(entry, "urges"))


def _is_lower(entry: Noted) -> bool:
    strength, after = entry.said.get("strength"), entry.said.get("after")
    return strength is not None and after is not None and after < strength


def _days(check_ins: Iterable[CheckedIn], item: str) -> int:
    return sum((one.answers.get(item) or 0) >= GOOD for one in check_ins)
