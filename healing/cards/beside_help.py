"""Tells the help page what whoever is signed in wrote for a hard hour."""

from django.http import HttpRequest
from django.urls import reverse

from healing.accounts.access import person_of
from healing.cards.actions import card_of
from healing.cards.kinds import SAFETY, SHORT
from healing.safety.own_card import OwnCard


def own_card(request: HttpRequest) -> OwnCard | None:
    """The person's safety card in short; None for a visitor, whose session is not touched."""
    person = person_of(request)
    if person is None:
        return None
    card = card_of(owner=person, kind=SAFETY)
    return OwnCard(
        parts=card.short(SHORT),
        address=reverse("cards:card_detail", args=[SAFETY.slug]),
        edit_address=reverse("cards:card_edit", args=[SAFETY.slug]),
    )
