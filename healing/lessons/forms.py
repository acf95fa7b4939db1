"""The answer to a lesson's question."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from healing.accounts.fields import LineField
from healing.lessons.models import Lesson
from healing.lessons.path import Pace


class ReflectionForm(forms.Form):
    """One question, one text, which may stay empty."""

    # Which question the page showed, and the mark of the answer it showed.
    question = forms.CharField(
        required=False, widget=forms.HiddenInput(attrs={"autocomplete": "off"})
    )
    opened_with = forms.CharField(
        required=False, widget=forms.HiddenInput(attrs={"autocomplete": "off"})
    )
    answer = LineField(
        longest=20_000,
        widget=forms.Textarea(attrs={"rows": 5, "autocomplete": "off"}),
        help_text=_("For you alone. You can leave it empty, and change it later."),
        error_messages={
            "max_length": _(
                "This is longer than fits here: %(show_value)s characters, and %(limit_value)s "
                "fit. Keep the rest in your journal, or shorten it."
            )
        },
    )

    def __init__(self, *args: Any, question: str = "", belongs_to: str = "", **kwargs: Any) -> None:
        """`belongs_to`: id of the <form> on the page, where the answer stands outside of it."""
        super().__init__(*args, **kwargs)
        self.fields["answer"].label = question
        if belongs_to:
            for field in self.fields.values():
                field.widget.attrs["form"] = belongs_to


class PaceForm(forms.Form):
    """How many lessons a week the person wants to be shown."""

    pace = forms.ChoiceField(
        label=_("Your pace"),
        choices=[
            (Pace.USUAL, _("Two or three lessons a week")),
            (Pace.SLOW, _("The slow road: one lesson a week")),
        ],
        widget=forms.RadioSelect,
        help_text=_("It only changes how soon Today names the next lesson. You can read any time."),
    )


def refilled_reflection(data: QueryDict, slug: str) -> ReflectionForm:
    """The form as it was posted, with the question of the lesson at `slug`, unless it is closed."""
    lesson = Lesson.objects.published().filter(slug=slug, gated=False).first()
    question = lesson.question if lesson else None
    return ReflectionForm(data, question=question.value if question else "")
