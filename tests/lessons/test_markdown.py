"""A lesson file becomes blocks, and a mistake in it is named with its line."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from healing.editorial.shipped import BadContent
from healing.lessons.markdown import read_text

FILE = Path("lesson.md")
KINDS = {"text", "callout", "example", "exercise", "picture", "reflect", "source"}
HEAD = "---\nid: M1.1\n---\n"  # three lines: the text begins in line 4


def blocks(body: str) -> list[dict]:
    return read_text(HEAD + body, FILE)[1]


def test_front_matter_is_read_as_yaml() -> None:
    front, _ = read_text(HEAD + "Words.", FILE)
    assert front == {"id": "M1.1"}


def test_plain_paragraphs_lists_and_headings_are_one_block_of_text() -> None:
    (block,) = blocks("## One\n\nTwo **bold** and *soft*.\n\n- three\n- four\n\n1. five\n")
    assert block["type"] == "text"
    for piece in (
        "<h2>One</h2>",
        "<strong>bold</strong>",
        "<em>soft</em>",
        "<li>three</li>",
        "<ol>",
    ):
        assert piece in block["value"]


def test_callouts_examples_exercises_and_source_notes_become_blocks_of_their_own() -> None:
    body = (
        "Before.\n\n::: caution\nMind.\n:::\n\n::: example work\nNoor waits.\n:::\n"
        "[[exercise:E03]]\n::: source B48\nOne trial.\n:::\n\nAfter.\n"
    )
    assert blocks(body) == [
        {"type": "text", "value": "<p>Before.</p>"},
        {"type": "callout", "value": {"kind": "caution", "text": "<p>Mind.</p>"}},
        {"type": "example", "value": {"area": "work", "text": "<p>Noor waits.</p>"}},
        {"type": "exercise", "value": "E03"},
        {"type": "source", "value": {"source": "B48", "text": "<p>One trial.</p>"}},
        {"type": "text", "value": "<p>After.</p>"},
    ]


def test_a_question_keeps_its_key_and_is_one_line_of_words() -> None:
    (block,) = blocks("::: reflect first-sign\nWhat was\nthe *first* sign?\n:::\n")
    assert block == {"type": "reflect", "value": "What was the *first* sign?", "id": "first-sign"}


def test_a_picture_either_decorates_or_says_what_it_shows() -> None:
    assert blocks("[[picture:wave]]\n[[picture:wave|It falls.]]\n") == [
        {"type": "picture", "value": {"picture": "wave", "alt": "", "decorative": True}},
        {"type": "picture", "value": {"picture": "wave", "alt": "It falls.", "decorative": False}},
    ]


def test_a_source_in_a_sentence_links_to_its_entry() -> None:
    (block,) = blocks("It eased distress. [B48] [B80]")
    assert '<a href="/sources/#B48">[B48]</a> <a href="/sources/#B80">[B80]</a>' in block["value"]


@pytest.mark.parametrize(
    ("body", "line", "said"),
    [
        ("One.\n\n![cat](/cat.png)\n", 6, "image"),
        ("One.\n\n`code`\n", 6, "code_inline"),
        ("One.\n\n> said\n", 6, "blockquote"),
        ("# Too high\n", 4, "headings"),
        ("- one\n\n- two\n", 4, "no blank line"),
        ("- one\n- ## two\n", 5, "no blank line"),
        ("::: note\n## Inside\n:::\n", 5, "headings"),
        ("One.\n[two](http://example.org)\n", 4, "must begin with"),
        ("One.\n\n::: note\nnever closed\n", 6, "not closed"),
        ("::: note\n::: try\nTwo.\n:::\n:::\n", 5, "not closed"),
        ("One.\n\n::: warning\nTwo.\n:::\n", 6, "not known"),
        ("One.\n[[exercise:walk]]\n", 5, "not known"),
        ("One.\n\n[[picture:cat]]\n", 6, "not known"),
        ("One.\n\n::: note well\nTwo.\n:::\n", 6, "not known"),
        ("One.\n\n::: example\nTwo.\n:::\n", 6, "not known"),
        ("One.\n\n::: source X1\nTwo.\n:::\n", 6, "not known"),
        ("::: reflect key\nOne?\n\nTwo?\n:::\n", 5, "one paragraph"),
        ("::: reflect key\n\n:::\n", 5, "one paragraph"),
        ("One.\n\n::: note\n\n:::\n", 7, "nothing in it"),
    ],
)
def test_what_editors_could_not_make_is_refused_with_its_line(
    body: str, line: int, said: str
) -> None:
    with pytest.raises(BadContent, match=said) as problem:
        blocks(body)
    assert f"lesson.md, line {line}:" in str(problem.value)


@pytest.mark.parametrize(
    "body", ["<script>alert(1)</script>", "Two <b>three</b>.", "[four](javascript:alert)"]
)
def test_html_and_scripted_links_stay_words_on_the_page(body: str) -> None:
    (block,) = blocks(body)
    for mark in ("<script", "<b>", "<a"):
        assert mark not in block["value"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("id: M1.1\n---\nWords.", "line 1"),
        ("---\nid: M1.1\nWords.", "second line of three hyphens"),
        ("---\nid: M1.1\ntitle: one: two\n---\nWords.", "line 3"),
        (HEAD + "\n \n", "no text"),
    ],
)
def test_a_file_without_its_two_parts_is_refused(text: str, said: str) -> None:
    with pytest.raises(BadContent, match=said):
        read_text(text, FILE)


@settings(deadline=None)
@given(st.text())
def test_any_text_at_all_is_either_read_or_refused_in_words(text: str) -> None:
    try:
        _, read = read_text(HEAD + text, FILE)
    except BadContent:
        return
    assert read
    for block in read:
        assert block["type"] in KINDS


MARKS = [
    "::: note",
    ":::",
    "::: example work",
    "::: reflect key",
    "[[picture:wave]]",
    "[[exercise:E03]]",
    "## x",
    "- y",
    "<p>",
    "[B48]",
    "z",
    "",
]


@settings(deadline=None)
@given(st.lists(st.sampled_from(MARKS), max_size=12))
def test_any_order_of_marks_loses_no_exercise_and_leaks_no_mark(lines: list[str]) -> None:
    body = "\n".join(lines)
    try:
        read = blocks(body)
    except BadContent:
        return
    assert sum(block["type"] == "exercise" for block in read) == lines.count("[[exercise:E03]]")
    assert ":::" not in str(read)
    assert "<p><p>" not in str(read)
