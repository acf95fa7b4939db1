"""The form of a card, made from its kind; every answer may stay open."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django import forms
from django.http import Http404, QueryDict
from django.utils.translation import gettext_lazy as _

from healing.accounts.fields import GrowingLine, LineField, NumberedField
from healing.cards.actions import mark_of
from healing.cards.kinds import BY_SLUG, RATINGS, SAFETY, Field, Kind, Topic
from healing.cards.models import Card
from healing.safety.directory import countries
from healing.safety.models import CrisisLine

LINES = "lines"


class CardForm(forms.Form):
    """The words of one card, and the mark of those that the form was opened with."""

    opened_with = forms.CharField(
        required=False, widget=forms.HiddenInput(attrs={"autocomplete": "off"})
    )

    def __init__(
        self, data: Any = None, *, kind: Kind, card: Card | None = None, today: date | None = None
    ) -> None:
        """`card`: what is kept; `today`: the person's date, for what they said this month."""
        self.kind = kind
        answers = card.answers if card else {}
        super().__init__(data, initial={**answers, "opened_with": mark_of(answers)})
        for topic in kind.topics:
            self.fields[topic.name] = _ticks(topic)
        for field in kind.fields:
            self.fields[field.name] = _written(field)
            if field.rated:
                self.fields[_rating(field)] = _numbered(_said_this_month(field, card, today))
            if kind is SAFETY and field.name == "services":
                self.fields[LINES] = _lines()

    def clean(self) -> None:
        for field in self.kind.fields:
            rated = self.cleaned_data.get(_rating(field)) is not None
            if rated and self.cleaned_data.get(field.name) == "":
                self.add_error(field.name, _("Write the sign that you rated, or leave both open."))
        if self.cleaned_data.get(LINES) and "services" in self.cleaned_data:
            self.cleaned_data["services"] = self._with_lines()

    def _with_lines(self) -> str:
        """The services, and below them the ticked lines that are not among them yet."""
        services: str = self.cleaned_data["services"]
        new = [line for line in self.cleaned_data[LINES] if line not in services]
        together = "\r\n".join([services, *new]).strip()
        try:
            self.fields["services"].run_validators(together)
        except forms.ValidationError as problem:
            self.add_error("services", problem)
        return together

    def answers(self) -> dict[str, Any]:
        """What to store: the answers given, by name; call it on a valid form."""
        data = self.cleaned_data
        return {name: data[name] for name in self.kind.names if data[name]}

    def ratings(self) -> dict[str, int]:
        """The numbers given to signs, by the sign's name; call it on a valid form."""
        given = {field.name: self.cleaned_data.get(_rating(field)) for field in self.kind.fields}
        return {name: number for name, number in given.items() if number is not None}


def refilled_card(data: QueryDict, slug: str) -> CardForm:
    """The form as it was posted; raises Http404 for a card that never was."""
    if slug not in BY_SLUG:
        raise Http404
    return CardForm(data, kind=BY_SLUG[slug])


def _written(field: Field) -> forms.Field:
    return LineField(
        label=field.label,
        help_text=field.hint,
        longest=field.longest,
        widget=GrowingLine if field.is_line else forms.Textarea(attrs={"rows": 3}),
    )


def _ticks(topic: Topic) -> forms.Field:
    return forms.MultipleChoiceField(
        label=str(topic.label),
        choices=list(topic.questions.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


def _numbered(hint: str) -> forms.Field:
    return NumberedField(
        label=_("How often did you see it in the last month?"),
        help_text=f"{_scale()} {hint}".strip(),
        choices=[(number, number) for number in range(len(RATINGS))],
        leave_open=_("skip"),
        css="compact",
    )


def _scale() -> str:
    """What the numbers mean: “0 not at all, 1 once or twice” and so on."""
    return ", ".join(f"{number} {words}" for number, words in enumerate(RATINGS)) + "."


def _said_this_month(field: Field, card: Card | None, today: date | None) -> str:
    said = card.rating_in(today, field.name) if card and today else None
    if said is None:
        return ""
    words = _("This month you said %(number)d, %(words)s. Another answer changes it.")
    return str(words) % {"number": said.number, "words": said.words}


def _lines() -> forms.Field:
    """The numbers of every country, to be ticked; a ticked one becomes a line of the services."""
    return forms.MultipleChoiceField(
        label=_("Lines you can call, by country"),
        help_text=_("Tick one, and Save writes it below your own services."),
        choices=list(_numbers()),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "words"}),
        error_messages={
            "invalid_choice": _("A number in this list has changed. Please look at it once more.")
        },
    )


def _numbers() -> Iterator[tuple[str, list[tuple[str, str]]]]:
    for country in countries():
        lines = [*country.emergency, *country.lines]
        yield country.name, [(_called(line, country.name), _called(line)) for line in lines]


def _called(line: CrisisLine, country: str = "") -> str:
    """Who answers and the number, which some lines have for a name."""
    title = f"{line.title} ({country})" if country else line.title
    return title if line.number in line.title else f"{title}: {line.number}"


def _rating(field: Field) -> str:
    return f"{field.name}_rating"
