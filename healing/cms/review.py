"""The review clock: which texts wait for a review, the most urgent first."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.contrib.admin.utils import quote
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.snippets.models import get_snippet_models

from healing.editorial.clock import months_later
from healing.editorial.models import EditedText

SOON = timedelta(days=30)


class State(models.TextChoices):
    """Where a text stands on the clock, in the order in which they are listed."""

    OVERDUE = "overdue", _("overdue")
    NEVER = "never", _("never reviewed")
    CHANGED = "changed", _("changed since its review")
    SOON = "soon", _("due within 30 days")
    FINE = "fine", _("reviewed")


# Readers of these texts are told that no review stands behind the words, or it is out of date.
LACKING = (State.OVERDUE, State.NEVER, State.CHANGED)
ORDER = {State.OVERDUE: 0, State.NEVER: 1, State.CHANGED: 2, State.SOON: 3, State.FINE: 3}


@dataclass(frozen=True)
class Entry:
    """One published text on the clock; `due` is the last day on which its review still holds."""

    text: EditedText
    state: State
    due: date | None

    @property
    def kind(self) -> str:
        return str(self.text._meta.verbose_name)

    @property
    def address(self) -> str:
        return screen(type(self.text), "edit", quote(self.text.pk))

    @property
    def waits(self) -> bool:
        """Whether somebody should look at it this month."""
        return self.state is not State.FINE


def kinds() -> list[type[EditedText]]:
    """The kinds of text that need a review, in the order of the menu."""
    found = [model for model in get_snippet_models() if issubclass(model, EditedText)]
    clocked = [model for model in found if model.needs_review]
    return sorted(clocked, key=lambda model: model.snippet_viewset.menu_order)


def entries(models: Iterable[type[EditedText]], today: date) -> list[Entry]:
    """Every published text of these kinds, the longest overdue first (one query for each kind)."""
    found = [_entry(text, today) for model in models for text in model.objects.published()]
    return sorted(found, key=_urgency)


def counts(found: Iterable[Entry]) -> list[tuple[State, int]]:
    """How many texts there are in each state that any is in."""
    tally = Counter(entry.state for entry in found)
    return [(state, tally[state]) for state in State if tally[state]]


def screen(model: Any, name: str, *args: Any) -> str:
    """The address of one of a text's editing screens."""
    return reverse(model.snippet_viewset.get_url_name(name), args=args)


def _entry(text: EditedText, today: date) -> Entry:
    due = text.review_due
    if due is None and text.reviewed_on:
        due = months_later(text.reviewed_on, text.review_months)
    return Entry(text, _state(text, due, today), due)


def _state(text: EditedText, due: date | None, today: date) -> State:
    if due and due < today:
        return State.OVERDUE
    if not text.reviewed_on:
        return State.NEVER
    if not text.is_reviewed:
        return State.CHANGED
    return State.SOON if due and due <= today + SOON else State.FINE


def _urgency(entry: Entry) -> tuple[int, date, str, str]:
    due = entry.due or date.max
    return ORDER[entry.state], due, entry.kind, entry.text.content_id
