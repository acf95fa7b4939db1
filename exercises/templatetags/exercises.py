"""Words for seconds, for the parts of a breath and for how well something is tested."""

from collections.abc import Mapping
from decimal import Decimal
from math import ceil
from typing import Any

from django import template
from django.forms import BoundField
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from exercises.forms import SessionForm, note_name
from exercises.guide import guide
from exercises.models import Exercise
from exercises.timeline import Kind, Phase
from exercises.usefulness import Result

register = template.Library()

WORDS = {
    Kind.IN: gettext_lazy("Breathe in"),
    Kind.TOP_UP: gettext_lazy("A little more"),
    Kind.HOLD_IN: gettext_lazy("Pause"),
    Kind.OUT: gettext_lazy("Breathe out"),
    Kind.HOLD_OUT: gettext_lazy("Pause"),
    Kind.REST: gettext_lazy("Let it go"),
}
MEANINGS = {
    Exercise.Evidence.TESTED: gettext_lazy(
        "Trials of this practice, or of something very close to it."
    ),
    Exercise.Evidence.PROMISING: gettext_lazy("Small studies, or studies of something near it."),
    Exercise.Evidence.PRACTICE_WISDOM: gettext_lazy(
        "Many helpers use it. Little has been tested about it alone."
    ),
}
# Seconds that a length may miss a whole minute by and still be called that many minutes.
NEAR = 2
# Up to here a length is told in seconds.
SHORT = 110


@register.filter
def word(phase: Phase) -> str:
    """What a phase is called: its own label, or the name of that part of a breath."""
    return str(phase.label or WORDS[phase.kind])


@register.filter
def evidence_word(tag: str) -> str:
    """The name of an evidence tag, such as `practice_wisdom`."""
    return str(Exercise.Evidence(tag).label)


@register.filter
def evidence_meaning(tag: str) -> str:
    """What the evidence tag says about an exercise."""
    return str(MEANINGS[Exercise.Evidence(tag)])


@register.filter
def in_seconds(seconds: int) -> str:
    """`40` as "40 seconds"."""
    return ngettext("%(n)d second", "%(n)d seconds", seconds) % {"n": seconds}


@register.filter
def duration(seconds: int) -> str:
    """How long something takes, in the words one would use: "90 seconds", "3 minutes"."""
    minutes, off = round(seconds / 60), abs(seconds - 60 * round(seconds / 60))
    if minutes and off <= NEAR:
        return ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes}
    if seconds <= SHORT:
        return in_seconds(seconds)
    return _("about %(n)d minutes") % {"n": minutes}


@register.filter
def note_of(form: SessionForm, ask: Mapping[str, Any]) -> list[BoundField]:
    """The fields of a step that asks for something: its note, and whether unsent words are kept."""
    names = (note_name(ask["key"]), note_name(ask["key"], keep=True))
    return [form[name] for name in names if name in form.fields]


@register.filter
def lasting(row: Mapping[str, Any]) -> str:
    """How long an exercise takes: its minutes, or by the clock where every step has its seconds."""
    plan = guide(row).plan
    if plan.is_timed:
        return duration(plan.seconds)
    if row["minutes_to"]:
        both = {"least": _plain(row["minutes"]), "most": _plain(row["minutes_to"])}
        return _("%(least)s to %(most)s minutes") % both
    least = row["minutes"]
    return ngettext("%(n)s minute", "%(n)s minutes", ceil(least)) % {"n": _plain(least)}


def _plain(number: Decimal) -> str:
    return number_format(number.normalize(), use_l10n=True) if number % 1 else str(int(number))


@register.filter
def note_words(note: Mapping[str, Any]) -> str:
    """What somebody chose or rated, as one line."""
    value = note["value"]
    return ", ".join(value) if isinstance(value, list) else str(value)


@register.filter
def change_words(result: Result) -> str:
    """What ratings before and after say, such as "usually fell by 2 (between 1 and 3)"."""
    if result.middle is None or result.low is None or result.high is None:
        return _("too few to say")
    if result.middle == 0:
        usual = _("usually stayed the same")
    elif result.middle < 0:
        usual = _("usually fell by %(n)s") % {"n": plainly(-result.middle)}
    else:
        usual = _("usually rose by %(n)s") % {"n": plainly(result.middle)}
    spread = _("%(usual)s; between %(low)s and %(high)s")
    return spread % {"usual": usual, "low": _signed(result.low), "high": _signed(result.high)}


@register.filter
def plainly(number: float) -> str:
    """A number with its half, if it has one."""
    return number_format(number, 1) if number % 1 else str(int(number))


def _signed(number: int) -> str:
    return f"{number:+d}".replace("-", "\N{MINUS SIGN}") if number else "0"
