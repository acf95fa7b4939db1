"""The forms of the room: days and hour of a plan, a letter, what a mail may hold, a break."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from exercises.models import Exercise
from healing.accounts.clock import UnknownZone, zone, zone_names, zone_or_utc
from healing.accounts.fields import OneTimeId
from healing.reminders.models import Plan
from healing.reminders.schedule import within

Quiet = tuple[time, time]
LONGEST_PAUSE = timedelta(days=366)
FURTHEST_LETTER = timedelta(days=5 * 365)
LONGEST_LETTER = 20_000  # letters of the alphabet
EVERY_DAY = [str(day) for day in WEEKDAYS]
SUNDAY = "6"
TOO_LONG = _("This is longer than there is room for. Shorten it to %(limit_value)d letters.")
UNKNOWN_ZONE = _("This time zone is not known here.")
IN_QUIET_HOURS = _(
    "This lies in your quiet hours, from %(first)s to %(last)s. Choose another hour."
)


def in_quiet(at: time, quiet: Quiet | None) -> bool:
    return quiet is not None and within(at, *quiet)


class HourField(forms.TimeField):
    def __init__(self, label: Any, **kwargs: Any) -> None:
        super().__init__(
            label=label,
            widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
            error_messages={
                "required": _("Choose a time, for example 20:30."),
                "invalid": _("Write the time as hours and minutes, for example 20:30."),
            },
            **kwargs,
        )


class ZoneField(forms.ChoiceField):
    def __init__(self) -> None:
        wrong = _("Choose a time zone from the list, for example Europe/Berlin.")
        super().__init__(
            label=_("Time zone"),
            choices=[(name, name.replace("_", " ")) for name in zone_names()],
            error_messages={"required": wrong, "invalid_choice": wrong},
        )


class DayField(forms.DateField):
    def __init__(self, label: Any, required: Any = "", **kwargs: Any) -> None:
        super().__init__(
            label=label,
            required=bool(required),
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            error_messages={
                "required": required,
                "invalid": _("This is not a date. Write it like 2026-12-31, or pick it."),
            },
            **kwargs,
        )


class HourForm(forms.Form):
    """What each mail asks: its hour; of somebody new also the time zone, and consent if missing.

    `quiet` are the hours in which no mail may come.
    """

    local_time = HourField(_("At this time"), initial=time(20, 0))
    time_zone = ZoneField()
    consent = forms.BooleanField(
        label=_("I agree to get this mail. I can take that back here at any time."),
        error_messages={
            "required": _("No mail is sent without your agreement. Tick the box to agree.")
        },
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        initial: Mapping[str, Any] | None = None,
        asks: Collection[str] = ("time_zone", "consent"),
        quiet: Quiet | None = None,
    ) -> None:
        self.quiet = quiet
        super().__init__(data, initial=dict(initial or {}))
        for name in {"time_zone", "consent"}.difference(asks):
            del self.fields[name]

    def clean_local_time(self) -> time:
        at: time = self.cleaned_data["local_time"]
        if in_quiet(at, self.quiet):
            raise forms.ValidationError(IN_QUIET_HOURS, params=_ends(self.quiet))
        return at


def _ends(quiet: Quiet | None) -> dict[str, str]:
    first, last = quiet or (time.min, time.min)
    return {"first": f"{first:%H:%M}", "last": f"{last:%H:%M}"}


class PlanForm(HourForm):
    """A mail on chosen weekdays."""

    days = forms.MultipleChoiceField(
        label=_("On these days"),
        choices=[(str(day), name) for day, name in WEEKDAYS.items()],
        widget=forms.CheckboxSelectMultiple(attrs={"class": "words"}),
        initial=EVERY_DAY,
        error_messages={"required": _("Choose at least one day.")},
    )
    field_order: Sequence[str] = ("exercise", "days", "local_time", "time_zone", "consent")

    @property
    def weekdays(self) -> frozenset[int]:
        """The chosen days, 0 for Monday; of a valid form."""
        return frozenset(int(day) for day in self.cleaned_data["days"])

    @property
    def exercise(self) -> str:
        return ""


class LookBackForm(PlanForm):
    """A mail on one day of the week."""

    days = forms.ChoiceField(  # type: ignore[assignment]
        label=_("On this day"),
        choices=[(str(day), name) for day, name in WEEKDAYS.items()],
        widget=forms.RadioSelect(attrs={"class": "words"}),
        initial=SUNDAY,
        error_messages={"required": _("Choose a day.")},
    )


class PracticeForm(PlanForm):
    """A mail on chosen weekdays that leads to one of `exercises`."""

    exercise = forms.ChoiceField(  # type: ignore[assignment]
        label=_("Which exercise?"),
        help_text=_("The mail does not name it. Its link leads there once you are signed in."),
        error_messages={
            "required": _("Choose an exercise."),
            "invalid_choice": _("Choose an exercise from the list."),
        },
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        exercises: Iterable[Exercise] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(data, **kwargs)
        choices = [(one.content_id, one.title) for one in exercises]
        self.fields["exercise"].choices = [("", _("Choose one")), *choices]  # type: ignore[attr-defined]


class LetterForm(HourForm):
    """A letter to oneself and its day; `today` is the person's date, `hour` that of the plan."""

    form_id = OneTimeId()
    opened_with = forms.CharField(required=False, widget=forms.HiddenInput)
    words = forms.CharField(
        label=_("Your letter"),
        # No `maxlength`: a browser would cut what is pasted, and say nothing.
        validators=[MaxLengthValidator(LONGEST_LETTER, TOO_LONG)],
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={"required": _("Write a line or more to yourself.")},
    )
    on_date = DayField(_("The day it comes"), _("Choose the day on which it comes."))
    field_order: Sequence[str] = ("words", "on_date", "local_time", "time_zone", "consent")

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, today: date | None = None, **kwargs: Any
    ) -> None:
        self.today = today or timezone.localdate() - timedelta(days=1)
        super().__init__(data, **kwargs)
        first = self.today + timedelta(days=1)
        self.fields["on_date"].widget.attrs["min"] = first.isoformat()

    def clean_on_date(self) -> date:
        day: date = self.cleaned_data["on_date"]
        if not self.today < day <= self.today + FURTHEST_LETTER:
            raise forms.ValidationError(_("Choose a day from tomorrow on, within five years."))
        return day


class MailForm(forms.Form):
    """What a mail may hold, when none may come, and by which clock: for all plans."""

    holds = forms.ChoiceField(
        label=_("What may a mail hold beside its links?"),
        choices=Plan.Holds.choices,
        widget=forms.RadioSelect,
        help_text=_(
            "A line of your own is one from your locker that you ticked for it, or your sentence "
            "from “Someone in my corner”. A mail is not sealed: others may see it."
        ),
        error_messages={"required": _("Choose one of the three.")},
    )
    quiet_from = HourField(_("Quiet from"), required=False)
    quiet_to = HourField(_("Quiet until"), required=False)
    time_zone = ZoneField()

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        initial: Mapping[str, Any] | None = None,
        plans: Iterable[Plan] = (),
    ) -> None:
        """`plans`: those whose hours must stay outside the quiet ones."""
        self.plans = plans
        super().__init__(data, initial=dict(initial or {}))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, last = data.get("quiet_from"), data.get("quiet_to")
        if (first is None) != (last is None) and not {"quiet_from", "quiet_to"} & {*self.errors}:
            missing = "quiet_from" if first is None else "quiet_to"
            self.add_error(missing, _("Give both ends, or leave both open."))
        elif first is not None and first == last:
            self.add_error("quiet_to", _("Choose another end: these hours would have no length."))
        elif caught := [one for one in self.plans if in_quiet(one.local_time, self.quiet_in(data))]:
            said = _(
                "A mail of yours is set for %(hour)s. Choose other hours, or change that mail."
            )
            hour = f"{caught[0].local_time:%H:%M}"
            self.add_error("quiet_from", forms.ValidationError(said, params={"hour": hour}))
        return data

    @staticmethod
    def quiet_in(data: Mapping[str, Any]) -> Quiet | None:
        first, last = data.get("quiet_from"), data.get("quiet_to")
        return None if first is None or last is None else (first, last)

    @property
    def quiet(self) -> Quiet | None:
        """The quiet hours of a valid form."""
        return self.quiet_in(self.cleaned_data)


class PauseForm(forms.Form):
    """Until which day a mail is not sent: from tomorrow to a year from today."""

    until = DayField(
        _("From which day may it come again?"), _("Choose the day from which it comes again.")
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, today: date | None = None) -> None:
        self.today = today or timezone.localdate()
        super().__init__(data)
        first = self.today + timedelta(days=1)
        self.fields["until"].widget.attrs["min"] = first.isoformat()

    def clean_until(self) -> date | None:
        until: date | None = self.cleaned_data["until"]
        if until and not self.today < until <= self.today + LONGEST_PAUSE:
            raise forms.ValidationError(_("Choose a day from tomorrow on, within the next year."))
        return until

    def end(self, time_zone: str) -> datetime | None:
        """When that day begins on that clock, of a valid form; None without a day."""
        until = self.cleaned_data["until"]
        return until and datetime.combine(until, time.min, tzinfo=zone_or_utc(time_zone))


class BreakForm(PauseForm):
    """Until which day nothing is sent at all, or without an end."""

    until = DayField(
        _("Send nothing before this day"),
        help_text=_("Leave it empty, and nothing comes until you start the mails again."),
    )


class ZoneForm(forms.Form):
    """A zone that a device reported: any that the table knows, old names too."""

    time_zone = forms.CharField(max_length=64, error_messages={"required": UNKNOWN_ZONE})

    def clean_time_zone(self) -> str:
        name: str = self.cleaned_data["time_zone"]
        try:
            zone(name)
        except UnknownZone:
            raise forms.ValidationError(UNKNOWN_ZONE) from None
        return name
