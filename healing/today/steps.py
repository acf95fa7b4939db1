"""One small step and why: chosen from what someone has done, never stored. (No Django.)

The order of the first days is the programme's: steady first, then the questions, then the first
lesson. Steadying comes before anything that stirs.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class Step(StrEnum):
    SAFETY = "safety"
    STEADY_FIRST = "steady_first"
    STARTING_PICTURE = "starting_picture"
    CHECK_IN = "check_in"
    PRACTICE = "practice"
    LOOK_BACK = "look_back"
    LESSON = "lesson"
    FIRST_ENTRY = "first_entry"
    REMINDER = "reminder"
    REST = "rest"


@dataclass(frozen=True)
class Facts:
    """What the rooms know of one person on one of their days.

    `heavy`: the last safety level was high or now (programme 7.3); `ask_safety`: and was not given
    today; `in_danger`: it was now. `look_back_due`: one is planned for today, or the last
    one is more than a week old; `practice_due`: an exercise is planned for today.
    """

    exercises_done: int
    pictures_taken: int
    checked_in_today: bool
    check_ins: int
    unread_lessons: int
    entries: int
    has_plan: bool
    heavy: bool = False
    ask_safety: bool = False
    in_danger: bool = False
    look_back_due: bool = False
    practice_due: bool = False


def steps(facts: Facts) -> Iterator[Step]:
    """Every step that is open, the best one first; the last is always to rest."""
    if facts.heavy:
        yield from _heavy(facts)
        return
    if not facts.exercises_done:
        yield Step.STEADY_FIRST
    if not facts.pictures_taken:
        yield Step.STARTING_PICTURE
    if not facts.check_ins:
        yield Step.CHECK_IN
    if facts.practice_due:
        yield Step.PRACTICE
    if facts.look_back_due:
        yield Step.LOOK_BACK
    if facts.unread_lessons:
        yield Step.LESSON
    if not facts.entries:
        yield Step.FIRST_ENTRY
    if not facts.has_plan:
        yield Step.REMINDER
    if facts.check_ins and not facts.checked_in_today:
        yield Step.CHECK_IN
    yield Step.REST


def _heavy(facts: Facts) -> Iterator[Step]:
    """After a high safety level: the question again, steadying, and nothing that stirs."""
    if facts.ask_safety:
        yield Step.SAFETY
    yield Step.STEADY_FIRST
    if not facts.checked_in_today:
        yield Step.CHECK_IN
    yield Step.REST


def step_after(facts: Facts, set_aside: str) -> Step:
    """The first open step, or the one after `set_aside`, which may be anything a link says."""
    open_steps = list(steps(facts))
    if set_aside not in open_steps:
        return open_steps[0]
    at = open_steps.index(Step(set_aside))
    return open_steps[min(at + 1, len(open_steps) - 1)]
