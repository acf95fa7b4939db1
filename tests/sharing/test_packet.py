"""Choosing what to take, the list of links, and what striking leaves."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from healing.accounts.models import User
from healing.sharing.actions import end_share, expire_shares
from healing.sharing.kinds import KINDS
from healing.sharing.models import Share
from healing.sharing.packet import PAGE_LINES, Line, Packet, Row, pages, struck
from tests.sharing.conftest import PASSPHRASE, Make, address, main_of

PACKET = reverse("sharing:packet")
DAYS = st.dates(date(2025, 1, 1), date(2026, 12, 31))


@st.composite
def some_rows(draw: st.DrawFn) -> list[Row]:
    sizes = draw(st.lists(st.integers(1, 6), max_size=8))
    return [
        Row(
            f"{number:032x}",
            "Check-in",
            draw(DAYS),
            tuple(Line(f"q{n}", f"Question {n}", f"answer {number}-{n}") for n in range(size)),
        )
        for number, size in enumerate(sizes)
    ]


@given(rows=some_rows(), data=st.data())
def test_what_is_struck_is_gone_and_the_rest_stays(rows: list[Row], data: st.DataObject) -> None:
    marks = sorted(mark for row in rows for mark in row.marks)
    out = data.draw(st.sets(st.sampled_from(marks))) if marks else set()
    packet = struck(rows, out, first=date.min, last=date.max)
    written = str(packet.to_json())
    for row in rows:
        for mark, line in row.marked:
            assert (line.text in written) == (mark not in out and row.id not in out)
    assert packet.partial == bool(out)
    assert all(row.lines for row in packet.rows)


@given(rows=some_rows(), data=st.data())
def test_a_gap_looks_the_same_wherever_it_is(rows: list[Row], data: st.DataObject) -> None:
    """A packet of which a row was struck is that of someone who never wrote the row."""
    if not rows:
        return
    gone = data.draw(st.sampled_from(rows))
    other = data.draw(st.sampled_from(rows))
    whole = struck(rows, {gone.id}, first=date.min, last=date.max)
    by_lines = struck(rows, set(dict(gone.marked)), first=date.min, last=date.max)
    never = [row for row in rows if row is not gone]
    assert whole == by_lines == Packet(date.min, date.max, tuple(never), partial=True)
    assert struck(rows, {other.id}, first=date.min, last=date.max).partial


@given(rows=some_rows())
def test_a_packet_is_read_back_as_it_was_written(rows: list[Row]) -> None:
    packet = struck(rows, set(), first=date(2026, 1, 1), last=date(2026, 2, 1))
    written = packet.to_json()
    assert Packet.from_json(written).to_json() == written
    assert not any(row.id in str(written) for row in rows)


def test_a_mark_of_no_row_strikes_nothing() -> None:
    row = Row("a", "Check-in", date(2026, 5, 4), (Line("q", "Question", "answer"),))
    packet = struck([row], {"b", "a.x"}, first=date.min, last=date.max)
    assert packet.rows == (row,)
    assert not packet.partial


@given(sizes=st.lists(st.integers(1, 2 * PAGE_LINES), max_size=30))
def test_pages_hold_every_row_once_and_no_more_lines_than_they_may(sizes: list[int]) -> None:
    lines = tuple(Line(f"q{n}", "Question", "answer") for n in range(2 * PAGE_LINES))
    rows = [Row(str(n), "Check-in", date.min, lines[:size]) for n, size in enumerate(sizes)]
    found = pages(rows)
    assert [row for page in found for row in page] == rows
    for page in found:
        assert len(page) == 1 or sum(len(row.lines) for row in page) <= PAGE_LINES


def test_it_proposes_thirty_days_and_every_kind(hers: Client, mara: User) -> None:
    page = main_of(hers.get(PACKET).content.decode())
    assert f'value="{mara.today() - timedelta(days=29)}"' in page
    assert f'value="{mara.today()}"' in page
    assert page.count(" checked") == len(KINDS)
    assert "Links you made" not in page


def test_a_visitor_is_led_to_sign_in(db: None) -> None:
    assert Client().get(PACKET).status_code == 302


def test_a_link_is_listed_with_its_end_and_its_openings(
    hers: Client, visitor: Client, make: Make
) -> None:
    _share, token = make()
    page = main_of(hers.get(PACKET).content.decode())
    assert "for Dr Weiss" in page
    assert "Ends on" in page
    assert "Not opened so far." in page
    visitor.post(address(token), {"passphrase": PASSPHRASE})
    visitor.post(address(token), {"passphrase": "something else entirely"})
    page = main_of(hers.get(PACKET).content.decode())
    assert "Opened:" in page
    assert "Tried with a wrong passphrase:" in page
    assert "End this link now" in page
    assert "Take it off this list" not in page


@pytest.mark.parametrize(("how", "words"), [("end", "ended by you"), ("job", "its time was over")])
def test_a_link_that_has_ended_says_how(
    hers: Client, mara: User, make: Make, how: str, words: str
) -> None:
    share, _token = make()
    if how == "end":
        end_share(owner=mara, pk=share.pk)
    else:
        expire_shares(share.due)
    page = main_of(hers.get(PACKET).content.decode())
    assert words in page
    assert "Take it off this list" in page


def test_a_stranger_sees_no_link_of_hers(theo: User, client_of: Any, make: Make) -> None:
    make()
    assert "for Dr Weiss" not in client_of(theo).get(PACKET).content.decode()


def test_the_list_opens_no_packet(hers: Client, make: Make, django_assert_num_queries: Any) -> None:
    make()
    hers.get(PACKET)
    with django_assert_num_queries(4) as seen:  # session, person, links, data key
        hers.get(PACKET)
    asked = next(one["sql"] for one in seen.captured_queries if "sharing_share" in one["sql"])
    assert '"packet"' not in asked
    assert '"key"' not in asked
    assert Share.objects.count() == 1
