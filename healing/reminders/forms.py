"""The form for days, hour and time zone of a person's mail."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from healing.accounts.clock import zone_names

LONGEST_PAUSE = timedelta(days=366)
EVERY_DAY = [str(day) for day in WEEKDAYS]


class PlanForm(forms.Form):
    """`ask_consent` adds the box for consent to mail, for whoever has not given it."""

    active = forms.BooleanField(label=_("Send me this mail"), required=False)
    days = forms.MultipleChoiceField(
        label=_("On these days"),
        choices=[(str(day), name) for day, name in WEEKDAYS.items()],
        widget=forms.CheckboxSelectMultiple(attrs={"class": "words"}),
        initial=EVERY_DAY,
        required=False,
    )
    local_time = forms.TimeField(
        label=_("At this time"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        initial="20:00",
        required=False,
        error_messages={"invalid": _("Write the time as hours and minutes, for example 20:30.")},
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=[(name, name.replace("_", " ")) for name in zone_names()],
        required=False,
        error_messages={
            "invalid_choice": _("Choose a time zone from the list, for example Europe/Berlin.")
        },
    )
    consent = forms.BooleanField(
        label=_("I agree to get this mail. I can take that back here at any time."),
        required=False,
    )

    def __init__(self, *args: Any, ask_consent: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not ask_consent:
            del self.fields["consent"]

    def clean(self) -> dict[str, Any]:
        """Switched off, nothing else matters; switched on, everything does."""
        data = super().clean() or {}
        if not data.get("active"):
            self.errors.clear()
            return {"active": False}
        missing = {
            "days": _("Choose at least one day."),
            "local_time": _("Choose a time, for example 20:30."),
            "time_zone": _("Choose a time zone from the list, for example Europe/Berlin."),
            "consent": _("No mail is sent without your agreement. Tick the box to agree."),
        }
        for name, message in missing.items():
            if name in self.fields and not data.get(name) and name not in self.errors:
                self.add_error(name, message)
        return data

    @property
    def weekdays(self) -> frozenset[int]:
        """The chosen days, 0 for Monday; of a valid form."""
        return frozenset(int(day) for day in self.cleaned_data["days"])


class PauseForm(forms.Form):
    """Until which day nothing is sent: from tomorrow to a year from today."""

    until = forms.DateField(
        label=_("Send nothing before this day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": _("Choose the day on which the mails may come again."),
            "invalid": _("This is not a date. Write it like 2026-12-31, or pick it."),
        },
    )

    def __init__(self, data: Any = None, *, today: date | None = None) -> None:
        self.today = today or timezone.localdate()
        super().__init__(data, initial={"until": self.today + timedelta(days=7)})

    def clean_until(self) -> date:
        until: date = self.cleaned_data["until"]
        if not self.today < until <= self.today + LONGEST_PAUSE:
            raise forms.ValidationError(_("Choose a day from tomorrow on, within the next year."))
        return until
