"""Words for the steps of a picture."""

from collections.abc import Mapping
from datetime import date

from django import template
from django.utils.dates import WEEKDAYS
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from healing.insights.spans import Unit

register = template.Library()


@register.filter
def step(day: date, unit: Unit) -> str:
    """The step that begins on `day`: a day, a week or a month, in words."""
    if unit is Unit.MONTH:
        return date_format(day, "F Y")
    written = date_format(day, "j M Y")
    return _("week from {day}").format(day=written) if unit is Unit.WEEK else written


@register.filter
def weekday(number: int) -> str:
    """The name of a weekday, 0 for Monday."""
    return str(WEEKDAYS[number])


@register.filter
def clock(hour: int) -> str:
    """`9` as "09:00"; 24 is midnight."""
    return f"{hour % 24:02d}:00"


@register.filter
def of(found: Mapping[str, str], key: str) -> str:
    """What stands under a key; the key itself where nothing does."""
    return found.get(key, key)
