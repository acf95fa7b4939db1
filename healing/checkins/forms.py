"""A check-in, shared by the page and the link in a mail; and the safety question."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

from healing.accounts.fields import GrowingLine, LineField, NumberedField, OneTimeId
from healing.checkins import safety, texts
from healing.checkins.actions import Answers, applicable
from healing.checkins.items import ITEMS
from healing.checkins.models import CheckIn

LONGEST_LINE = 2000
# How long a page may lie open and still be about the day it was opened for.
OPEN_FOR = timedelta(days=7)


class ItemsForm(forms.Form):
    """Every answer is optional; `answers()` holds those that were given and apply."""

    # A line that grows: what is added to it from a mail stands on a line of its own.
    practice_which = LineField(label=_("Which one?"), longest=200, widget=GrowingLine)
    good_moment = LineField(
        label=_("One good moment, if there was one"), longest=LONGEST_LINE, widget=GrowingLine
    )
    line = LineField(label=_("One line of your own"), longest=LONGEST_LINE, widget=GrowingLine)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for item in ITEMS:
            self.fields[item.key] = NumberedField(
                label=item.question, choices=enumerate(item.anchors)
            )
        self.order_fields([item.key for item in ITEMS])

    def answers(self) -> Answers:
        """What to store: given answers by key; call it on a valid form."""
        names = [item.key for item in ITEMS] + list(texts.NAMES)
        given = {name: self.cleaned_data[name] for name in names}
        return applicable({name: said for name, said in given.items() if said not in (None, "")})


class CheckInForm(ItemsForm):
    """The form of a signed-in person: it knows its day, and which answers it was opened with."""

    day = forms.CharField(required=False, widget=forms.HiddenInput)
    shown = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, data: Any = None, *, day: date | None = None, row: CheckIn | None = None
    ) -> None:
        """`row`: the check-in of `day`, if there is one."""
        answers = row.answers if row else {}
        about = {"day": day and day.isoformat(), "shown": _shown(answers)}
        super().__init__(data, initial={**answers, **about})
        for name in texts.NAMES:
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
