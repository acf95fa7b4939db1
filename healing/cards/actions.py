"""Finds, keeps and deletes a person's cards."""

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction

from healing.accounts.models import User
from healing.cards.kinds import KINDS, Kind
from healing.cards.models import Card
from healing.vault.actions import private_id

Answers = Mapping[str, Any]


def card_of(*, owner: User, kind: Kind) -> Card:
    """The person's card of this kind; an empty one, not stored, if there is none."""
    card: Card | None = Card.objects.of(owner).filter(pk=_row_id(owner, kind)).first()
    return card or _blank(owner, kind)


def cards_of(*, owner: User) -> list[Card]:
    """One card of each kind, in their order; an empty one, not stored, where there is none."""
    kept = {card.kind.id: card for card in Card.objects.of(owner)}
    return [kept.get(kind.id) or _blank(owner, kind) for kind in KINDS]


def mark_of(answers: Answers) -> str:
    """Sixteen hex digits that tell one version of a card's words from another.

    A browser changes line ends, and sends ticks in the order of the page: neither is a change.
    """
    said = {name: sorted(one) if isinstance(one, list) else one for name, one in answers.items()}
    words = json.dumps(said, sort_keys=True).replace(r"\r\n", r"\n")
    return hashlib.sha256(words.encode()).hexdigest()[:16]


@transaction.atomic
def keep_card(
    *,
    owner: User,
    kind: Kind,
    answers: Answers,
    opened_with: str,
    ratings: Mapping[str, int] | None = None,
) -> bool:
    """Put these answers in the place of those that the form was opened with.

    `opened_with` is the mark of those. Returns False, and changes nothing, if others have been
    saved since and the form would overwrite them. `ratings` are of this month, by sign. A card
    without answers keeps no row.
    """
    blank = _blank(owner, kind)
    row, _made = (
        Card.objects.of(owner)
        .select_for_update()
        .get_or_create(pk=blank.pk, defaults={"owner": owner, "said": blank.said})
    )
    stored, given = mark_of(row.answers), mark_of(answers)
    if row.answers and stored not in (opened_with, given):
        if given != opened_with:
            return False
        answers = row.answers
    if mark_of(answers) != stored:
        row.said = {**row.said, "answers": dict(answers), "changed": owner.today().isoformat()}
    row.said = {**row.said, "ratings": _rated(row.said, ratings or {}, owner.today())}
    if row.answers:
        row.save(update_fields=["said"])
    else:
        row.delete()
    return True


def delete_card(*, owner: User, kind: Kind) -> None:
    Card.objects.of(owner).filter(pk=_row_id(owner, kind)).delete()


def _rated(said: Mapping[str, Any], new: Mapping[str, int], today: date) -> dict[str, Any]:
    """The ratings with those of today: one for each sign and month. A sign that is gone has none.

    Each keeps the words it was about: a sign may be reworded.
    """
    answers, month = said["answers"], today.isoformat()[:7]
    ratings = {name: kept for name, kept in said["ratings"].items() if name in answers}
    for name, number in new.items():
        if name in answers:
            kept = [one for one in ratings.get(name, []) if one["on"][:7] != month]
            now = {"on": today.isoformat(), "rating": number, "sign": answers[name]}
            ratings[name] = [*kept, now]
    return ratings


def _blank(owner: User, kind: Kind) -> Card:
    said = {"card": kind.id, "changed": owner.today().isoformat(), "answers": {}, "ratings": {}}
    return Card(pk=_row_id(owner, kind), owner=owner, said=said)


def _row_id(owner: User, kind: Kind) -> UUID:
    return private_id(owner, "card", kind.id)
