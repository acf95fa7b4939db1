"""What a questionnaire asks, one question after the other."""

from dataclasses import dataclass
from enum import Enum

from django.utils.translation import gettext as _

from healing.questionnaires.instrument import Instrument

TARGET = "target"


class Kind(Enum):
    """A line to rate, a choice outside every scale, or whom all of it is about."""

    ITEM = "item"
    CHOICE = "choice"
    TARGET = "target"


@dataclass(frozen=True)
class Question:
    """One question: its options are (what is posted, words); `many`: more than one may fit."""

    key: str
    text: str
    options: tuple[tuple[str, str], ...]
    kind: Kind
    many: bool = False


def questions(instrument: Instrument) -> list[Question]:
    """All questions of an instrument in order: whom it is about, its items, its choices."""
    asked = []
    if len(instrument.targets) > 1:
        asked = [Question(TARGET, _("Whom do you think of?"), instrument.targets, Kind.TARGET)]
    for item in instrument.items:
        steps = tuple((str(step), anchor) for step, anchor in instrument.steps(item))
        asked.append(Question(item.key, item.text, steps, Kind.ITEM))
    for one in instrument.choices:
        asked.append(Question(one.key, one.text, one.options, Kind.CHOICE, one.multi))
    return asked


def first_open(instrument: Instrument, passed: int) -> int:
    """The number of the question to go on with, from 1; `passed`: how many were seen."""
    return min(passed + 1, len(questions(instrument)))
