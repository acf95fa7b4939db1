"""The forms of an entry: what they store is what they show again."""

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
from journal.parts import PARTS, Part, Size

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
QUICK = st.fixed_dictionaries(
    {"trigger": keys(TRIGGERS)},
    optional={
        "trigger_own": WORDS,
        "strength": st.integers(0, 10),
        "feelings": st.lists(keys(FEELINGS), min_size=1, max_size=2, unique=True),
        "urges": keys(URGES).map(lambda key: [key]),
        "note": WORDS,
    },
).map(lambda said: {"form": "quick", **said})


def answer(part: Part) -> st.SearchStrategy[Any]:
    if part.number:
        return st.integers(0, 10)
    if part.taxonomy is None:
        return WORDS.map(lambda text: text[: part.longest].strip() or "a")
    if part.many:
        return st.lists(keys(part.taxonomy), min_size=1, max_size=4, unique=True)
    return keys(part.taxonomy)


DEEP = st.fixed_dictionaries(
    {"trigger": keys(TRIGGERS)},
    optional={part.name: answer(part) for part in PARTS if part.name != "trigger"}
    | {part.own: WORDS for part in PARTS if part.own},
).map(lambda said: {"form": "deep", **said})
CONTENT = QUICK | DEEP


@settings(deadline=None)
@given(CONTENT)
def test_what_was_chosen_comes_back(content: dict[str, Any]) -> None:
    form = EntryForm(posted(**content), today=TODAY)
    assert form.is_valid(), form.errors
    assert form.content() == content


@settings(deadline=None)
@given(CONTENT, st.sampled_from(Size))
@example({"form": "quick", "trigger": "reply_late", "trigger_own": "-", "note": "-"}, Size.QUICK)
@example({"form": "quick", "trigger": "quarrel", "guess": "kept"}, Size.QUICK)
def test_an_entry_opened_for_a_change_and_saved_stays_the_same(
    content: dict[str, Any], size: Size
) -> None:
    entry = Entry(owner_id=1, local_date=TODAY, content=content)
    size = max(size, min(entry.size, Size.STANDARD))
    shown = EntryForm(today=TODAY, entry=entry, size=size)
    data = posted(**sent(shown))
    again = EntryForm(data, today=TODAY, entry=entry)
    assert again.is_valid(), again.errors
    assert again.content() == entry.content | {"form": again.content()["form"]}
    assert Size[again.content()["form"].upper()] == max(size, entry.size)


@settings(deadline=None)
@given(CONTENT, st.lists(st.sampled_from([Size.STANDARD, Size.DEEP]), min_size=1, max_size=4))
def test_a_form_that_grows_and_goes_back_loses_nothing(
    content: dict[str, Any], sizes: list[Size]
) -> None:
    form = EntryForm(posted(**content), today=TODAY)
    for size in sizes:
        form = EntryForm(posted(**sent(form.grown(size))), today=TODAY)
        assert form.size is size
    assert form.is_valid(), form.errors
    assert form.content() | {"form": content["form"]} == content


def sent(form: EntryForm) -> dict[str, Any]:
    """What a browser sends of an empty form: what it shows, and what it carries unseen."""
    shown = [one for section in form.sections() for one in section.questions]
    fields = [field for one in shown for field in (one.field, one.own) if field]
    found = {field.name: field.value() for field in [*fields, *form.carried(), form["form"]]}
    return {name: said for name, said in found.items() if said is not None}


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(list(EntryForm(today=TODAY).fields)), st.text(max_size=20)))
def test_nothing_that_can_be_posted_breaks_the_form(answers: dict[str, str]) -> None:
    form = EntryForm(posted(**answers), today=TODAY)
    assert form.is_valid() or form.errors


@pytest.mark.parametrize("size", [Size.STANDARD, Size.DEEP])
def test_each_item_can_be_chosen_once(size: Size) -> None:
    form = EntryForm(today=TODAY, size=size)
    for part in PARTS:
        if part.taxonomy is None:
            continue
        offered: list[str] = []
        for key, label in form.fields[part.name].choices:  # type: ignore[attr-defined]
            offered += [one for one, _label in label] if isinstance(label, list) else [key]
        assert ("-" in offered) is not part.many
        offered = [key for key in offered if key != "-"]
        assert sorted(offered) == sorted(item.key for item in part.taxonomy)


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ({"trigger": "", "note": "words alone"}, "trigger"),
        ({"trigger": "", "urges": "wait"}, "trigger"),
        ({"trigger": "quarrel", "feelings": ["sad", "angry", "numb"]}, "feelings"),
        ({"trigger": "quarrel", "strength": "11"}, "strength"),
        ({"trigger": "quarrel", "note": "x" * 2001}, "note"),
        ({"form": "standard", "trigger": "quarrel", "person": "x" * 61}, "person"),
        ({"form": "standard", "trigger": "quarrel", "needs_own": "x" * 201}, "needs_own"),
        ({"form": "standard", "feelings": ["sad"], "who": "nobody at all"}, "who"),
        ({"form": "standard deep", "feelings": ["sad"], "after": "-1"}, "after"),
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
        {"form": "standard", "did": "hurt_myself"},
        {"form": "standard", "feelings_own": "like glass"},
        {"form": "standard", "feelings": ["sad", "angry", "numb"]},
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
