"""Form fields for answers that may be left open, be long, or be sent twice."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

# A browser cannot take a chosen radio button back. This choice does, and is stored as nothing.
LEFT_OPEN = "-"
LEAVE_OPEN = (LEFT_OPEN, _("Leave this open"))


class NumberedField(forms.TypedChoiceField):
    """One of numbered answers as radio buttons, or None; `choices` are (number, words).

    `leave_open` is what the choice that takes an answer back is called, where room is small.
    """

    def __init__(
        self,
        *,
        choices: Iterable[tuple[int, Any]],
        leave_open: Any = LEAVE_OPEN[1],
        css: str = "",
        **kwargs: Any,
    ) -> None:
        numbered = [(str(number), words) for number, words in choices]
        super().__init__(
            choices=[*numbered, (LEFT_OPEN, leave_open)],
            coerce=lambda value: None if value == LEFT_OPEN else int(value),
            empty_value=None,
            required=False,
            widget=forms.RadioSelect(attrs={"class": css} if css else None),
            **kwargs,
        )


class YesNoField(forms.ChoiceField):
    """A question to answer with yes, no or not sure; left open it is an empty text."""

    def __init__(self, label: Any, *, unsure: bool = True, **kwargs: Any) -> None:
        answers = [("yes", _("Yes")), ("no", _("No"))]
        super().__init__(
            label=label,
            choices=[*answers, *([("not_sure", _("Not sure"))] if unsure else [])],
            required=False,
            widget=forms.RadioSelect(attrs={"class": "words"}),
            error_messages={"invalid_choice": _("Choose one of the answers, or none.")},
            **kwargs,
        )


class LineField(forms.CharField):
    """A text without `maxlength`: a browser would cut what is pasted, and say nothing."""

    def __init__(self, *, longest: int, **kwargs: Any) -> None:
        message = _("This is longer than there is room for. Shorten it to %(limit_value)d letters.")
        validators = [MaxLengthValidator(longest, message)]
        super().__init__(required=False, validators=validators, **kwargs)


class GrowingLine(forms.Textarea):
    """A line that grows with what is written."""

    def __init__(self) -> None:
        super().__init__(attrs={"rows": 1})


class OneTimeId(forms.UUIDField):
    """The id made with the empty form, so that pressing Save twice meets the same row."""

    def __init__(self) -> None:
        super().__init__(required=False, initial=uuid4, widget=forms.HiddenInput)

    def clean(self, value: Any) -> UUID:
        """The id; a fresh one where there is none that can be read, since no one could mend it."""
        try:
            return super().clean(value) or uuid4()
        except forms.ValidationError:
            return uuid4()
