"""YAML is written in one form, and reading it gives what was written."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from healing.editorial.shipped import read_yaml
from healing.editorial.writing import WIDTH, Ids, Inline, Prose, sentence, yaml_of

LONG = "One two three. " * 20 + "End."


@given(st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from(" \n\t:#-'\"|>\x85")))
def test_every_text_is_read_as_it_was_written(text: str) -> None:
    data = [{"plain": text, "prose": Prose(text), "ids": Ids([text]), "inline": Inline(a=text)}]
    (read,) = read_yaml(yaml_of(data), Path("x.yaml"))
    prose = text.replace("\r\n", "\n")
    assert read == {"plain": text, "prose": prose, "ids": [text], "inline": {"a": text}}


@given(st.lists(st.text("abcdefghij-", min_size=1, max_size=20), min_size=30))
def test_prose_is_folded_at_its_spaces_and_no_wider_than_the_house_allows(words: list) -> None:
    written = yaml_of([{"deep": [{"prose": Prose(" ".join(words))}]}])
    assert max(map(len, written.splitlines())) <= WIDTH
    assert read_yaml(written, Path("x"))[0]["deep"][0]["prose"] == " ".join(words)


def test_the_one_form() -> None:
    shared = [{"n": 1}]
    data = {
        "text": "One: two",
        "empty": "",
        "dialled": "08001110111",
        "none": None,
        "ids": Ids(["B01", "B02"]),
        "inline": Inline(tel="112", label="Help"),
        "prose": Prose("Short."),
        "short": sentence("Short."),
        "lines": Prose("One\r\ntwo\n"),
        "first": shared,
        "again": shared,
    }
    assert yaml_of(data) == (
        'text: "One: two"\n'
        'empty: ""\n'
        'dialled: "08001110111"\n'
        "none: null\n"
        "ids: [B01, B02]\n"
        'inline: {tel: "112", label: Help}\n'
        "prose: >-\n  Short.\n"
        "short: Short.\n"
        "lines: |\n  One\n  two\n"
        "first: &standard\n  - n: 1\n"
        "again: *standard\n"
    )


def test_a_long_sentence_is_folded() -> None:
    assert isinstance(sentence(LONG), Prose)
    assert yaml_of([sentence(LONG)]).startswith("- >-\n  One two")


@pytest.mark.parametrize("gap", ["  ", " \t", "\u2028", "\x85", " \xa0 "])
def test_prose_with_gaps_that_folding_would_lose_is_read_as_it_was(gap: str) -> None:
    prose = gap.join(["word"] * 99)
    assert read_yaml(yaml_of([Prose(prose)]), Path("x.yaml")) == [prose]
