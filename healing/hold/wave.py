"""What a hold is made of: its lengths, the steps of the wave timer, and its ends (no database)."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

from exercises.guide import Guide, guide
from exercises.ratings import Ended

WAVE_TIMER, CLEAR_ASK = "E12", "E25"
# The way of the wave timer for each length in minutes; ten is its standard.
WAYS = {2: "gentle", 5: "five", 10: "standard", 20: "twenty"}
USUAL = 10
# So long on the clock, and somebody has paused before they went on.
PAUSED = 30  # seconds


class Chosen(StrEnum):
    """What somebody did when the time was over; see `NOT_ACTED` for what counts as what."""

    LET_GO = "let_go"
    CLEAR_SENTENCE = "clear_sentence"
    SOMEONE_ELSE = "someone_else"
    WAIT = "wait"
    DID_IT = "did_it"


# The urge was felt and not acted on.
NOT_ACTED = frozenset({Chosen.LET_GO, Chosen.CLEAR_SENTENCE, Chosen.SOMEONE_ELSE, Chosen.WAIT})
# What the journal calls it; `Chosen.DID_IT` is the urge itself.
DID = {
    Chosen.LET_GO: "let_pass",
    Chosen.CLEAR_SENTENCE: "ask_once",
    Chosen.SOMEONE_ELSE: "contact_other",
    Chosen.WAIT: "wait",
}


def wave(row: Mapping[str, Any], minutes: int) -> Guide:
    """The timed steps of the wave timer in this length; `row` is as `exercises.content` reads it.

    What its other steps ask, the hold asks itself. A way without timed steps stays whole.
    """
    ways = [{**way, "steps": _timed(way["steps"])} for way in row["variants"] if way.get("steps")]
    return guide({**row, "variants": ways}, WAYS[minutes])


def _timed(steps: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    every = list(steps)
    return [step for step in every if step["kind"] == "timed"] or every


def unsent_keys(row: Mapping[str, Any]) -> set[str]:
    """The keys of the steps whose words are never sent, over all ways of an exercise."""
    return {
        step["key"]
        for way in row["variants"]
        for step in way.get("steps", ())
        if step.get("unsent")
    }


def has_paused(ended: Ended | None, seconds: int | None) -> bool:
    """Whether it is true to say that somebody paused first; `ended` None: no time was taken."""
    if ended is None:
        return False
    return ended is not Ended.STOPPED or (seconds or 0) >= PAUSED


def did(chosen: str, urges: list[str]) -> list[str]:
    """What the journal notes as done; of several urges nobody knows which one it was."""
    if chosen == Chosen.DID_IT:
        return urges if len(urges) == 1 else []
    return [DID[Chosen(chosen)]]
