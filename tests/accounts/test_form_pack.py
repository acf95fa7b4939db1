"""The form templates: what stands where, what is said aloud, and where an error leads."""

import re
from typing import Any

from django import forms
from django.template import Context, Template
from django.test import Client

CALM = [("0", "in alarm"), ("1", "half and half"), ("2", "settled")]


class EntryForm(forms.Form):
    steady = forms.ChoiceField(
        label="How settled?",
        choices=CALM,
        widget=forms.RadioSelect,
        help_text="Today means since last sleep.",
        error_messages={"required": "Choose the closest row."},
    )
    strength = forms.ChoiceField(
        choices=[(str(n), n) for n in range(11)],
        widget=forms.RadioSelect(attrs={"class": "compact"}),
        required=False,
    )
    trigger = forms.ChoiceField(
        choices=[
            ("a", "No reply"),
            ("At a distance", [("b", "They left"), ("c", "Plans fell through")]),
            ("In a group", [("d", "Left out")]),
        ],
        widget=forms.RadioSelect(attrs={"class": "folded"}),
        required=False,
    )
    address = forms.EmailField(
        label="Email",
        help_text="Only for this.",
        widget=forms.EmailInput(attrs={"placeholder": "Email address"}),
    )
    note = forms.CharField(required=False, widget=forms.TextInput(attrs={"placeholder": "3 words"}))
    agreed = forms.BooleanField(label="I agree", required=False, help_text="Ask first.")
    token = forms.UUIDField(widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        if self.data.get("agreed") == "never":
            raise forms.ValidationError("These two do not fit together.")
        return self.cleaned_data


class LooseForm(forms.Form):
    first = forms.CharField(required=False)
    second = forms.CharField(required=False)


def drawn(form: forms.Form, template: str = "{{ form|crispy }}") -> str:
    source = "{% load crispy_forms_tags steady %}" + template
    return re.sub(r"\s*\n\s*", "\n", Template(source).render(Context({"form": form})))


def part(html: str, start: str, end: str) -> str:
    found = re.search(f"{start}.*?{end}", html, re.S)
    assert found, f"no {start} in {html}"
    return found[0]


def test_label_hint_and_error_come_before_the_field_and_describe_it() -> None:
    html = drawn(EntryForm({"address": "mara@"}))
    email = part(html, '<label for="id_address"', r"<input[^>]*>")
    order = [
        email.index(text)
        for text in (">Email</label>", "Only for this.", "valid email address.", "<input")
    ]
    assert order == sorted(order)
    assert 'aria-describedby="id_address_helptext id_address_error"' in email
    assert 'id="id_address_helptext"' in email
    assert 'id="id_address_error"' in email
    assert 'aria-invalid="true"' in email


def test_radio_buttons_are_a_named_group_of_whole_rows() -> None:
    group = part(drawn(EntryForm()), '<fieldset id="id_steady"', "</fieldset>")
    assert 'aria-describedby="id_steady_helptext"' in group
    assert "<legend>How settled?</legend>" in group
    # The label holds its answer, and needs no name for it.
    choice = r'<li><label><input type="radio" name="steady" value="([^"]+)"[^>]*> <span>'
    assert re.findall(choice, group) == ["0", "1", "2"]


def test_the_chosen_answer_is_chosen_again() -> None:
    html = drawn(EntryForm({"steady": "1"}))
    assert re.findall(r"<input[^>]*checked[^>]*>", html)[0].count('value="1"') == 1


def test_numbers_stand_in_one_compact_row() -> None:
    group = part(drawn(EntryForm()), '<fieldset id="id_strength"', "</fieldset>")
    assert 'class="field scale compact"' in group
    assert group.count("<li>") == 11


def test_a_folded_group_stands_open_where_something_is_chosen() -> None:
    html = drawn(EntryForm({"trigger": "d"}))
    assert re.findall(r"<details( open)?>\n<summary>([^<]+)", html) == [
        ("", "At a distance"),
        (" open", "In a group"),
    ]
    assert html.index("No reply") < html.index("<details")


def test_groups_that_are_not_folded_are_groups_with_a_name() -> None:
    class Grouped(forms.Form):
        feeling = forms.MultipleChoiceField(
            choices=[("Soft", [("a", "sad")]), ("Loud", [("b", "angry")])],
            widget=forms.CheckboxSelectMultiple,
        )

    assert re.findall(r"<fieldset>\n<legend>(\w+)", drawn(Grouped())) == ["Soft", "Loud"]


def test_optional_is_said_only_beside_fields_that_are_not() -> None:
    html = drawn(EntryForm())
    assert "Note (optional)</label>" in html
    assert "Email (optional)" not in html
    assert "I agree (optional)" not in html
    assert "(optional)" not in drawn(LooseForm())


def test_one_box_stands_in_its_label_and_hidden_fields_have_none() -> None:
    html = drawn(EntryForm())
    tick = part(html, '<label class="tick" for="id_agreed">', "</label>")
    assert tick.index('type="checkbox"') < tick.index("I agree")
    assert 'for="id_token"' not in html
    assert 'type="hidden" name="token"' in html


def test_a_placeholder_that_repeats_the_label_is_left_out() -> None:
    html = drawn(EntryForm())
    assert "Email address" not in html
    assert 'placeholder="3 words"' in html


def test_the_summary_says_the_same_words_and_leads_to_each_field() -> None:
    html = drawn(EntryForm({"agreed": "never"}), "{% error_summary form %}{{ form|crispy }}")
    summary = part(html, "data-summary", "</ul>")
    lines = re.findall(r'<a href="#([^"]+)">([^<]+)</a>', summary)
    assert lines == [
        ("id_steady", "How settled: Choose the closest row."),
        ("id_address", "Email: This field is required."),
    ]
    for target, words in lines:
        assert html.count(f'id="{target}"') == 1
        assert words.partition(": ")[2] in part(html, f'id="{target}_error"', "</p>")
    assert "<li>These two do not fit together.</li>" in summary
    assert "4 things need another look" in summary


def test_nothing_is_summed_up_while_nothing_is_wrong() -> None:
    template = "{% error_summary form %}"
    assert drawn(EntryForm(), template).strip() == ""
    assert drawn(LooseForm({}), template).strip() == ""


def test_what_a_person_typed_is_never_markup() -> None:
    class Echo(forms.Form):
        word = forms.ChoiceField(label="<b>Word</b>", choices=[("<i>", "<i>one")])

    html = drawn(Echo({"word": "<script>"}), "{% error_summary form %}{{ form|crispy }}")
    assert "<b>" not in html
    assert "<i>" not in html
    assert "<script>" not in html


def test_a_refused_form_says_so_in_the_title(db: None) -> None:
    page = Client().post("/accounts/login/", {"login": "mara@"}).content.decode()
    assert "<title>Error: Sign in - Steady Ground</title>" in page
    assert "<title>Sign in" in Client().get("/accounts/login/").content.decode()
