"""The packet as it will look, with a box beside each line."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from healing.accounts.models import User
from healing.sharing import kinds
from healing.sharing.packet import PAGE_LINES
from journal.models import Entry
from tests.sharing.conftest import DAY, PREVIEW, asked, check_in, hidden, looked, main_of, write
from tests.test_weight import SCRIPT, TOTAL, weigh


def shown(client: Client, sent: dict[str, Any], **more: Any) -> str:
    return main_of(client.post(PREVIEW, {**sent, **more}).content.decode())


def test_it_shows_every_line_with_a_box(hers: Client, entry: Entry) -> None:
    page = shown(hers, asked())
    assert "the lamp was off" in page
    assert "7 of 10" in page
    assert page.count('name="out"') == 3  # the whole entry, and two lines
    assert " checked" not in page


def test_it_stores_nothing(hers: Client, entry: Entry, django_assert_num_queries: Any) -> None:
    hers.post(PREVIEW, asked())
    with django_assert_num_queries(10) as seen:
        hers.post(PREVIEW, asked())
    assert all(one["sql"].startswith("SELECT") for one in seen.captured_queries)


def test_no_word_of_it_is_in_an_address_or_a_title(hers: Client, entry: Entry) -> None:
    answer = hers.post(PREVIEW, asked())
    head = answer.content.decode().split("</head>")[0]
    assert "lamp" not in head
    assert not re.findall(r'(?:action|href)="[^"]*(?:\?|2026)', main_of(answer.content.decode()))
    assert answer.headers["Cache-Control"] == "no-store, private"


def test_a_get_leads_to_the_beginning(hers: Client) -> None:
    answer = hers.get(PREVIEW)
    assert answer.status_code == 302
    assert answer.headers["Location"] == reverse("sharing:packet")


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"first": "4 May"}, "Choose a day, for example 2026-05-31."),
        ({"last": ""}, "Choose a day, for example 2026-05-31."),
        ({"last": "2026-05-03"}, "This day is before the first one."),
        ({"kinds": []}, "Choose at least one kind."),
        ({"kinds": ["safety"]}, "Choose from the list."),
    ],
)
def test_a_wrong_choice_is_told_and_nothing_of_it_lost(
    hers: Client, entry: Entry, sent: dict[str, Any], words: str
) -> None:
    page = shown(hers, asked(), **sent)
    assert words in page
    assert f'value="{sent.get("first", "2026-05-04")}"' in page
    assert "lamp" not in page


def test_too_much_is_told(hers: Client, entry: Entry, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kinds, "MOST_ROWS", 0)
    page = shown(hers, asked())
    assert "This is more than fits." in page
    assert "lamp" not in page


def test_without_rows_there_is_nothing_to_take(hers: Client, entry: Entry) -> None:
    page = shown(hers, asked(DAY + timedelta(days=1), DAY + timedelta(days=1)))
    assert "There is nothing on these days." in page
    assert "formaction" not in page


def test_a_tick_is_there_when_one_comes_back(hers: Client, entry: Entry) -> None:
    mark = f"{entry.pk.hex}.note"
    sent = looked(hers, asked(), out=[mark])
    assert sent["out"] == [mark]
    assert looked(hers, sent)["out"] == [mark]
    assert "out" not in looked(hers, {**sent, "out": []})


def test_a_year_of_days_goes_through_page_by_page_with_its_ticks(hers: Client, mara: User) -> None:
    """12 months, two rows a day: what is ticked on one page stays so through all others."""
    entries = [write(mara, DAY + timedelta(days=n), note=f"night {n}") for n in range(365)]
    for n in range(365):
        check_in(mara, DAY + timedelta(days=n), steady=n % 5, line=f"day {n}")
    sent = looked(hers, asked(DAY, DAY + timedelta(days=364)), out=[entries[0].pk.hex])
    every = 3 * 365
    page, seen = 1, 0
    while True:
        answer = hers.post(PREVIEW, {**sent, "page": page})
        text = answer.content.decode()
        marks = re.findall(r'name="out" value="([^"]+)"', text)
        assert len(marks) < 2 * PAGE_LINES + 1
        seen += sum("." in mark for mark in marks)
        sent = hidden(text)
        if "Next page" not in text:
            break
        # Every box of this page is ticked before going on.
        sent["out"] = marks
        page += 1
    assert seen == every
    assert "night 364" in text
    answer = hers.post(reverse("sharing:as_data"), sent)
    left = [one["answer"] for row in answer.json()["rows"] for one in row["answers"]]
    assert "night 364" in left
    assert len(left) <= PAGE_LINES
    assert not {f"night {n}" for n in range(300)} & set(left)


def test_a_full_page_keeps_to_the_budget(hers: Client, mara: User) -> None:
    answers = dict.fromkeys(("steady", "left_worry", "urge_pull", "choice", "inner_voice"), 2)
    for n in range(40):
        line = (
            f"Night {n}: the lamp was off, and I counted {n * 7919} steps to the corner and back."
        )
        check_in(mara, DAY + timedelta(days=n), **answers, line=line)
    page = hers.post(PREVIEW, asked(DAY, DAY + timedelta(days=39))).content.decode()
    assert "Next page" in page
    total, script = weigh(page)
    assert total <= TOTAL
    assert script <= SCRIPT


def test_what_was_added_since_is_shown_first_and_ticks_stay(
    hers: Client, mara: User, entry: Entry
) -> None:
    sent = looked(hers, asked(), out=[f"{entry.pk.hex}.note"])
    check_in(mara, DAY, line="from a mail meanwhile")
    page = shown(hers, sent)
    assert "Something was added or changed since you looked." in page
    assert "from a mail meanwhile" in page
    assert page.count(" checked") == 1


def test_a_strangers_rows_cannot_be_looked_at(theo: User, client_of: Any, entry: Entry) -> None:
    assert "lamp" not in shown(client_of(theo), asked())


def test_after_a_sign_out_the_ticks_are_carried(entry: Entry) -> None:
    answer = Client().post(PREVIEW, {**asked(), "out": [entry.pk.hex]})
    assert answer.status_code == 403
    page = answer.content.decode()
    assert "What you wrote is still here" in page
    assert f'value="{entry.pk.hex}"' in page


@pytest.mark.parametrize("page", ["0", "9", "x", "²", "-1", "99999999"])
def test_a_page_that_is_not_there_is_the_nearest(hers: Client, entry: Entry, page: str) -> None:
    answer = hers.post(PREVIEW, {**asked(), "page": page})
    assert answer.status_code == 200
