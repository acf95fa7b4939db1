"""The questions about safety before some exercises, and what the answers lead to (no Django).

Programme 5.7 (E25-E28), E30 and 5.9. None of the answers is ever kept.
"""

from collections.abc import Collection, Mapping
from enum import StrEnum

# Asked about the other person before E25-E28; only two times no opens them.
PERSON_QUESTIONS = ("could_hurt", "has_hurt")
# Asked besides before E28; only a yes opens it.
RESPECTS_NO = "respects_no"
ASKS_RESPECT = frozenset({"E28"})
ALARM_OR_ANSWER = "E30"
# Asked, if one likes, before E18: only so that a third start about them can suggest to talk.
OTHER_STORIES = "E18"
# Which exercises come next after the sentence picked in E30, by its place in the list.
READING, NEXT_MOVES = "reading", (("E17",), ("E25", "E26"), ("E17", "E25"), ())
# Where the first of its answers keeps the help link on the screen.
MY_NO = "no"
NONE_OF_THESE = "none"
# Asked before an exercise with a frame, beside the distress; only three times yes begins it.
DAY_QUESTIONS = ("sober", "time_after", "private")


class Said(StrEnum):
    """How a question may be answered; left open counts as not sure."""

    YES = "yes"
    NO = "no"
    NOT_SURE = "not_sure"


class Aftercare(StrEnum):
    """How the rest of the day of an exercise with a frame was."""

    FINE = "fine"
    STIRRED = "stirred"
    ROUGH = "rough"


def person_is_safe(exercise: str, answers: Mapping[str, str | None]) -> bool:
    """Whether E25-E28 may open for this person; a skipped question counts as not sure."""
    if any(answers.get(name) != Said.NO for name in PERSON_QUESTIONS):
        return False
    return exercise not in ASKS_RESPECT or answers.get(RESPECTS_NO) == Said.YES


def person_rests(answers: Mapping[str, str | None]) -> bool:
    """Whether E25-E28 rest for this person from now on."""
    return any(answers.get(name) != Said.NO for name in PERSON_QUESTIONS)


def alarm_is_safe(ticks: Collection[str]) -> bool:
    """Whether the steps of E30 may be shown: “none of these” is ticked, and nothing else."""
    return set(ticks) == {NONE_OF_THESE}


def day_is_right(answers: Mapping[str, str | None]) -> bool:
    """Whether an exercise with a frame may begin today, as far as the questions go."""
    return all(answers.get(name) == Said.YES for name in DAY_QUESTIONS)


def next_moves(reading: int | None) -> tuple[str, ...]:
    """The exercises that fit the sentence picked in E30; `reading`: its place, None for none."""
    return dict(enumerate(NEXT_MOVES)).get(-1 if reading is None else reading, ())
