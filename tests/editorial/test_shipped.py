"""A mistake in a content file is named with its place and field."""

from collections.abc import Callable
from typing import Any

import pytest

from healing.editorial.shipped import BadContent, Fields, refuse_doubles


@pytest.mark.parametrize(
    ("data", "ask", "said"),
    [
        ({}, lambda fields: fields.text("title", 9), "field title: is missing"),
        ({"title": " "}, lambda fields: fields.text("title", 9), "is empty"),
        ({"title": "x" * 10}, lambda fields: fields.text("title", 9), "10 characters, at most 9"),
        ({"title": 3}, lambda fields: fields.text("title", 9), "must be a text, not 3"),
        ({"n": True}, lambda fields: fields.number("n", 0, 9), "must be a whole number"),
        ({"n": 10}, lambda fields: fields.number("n", 0, 9), "from 0 to 9, not 10"),
        ({"on": "yes"}, lambda fields: fields.yes_no("on"), "must be true or false"),
        ({"c": "red"}, lambda fields: fields.choice("c", ["blue"]), "one of blue, not 'red'"),
        ({"s": "A b"}, lambda fields: fields.match("s", "[a-z]+"), "does not look like"),
        ({"ids": "B1"}, lambda fields: fields.ids("ids", "B.+"), "must be a list"),
        ({"ids": ["C1"]}, lambda fields: fields.ids("ids", "B.+"), "'C1' does not look like"),
        ({"ids": ["B1", "B1"]}, lambda fields: fields.ids("ids", "B.+"), "something twice"),
        ({"part": []}, lambda fields: fields.part("part"), "must be a set of fields"),
        ({"typo": 1}, lambda fields: fields.done(), "field typo: is not known here"),
    ],
)
def test_each_kind_of_mistake_says_what_is_wrong(
    data: dict[str, Any], ask: Callable[[Fields], Any], said: str
) -> None:
    with pytest.raises(BadContent, match=said) as problem:
        ask(Fields(data, "file.yaml"))
    assert str(problem.value).startswith("file.yaml, field ")


def test_what_is_right_comes_out_trimmed() -> None:
    fields = Fields({"id": "E1", "title": " words \n", "part": {"n": 3}}, "file.yaml")
    assert fields.text("title", 9) == "words"
    part = fields.part("part")
    assert part.number("n", 0, 9) == 3
    part.done()
    assert fields.place == "file.yaml (E1)"


def test_an_entry_that_is_no_set_of_fields_is_refused() -> None:
    with pytest.raises(BadContent, match=r"file\.yaml: must be a set of fields"):
        Fields(["id"], "file.yaml")


def test_the_same_id_twice_is_refused() -> None:
    refuse_doubles([{"id": 1, "slug": "a"}, {"id": 2, "slug": "b"}], "id", "slug")
    with pytest.raises(BadContent, match="'a' stands twice as slug"):
        refuse_doubles([{"id": 1, "slug": "a"}, {"id": 2, "slug": "a"}], "id", "slug")
