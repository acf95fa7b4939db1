"""The fields of an entry's form, each made from a part of the entry."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from healing.accounts.fields import LEAVE_OPEN, GrowingLine, LineField, NumberedField
from healing.taxonomy.meaning import SENTENCES
from healing.taxonomy.shape import OTHER, SHOWN_FIRST, Item, Taxonomy
from journal.parts import Part
from journal.practised import Practised

OWN_WORDS = _("Something else, in your words")
OWN_LABELS = {
    "trigger": _("What was it, in your words?"),
    "sentences": _("In your own words"),
}
# Lists whose answers are sentences stand as tiles, those of a word or two as words.
TILES = frozenset({"trigger", "urges", "did", "sentences", "left_myself"})
LONGEST_OWN = 200
# A text this long needs more than a line.
LINE = 200


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


def shape_of(part: Part) -> str:
    """The style of the choices of a part."""
    if part.number:
        return "compact"
    return "tiles" if part.name in TILES else "words"


def field_of(part: Part, *, one: bool = False) -> forms.Field:
    """The empty field of a part; `one`: a list of which the form takes a single answer."""
    words: dict[str, Any] = {"label": part.asks, "help_text": part.hint}
    if part.number:
        numbers = [(number, number) for number in range(11)]
        return NumberedField(choices=numbers, leave_open=_("skip"), css="compact", **words)
    if part.taxonomy is None:
        lines = {"widget": GrowingLine} if part.longest > LINE else {}
        return LineField(longest=part.longest, **lines, **words)
    if one or not part.many:
        return forms.ChoiceField(required=False, widget=PickOne, **words)
    return forms.MultipleChoiceField(required=False, widget=PickSome, **words)


def own_field_of(part: Part, again: Sequence[str]) -> forms.Field:
    """The line for own words beside a list; `again`: those to offer."""
    label = OWN_LABELS.get(part.name, OWN_WORDS)
    return offer_words(LineField(label=label, longest=LONGEST_OWN), part.own, again)


def offer_words(field: forms.Field, name: str, again: Sequence[str]) -> forms.Field:
    """Ties a line to the list of words that the page draws beside it."""
    if again:
        field.widget.attrs["list"] = f"{name}_again"
    return field


def offer(
    field: Any, taxonomy: Taxonomy, used: Sequence[str], chosen: Collection[str], css: str
) -> None:
    """Sets the choices: the eight most used and what is chosen, then the rest by group."""
    first = _first(taxonomy, used)
    first += [item for item in taxonomy if item.key in chosen and item not in first]
    if OTHER in taxonomy:
        first += [OTHER] if OTHER not in first else []
    alone = [] if isinstance(field, forms.MultipleChoiceField) else [LEAVE_OPEN]
    field.widget.taxonomy = taxonomy
    field.widget.attrs["class"] = f"{css} folded"
    field.choices = [*map(_choice, first), *alone, *_rest(taxonomy, first)]


def sessions_field(done: Mapping[str, Practised]) -> forms.Field:
    """Exercises done lately, by the id of their session."""
    return forms.MultipleChoiceField(
        label=_("Exercises you did"),
        choices=[(one.session, one.words) for one in done.values()],
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "words"}),
        error_messages={"invalid_choice": _("This exercise is not among yours. Choose again.")},
    )


def _first(taxonomy: Taxonomy, used: Sequence[str]) -> list[Item]:
    """What stands outside the fold: a short list as it is, of the core sentences none."""
    if taxonomy is SENTENCES:
        return []
    items = list(taxonomy)
    return items if len(items) <= SHOWN_FIRST else taxonomy.shown_first(used)


def _choice(item: Item) -> tuple[str, Any]:
    return item.key, item.label


def _rest(taxonomy: Taxonomy, first: Sequence[Item]) -> Iterator[tuple[Any, list[tuple[str, Any]]]]:
    """The groups without what already stands first."""
    for group in taxonomy.groups:
        if left := [_choice(item) for item in group.items if item not in first]:
            yield group.label or _("More"), left
