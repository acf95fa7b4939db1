"""What the form templates in templates/steady/ ask: groups of choices, controls, errors."""

from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

from django import template
from django.forms import BaseForm, CheckboxInput
from django.forms.boundfield import BoundField, BoundWidget
from django.forms.widgets import ChoiceWidget
from django.utils.safestring import SafeString

register = template.Library()


class Problem(NamedTuple):
    """One line of the error summary; `target` is the id to lead to, empty for the whole form."""

    label: str
    message: str
    target: str


class Answers(NamedTuple):
    """A run of choices under one heading, which is empty for choices outside any group."""

    heading: str
    widgets: list[BoundWidget]

    @property
    def has_chosen(self) -> bool:
        """Whether one of them is chosen: a folded group then stands open."""
        return any(widget.data["selected"] for widget in self.widgets)


def _problems(form: BaseForm) -> Iterator[Problem]:
    for message in form.non_field_errors():
        yield Problem("", str(message), "")
    for field in form:
        for message in field.errors:
            if field.is_hidden:
                yield Problem("", str(message), "")
            else:
                target = field.auto_id if field.use_fieldset else field.id_for_label
                yield Problem(str(field.label).rstrip(":?. "), str(message), target)


@register.inclusion_tag("steady/error_summary.html")
def error_summary(form: BaseForm) -> dict[str, list[Problem]]:
    """Everything wrong with a form, each line leading to its field; empty while nothing is."""
    return {"problems": list(_problems(form))}


@register.filter
def is_tick(field: BoundField) -> bool:
    """Whether the field is one box to tick, whose label stands beside it."""
    return isinstance(field.field.widget, CheckboxInput)


@register.filter
def has_choices(field: BoundField) -> bool:
    """Whether the field shows its choices in full (radio buttons, boxes), not in a drop-down."""
    widget = field.field.widget
    return isinstance(widget, ChoiceWidget) and field.use_fieldset


@register.filter
def is_optional(field: BoundField) -> bool:
    """Whether to say "(optional)": only beside fields that are not."""
    if field.field.required or is_tick(field):
        return False
    return any(other.field.required for other in field.form.visible_fields())


@register.filter
def answers(field: BoundField) -> list[Answers]:
    """The choices of a field in order, joined into runs under one heading."""
    widget = field.field.widget
    attrs = field.build_widget_attrs({"id": widget.attrs.get("id") or field.auto_id})
    chosen = widget.format_value(field.value())
    groups = widget.optgroups(field.html_name, chosen, attrs)
    return [
        Answers(
            heading,
            [
                BoundWidget(widget, choice, field.form.renderer)
                for _heading, choices, _index in run
                for choice in choices
            ],
        )
        for heading, run in groupby(groups, key=lambda group: str(group[0] or ""))
    ]


@register.filter
def control(field: BoundField) -> SafeString:
    """The field's control; a placeholder that only repeats the label is left out as noise."""
    placeholder = str(field.field.widget.attrs.get("placeholder", "")).casefold()
    label = str(field.label).casefold()
    repeats = placeholder and (placeholder in label or label in placeholder)
    return field.as_widget(attrs={"placeholder": False} if repeats else None)
