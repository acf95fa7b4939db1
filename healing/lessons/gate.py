"""The readiness check before the lessons and exercises with the younger self (no Django).

Programme 10.2. Our own precaution, no tested measure: it needs a clinician's review. No score is
made, and of the answers nothing is kept but the date and whether the gate opened.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

# Condition 1: modules read as a whole, and one lesson.
MODULES, LESSON = ("M1", "M4"), "M5.4"
# Condition 2: so many finished uses of these, on so many dates.
STEADYING = frozenset({*(f"E0{number}" for number in range(1, 10)), "E11"})
USES, DATES = 10, 5
# Condition 4: so many check-ins in two weeks; of the last seven, so many with this much steadiness.
FORTNIGHT = timedelta(days=14)
CHECK_INS, LATEST, STEADY_ENOUGH, STEADY_DAYS = 5, 7, 2, 3
# Condition 5.
WEEK = timedelta(days=7)
# Conditions 6 and 7 can be answered again after this long.
AGAIN_AFTER = timedelta(days=14)
YES = "yes"
QUESTIONS = ("can_steady", "safe_home", "someone", "no_recent_loss")
NONE_OF_THESE = "none"


class Missing(StrEnum):
    """What a gate is waiting for; the number is that of the condition in the programme."""

    LESSONS = "1"
    PRACTICE = "2"
    CARD = "3"
    CHECK_INS = "4"
    SAFETY = "5"
    ANSWERS = "6"
    TICKS = "7"


# What a person in therapy who talked about it there may leave out.
THERAPY_STANDS_IN = frozenset({Missing.LESSONS, Missing.PRACTICE, Missing.CHECK_INS})


@dataclass(frozen=True)
class Facts:
    """What is known without asking, all dates in the person's time zone.

    `done`: modules read as a whole; `read`: lessons; `practised`: exercise and date of finished
    uses; `check_ins`: date and answer to `steady` (None where skipped), the newest first; `safety`:
    date and level of the answers to the safety question, the newest first, and at the end what is
    known of erased ones; `asks_steady`: False if the person switched that item off.
    """

    today: date
    done: Collection[str] = ()
    read: Collection[str] = ()
    practised: Sequence[tuple[str, date]] = ()
    card_is_filled: bool = False
    check_ins: Sequence[tuple[date, int | None]] = ()
    safety: Sequence[tuple[date, str]] = field(default_factory=list)
    asks_steady: bool = True


def missing(facts: Facts, *, in_therapy: bool = False, is_settled: bool = False) -> list[Missing]:
    """Which of the conditions 1 to 5 do not hold yet.

    `is_settled`: the answer that stands in for check-ins where the item about the body is off.
    """
    holds = {
        Missing.LESSONS: {*MODULES} <= {*facts.done} and LESSON in facts.read,
        Missing.PRACTICE: _practised_enough(facts),
        Missing.CARD: facts.card_is_filled,
        Missing.CHECK_INS: _steady_enough(facts) or (is_settled and not facts.asks_steady),
        Missing.SAFETY: _is_safe(facts),
    }
    stands_in = THERAPY_STANDS_IN if in_therapy else frozenset()
    return [one for one, is_so in holds.items() if not is_so and one not in stands_in]


def missing_in_answers(answers: Mapping[str, str | None], ticks: Collection[str]) -> list[Missing]:
    """Which of the conditions 6 and 7 do not hold; a blank counts like a no."""
    found = [] if all(answers.get(name) == YES for name in QUESTIONS) else [Missing.ANSWERS]
    return found if {*ticks} == {NONE_OF_THESE} else [*found, Missing.TICKS]


def may_answer(facts: Facts, asked: date | None) -> bool:
    """Whether 6 and 7 may be answered now; `asked`: when they were last answered in vain."""
    return asked is None or facts.today - asked >= AGAIN_AFTER


def _practised_enough(facts: Facts) -> bool:
    uses = [day for exercise, day in facts.practised if exercise in STEADYING]
    return len(uses) >= USES and len(set(uses)) >= DATES


def _steady_enough(facts: Facts) -> bool:
    lately = [day for day, _steady in facts.check_ins if facts.today - day < FORTNIGHT]
    steady = [one for _day, one in facts.check_ins[:LATEST] if one is not None]
    good = [one for one in steady if one >= STEADY_ENOUGH]
    return len(lately) >= CHECK_INS and len(good) >= STEADY_DAYS


def _is_safe(facts: Facts) -> bool:
    lately = [(day, level) for day, level in facts.safety if facts.today - day <= FORTNIGHT]
    if not lately or any(level != "none" for _day, level in lately):
        return False
    return facts.today - lately[0][0] <= WEEK
