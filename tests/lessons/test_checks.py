"""Every shipped lesson keeps the rules, and each rule finds what breaks it."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from healing.editorial.text_checks import Finding
from healing.lessons.checks import Known, Text, check
from healing.lessons.content import FOLDER, findings, read, text
from healing.lessons.markdown import read_text
from healing.sources.content import read as read_sources

LESSONS = {row["id"]: row for row in read()}
SOURCES = {row["id"] for row in read_sources()}
KNOWN = Known(slugs={row["slug"] for row in LESSONS.values()}, sources=SOURCES)
FILE = FOLDER / "m1" / "m1-1.md"


def found(changed: Text, known: Known = KNOWN) -> list[str]:
    return [finding.rule for finding in check(changed, known)]


@pytest.fixture
def change() -> Callable[..., Text]:
    """M1.1 with one piece of its file put in place of another, and other fields if given."""

    def changed(old: str = "", new: str = "", **fields: object) -> Text:
        written = FILE.read_text()
        assert old in written
        _, blocks = read_text(written.replace(old, new, 1), Path("m1-1.md"))
        return replace(text(LESSONS["M1.1"]), blocks=blocks, **fields)

    return changed


def test_all_46_lessons_of_the_programme_are_there() -> None:
    sizes = {"M1": 4, "M2": 4, "M3": 4, "M4": 5, "M5": 5, "M6": 4, "M7": 5, "M8": 4, "M9": 5}
    expected = {
        f"{module}.{number}"
        for module, size in {**sizes, "S": 3, "Z": 3}.items()
        for number in range(1, size + 1)
    }
    assert set(LESSONS) == expected
    assert {one for one, row in LESSONS.items() if row["gated"]} == {"M9.2", "M9.3", "M9.5"}


def test_every_shipped_lesson_keeps_every_rule() -> None:
    assert [f"{file}: {one}" for file, one in findings(LESSONS.values(), sources=SOURCES)] == []


def test_a_lesson_that_keeps_the_rules_is_let_be(change: Callable[..., Text]) -> None:
    assert found(change()) == []


ASKS = "::: reflect first-sign\n"
CLOSE = "::: try\n"


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("The big questions can wait", "You must cure them. The big questions", "word"),
        ("The big questions can wait", "As Dr Brown found, big questions", "expert"),
        ("The big questions can wait", "For 68% of people they wait. Questions", "untraceable"),
        ("[B80]", "", "source"),
        ("[B48]", "[B49]", "source"),
        ("[B48]", "[B99]", "source"),
        ("(/help/)", "(/halp/)", "link"),
        ("(/help/)", "(/lessons/no-such-lesson/)", "link"),
        ("(/help/)", "(/sources/#B99)", "link"),
        (CLOSE, "::: note\n", "close"),
        (ASKS, "::: note\n", "question"),
        ("[[exercise:E03]]", "[[exercise:E03]]\n\n[[picture:wave|]]", None),
    ],
)
def test_what_breaks_a_rule_is_found(
    change: Callable[..., Text], old: str, new: str, rule: str | None
) -> None:
    if rule is None:
        with pytest.raises(ValueError, match="not closed or not known"):
            change(old, new)
    else:
        assert rule in found(change(old, new))


def test_a_good_link_with_a_place_in_it_is_let_be(change: Callable[..., Text]) -> None:
    assert found(change("(/help/)", "(/sources/#B48)")) == []
    assert found(change("(/help/)", "(/lessons/can-patterns-change/)")) == []
    assert found(change("(/help/)", "(https://example.org/)")) == []


def test_a_lesson_that_is_too_short_or_too_long_is_found(change: Callable[..., Text]) -> None:
    whole = change()
    assert "length" in found(replace(whole, blocks=list(whole.blocks)[:3]))
    assert "length" in found(replace(whole, blocks=[*whole.blocks, *whole.blocks]))
    half = replace(whole, blocks=[*list(whole.blocks)[:5], *list(whole.blocks)[-4:]])
    assert "length" in found(half)
    assert 450 < half.count < 700
    assert "length" not in found(replace(half, content_id="S.1"))


def test_only_examples_about_love_are_too_few(change: Callable[..., Text]) -> None:
    whole = change()
    about_love = [
        {**block, "value": {**block["value"], "area": "love"}}
        if block["type"] == "example"
        else block
        for block in whole.blocks
    ]
    assert found(replace(whole, blocks=about_love)) == ["example"]


def test_a_picture_has_words_or_only_decorates(change: Callable[..., Text]) -> None:
    for alt, decorative, wrong in (("", False, 1), ("x", True, 1), ("x", False, 0), ("", True, 0)):
        value = {"picture": "wave", "alt": alt, "decorative": decorative}
        whole = change()
        with_picture = [{"type": "picture", "value": value}, *whole.blocks]
        assert found(replace(whole, blocks=with_picture)) == ["picture"] * wrong


def test_a_short_version_of_three_sentences_is_found(change: Callable[..., Text]) -> None:
    assert found(change(short_version="One. Two. Three.")) == ["short"]


def test_words_around_the_text_keep_the_rules_too(change: Callable[..., Text]) -> None:
    assert found(change(words=["A title", "This will rewire you."])) == ["word"]
    hard = "Interpersonal uncertainty necessitates continual psychological accommodation."
    assert found(change(words=[hard])) == ["grade"]


def test_a_hard_text_is_found(change: Callable[..., Text]) -> None:
    hard = "<p>Interpersonal uncertainty necessitates psychological accommodation.</p>" * 60
    whole = change()
    assert "grade" in found(replace(whole, blocks=[{"type": "text", "value": hard}, *whole.blocks]))


def test_a_source_that_is_listed_and_never_cited_is_found(change: Callable[..., Text]) -> None:
    sources = [*LESSONS["M1.1"]["sources"], "B01"]
    assert found(change(sources=sources)) == ["source"]


def test_eight_words_in_a_row_from_another_lesson_are_found(change: Callable[..., Text]) -> None:
    other = replace(change(), content_id="M1.2", blocks=list(change().blocks)[2:3])
    known = replace(KNOWN, others=[other])
    findings_ = check(change(), known)
    assert {one.rule for one in findings_} == {"shared"}
    assert all("M1.2" in str(one) for one in findings_)
    assert found(change(), replace(KNOWN, others=[replace(other, content_id="M1.1")])) == []


def test_the_title_of_a_lesson_in_a_link_is_no_shared_run() -> None:
    link = '<p>See <a href="/lessons/x/">one two three four five six seven eight</a>.</p>'
    block = {"type": "text", "value": link}
    one = replace(text(LESSONS["M1.1"]), blocks=[block])
    assert one.runs == set()
    plain = {"type": "text", "value": link.replace("<a", "<b").replace("</a", "</b")}
    assert replace(one, blocks=[plain]).runs


def test_a_finding_says_what_it_is_about() -> None:
    assert str(Finding("word", "Find another word.", "just wait")) == (
        "Find another word. “just wait”"
    )
