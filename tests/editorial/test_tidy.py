"""An editor's HTML loses the gaps and empty parts that nobody sees, and nothing else."""

from time import process_time

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from healing.editorial.digest import said
from healing.editorial.tidy import tidy


@pytest.mark.parametrize(
    ("html", "plain"),
    [
        ("<p>One <b>two </b>three</p>", "<p>One <b>two</b> three</p>"),
        ("<p>One<b> two</b></p>", "<p>One <b>two</b></p>"),
        ("<p><b>One <i>two </i></b>three</p>", "<p><b>One <i>two</i></b> three</p>"),
        ("<p><b>One<br/></b>two</p>", "<p><b>One</b><br/>two</p>"),
        ("<p><b>One</b><b><i>two</i></b></p>", "<p><b>One<i>two</i></b></p>"),
        ("<p>One</p><p></p><p> <br/></p><p>two</p>", "<p>One</p><p>two</p>"),
        ("<p>One<br/></p>", "<p>One</p>"),
        ("<ul><li>one</li><li></li></ul><ol><li> </li></ol>", "<ul><li>one</li></ul>"),
        ("<ul><li>one</li></ul><p></p><ul><li>two</li></ul>", "<ul><li>one</li><li>two</li></ul>"),
        ('<p>One<a href="/x/"></a><b> </b>two</p>', "<p>One two</p>"),
        ('<p>One<a href="/x/"> two </a>.</p>', '<p>One <a href="/x/">two</a> .</p>'),
    ],
)
def test_gaps_at_edges_and_empty_parts_go(html: str, plain: str) -> None:
    assert tidy(html) == plain


def test_two_texts_that_differ_in_such_a_gap_say_the_same() -> None:
    assert said("<p>One <b>two </b>three</p>") == said("<p>One <b>two</b> three</p>")
    assert said("<p>One <b>two</b>three</p>") != said("<p>One <b>two</b> three</p>")


TAGS = ["<b>", "</b>", "<i>", "</i>", "<p>", "</p>", "<br/>", "<li>", "</li>", " ", "a", "\xa0"]


@given(st.lists(st.sampled_from(TAGS), max_size=18).map("".join))
def test_no_word_is_lost_and_a_second_time_changes_nothing(html: str) -> None:
    plain = tidy(html)
    assert tidy(plain) == plain
    words = ["".join(BeautifulSoup(one, "html.parser").get_text().split()) for one in (html, plain)]
    assert words[0] == words[1]


@pytest.mark.parametrize("part", [" ", "\n", "<br>", "<a ", "<h2 ", " </b>", "<b> ", "<b>", "[["])
def test_a_long_text_of_anything_is_read_in_a_moment(part: str) -> None:
    began = process_time()
    said(part * (200_000 // len(part)))
    assert process_time() - began < 5
