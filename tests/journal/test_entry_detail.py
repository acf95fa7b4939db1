"""Reading an entry back."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from healing.accounts.models import User
from journal.models import Entry
from tests.journal.conftest import Write


def address(entry: Entry) -> str:
    return reverse("journal:entry_detail", args=[entry.pk])


@pytest.fixture
def hers(mara: User, client_of: Callable[[User], Client]) -> Client:
    return client_of(mara)


def test_it_reads_back_all_that_was_said(
    hers: Client, mara: User, write: Write, django_assert_num_queries: Any
) -> None:
    entry = write(
        mara,
        trigger="other",
        trigger_own="the empty chair",
        strength=0,
        feelings=["too_much", "hopeful"],
        urges=["let_pass"],
        note="First line.\nSecond <i>line</i>.",
    )
    hers.get(address(entry))
    with django_assert_num_queries(
        8
    ):  # session, person, entry, key, last 24 hours; three for the opening
        page = hers.get(address(entry)).content.decode()
    for said in ("Something else: the empty chair", "0 of 10", "too much, hopeful", "let the wave"):
        assert said in page
    assert "First line.<br>Second &lt;i&gt;line&lt;/i&gt;." in page


def test_what_was_left_open_leaves_no_line(hers: Client, mara: User, write: Write) -> None:
    page = hers.get(address(write(mara, feelings=["calm"]))).content.decode()
    assert page.count("<dt>") == 1


def test_a_stranger_finds_nothing(
    mara: User, theo: User, write: Write, client_of: Callable[[User], Client]
) -> None:
    assert client_of(theo).get(address(write(mara))).status_code == 404


@pytest.mark.parametrize(
    ("content", "says", "panel"),
    [
        ({"trigger": "threat_to_leave"}, "Doubt said aloud hurts.", False),
        ({"trigger": "felt_unsafe"}, "That matters, whoever it was.", True),
        ({"feelings": ["sad", "hopeless"]}, "heavy to carry alone", False),
        ({"urges": ["hurt_myself"]}, "get medical help now, even if you feel all right", True),
        ({"urges": ["say_hurt_myself"]}, "say it to today", True),
        ({"urges": ["hurt_someone"]}, "Step away first", True),
    ],
)
def test_a_safety_note_is_said_again(
    hers: Client, mara: User, write: Write, content: dict[str, Any], says: str, panel: bool
) -> None:
    page = hers.get(address(write(mara, **content))).content.decode()
    assert says in page
    assert f'{reverse("safety:help")}" target' in page
    assert ('id="help-now"' in page) is panel


def test_an_ordinary_entry_brings_no_note(hers: Client, mara: User, write: Write) -> None:
    page = hers.get(address(write(mara, trigger="quarrel", strength=7))).content.decode()
    assert 'class="said"' not in page
    assert "It was strong." not in page


def test_a_strong_one_offers_steadying(hers: Client, mara: User, write: Write) -> None:
    page = hers.get(address(write(mara, trigger="quarrel", strength=8))).content.decode()
    assert "It was strong." in page
