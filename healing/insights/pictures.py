"""Turns numbers into the paths of a picture, 1000 wide and 100 high (no Django).

A picture is stretched to its place, so a point is a line of no length with a round cap.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from healing.insights.trends import Point

WIDE, HIGH = 1000, 100
# Of the room of a bar, so much is left open.
GAP = 0.3


@dataclass(frozen=True)
class Picture:
    """Paths of a picture whose lower edge is 0 and whose upper edge is `top`."""

    top: int
    first: date
    last: date
    line: str = ""
    dots: str = ""
    bars: str = ""


def line(points: Sequence[Point], top: int) -> Picture:
    """A dot for each point that holds something, joined only where no step between is missing."""
    joined, dots, pen_is_down = [], [], False
    for place, point in enumerate(points):
        if point.mean is None:
            pen_is_down = False
            continue
        at = f"{_across(place, len(points))} {_up(point.mean, top)}"
        joined.append(f"{'L' if pen_is_down else 'M'}{at}")
        dots.append(f"M{at}h0")
        pen_is_down = True
    return Picture(top, points[0].day, points[-1].day, "".join(joined), "".join(dots))


def bars(days: Sequence[date], numbers: Sequence[float | None], top: int) -> Picture:
    """A bar for each number; a flat one for 0, and none where there is no number."""
    room = WIDE / len(numbers)
    wide = round(room * (1 - GAP), 1)
    found = [
        f"M{round((place + GAP / 2) * room, 1):g} {HIGH}V{_up(number, top)}h{wide:g}V{HIGH}Z"
        for place, number in enumerate(numbers)
        if number is not None
    ]
    return Picture(top, days[0], days[-1], bars="".join(found))


def _across(place: int, places: int) -> str:
    return f"{round(WIDE * (place + 0.5) / places, 1):g}"


def _up(number: float, top: int) -> str:
    return f"{round(HIGH * (1 - number / top), 1):g}"
