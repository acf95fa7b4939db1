"""Which time a page looks at, and the steps a picture takes through it (no Django)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Unit(StrEnum):
    """One step of a picture: a day, a week from Monday on, or a calendar month."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True)
class Span:
    """A time that ends today; `days` None goes back to the beginning."""

    name: str
    label: str | Promise
    days: int | None
    unit: Unit

    def first(self, today: date) -> date | None:
        return today - timedelta(days=self.days - 1) if self.days else None


SPANS = (
    Span("28-days", _("28 days"), 28, Unit.DAY),
    Span("3-months", _("3 months"), 91, Unit.WEEK),
    Span("12-months", _("12 months"), 365, Unit.WEEK),
    Span("all", _("all"), None, Unit.MONTH),
)
USUAL = SPANS[1]


def span_named(name: str) -> Span:
    """The span of this name; the usual one for whatever else a link says."""
    return next((span for span in SPANS if span.name == name), USUAL)


def start_of(day: date, unit: Unit) -> date:
    """The first day of the step that `day` lies in."""
    if unit is Unit.WEEK:
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if unit is Unit.MONTH else day


def steps(first: date, last: date, unit: Unit) -> Iterator[date]:
    """The first days of all steps from the one of `first` to the one of `last`."""
    step = start_of(first, unit)
    while step <= last:
        yield step
        if unit is Unit.MONTH:
            step = (step + timedelta(days=31)).replace(day=1)
        else:
            step += timedelta(days=7 if unit is Unit.WEEK else 1)
