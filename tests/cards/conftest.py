"""Cards for the tests of the room."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from healing.accounts.models import User
from healing.cards.actions import card_of, keep_card, mark_of
from healing.cards.kinds import Kind
from healing.cards.models import Card

Write = Callable[..., Card]

FILLED = {
    "warning_signs": "I stop answering my sister",
    "alone": "Long out-breath, ten rounds",
    "people": "Jonas 0151 2345 6789",
    "alive": "Pepper, who is eleven and half blind",
}


@pytest.fixture
def hers(mara: User, client_of: Callable[[User], Client]) -> Client:
    return client_of(mara)


@pytest.fixture
def write() -> Write:
    """Puts answers on a person's card, whatever stood there before."""

    def kept(owner: User, kind: Kind, ratings: dict[str, int] | None = None, **said: Any) -> Card:
        opened_with = marked(owner, kind)
        assert keep_card(
            owner=owner, kind=kind, answers=said, opened_with=opened_with, ratings=ratings
        )
        return card_of(owner=owner, kind=kind)

    return kept


def marked(owner: User, kind: Kind) -> str:
    """The mark that a form opened now would carry."""
    return mark_of(card_of(owner=owner, kind=kind).answers)


def address(kind: Kind, name: str = "card_edit") -> str:
    return reverse(f"cards:{name}", args=[kind.slug])


def opened(page: str) -> dict[str, str]:
    """What a page's form carries unseen."""
    marks = re.findall(r'name="opened_with" value="([0-9a-f]{16})"', page)
    assert len(marks) == 1
    return {"opened_with": marks[0]}


def tab(client: Client, kind: Kind) -> dict[str, str]:
    """What a tab that opens the form now will send back unseen."""
    return opened(client.get(address(kind)).content.decode())
