"""Which exercises are closed to a person for now, and why (no Django).

Programme 1.7, 5.9, 7.3 and 10.1. Everything else may be done at any time: these few locks cannot be
overridden, and each says why it is there and what stays open.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

HIGH = "high"
# From this rating before a high-intensity exercise on, those are closed for the rest of the day.
CLOSES_AT = 8
FRAME_CLOSES_AT = 6
# An open gate lasts so long (programme 10.2).
GATE_LASTS = timedelta(days=60)
# After a safety level above none, and after a rough day, this long (7.3 and 5.9).
REST = timedelta(days=14)
# The safety question is asked again before a framed exercise when its answer is older than this.
SAFETY_IS_FRESH = timedelta(days=7)
WEEK = timedelta(days=7)
# What rests on the gentler path after a loss (programme section 2, shortcuts).
RESTS_AFTER_LOSS = ("E20", "E35")
INSTEAD = ("E01", "E34")
INSTEAD_AFTER_LOSS = ("E29",)


class Why(StrEnum):
    """Why an exercise is closed."""

    SAFETY = "safety"
    LOSS = "loss"
    ROUGH = "rough"
    GATE = "gate"
    ASK_SAFETY = "ask_safety"
    TODAY = "today"
    ONE_A_DAY = "one_a_day"
    WEEK_FULL = "week_full"


@dataclass(frozen=True)
class Facts:
    """What is known about one person, all dates in their time zone.

    `high_befores`: ratings before high-intensity exercises today; `framed_on`: the days on which
    an exercise with a frame was begun, this week; `high_rests_until`, `frame_rests_until`: the
    first day that is open again; `gentler_until`: the first day after the gentler path;
    `gate_opened`: when the readiness check was passed; `safety_asked`: when the safety question
    last had the level “none”.
    """

    today: date
    high_befores: Collection[int] = ()
    framed_on: Sequence[date] = field(default_factory=list)
    high_rests_until: date | None = None
    frame_rests_until: date | None = None
    gentler_until: date | None = None
    gate_opened: date | None = None
    safety_asked: date | None = None


def closed(row: Mapping[str, Any], facts: Facts) -> Why | None:
    """Why the exercise (as `exercises.content` reads it) is closed now; None where it is open."""
    if row["intensity"] != HIGH:
        return None
    if facts.high_rests_until and facts.today < facts.high_rests_until:
        return Why.SAFETY
    if row["id"] in RESTS_AFTER_LOSS and facts.gentler_until and facts.today < facts.gentler_until:
        return Why.LOSS
    if row["frame"]:
        return _closed_frame(row, facts)
    return Why.TODAY if _loudest(facts) >= CLOSES_AT else None


def instead(why: Why | None) -> tuple[str, ...]:
    """What is offered in place of a closed exercise."""
    return INSTEAD_AFTER_LOSS if why is Why.LOSS else INSTEAD


def gate_is_open(opened: date | None, today: date) -> bool:
    """Whether the readiness check was passed in the last sixty days."""
    return opened is not None and today - opened < GATE_LASTS


def _closed_frame(row: Mapping[str, Any], facts: Facts) -> Why | None:
    today, asked = facts.today, facts.safety_asked
    lately = [day for day in facts.framed_on if today - day < WEEK]
    holds = {
        Why.ROUGH: facts.frame_rests_until is not None and today < facts.frame_rests_until,
        Why.GATE: not gate_is_open(facts.gate_opened, today),
        Why.TODAY: _loudest(facts) >= FRAME_CLOSES_AT,
        Why.ONE_A_DAY: today in lately,
        Why.WEEK_FULL: 0 < row["max_per_week"] <= len(lately),
        Why.ASK_SAFETY: asked is None or today - asked > SAFETY_IS_FRESH,
    }
    return next((why for why, is_so in holds.items() if is_so), None)


def _loudest(facts: Facts) -> int:
    return max(facts.high_befores, default=0)
