"""The quick form of the journal: four taps, a line if they like, and a date."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from healing.accounts.clock import local_today
from healing.accounts.fields import (
    LEAVE_OPEN,
    LEFT_OPEN,
    GrowingLine,
    LineField,
    NumberedField,
    OneTimeId,
)
from healing.taxonomy.feelings import FEELINGS
from healing.taxonomy.shape import OTHER, Item, Taxonomy
from healing.taxonomy.triggers import TRIGGERS
from healing.taxonomy.urges import DANGER_SIGNS, URGES
from journal.actions import mark_of
from journal.models import Entry

MOST_FEELINGS = 2
# Nobody writes about an earlier year: it is a slip of the keyboard such as 0026.
EARLIEST = date(1900, 1, 1)
# Where the day begins first. Without knowing the person, no date is refused that may be theirs.
EARLIEST_DAWN = "Pacific/Kiritimati"

LISTS = {"trigger": TRIGGERS, "feelings": FEELINGS, "urges": URGES}


class NamesItsItem:
    """Gives the template the taxonomy's item behind each choice."""

    taxonomy: Taxonomy

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option: dict[str, Any] = super().create_option(name, value, *args, **kwargs)  # type: ignore[misc]
        option["item"] = self.taxonomy.by_key.get(str(value))
        return option


class PickOne(NamesItsItem, forms.RadioSelect):
    pass


class PickSome(NamesItsItem, forms.CheckboxSelectMultiple):
    pass


class EntryForm(forms.Form):
    """One entry. Asked for are a date and a trigger or a feeling; a danger sign alone saves too."""

    form_id = OneTimeId()
    opened_with = forms.CharField(required=False, widget=forms.HiddenInput)
    trigger = forms.ChoiceField(label=_("What set it off?"), required=False, widget=PickOne)
    trigger_own = LineField(label=_("What was it, in your words?"), longest=200)
    strength = NumberedField(
        label=_("How strong was it, from 0 to 10?"),
        choices=[(number, number) for number in range(11)],
        leave_open=_("skip"),
        css="compact",
    )
    feelings = forms.MultipleChoiceField(
        label=_("What did you feel? Up to two"), required=False, widget=PickSome
    )
    urges = forms.ChoiceField(label=_("What did you want to do?"), required=False, widget=PickOne)
    note = LineField(label=_("In your own words"), longest=2000, widget=GrowingLine)
    local_date = forms.DateField(
        label=_("Which day was it?"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "invalid": _("This is not a date. Write it like 2026-03-31, or pick it."),
        },
    )

    def __init__(
        self,
        data: Any = None,
        *,
        today: date | None = None,
        used: Mapping[str, Sequence[str]] | None = None,
        entry: Entry | None = None,
    ) -> None:
        """`used`: keys the person chose lately, by field; `entry`: the one to be changed."""
        self.today = today or local_today(EARLIEST_DAWN, timezone.now())
        super().__init__(data, initial=_answers(entry) if entry else {"local_date": self.today})
        for name, taxonomy in LISTS.items():
            self._offer(name, taxonomy, (used or {}).get(name, ()))
        self.fields["local_date"].widget.attrs["max"] = self.today.isoformat()

    def _offer(self, name: str, taxonomy: Taxonomy, used: Sequence[str]) -> None:
        """Sets the choices: the eight most used and what is chosen, then the rest by group."""
        field: Any = self.fields[name]
        first = taxonomy.shown_first(used)
        chosen = self[name].value() or ()
        first += [
            item
            for item in taxonomy
            if item.key in ([chosen] if isinstance(chosen, str) else chosen) and item not in first
        ]
        if OTHER in taxonomy:
            first += [OTHER] if OTHER not in first else []
        alone = [] if name == "feelings" else [LEAVE_OPEN]
        field.widget.taxonomy = taxonomy
        field.widget.attrs["class"] = "words folded"
        field.choices = [*map(_choice, first), *alone, *_rest(taxonomy, first)]

    def clean_local_date(self) -> date:
        day: date | None = self.cleaned_data["local_date"]
        if day is None:
            raise forms.ValidationError(_("Choose the day, so that the entry has its place."))
        if day > self.today:
            raise forms.ValidationError(_("This day is still to come. Choose today or one before."))
        if day < EARLIEST:
            raise forms.ValidationError(_("Please look at the year once more."))
        return day

    def clean_feelings(self) -> list[str]:
        feelings: list[str] = self.cleaned_data["feelings"]
        if len(feelings) > MOST_FEELINGS:
            raise forms.ValidationError(
                _("Choose the two that were strongest. The others fit into your own words.")
            )
        return feelings

    def clean(self) -> None:
        said = self.content()
        named = {"trigger", "trigger_own", "feelings"} & said.keys()
        danger = {item.key for item in DANGER_SIGNS.items}.intersection(said.get("urges", ()))
        if not named and not danger and not self.errors:
            self.add_error(
                "trigger", _("Choose what set it off, or one feeling. One of the two is enough.")
            )

    def content(self) -> dict[str, Any]:
        """What is stored: the answers given, by name; call it on a valid form."""
        names = ("trigger", "trigger_own", "strength", "feelings", "urges", "note")
        answers = {name: self.cleaned_data.get(name) for name in names}
        given = {
            name: answer
            for name, answer in answers.items()
            if answer not in (None, "", [])
            # A hyphen in own words is a word; in a list it is "leave this open".
            and not (name in LISTS and answer == LEFT_OPEN)
        }
        if "urges" in given:
            given["urges"] = [given["urges"]]
        return {"form": "quick", **given}


def _answers(entry: Entry) -> dict[str, Any]:
    """An entry as the form's initial values."""
    mark = mark_of(entry.local_date, entry.content)
    urges = [item.key for item in entry.urges]
    return {
        **entry.content,
        "urges": urges[0] if urges else None,
        "local_date": entry.local_date,
        "opened_with": mark,
    }


def _choice(item: Item) -> tuple[str, Any]:
    return item.key, item.label


def _rest(taxonomy: Taxonomy, first: Sequence[Item]) -> Iterator[tuple[Any, list[tuple[str, Any]]]]:
    """The groups without what already stands first."""
    for group in taxonomy.groups:
        if left := [_choice(item) for item in group.items if item not in first]:
            yield group.label, left
