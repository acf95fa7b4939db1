"""The table runs nothing in a spreadsheet, and both files say what the packet says."""

import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from healing.sharing.files import guarded, plain, table
from tests.sharing.conftest import packet_of

HEADS = ("date", "kind", "question", "answer")
NOTE = "Some entries are not included."
STARTS = "=+-@\t\r\n\0＝＋－＠"


def read(body: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(body.decode("utf-8-sig"), newline="")))


@given(st.sampled_from(STARTS), st.text())
def test_what_could_be_a_formula_never_begins_a_cell(start: str, rest: str) -> None:
    assert guarded(start + rest) == "'" + start + rest
    assert guarded("  =" + rest).startswith("'")


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_guarding_takes_no_letter_away(text: str) -> None:
    assert guarded(text).endswith(text)
    assert len(guarded(text)) - len(text) in (0, 1)
    assert not guarded(text).lstrip().startswith(("=", "+", "-", "@"))


@pytest.mark.parametrize("text", ["", "seven of 10", "'quoted'", "a=b", "1-2", "−3"])
def test_plain_words_stay_as_they_are(text: str) -> None:
    assert guarded(text) == text


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1, max_size=4))
def test_the_table_holds_a_line_a_row_and_runs_nothing(texts: list[str]) -> None:
    rows = read(table(packet_of(*texts), heads=HEADS, note=NOTE))
    assert rows[0] == list(HEADS)
    assert len(rows) == 1 + len(texts)
    for row, text in zip(rows[1:], texts, strict=True):
        assert row[:2] == ["2026-05-04", "Journal entry"]
        assert row[3] == guarded(text)


def test_the_table_begins_with_a_byte_order_mark() -> None:
    assert table(packet_of("a"), heads=HEADS, note=NOTE).startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize("partial", [True, False])
def test_both_files_say_once_that_something_is_not_included(partial: bool) -> None:
    packet = packet_of("a", "b", partial=partial)
    assert table(packet, heads=HEADS, note=NOTE).decode().count(NOTE) == partial
    assert plain(packet, note=NOTE).decode().count(NOTE) == partial


def test_the_data_is_plain() -> None:
    assert json.loads(plain(packet_of("=1+1", "ä"), note=NOTE)) == {
        "from": "2026-05-04",
        "to": "2026-05-04",
        "rows": [
            {
                "date": "2026-05-04",
                "kind": "Journal entry",
                "answers": [
                    {"question": "Question 0", "answer": "=1+1"},
                    {"question": "Question 1", "answer": "ä"},
                ],
            }
        ],
    }
