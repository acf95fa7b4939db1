"""A fear with its likelihood and its day, and the answer once that day has come."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from healing.accounts.clock import local_today
from healing.accounts.fields import GrowingLine, LineField, OneTimeId
from healing.predictions.actions import A_WEEK, answer_mark, words_mark
from healing.predictions.models import Prediction
from healing.predictions.outcomes import LABELS, Outcome

# Where the day ends last. Without knowing the person, no date is refused that may be theirs.
LAST_DUSK = "Pacific/Pago_Pago"
FARTHEST = timedelta(days=3660)  # ten years: beyond, it is a slip of the keyboard
LONGEST = 500  # letters


class PercentField(forms.IntegerField):
    """0 to 100, with or without its sign; may be left open."""

    def __init__(self, **kwargs: Any) -> None:
        message = _("Write a whole number from 0 to 100, or leave this open.")
        super().__init__(
            required=False,
            min_value=0,
            max_value=100,
            widget=forms.TextInput(attrs={"inputmode": "numeric", "size": 4}),
            error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), message),
            **kwargs,
        )
        for rule in self.validators:
            rule.message = message  # type: ignore[attr-defined]

    def to_python(self, value: Any) -> int | None:
        text = str(value).replace("%", "") if value is not None else value
        return super().to_python(text)


class PredictionForm(forms.Form):
    """One fear. Asked for is the fear alone."""

    form_id = OneTimeId()
    opened_with = forms.CharField(required=False, widget=forms.HiddenInput)
    fear = LineField(
        label=_("I fear that …"),
        help_text=_("Something you could see or hear. “She will not call back this week.”"),
        longest=LONGEST,
        widget=GrowingLine,
    )
    likelihood = PercentField(
        label=_("How likely does it feel, in %?"),
        help_text=_("0 is surely not, 100 is surely. Your first guess is good enough."),
    )
    due = forms.DateField(
        label=_("I will know by"),
        help_text=_("On that day the check-in asks what happened. Left open, it asks in a week."),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "invalid": _("This is not a date. Write it like 2026-03-31, or pick it."),
        },
    )

    def __init__(
        self, data: Any = None, *, today: date | None = None, prediction: Prediction | None = None
    ) -> None:
        """`today`: the person's date; `prediction`: the one to be changed."""
        self.today = today or local_today(LAST_DUSK, timezone.now())
        self.prediction = prediction
        super().__init__(data, initial=self._start())
        self.fields["due"].widget.attrs["min"] = self.today.isoformat()

    def _start(self) -> dict[str, Any]:
        if self.prediction is None:
            return {"due": self.today + A_WEEK}
        one = self.prediction
        words = {"fear": one.fear, "likelihood": one.likelihood, "due": one.due}
        return {**words, "opened_with": words_mark(one)}

    def clean_fear(self) -> str:
        fear: str = self.cleaned_data["fear"]
        if not fear:
            raise forms.ValidationError(_("Write what you fear, in a few words."))
        return fear

    def clean_due(self) -> date | None:
        day: date | None = self.cleaned_data["due"]
        if day is None or (self.prediction and day == self.prediction.due):
            return day
        if day < self.today:
            raise forms.ValidationError(_("This day is over. Choose today or one to come."))
        if day > self.today + FARTHEST:
            raise forms.ValidationError(_("Please look at the year once more."))
        return day

    def words(self) -> dict[str, Any]:
        """Fear, likelihood and day; call it on a valid form."""
        return {name: self.cleaned_data[name] for name in ("fear", "likelihood", "due")}


class OutcomeForm(forms.Form):
    """What happened."""

    opened_with = forms.CharField(required=False, widget=forms.HiddenInput)
    outcome = forms.ChoiceField(
        label=_("What happened?"),
        choices=[(one.value, LABELS[one]) for one in Outcome],
        required=False,
        widget=forms.RadioSelect(attrs={"class": "words"}),
        error_messages={"invalid_choice": _("Choose one of the four answers.")},
    )
    told = LineField(label=_("A line about it"), longest=LONGEST, widget=GrowingLine)
    unsafe = forms.BooleanField(
        label=_("They lied to me or threatened me"),
        help_text=_("If you tick this, a way to look closer stands in the place of numbers."),
        required=False,
    )

    def __init__(
        self, data: Any = None, *, prediction: Prediction | None = None, later: bool = False
    ) -> None:
        """`prediction`: the one that is asked about; `later`: it may do without an outcome."""
        self.later = later
        said: dict[str, Any] = {}
        if prediction is not None:
            names = ("outcome", "told", "unsafe")
            said = {name: prediction.said[name] for name in names}
            said["opened_with"] = answer_mark(prediction)
        super().__init__(data, initial=said)

    def clean_outcome(self) -> str:
        outcome: str = self.cleaned_data["outcome"]
        if not outcome and not self.later:
            raise forms.ValidationError(_("Choose one of the four answers, or let it ask again."))
        return outcome
