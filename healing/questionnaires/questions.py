"""What a questionnaire asks, one question after the other (no Django)."""

from dataclasses import dataclass

from healing.questionnaires.instrument import Instrument


@dataclass(frozen=True)
class Question:
    """One question: its options are (what is posted, words); `many`: more than one may fit."""

    key: str
    text: str
    options: tuple[tuple[str, str], ...]
    many: bool = False
    is_item: bool = False


def questions(instrument: Instrument) -> list[Question]:
    """All questions of an instrument in order: its items, then its choices."""
    steps = tuple((str(step), anchor) for step, anchor in instrument.scale.steps)
    items = [Question(item.key, item.text, steps, is_item=True) for item in instrument.items]
    choices = [Question(one.key, one.text, one.options, one.multi) for one in instrument.choices]
    return [*items, *choices]


def first_open(instrument: Instrument, passed: int) -> int:
    """The number of the question to go on with, from 1; `passed`: how many were seen."""
    return min(passed + 1, len(questions(instrument)))
