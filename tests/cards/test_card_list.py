"""All five cards: what each is for, and whether there is something on it."""

import re

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import escape

from healing.accounts.models import User
from healing.cards.kinds import IF_THEN, KINDS, SAFETY
from healing.cards.models import Card
from tests.cards.conftest import FILLED, Write

LIST = reverse("cards:card_list")


def rows(client: Client) -> list[str]:
    """The list, card by card, as plain words."""
    page = client.get(LIST).content.decode()
    found = re.findall(r"<li>(.*?)</li>", page, re.DOTALL)
    return [re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", row)) for row in found]


def test_each_empty_card_says_what_it_is_for_and_what_it_has_room_for(hers: Client) -> None:
    page = hers.get(LIST).content.decode()
    for kind in KINDS:
        assert reverse("cards:card_detail", args=[kind.slug]) in page
        for words in (kind.title, kind.purpose, kind.empty):
            assert escape(str(words)) in page
    assert all("Empty" in row for row in rows(hers))


def test_looking_at_it_makes_no_row(hers: Client) -> None:
    hers.get(LIST)
    assert not Card.objects.exists()


def test_a_safety_card_is_begun_until_it_is_filled(hers: Client, mara: User, write: Write) -> None:
    write(mara, SAFETY, warning_signs="I stop answering")
    begun = rows(hers)[1]
    assert "Begun" in begun
    assert "one thing to do alone, one person or service with a number" in begun
    assert "one warning sign" not in begun
    write(mara, SAFETY, **FILLED)
    assert "Filled" in rows(hers)[1]
    assert "Still open" not in rows(hers)[1]


def test_another_card_is_filled_by_any_word(hers: Client, mara: User, write: Write) -> None:
    write(mara, IF_THEN, if_2="It is past ten")
    assert "Filled" in rows(hers)[0]


def test_it_shows_no_word_of_a_card_and_no_card_of_another(
    hers: Client, theo: User, mara: User, write: Write
) -> None:
    write(mara, IF_THEN, if_1="the grey ticks")
    write(theo, SAFETY, **FILLED)
    page = hers.get(LIST).content.decode()
    assert "the grey ticks" not in page
    assert "Empty" in rows(hers)[1]


def test_it_takes_the_same_queries_for_one_card_and_for_five(
    hers: Client, mara: User, write: Write
) -> None:
    write(mara, IF_THEN, if_1="one")
    hers.get(LIST)
    with CaptureQueriesContext(connection) as one:
        hers.get(LIST)
    for kind in KINDS:
        write(mara, kind, **{kind.names[-1]: "words"})
    with CaptureQueriesContext(connection) as five:
        hers.get(LIST)
    assert len(one) == len(five)


def test_a_visitor_is_asked_to_sign_in(client: Client, db: None) -> None:
    assert client.get(LIST).status_code == 302
