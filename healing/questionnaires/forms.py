"""A questionnaire as a form: every line can be skipped, and a skipped line can be skipped again."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from healing.questionnaires.instrument import GENERAL, Instrument
from healing.questionnaires.questions import TARGET, Kind, Question, questions

Choices = dict[str, str | list[str]]


class AnswersForm(forms.Form):
    """One field for each question it is given; `edition` is of the instrument they belong to.

    `resting` holds whom it is too early to answer about again, each with the day it opens.
    """

    edition = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        asked: Iterable[Question],
        *args: Any,
        edition: str,
        resting: Mapping[str, date] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.current = self.fields["edition"].initial = edition
        self.asked = list(asked)
        self.resting = resting or {}
        for question in self.asked:
            make = _some_of if question.many else _one_of
            self.fields[question.key] = make(self._with_days(question))

    def _with_days(self, question: Question) -> Question:
        """The question whom it is about, with the day beside whom it is too early for."""
        if question.kind is not Kind.TARGET:
            return question
        said = _("%(who)s (answered lately, open again on %(day)s)")
        options = [
            (key, said % {"who": title, "day": date_format(self.resting[key])})
            if key in self.resting
            else (key, title)
            for key, title in question.options
        ]
        return replace(question, options=tuple(options))

    def clean_target(self) -> str:
        target: str = self.cleaned_data[TARGET]
        if opens := self.resting.get(target or GENERAL):
            raise ValidationError(
                _("You answered about them lately. That opens again on %(day)s. Choose another."),
                code="resting",
                params={"day": date_format(opens)},
            )
        return target

    def clean_edition(self) -> str:
        """An answer belongs to the words it was given to, and those may have changed meanwhile."""
        answered: str = self.cleaned_data["edition"]
        if answered and answered != self.current:
            # Shown again, the form is of today.
            data: Any = self.data
            self.data = data.copy()
            self.data["edition"] = self.current  # type: ignore[index]
            raise ValidationError(
                _("These questions changed while you had them open. Please read them once more.")
            )
        return answered

    @property
    def answers(self) -> dict[str, int]:
        """Item key -> step, without the skipped ones."""
        return {one.key: int(said) for one, said in self._said() if one.kind is Kind.ITEM}

    @property
    def choices(self) -> Choices:
        """Choice key -> what was chosen, without the skipped ones."""
        return {one.key: said for one, said in self._said() if one.kind is Kind.CHOICE}

    @property
    def target(self) -> str:
        """Whom the answers are about; empty where that was left open or is not asked."""
        return str(self.cleaned_data.get(TARGET) or "")

    def _said(self) -> list[tuple[Question, Any]]:
        data = self.cleaned_data
        return [(one, data[one.key]) for one in self.asked if data.get(one.key)]


class QuestionnaireForm(AnswersForm):
    """All questions on one page; `is_finished`: something has to be answered."""

    row = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    def __init__(
        self, instrument: Instrument, *args: Any, is_finished: bool = True, **kwargs: Any
    ) -> None:
        super().__init__(questions(instrument), *args, edition=instrument.edition, **kwargs)
        self.instrument = instrument
        self.is_finished = is_finished
        if not is_finished:
            for question in self.asked:
                self.fields[question.key].required = False

    @property
    def answered(self) -> int:
        """How many questions have an answer as the page is shown."""
        return sum(bool(self[question.key].value()) for question in self.asked)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.is_finished and not self.errors and not self.answers and not self.choices:
            raise ValidationError(
                _("Nothing is chosen yet. One answer is enough, or choose “Not now”.")
            )
        return data


def as_initial(answers: dict[str, int], choices: Choices, target: str) -> dict[str, Any]:
    """Stored answers as the forms show them."""
    return {**{key: str(step) for key, step in answers.items()}, **choices, TARGET: target}


def _one_of(question: Question) -> forms.ChoiceField:
    # The last one is chosen from the start: whoever touched an answer can take it back.
    must = question.kind is Kind.TARGET and GENERAL not in dict(question.options)
    return forms.ChoiceField(
        label=question.text,
        choices=[*question.options, *([] if must else [("", _("Skip this one"))])],
        required=must,
        error_messages={"required": _("Choose whom you think of. The lines are about them.")},
        widget=forms.RadioSelect(attrs={"class": "steps"}),
    )


def _some_of(question: Question) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=question.text,
        choices=list(question.options),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "words"}),
    )
