"""A questionnaire as a form: every line can be skipped, and a skipped line can be skipped again."""

import uuid
from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from healing.questionnaires.instrument import Instrument
from healing.questionnaires.questions import Question, questions

Choices = dict[str, str | list[str]]


class AnswersForm(forms.Form):
    """One field for each question it is given."""

    def __init__(self, asked: Iterable[Question], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked = list(asked)
        for question in self.asked:
            self.fields[question.key] = _some_of(question) if question.many else _one_of(question)

    @property
    def answers(self) -> dict[str, int]:
        """Item key -> step, without the skipped ones."""
        return {one.key: int(said) for one, said in self._said() if one.is_item}

    @property
    def choices(self) -> Choices:
        """Choice key -> what was chosen, without the skipped ones."""
        return {one.key: said for one, said in self._said() if not one.is_item}

    def _said(self) -> list[tuple[Question, Any]]:
        data = self.cleaned_data
        return [(one, data[one.key]) for one in self.asked if data.get(one.key)]


class QuestionnaireForm(AnswersForm):
    """All questions on one page."""

    row = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    def __init__(self, instrument: Instrument, *args: Any, **kwargs: Any) -> None:
        super().__init__(questions(instrument), *args, **kwargs)
        self.instrument = instrument

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and not self.answers and not self.choices:
            raise ValidationError(
                _("Nothing is chosen yet. One answer is enough, or choose “Not now”.")
            )
        return data


def as_initial(answers: dict[str, int], choices: Choices) -> dict[str, Any]:
    """Stored answers as the forms show them."""
    return {**{key: str(step) for key, step in answers.items()}, **choices}


def _one_of(question: Question) -> forms.ChoiceField:
    # The last one is chosen from the start: whoever touched an answer can take it back.
    return forms.ChoiceField(
        label=question.text,
        choices=[*question.options, ("", _("Skip this one"))],
        required=False,
        widget=forms.RadioSelect(attrs={"class": "steps"}),
    )


def _some_of(question: Question) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=question.text,
        choices=list(question.options),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "words"}),
    )
