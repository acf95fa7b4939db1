"""Deleting a card: asked first, then all its sealed words are gone."""

from collections.abc import Callable

from django.test import Client

from healing.accounts.models import User
from healing.cards.kinds import IF_THEN, SAFETY
from healing.cards.models import Card
from tests.cards.conftest import FILLED, Write, address

DELETE = address(SAFETY, "card_delete")
CARD = address(SAFETY, "card_detail")


def test_asking_deletes_nothing_and_shows_what_would_go(
    hers: Client, mara: User, write: Write
) -> None:
    write(mara, SAFETY, **FILLED)
    page = hers.get(DELETE).content.decode()
    assert "Pepper" in page
    assert "They cannot be brought back." in page
    assert Card.objects.of(mara).count() == 1


def test_it_takes_this_card_and_leaves_the_others(hers: Client, mara: User, write: Write) -> None:
    write(mara, SAFETY, **FILLED)
    other = write(mara, IF_THEN, if_1="It is past ten")
    for _ in range(2):  # pressed twice, it ends on the same page
        answer = hers.post(DELETE, follow=True)
        assert answer.redirect_chain == [(CARD, 302)]
        assert "The card is deleted." in answer.content.decode()
        assert "Pepper" not in answer.content.decode()
    assert Card.objects.of(mara).get() == other


def test_an_empty_card_has_nothing_to_delete(hers: Client) -> None:
    answer = hers.get(DELETE)
    assert answer.headers["Location"] == CARD


def test_a_stranger_deletes_nothing_of_hers(
    mara: User, theo: User, write: Write, client_of: Callable[[User], Client]
) -> None:
    write(mara, SAFETY, **FILLED)
    stranger = client_of(theo)
    assert "Pepper" not in stranger.get(DELETE, follow=True).content.decode()
    stranger.post(DELETE)
    assert Card.objects.of(mara).count() == 1


def test_a_visitor_deletes_nothing(client: Client, mara: User, write: Write) -> None:
    write(mara, SAFETY, **FILLED)
    assert client.post(DELETE).status_code == 403
    assert Card.objects.of(mara).count() == 1
