"""Puts a person's mails into words on a page."""

from django import template

from healing.reminders import words
from healing.reminders.outlook import Coming

register = template.Library()
register.filter("day", words.day)
register.filter("moment", words.moment)
register.filter("outcome", words.outcome)
register.filter("paused", words.paused)
register.filter("place", words.place)
register.filter("rhythm", words.rhythm)
register.filter("shared", words.shared)


@register.filter
def holding(coming: Coming) -> str:
    """What a mail to come holds."""
    return words.holding(coming.kinds, again=coming.again)
