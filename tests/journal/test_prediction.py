"""A prediction inside an entry: its three lines are asked, mended and never lost."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.http import QueryDict

from journal.forms import PREDICTION, EntryForm
from journal.parts import Size

TODAY = date(2026, 3, 31)


def bound(**answers: Any) -> EntryForm:
    data = QueryDict(mutable=True)
    data.update({"form": "standard", "trigger": "quarrel", "local_date": "2026-03-31", **answers})
    return EntryForm(data, today=TODAY)


def test_the_day_is_in_a_week_unless_said_otherwise() -> None:
    assert EntryForm(today=TODAY, size=Size.STANDARD)["due"].value() == TODAY + timedelta(days=7)


def test_a_fear_is_no_answer_of_the_entry() -> None:
    form = bound(fear="She will leave", likelihood="0", due="2026-03-31")
    assert form.is_valid(), form.errors
    assert [form.cleaned_data[name] for name in PREDICTION] == ["She will leave", 0, TODAY]
    assert form.content() == {"form": "standard", "trigger": "quarrel"}


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("fear", "x" * 501),
        ("likelihood", "101"),
        ("likelihood", "-1"),
        ("likelihood", "half"),
        ("due", "2026-03-30"),
        ("due", "2028-03-31"),
        ("due", "soon"),
    ],
)
def test_what_is_refused_says_where(name: str, said: str) -> None:
    assert list(bound(**{"fear": "She will leave", name: said}).errors) == [name]


@pytest.mark.parametrize("answers", [{"fear": "x" * 500}, {"fear": "", "due": "2020-01-01"}])
def test_little_is_enough(answers: dict[str, str]) -> None:
    form = bound(**answers, likelihood="")
    assert form.is_valid(), form.errors
    assert form.cleaned_data["due"] is None


def test_it_grows_with_the_form_and_back() -> None:
    said = {"fear": "She will leave", "likelihood": "80", "due": "2026-05-01"}
    deep = bound(**said).grown(Size.DEEP)
    carried = {field.name: field.value() for field in deep.carried()}
    assert carried | said == carried
    back = bound(**said, form="standard deep").grown(Size.STANDARD)
    assert {name: back[name].value() for name in said} == said
