"""A questionnaire as a form: every line can be skipped, and a skipped line can be skipped again."""

import uuid
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from healing.questionnaires.instrument import Choice, Instrument


class QuestionnaireForm(forms.Form):
    """One radio group for each item, then the choices."""

    row = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    def __init__(self, instrument: Instrument, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instrument = instrument
        for item in instrument.items:
            steps = [(str(step), anchor) for step, anchor in instrument.steps(item)]
            self.fields[item.key] = _one_of(item.text, steps)
        for choice in instrument.choices:
            self.fields[choice.key] = _choice_field(choice)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and not self.answers and not self.choices:
            raise ValidationError(
                _("Nothing is chosen yet. One answer is enough, or choose “Not now”.")
            )
        return data

    @property
    def answers(self) -> dict[str, int]:
        """Item key -> step, without the skipped ones."""
        data = self.cleaned_data
        return {one.key: int(data[one.key]) for one in self.instrument.items if data.get(one.key)}

    @property
    def choices(self) -> dict[str, str | list[str]]:
        """Choice key -> what was chosen, without the skipped ones."""
        data = self.cleaned_data
        return {one.key: data[one.key] for one in self.instrument.choices if data.get(one.key)}


def _one_of(label: str, options: list[tuple[str, str]]) -> forms.ChoiceField:
    # The last one is chosen from the start: whoever touched an answer can take it back.
    return forms.ChoiceField(
        label=label,
        choices=[*options, ("", _("Skip this one"))],
        required=False,
        widget=forms.RadioSelect(attrs={"class": "steps"}),
    )


def _choice_field(choice: Choice) -> forms.Field:
    options = list(choice.options)
    if not choice.multi:
        return _one_of(choice.text, options)
    return forms.MultipleChoiceField(
        label=choice.text,
        choices=options,
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "words"}),
    )
