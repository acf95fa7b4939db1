"""The quick form: what it stores is what it shows again."""

from datetime import date
from typing import Any

import pytest
from django.http import QueryDict
from hypothesis import example, given, settings
from hypothesis import strategies as st

from healing.taxonomy.feelings import FEELINGS
from healing.taxonomy.triggers import TRIGGERS
from healing.taxonomy.urges import URGES
from journal.forms import EntryForm
from journal.models import Entry

TODAY = date(2026, 3, 31)


def posted(**answers: Any) -> QueryDict:
    """Answers as a browser sends them."""
    data = QueryDict(mutable=True)
    for name, answer in {"local_date": TODAY.isoformat(), **answers}.items():
        data.setlist(name, answer if isinstance(answer, list) else [str(answer)])
    return data


def keys(taxonomy: Any) -> st.SearchStrategy[str]:
    return st.sampled_from([item.key for item in taxonomy])


# What a browser can send: no lone surrogates, no null, one kind of line end, nothing to strip.
WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=200).filter(
    lambda text: text == text.strip()
)
CONTENT = st.fixed_dictionaries(
    {"trigger": keys(TRIGGERS)},
    optional={
        "trigger_own": WORDS,
        "strength": st.integers(0, 10),
        "feelings": st.lists(keys(FEELINGS), min_size=1, max_size=2, unique=True),
        "urges": keys(URGES).map(lambda key: [key]),
        "note": WORDS,
    },
)


@settings(deadline=None)
@given(CONTENT)
def test_what_was_chosen_comes_back(content: dict[str, Any]) -> None:
    form = EntryForm(posted(**content), today=TODAY)
    assert form.is_valid(), form.errors
    assert form.content() == {"form": "quick", **content}


@settings(deadline=None)
@given(CONTENT)
@example({"trigger": "reply_late", "trigger_own": "-", "note": "-"})
def test_an_entry_opened_for_a_change_and_saved_stays_the_same(content: dict[str, Any]) -> None:
    entry = Entry(owner_id=1, local_date=TODAY, content={"form": "quick", **content})
    shown = EntryForm(today=TODAY, entry=entry)
    data = posted(**{name: shown[name].value() for name in content})
    again = EntryForm(data, today=TODAY, entry=entry)
    assert again.is_valid(), again.errors
    assert again.content() == entry.content


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(list(EntryForm.base_fields)), st.text(max_size=20)))
def test_nothing_that_can_be_posted_breaks_the_form(answers: dict[str, str]) -> None:
    form = EntryForm(posted(**answers), today=TODAY)
    assert form.is_valid() or form.errors


def test_each_item_can_be_chosen_once() -> None:
    form = EntryForm(today=TODAY)
    for name, taxonomy in (("trigger", TRIGGERS), ("feelings", FEELINGS), ("urges", URGES)):
        offered: list[str] = []
        for key, label in form.fields[name].choices:  # type: ignore[attr-defined]
            offered += [one for one, _label in label] if isinstance(label, list) else [key]
        offered = [key for key in offered if key != "-"]
        assert sorted(offered) == sorted(item.key for item in taxonomy)


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ({"trigger": "", "note": "words alone"}, "trigger"),
        ({"trigger": "", "urges": "wait"}, "trigger"),
        ({"trigger": "quarrel", "feelings": ["sad", "angry", "numb"]}, "feelings"),
        ({"trigger": "quarrel", "strength": "11"}, "strength"),
        ({"trigger": "quarrel", "note": "x" * 2001}, "note"),
        ({"trigger": "quarrel", "local_date": "2026-04-01"}, "local_date"),
        ({"trigger": "quarrel", "local_date": "0026-03-31"}, "local_date"),
        ({"trigger": "quarrel", "local_date": ""}, "local_date"),
        ({"trigger": "quarrel", "local_date": "yesterday"}, "local_date"),
    ],
)
def test_what_is_refused_says_where(answers: dict[str, Any], field: str) -> None:
    form = EntryForm(posted(**answers), today=TODAY)
    assert not form.is_valid()
    assert list(form.errors) == [field]


@pytest.mark.parametrize(
    "answers",
    [
        {"feelings": ["sad"]},
        {"trigger_own": "the empty chair"},
        {"trigger": "other"},
        {"urges": "hurt_myself"},
        {"trigger": "quarrel", "local_date": "2020-02-29"},
        {"trigger": "quarrel", "strength": "-", "urges": "-"},
    ],
)
def test_little_is_enough(answers: dict[str, Any]) -> None:
    form = EntryForm(posted(**answers), today=TODAY)
    assert form.is_valid(), form.errors


def test_left_open_is_stored_as_nothing() -> None:
    form = EntryForm(posted(trigger="-", strength="-", urges="-", feelings=["sad"]), today=TODAY)
    assert form.is_valid()
    assert form.content() == {"form": "quick", "feelings": ["sad"]}


def test_zero_is_an_answer() -> None:
    form = EntryForm(posted(trigger="quarrel", strength="0"), today=TODAY)
    assert form.is_valid()
    assert form.content()["strength"] == 0


def test_a_form_id_that_cannot_be_read_is_replaced() -> None:
    form = EntryForm(posted(trigger="quarrel", form_id="no uuid"), today=TODAY)
    assert form.is_valid()
    assert form.cleaned_data["form_id"]
