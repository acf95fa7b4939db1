"""The answer to a lesson's question, the pace, and the readiness check."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from healing.accounts.fields import LineField, YesNoField
from healing.lessons.gate import NONE_OF_THESE, YES, Missing, missing_in_answers
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


class ReadinessForm(forms.Form):
    """Conditions 6 and 7 of the readiness check, and the stand-in for 4. No answer is kept."""

    settled = YesNoField(_("On most days lately I was settled at least half the time"))
    can_steady = YesNoField(_("I can usually steady myself within an hour"))
    safe_home = YesNoField(_("I am safe where I live"))
    someone = YesNoField(_("There is a person or service I would contact"))
    no_recent_loss = YesNoField(
        _("My last great loss or break-up is more than three months ago, or I had none")
    )
    ticks = forms.MultipleChoiceField(
        label=_("Does one of these fit?"),
        choices=[
            ("flashbacks", _("Flashbacks in the last month")),
            ("unreal", _("Losing time or feeling unreal often")),
            ("self_harm", _("Hurting myself on purpose in the last three months")),
            ("psychosis", _("Psychosis or mania, now or in the past year")),
            ("rules", _("Drink, drugs or eating that rule my days")),
            ("violence", _("Violence or threats in my life now")),
            (NONE_OF_THESE, _("None of these")),
        ],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    in_therapy = forms.BooleanField(
        label=_("I am in therapy and have talked about this exercise with my therapist"),
        required=False,
        help_text=_("This stands in for reading, practice and check-ins, and for nothing else."),
    )

    def __init__(self, data: Any = None, *, asks_settled: bool = False) -> None:
        """`asks_settled`: the check-in does not ask about the body, so this form does."""
        super().__init__(data)
        if not asks_settled:
            del self.fields["settled"]

    @property
    def is_settled(self) -> bool:
        return bool(self.cleaned_data.get("settled") == YES)

    def missing(self) -> list[Missing]:
        return missing_in_answers(self.cleaned_data, self.cleaned_data["ticks"])


def refilled_reflection(data: QueryDict, slug: str) -> ReflectionForm:
    """The form as it was posted, with the question of the lesson at `slug`, unless it is closed."""
    lesson = Lesson.objects.published().filter(slug=slug, gated=False).first()
    question = lesson.question if lesson else None
    return ReflectionForm(data, question=question.value if question else str(_("What you wrote")))
