"""What the site answers to a distress rating, 0 to 10, before and after an exercise (no Django).

The thresholds are rules of caution of our own (programme 1.7), not tested ones.
"""

from dataclasses import dataclass
from enum import StrEnum

HIGHEST = 10
LOUD = 8
RISE = 2
# Offered before anything else when the distress is loud, and after an exercise that stirred.
STEADY_FIRST = ("E01", "E02", "E08")
STEADY_AFTER = ("E01", "E03", "E02")
# The wave timer begins with steadying, so it may start at any number.
STARTS_AT_ANY = frozenset({"E12"})
# So many rises, and an exercise is not suggested any more.
RISES = 2
AFTER_STOPPING = ("E02", "E01")


class Ended(StrEnum):
    """How a session came to its end; `ENOUGH` is a stop after half of the time."""

    FINISHED = "finished"
    STOPPED = "stopped"
    ENOUGH = "enough"


class Word(StrEnum):
    """Which of the site's answers fits."""

    STIRRED = "stirred"
    LOUD = "loud"
    STOPPED = "stopped"
    ENOUGH = "enough"


@dataclass(frozen=True)
class Answer:
    """What to say, which exercises to offer, and whether help stands on the same screen."""

    word: Word
    offers: tuple[str, ...] = ()
    help: bool = False


def first_offers(exercise: str, before: int | None) -> tuple[str, ...]:
    """Exercises to suggest ahead of `exercise` at this rating; empty where it may go ahead."""
    if before is None or before < LOUD:
        return ()
    return () if exercise in STARTS_AT_ANY or exercise in STEADY_FIRST else STEADY_FIRST


def rose(before: int | None, after: int | None) -> bool:
    """Whether the distress rose by two or more; a rating that was skipped shows no rise."""
    return before is not None and after is not None and after - before >= RISE


def answer(*, exercise: str, before: int | None, after: int | None, ended: Ended) -> Answer:
    """The answer to a finished or stopped session of `exercise`, by its id."""
    if rose(before, after):
        return Answer(Word.STIRRED, _others(STEADY_AFTER, exercise, 2), help=True)
    if after is not None and after >= LOUD:
        return Answer(Word.LOUD, _others(STEADY_AFTER, exercise, 2), help=True)
    if ended is Ended.STOPPED:
        return Answer(Word.STOPPED, _others(AFTER_STOPPING, exercise, 1))
    return Answer(Word.ENOUGH)


def _others(offers: tuple[str, ...], exercise: str, number: int) -> tuple[str, ...]:
    """The first `number` offers that are not the exercise just done."""
    return tuple(one for one in offers if one != exercise)[:number]
