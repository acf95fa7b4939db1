"""A check-in, shared by the page and the link in a mail; and the safety question."""

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

from healing.accounts.fields import (
    LEAVE_OPEN,
    LEFT_OPEN,
    GrowingLine,
    LineField,
    NumberedField,
    OneTimeId,
)
from healing.checkins import look_back, safety, texts
from healing.checkins.actions import Answers, applicable
from healing.checkins.items import ITEMS, TEXTS, wanted
from healing.checkins.models import CheckIn, LookBack

LONGEST_LINE = 2000
# How long a page may lie open and still be about the day it was opened for.
OPEN_FOR = timedelta(days=7)


class ItemsForm(forms.Form):
    """Every answer is optional; `answers()` holds those that were given and apply."""

    # A line that grows: what is added to it from a mail stands on a line of its own.
    practice_which = LineField(label=TEXTS["practice_which"], longest=200, widget=GrowingLine)
    good_moment = LineField(label=TEXTS["good_moment"], longest=LONGEST_LINE, widget=GrowingLine)
    line = LineField(label=TEXTS["line"], longest=LONGEST_LINE, widget=GrowingLine)

    def __init__(self, *args: Any, off: Collection[str] = (), **kwargs: Any) -> None:
        """`off`: the items that are not asked."""
        super().__init__(*args, **kwargs)
        self.items = wanted(off)
        for item in self.items:
            self.fields[item.key] = NumberedField(
                label=item.question, choices=enumerate(item.anchors)
            )
        if "practice" in off:
            del self.fields["practice_which"]
        self.order_fields([item.key for item in self.items])

    def answers(self) -> Answers:
        """What to store: given answers by key; call it on a valid form."""
        names = [*(item.key for item in self.items), *texts.NAMES]
        given = {name: self.cleaned_data[name] for name in names if name in self.fields}
        return applicable({name: said for name, said in given.items() if said not in (None, "")})


class CheckInForm(ItemsForm):
    """The form of a signed-in person: it knows its day, and which answers it was opened with."""

    day = forms.CharField(required=False, widget=forms.HiddenInput)
    shown = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        data: Any = None,
        *,
        day: date | None = None,
        row: CheckIn | None = None,
        off: Collection[str] = (),
    ) -> None:
        """`row`: the check-in of `day`, if there is one."""
        answers = row.answers if row else {}
        super().__init__(data, off=off, initial=answers)
        here = {name: said for name, said in answers.items() if name in self.fields}
        self.initial = {**self.initial, "day": day and day.isoformat(), "shown": _shown(here)}
        for name in self.fields.keys() & set(texts.NAMES):
            self._make_room(name, answers.get(name, ""))

    def shown_answers(self) -> dict[str, str]:
        """Answers that stood in the form when it was opened: key, and digest if it is a text."""
        pairs = (said.partition(":") for said in self.cleaned_data["shown"].split())
        return {key: mark for key, _colon, mark in pairs}

    def _make_room(self, name: str, stored: str) -> None:
        """Lets a stored text that has grown past the limit be saved again as it is."""
        as_sent = len(stored.replace("\r\n", "\n").replace("\n", "\r\n"))
        field = self.fields[name]
        # New ones: every form of the process shares the validators of its class.
        field.validators = [
            MaxLengthValidator(max(rule.limit_value, as_sent), rule.message)
            if isinstance(rule, MaxLengthValidator)
            else rule
            for rule in field.validators
        ]


class SafetyForm(forms.Form):
    """The three parts of the safety question; each may be skipped."""

    row = OneTimeId()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, (question, options) in safety.QUESTIONS.items():
            self.fields[name] = forms.ChoiceField(
                label=question,
                choices=[*options, ("", _("Skip this one"))],
                required=False,
                widget=forms.RadioSelect(attrs={"class": f"part-{name}"}),
                error_messages={"invalid_choice": _("Choose one of the answers, or skip it.")},
            )
        self.fields["c"].help_text = _("Only if you answered anything but “no” above.")

    def answers(self) -> dict[str, str | None]:
        return {name: self.cleaned_data[name] or None for name in safety.QUESTIONS}


class LookBackForm(SafetyForm):
    """The weekly look-back and the safety question under it; every part may be skipped."""

    day = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        data: Any = None,
        *,
        day: date | None = None,
        row: LookBack | None = None,
        off: frozenset[str] = frozenset(),
        is_first: bool = False,
    ) -> None:
        """`row`: the look-back of `day`, if there is one."""
        super().__init__(data, initial={**(row.said if row else {}), "day": day and str(day)})
        self.asked = look_back.asked(off=off, is_first=is_first)
        for question in self.asked:
            self.fields[question.key] = _look_back_field(question)

    @property
    def look_back_fields(self) -> list[forms.BoundField]:
        return [self[one.key] for one in self.asked]

    @property
    def safety_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in safety.QUESTIONS]

    def said(self) -> dict[str, str]:
        """Given answers by key; call it on a valid form."""
        given = {one.key: self.cleaned_data[one.key] for one in self.asked}
        return look_back.applicable(
            {key: words for key, words in given.items() if words not in ("", LEFT_OPEN)}
        )


def _look_back_field(question: look_back.Question) -> forms.Field:
    if not question.options:
        return LineField(
            label=question.text,
            longest=LONGEST_LINE,
            widget=GrowingLine,
            help_text=question.hint,
        )
    label: Any = question.text
    return forms.ChoiceField(
        label=label,
        choices=[*question.options, LEAVE_OPEN],
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("Choose one of the answers, or none.")},
    )


class QuestionsForm(forms.Form):
    """Which questions are asked: all that are ticked."""

    def __init__(self, data: Any = None, *, off: Collection[str] = ()) -> None:
        super().__init__(data)
        daily = [(item.key, item.question) for item in ITEMS]
        weekly = [(one.key, one.text) for one in look_back.QUESTIONS]
        for name, label, choices in (
            ("daily", _("In the daily check-in"), daily),
            ("weekly", _("In the weekly look-back"), weekly),
        ):
            self.fields[name] = forms.MultipleChoiceField(
                label=label,
                choices=choices,
                required=False,
                widget=forms.CheckboxSelectMultiple,
                initial=[key for key, _words in choices if key not in off],
            )

    def off(self) -> set[str]:
        """What is to be asked no more; call it on a valid form."""
        wanted_keys = {*self.cleaned_data["daily"], *self.cleaned_data["weekly"]}
        everything = {item.key for item in ITEMS} | {one.key for one in look_back.QUESTIONS}
        return everything - wanted_keys


def day_on_page(data: Mapping[str, Any], today: date) -> date | None:
    """The day a sent form was opened for; None if that is no day of the last week."""
    try:
        day = date.fromisoformat(data.get("day", ""))
    except ValueError:
        return None
    return day if today - OPEN_FOR <= day <= today else None


def _shown(answers: Answers) -> str:
    return " ".join(
        f"{key}:{texts.digest(said)}" if key in texts.NAMES else key
        for key, said in sorted(answers.items())
    )
