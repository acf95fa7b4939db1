"""The safety question: what it asks, and the level its answers give (no Django).

Programme 7.3. Own wording, no tested screen. Wording and levels need a clinician's review.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

RATHER_NOT = "rather_not"
NO = "no"
# A: not wanting to go on living. B: hurting oneself. C: might one act on it.
QUESTIONS = {
    "a": (
        _("In the past week, were there times when you did not want to go on living?"),
        (
            (NO, _("no")),
            ("came_and_went", _("they came and went")),
            ("often", _("often or strongly")),
            (RATHER_NOT, _("I would rather not say")),
        ),
    ),
    "b": (
        _("In the past week, what about hurting yourself on purpose?"),
        (
            (NO, _("no")),
            ("thought", _("I thought of it")),
            ("did", _("I did it")),
            (RATHER_NOT, _("I would rather not say")),
        ),
    ),
    "c": (
        _("Might you act on it, today or in the next few days?"),
        (
            (NO, _("no")),
            ("not_sure", _("I am not sure")),
            ("yes", _("yes")),
            (RATHER_NOT, _("I would rather not say")),
        ),
    ),
}
Answers = Mapping[str, str | None]

# Also asked after three hard check-ins on three dates within so many days, and at most once in it.
HARD_DAYS = 3
WITHIN = timedelta(days=7)


class Level(StrEnum):
    """How much help stands first."""

    NONE = "none"
    LOW = "low"
    HIGH = "high"
    NOW = "now"


def level(answers: Answers) -> Level | None:
    """The highest level that fits the answers "a", "b" and "c"; None where they give none.

    C counts also where A and B were skipped: a browser without `:has()` shows it to everyone.
    """
    a, b = answers.get("a"), answers.get("b")
    c = None if a == b == NO else answers.get("c")
    names_it = a in {"came_and_went", "often"} or b in {"thought", "did"}
    if c == "yes":
        return Level.NOW
    if a == "often" or b == "did" or c == "not_sure":
        return Level.HIGH
    if names_it and c in {None, RATHER_NOT}:
        return Level.HIGH
    if names_it or RATHER_NOT in {a, b}:
        return Level.LOW
    return Level.NONE if a == b == NO else None


def is_hard(said: Mapping[str, object]) -> bool:
    """Whether a check-in says that the body was in alarm all day, or that worry filled the day."""
    return said.get("steady") == 0 or said.get("left_worry") == 4


def to_ask_after(check_ins: Sequence[tuple[date, bool]], of: date) -> bool:
    """Whether the check-in of the day `of` leads to the question.

    `check_ins`: dates and whether each was hard (`is_hard`), from the first of all to that of the
    day. The question comes at most once in seven days by this route, so earlier days are gone
    through, too: nothing has to be stored about having asked.
    """
    asked: date | None = None
    for place, (day, _hard) in enumerate(check_ins):
        last = check_ins[max(0, place - HARD_DAYS + 1) : place + 1]
        close = len(last) == HARD_DAYS and last[-1][0] - last[0][0] < WITHIN
        rested = asked is None or day - asked >= WITHIN
        if close and rested and all(hard for _day, hard in last):
            asked = day
    return asked == of
