"""What a results page shows of each scale: a picture, a sentence and a row of numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import cast

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from healing.questionnaires.change import (
    Moved,
    Verdict,
    changes,
    comparable,
    standard_error,
    threshold,
)
from healing.questionnaires.instrument import Instrument, Reliability, Subscale
from healing.questionnaires.map import Map, Means, draw
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
    """One result for each scale of `now`, compared with `before` where both can be read.

    `now` is read on the range it was answered on, which may not be today's.
    """
    asked = now.asked(instrument)
    scores = score(asked, now.answers)
    said = [""] * len(scores)
    if before:
        moved = changes(instrument, before.taken(instrument), now.taken(instrument))
        since = date_format(before.local_date)
        unlike = _("Not compared with {day}: it was not asked or answered in the same way.")
        said = [_change(one, since) if one else unlike.format(day=since) for one in moved]
    return [_result(asked, *pair) for pair in zip(scores, said, strict=True)]


@dataclass(frozen=True)
class Mapped:
    """The map, and the same facts as a sentence and as rows: day, and a number for each scale.

    `leaves_out`: there are earlier times that cannot be compared with the last one.
    """

    picture: Map
    sentence: str
    rows: list[tuple[str, ...]]
    leaves_out: bool


def map_of(instrument: Instrument, rows: Sequence[Submission]) -> Mapped | None:
    """The map of submissions about one person, the newest first; None where there is none.

    Only what was asked and answered in the same way stands on one map.
    """
    now = rows[0]
    if not now.fits(instrument):
        return None
    same = [row for row in reversed(rows) if _alike(instrument, row, now)]
    means = [tuple(one.mean for one in score(instrument, row.answers)) for row in same]
    picture = draw(instrument, cast(Sequence[Means], means))
    if picture is None:
        return None
    shown = [
        (date_format(row.local_date), *(_number(one) for one in both if one is not None))
        for row, both in zip(same, means, strict=True)
    ]
    return Mapped(picture, _map_sentence(instrument, shown), shown, len(same) < len(rows))


def _alike(instrument: Instrument, row: Submission, now: Submission) -> bool:
    """Whether all scales of the two may be compared."""
    earlier, later = row.taken(instrument), now.taken(instrument)
    return all(comparable(earlier, later, one) for one in instrument.subscales)


def _map_sentence(instrument: Instrument, shown: Sequence[tuple[str, ...]]) -> str:
    across, up = instrument.subscales
    *earlier, (_today, x, y) = shown
    now = _("Now: {across} {x}, {up} {y}.").format(across=across.title, x=x, up=up.title, y=y)
    was = _("On {day} it was {x} and {y}.")
    return " ".join([now, *(was.format(day=day, x=x, y=y) for day, x, y in earlier)])


def _result(instrument: Instrument, one: Score, change: str) -> Result:
    scale, subscale = instrument.scale, one.subscale
    answered = _("{given} of {asked}").format(given=one.answered, asked=len(subscale.items))
    if one.mean is None:
        return Result(subscale.title, _too_few(one), "", "", answered, "", "", None)
    between = one.between(scale.lowest, scale.highest)
    return Result(
        title=subscale.title,
        sentence=getattr(subscale.words, level(instrument, one.mean)) if subscale.words else "",
        reading=_reading(instrument, one.mean, between),
        change=change,
        answered=answered,
        mean=_number(one.mean),
        between=_between(between) if between else _("not measured"),
        slider=_slider(instrument, one.mean, between or (one.mean, one.mean)),
    )


def _reading(
    instrument: Instrument, mean: Fraction, between: tuple[Fraction, Fraction] | None
) -> str:
    scale = instrument.scale
    text = _("Your answers average {mean} on a line from {lowest} to {highest}.")
    said = text.format(mean=_number(mean), lowest=scale.lowest, highest=scale.highest)
    if between is None:
        return said
    room = _("With room on both sides, read it as somewhere between {least} and {most}.")
    least, most = (_number(edge) for edge in between)
    return f"{said} {room.format(least=least, most=most)}"


def _between(between: tuple[Fraction, Fraction]) -> str:
    least, most = (_number(edge) for edge in between)
    return _("{least} to {most}").format(least=least, most=most)


def _too_few(one: Score) -> str:
    text = _(
        "Not enough answers to show anything here: {given} given, and it takes at least {least}. "
        "That is fine."
    )
    return text.format(given=one.answered, least=one.subscale.minimum_answered)


def _change(moved: Moved, since: str) -> str:
    """What may be said of a change: by its error, by our own caution, or the two numbers alone."""
    caution = moved.subscale.caution
    if moved.verdict:
        said = {
            Verdict.UP: _("Since {day}: higher, by more than chance would explain."),
            Verdict.DOWN: _("Since {day}: lower, by more than chance would explain."),
            Verdict.CANNOT_TELL: _("Since {day}: nobody can tell whether it has changed."),
        }[moved.verdict]
    elif caution:
        said = {
            Change.SAME: _("Since {day}: about the same."),
            Change.HIGHER: _("Since {day}: higher by {step}."),
            Change.LOWER: _("Since {day}: lower by {step}."),
        }[compare(moved.earlier, moved.later, caution)]
    else:
        said = _("Since {day}, your answers moved from {earlier} to {later}.")
    # All numbers of the page are means of items, those of a sum as well.
    items = _items_in(moved.subscale)
    step = _number(abs(moved.later - moved.earlier) / items)
    earlier, later = _number(moved.earlier / items), _number(moved.later / items)
    return said.format(day=since, step=step, earlier=earlier, later=later)


def errors(instrument: Instrument) -> list[str]:
    """How exact each scale is, where that was declared: the numbers, and where they come from."""
    return [_error(one, one.reliability) for one in instrument.subscales if one.reliability]


def _error(subscale: Subscale, known: Reliability) -> str:
    kinds = {"alpha": _("Cronbach's alpha"), "retest": _("retest reliability")}
    text = _(
        "{title}: {kind} {r}, SD {sd} ({source}). So the error of one result (SEM) is {error}, and "
        "a change counts beyond {least}."
    )
    items = _items_in(subscale)
    return text.format(
        title=subscale.title,
        kind=kinds[known.kind],
        r=number_format(known.r),
        sd=_("{sd} of the sum").format(sd=number_format(known.sd))
        if items > 1
        else number_format(known.sd),
        source=known.source,
        # The format alone would cut the digits off.
        error=number_format(round(standard_error(known) / items, 2), 2),
        least=number_format(round(threshold(known) / items, 2), 2),
    )


def _items_in(subscale: Subscale) -> int:
    """How many items' worth of steps the scale's own score has."""
    return len(subscale.items) if subscale.summed else 1


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
