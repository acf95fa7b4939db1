"""What can be looked for in the journal: words, a nickname, days, and one answer of any list."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from healing.accounts.fields import LineField
from healing.taxonomy.shape import Taxonomy
from journal.finding import Wanted
from journal.models import EntryQuerySet
from journal.parts import BY_NAME, PARTS

LISTS = tuple(part.name for part in PARTS if part.taxonomy)
# What most people look for; the other lists are folded away.
FIRST = ("trigger", "feelings", "urges", "who")
NOT_A_DATE = gettext_lazy("This is not a date. Write it like 2026-03-31, or pick it.")


class LongSelect(forms.Select):
    """One template for the whole list; Django's takes one for each of three hundred choices."""

    template_name = "journal/_select.html"


class FindForm(forms.Form):
    """Everything is optional; what is filled in has to be true of an entry all at once."""

    words = LineField(
        label=gettext_lazy("Words you wrote"),
        longest=200,
        help_text=gettext_lazy("Parts of words are enough. Capitals and accents do not matter."),
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    person = LineField(
        label=gettext_lazy("Nickname or initials"),
        longest=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        for name in LISTS:
            self.fields[name] = _list_field(name)
        for name, label in (("from_day", gettext_lazy("From")), ("to_day", gettext_lazy("To"))):
            self.fields[name] = _day_field(label)

    def clean(self) -> None:
        since, until = self.cleaned_data.get("from_day"), self.cleaned_data.get("to_day")
        if since and until and since > until:
            self.add_error("to_day", _("This day is before the first one. Swap the two days."))

    @property
    def first_lists(self) -> list[BoundField]:
        return [self[name] for name in FIRST]

    @property
    def more_lists(self) -> list[BoundField]:
        return [self[name] for name in LISTS if name not in FIRST]

    @property
    def more_chosen(self) -> bool:
        """Whether a folded list takes part, or is wrong: then it stands open."""
        return any(field.value() or field.errors for field in self.more_lists)

    @property
    def filled(self) -> list[tuple[str, str]]:
        """Names and values as they were posted, for asking the same again; of a valid form."""
        given = ((name, self.cleaned_data[name]) for name in self.fields)
        return [(name, str(value)) for name, value in given if value]

    def wanted(self) -> Wanted:
        said = self.cleaned_data
        chosen = {name: said[name] for name in LISTS if said[name]}
        return Wanted(words=said["words"], chosen=chosen, person=said["person"])

    def within(self, rows: EntryQuerySet) -> EntryQuerySet:
        """The rows of the chosen days."""
        since, until = self.cleaned_data["from_day"], self.cleaned_data["to_day"]
        rows = rows.filter(local_date__gte=since) if since else rows
        return rows.filter(local_date__lte=until) if until else rows

    def in_words(self) -> Iterator[str]:
        """What is looked for, piece by piece, for the person to read."""
        said = self.cleaned_data
        yield from (_("“%(word)s”") % {"word": word} for word in said["words"].split())
        if said["person"]:
            yield _("about %(person)s") % {"person": said["person"]}
        for name in LISTS:
            if said[name]:
                taxonomy: Any = BY_NAME[name].taxonomy
                item = taxonomy.by_key[said[name]]
                yield f"{BY_NAME[name].label}: {item.label}"
        if said["from_day"]:
            yield _("from %(day)s") % {"day": date_format(said["from_day"], "j F Y")}
        if said["to_day"]:
            yield _("up to %(day)s") % {"day": date_format(said["to_day"], "j F Y")}


def _list_field(name: str) -> forms.ChoiceField:
    part: Any = BY_NAME[name]
    return forms.ChoiceField(
        label=part.label,
        required=False,
        widget=LongSelect,
        choices=[("", gettext_lazy("any")), *_choices(part.taxonomy)],
        error_messages={"invalid_choice": gettext_lazy("Choose one of the list, or “any”.")},
    )


def _choices(taxonomy: Taxonomy) -> Iterator[tuple[Any, Any]]:
    """By group; a group without a heading is no group to read."""
    for group in taxonomy.groups:
        items = [(item.key, item.label) for item in group.items]
        yield from [(group.label, items)] if group.label else items


def _day_field(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": NOT_A_DATE},
    )
