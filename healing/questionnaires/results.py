"""What a results page shows of each scale: a picture, a sentence and a row of numbers."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from healing.questionnaires.instrument import Instrument
from healing.questionnaires.models import Submission
from healing.questionnaires.scoring import Change, Score, compare, level, score

# The picture is drawn 400 wide; its line leaves room for the dot at both ends.
LINE_FROM, LINE_LENGTH = 16, 368


@dataclass(frozen=True)
class Slider:
    """Where things stand in the picture, in its own units."""

    ticks: list[int]
    dot: int
    band_from: int
    band_width: int


@dataclass(frozen=True)
class Result:
    """One scale of one submission, ready to show; `slider` is None when too little was answered."""

    title: str
    sentence: str
    reading: str
    change: str
    answered: str
    mean: str
    between: str
    slider: Slider | None


def results(
    instrument: Instrument, now: Submission, before: Submission | None = None
) -> list[Result]:
    """One result for each scale of `now`, compared with `before` where both can be read."""
    earlier: list[Score | None] = [None] * len(instrument.subscales)
    if before and before.version == now.version:
        earlier = list(score(instrument, before.answers))
    return [
        _result(instrument, one, other, before.local_date if before else None)
        for one, other in zip(score(instrument, now.answers), earlier, strict=True)
    ]


def _result(
    instrument: Instrument, one: Score, earlier: Score | None, since: date | None
) -> Result:
    scale, subscale = instrument.scale, one.subscale
    answered = _("{given} of {asked}").format(given=one.answered, asked=len(subscale.items))
    between = one.between(scale.lowest, scale.highest)
    if one.mean is None or between is None:
        return Result(subscale.title, _too_few(one), "", "", answered, "", "", None)
    least, most = (_number(edge) for edge in between)
    mean = _number(one.mean)
    reading = _(
        "Your answers average {mean} on a line from {lowest} to {highest}. With room on both "
        "sides, read it as somewhere between {least} and {most}."
    ).format(mean=mean, lowest=scale.lowest, highest=scale.highest, least=least, most=most)
    return Result(
        title=subscale.title,
        sentence=getattr(subscale, level(instrument, one.mean)),
        reading=reading,
        change=_change(earlier, one, since) if earlier and since else "",
        answered=answered,
        mean=mean,
        between=_("{least} to {most}").format(least=least, most=most),
        slider=_slider(instrument, one.mean, between),
    )


def _too_few(one: Score) -> str:
    text = _(
        "Not enough answers to show anything here: {given} given, and it takes at least {least}. "
        "That is fine."
    )
    return text.format(given=one.answered, least=one.subscale.minimum_answered)


def _change(earlier: Score, later: Score, since: date) -> str:
    change = compare(earlier, later)
    words = {
        Change.SAME: _("Since {day}: about the same."),
        Change.HIGHER: _("Since {day}: higher by {step}."),
        Change.LOWER: _("Since {day}: lower by {step}."),
    }
    if change is None or earlier.mean is None or later.mean is None:
        return ""
    step = _number(abs(later.mean - earlier.mean))
    return words[change].format(day=date_format(since), step=step)


def _slider(instrument: Instrument, mean: Fraction, between: tuple[Fraction, Fraction]) -> Slider:
    lowest, highest = instrument.scale.lowest, instrument.scale.highest

    def place(value: Fraction | int) -> int:
        return LINE_FROM + round(LINE_LENGTH * (value - lowest) / (highest - lowest))

    least, most = place(between[0]), place(between[1])
    ticks = [place(step) for step, _anchor in instrument.scale.steps]
    return Slider(ticks, place(mean), least, most - least)


def _number(value: Fraction) -> str:
    """One decimal, written as the reader's language does; 2.25 becomes 2.3 and not 2.2."""
    tenths = int(value * 10 + Fraction(1, 2))
    return number_format(tenths / 10, decimal_pos=1)
