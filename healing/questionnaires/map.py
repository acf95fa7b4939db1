"""The map of two scales: a dot for each time, joined in order, and its error where it is known.

No corner has a name: where a dot stands is two numbers, and no kind of person. (No Django.)
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import sqrt

from healing.questionnaires.change import standard_error
from healing.questionnaires.instrument import Instrument, Subscale

# The drawing is SIZE units wide and high, with room at each edge for a dot.
SIZE, EDGE = 320, 24
# Where the sides are drawn, and how long the mark of a step is.
SIDE, TICK = 12, 7
# 95 % of a normal distribution in two dimensions lie within this many standard errors:
# the square root of the 0.95 quantile of chi-squared with 2 degrees of freedom, 5.991.
WITHIN = sqrt(5.991)

Means = tuple[Fraction | None, Fraction | None]


@dataclass(frozen=True)
class Dot:
    """Where one time stands, in units of the drawing."""

    x: int
    y: int


@dataclass(frozen=True)
class Map:
    """`dots`, the earliest first; `path` joins them. `ticks` mark the steps on both sides. The
    ellipse has its middle at the last dot; its half axes are 0 where a scale's error is not known.
    """

    dots: list[Dot]
    path: str
    ticks: str
    half_width: int
    half_height: int

    @property
    def now(self) -> Dot:
        return self.dots[-1]

    @property
    def earlier(self) -> list[Dot]:
        return self.dots[:-1]

    @property
    def has_error(self) -> bool:
        return self.half_width > 0 and self.half_height > 0


def draw(instrument: Instrument, times: Sequence[Means]) -> Map | None:
    """The map of an instrument with two scales; `times` holds both means, the earliest first.

    The first scale goes to the right, the second upwards. Times without both scores are left out;
    None if the last one is, or if the instrument has another number of scales.
    """
    if len(instrument.subscales) != 2 or not times or None in times[-1]:
        return None
    whole = [(x, y) for x, y in times if x is not None and y is not None]
    across, up = instrument.subscales
    dots = [
        Dot(round(_place(instrument, x)), SIZE - round(_place(instrument, y))) for x, y in whole
    ]
    path = "M" + "L".join(f"{dot.x} {dot.y}" for dot in dots) if len(dots) > 1 else ""
    return Map(
        dots, path, _ticks(instrument), _half_axis(instrument, across), _half_axis(instrument, up)
    )


def _place(instrument: Instrument, mean: Fraction) -> float:
    """How far along the drawing a mean stands."""
    return EDGE + _step(instrument) * float(mean - instrument.scale.lowest)


def _ticks(instrument: Instrument) -> str:
    """A short line for each step, on the lower side and on the left one."""
    scale, marks = instrument.scale, []
    for step in range(scale.lowest, scale.highest + 1):
        place = round(_place(instrument, Fraction(step)))
        marks.append(f"M{place} {SIZE - SIDE}v-{TICK}M{SIDE} {SIZE - place}h{TICK}")
    return "".join(marks)


def _half_axis(instrument: Instrument, scale: Subscale) -> int:
    if scale.reliability is None:
        return 0
    # The error of a sum is that of all its items together.
    error = standard_error(scale.reliability) / (len(scale.items) if scale.summed else 1)
    return round(_step(instrument) * WITHIN * error)


def _step(instrument: Instrument) -> float:
    """How long one step of the items is in the drawing."""
    return (SIZE - 2 * EDGE) / (instrument.scale.highest - instrument.scale.lowest)
