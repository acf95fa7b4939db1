"""Tells the pause on a page that is opened again and again how often is too often."""

from django import template
from django.conf import settings

register = template.Library()


@register.simple_tag
def loop_guard() -> dict[str, int]:
    """The operator's limit: so many `openings` within so many `minutes`."""
    return {"openings": settings.LOOP_GUARD_OPENINGS, "minutes": settings.LOOP_GUARD_MINUTES}
