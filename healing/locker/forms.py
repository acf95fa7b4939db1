"""The form of a moment: a line is enough."""

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from healing.accounts.clock import local_today
from healing.accounts.fields import GrowingLine, LineField, OneTimeId
from healing.locker.actions import mark_of
from healing.locker.kinds import KINDS, OTHER
from healing.locker.models import Moment
from healing.taxonomy.triggers import TRIGGERS

LONGEST = 300  # letters
MOST_TRIGGERS = 3
# Nobody writes about an earlier year: it is a slip of the keyboard such as 0026.
EARLIEST = date(1900, 1, 1)
# Where the day begins first. Without knowing the person, no date is refused that may be theirs.
EARLIEST_DAWN = "Pacific/Kiritimati"


class MomentForm(forms.Form):
    """One moment. Asked for are its words alone."""

    form_id = OneTimeId()
    opened_with = forms.CharField(required=False, widget=forms.HiddenInput)
    kind = forms.ChoiceField(
        label=_("What kind of moment was it?"),
        choices=list(KINDS.items()),
        required=False,
        widget=forms.RadioSelect(attrs={"class": "words"}),
        error_messages={"invalid_choice": _("Choose one of the four, or none.")},
    )
    words = LineField(
        label=_("What happened, in a line or two?"),
        help_text=_("So that you can see it again. “I said I was hurt. She stayed and made tea.”"),
        longest=LONGEST,
        widget=GrowingLine,
    )
    triggers = forms.MultipleChoiceField(
        label=_("When should it come back? Up to three"),
        choices=[
            (str(group.label), [(item.key, item.label) for item in group.items])
            for group in TRIGGERS.groups
            if group.label
        ],
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "words folded"}),
        error_messages={"invalid_choice": _("Choose from the list, or nothing.")},
    )
    day = forms.DateField(
        label=_("Which day was it?"),
        help_text=_("Leave it open if you do not know."),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "invalid": _("This is not a date. Write it like 2026-03-31, or pick it."),
        },
    )
    in_mail = forms.BooleanField(
        label=_("It may stand in my own mail"),
        help_text=_(
            "Off unless you tick it. It comes once you choose “a line of your own” under "
            "Reminders. A mail is not sealed: whoever shares your mailbox, or sees your lock "
            "screen, can read this line."
        ),
        required=False,
    )

    def __init__(
        self, data: Any = None, *, today: date | None = None, moment: Moment | None = None
    ) -> None:
        """`today`: the person's date; `moment`: the one to be changed."""
        self.last_day = today or local_today(EARLIEST_DAWN, timezone.now())
        said: dict[str, Any] = {}
        if moment is not None:
            # Who flies west over midnight is back in the day before the one they wrote on.
            self.last_day = max(self.last_day, moment.day or self.last_day)
            said = {**moment.said, "day": moment.day, "opened_with": mark_of(moment)}
        super().__init__(data, initial=said)
        self.fields["day"].widget.attrs["max"] = self.last_day.isoformat()

    def clean_kind(self) -> str:
        return self.cleaned_data["kind"] or OTHER

    def clean_words(self) -> str:
        words: str = self.cleaned_data["words"]
        if not words:
            raise forms.ValidationError(_("Write what happened, in a few words."))
        return words

    def clean_triggers(self) -> list[str]:
        triggers: list[str] = self.cleaned_data["triggers"]
        if len(triggers) > MOST_TRIGGERS:
            raise forms.ValidationError(_("Choose up to three, those that fit best."))
        return triggers

    def clean_day(self) -> date | None:
        day: date | None = self.cleaned_data["day"]
        if day and day > self.last_day:
            raise forms.ValidationError(_("This day is still to come. Choose today or one before."))
        if day and day < EARLIEST:
            raise forms.ValidationError(_("Please look at the year once more."))
        return day

    def answers(self) -> dict[str, Any]:
        """What to store, by name; call it on a valid form."""
        names = ("kind", "words", "triggers", "day", "in_mail")
        return {name: self.cleaned_data[name] for name in names}
