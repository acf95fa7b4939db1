"""The safety card as a page of its own, for the one copy that may lie on a device."""

import re
from collections.abc import Callable

from django.test import Client
from django.urls import reverse

from healing.accounts.models import User
from healing.cards.kinds import SAFETY
from tests.cards.conftest import FILLED, Write

COPY = reverse("cards:card_copy")


def test_it_stands_alone_with_the_words_and_the_numbers(
    hers: Client, mara: User, write: Write
) -> None:
    write(mara, SAFETY, **FILLED)
    page = hers.get(COPY).content.decode()
    assert "Pepper" in page
    assert 'href="tel:015123456789"' in page
    assert "<nav" not in page
    assert "<form" not in page
    assert "<script" not in page
    assert "<title>Card - Steady Ground</title>" in page


def test_it_leads_only_where_there_is_something_without_a_connection(
    hers: Client, mara: User, write: Write
) -> None:
    write(mara, SAFETY, **FILLED)
    links = re.findall(r'<a href="(/[^"]*)"', hers.get(COPY).content.decode())
    assert links == [reverse("safety:help")]


def test_no_cache_keeps_it_by_itself_and_it_says_whose_it_is(
    hers: Client, mara: User, write: Write
) -> None:
    write(mara, SAFETY, **FILLED)
    answer = hers.get(COPY)
    assert answer["Cache-Control"] == "no-store, private"
    assert answer["X-Page-Of"] == mara.page_mark


def test_an_empty_card_has_no_copy(hers: Client) -> None:
    assert hers.get(COPY).status_code == 404


def test_a_stranger_gets_no_copy_of_hers(
    mara: User, theo: User, write: Write, client_of: Callable[[User], Client]
) -> None:
    write(mara, SAFETY, **FILLED)
    assert client_of(theo).get(COPY).status_code == 404


def test_a_visitor_is_asked_to_sign_in(client: Client, mara: User, write: Write) -> None:
    write(mara, SAFETY, **FILLED)
    answer = client.get(COPY)
    assert answer.status_code == 302
    assert "Pepper" not in answer.content.decode()
