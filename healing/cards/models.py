"""A person's cards: tools of their own words, at most one of each kind."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from healing.cards import kinds
from healing.safety.own_card import Part, Piece, pieces
from healing.vault.fields import SealedJSONField
from healing.vault.models import PrivateRecord


@dataclass(frozen=True)
class Rating:
    """How often a sign was seen in one month; `sign` is empty unless it had other words then."""

    on: date
    number: int
    words: str | Promise
    sign: str


class Card(PrivateRecord):
    """One card. At most one row for each person and kind: its id is `private_id`.

    `said` holds {"card": id of the kind, "changed": ISO date, "answers": {name: text, or a list of
    ticked questions}, "ratings": {name of a sign: [{"on": ISO date, "rating": 0-4, "sign": its
    words then}]}}. Empty answers are absent.
    """

    said = SealedJSONField()

    class Meta:
        verbose_name = _("card")
        verbose_name_plural = _("cards")

    def __str__(self) -> str:
        return f"card of person {self.owner_id}"

    @property
    def kind(self) -> kinds.Kind:
        return kinds.BY_ID[self.said["card"]]

    @property
    def answers(self) -> dict[str, Any]:
        answers: dict[str, Any] = self.said["answers"]
        return answers

    @property
    def changed(self) -> date:
        """The day its words were last changed."""
        return date.fromisoformat(self.said["changed"])

    @property
    def missing(self) -> list[str | Promise]:
        """What a begun safety card still needs; nothing for the others."""
        is_begun = self.kind is kinds.SAFETY and self.answers
        return kinds.missing(self.answers) if is_begun else []

    @property
    def is_filled(self) -> bool:
        """Whether there is something on it; the safety card has a rule of its own."""
        return bool(self.answers) and not self.missing

    @property
    def parts(self) -> list[Part]:
        """What stands on the card, in its order."""
        return list(self._parts())

    def short(self, names: Sequence[str]) -> list[Part]:
        """The parts of these names alone, in their order."""
        by_name = {field.name: field for field in self.kind.fields}
        return [self._written(by_name[name]) for name in names if name in self.answers]

    @property
    def ifs(self) -> list[tuple[str, str]]:
        """The lines of an if-then card; one half may be empty, and so may all but one of them."""
        lines = [
            [self.answers.get(f"{half}_{n}", "") for half in ("if", "then")] for n in (1, 2, 3)
        ]
        return [(first, then) for first, then in lines if first or then]

    @property
    def kind_words(self) -> str:
        """The kind sentence of an if-then card."""
        return str(self.answers.get("kind_words", ""))

    @property
    def signs(self) -> list[tuple[str, list[Rating]]]:
        """Each sign with its ratings, the oldest first."""
        return [
            (self.answers[field.name], self.ratings_of(field.name))
            for field in self.kind.fields
            if field.rated and field.name in self.answers
        ]

    def ratings_of(self, name: str) -> list[Rating]:
        words = self.answers.get(name, "")
        return [
            Rating(
                on=date.fromisoformat(one["on"]),
                number=one["rating"],
                words=kinds.RATINGS[one["rating"]],
                sign=one["sign"] if one["sign"] != words else "",
            )
            for one in self.said.get("ratings", {}).get(name, [])
        ]

    def rating_in(self, day: date, name: str) -> Rating | None:
        """What was said of a sign in the month of that day."""
        found = (one for one in self.ratings_of(name) if f"{one.on:%Y-%m}" == f"{day:%Y-%m}")
        return next(found, None)

    def _parts(self) -> Iterator[Part]:
        for topic in self.kind.topics:
            ticked = self.answers.get(topic.name, ())
            asked = [words for name, words in topic.questions.items() if name in ticked]
            if asked:
                yield Part(str(topic.label), [[Piece(str(words))] for words in asked])
        for field in self.kind.fields:
            if field.name in self.answers:
                yield self._written(field)

    def _written(self, field: kinds.Field) -> Part:
        lines = [line for line in self.answers[field.name].splitlines() if line.strip()]
        cut = pieces if field.name in kinds.CALLED else lambda line: [Piece(line)]
        return Part(str(field.label), [cut(line) for line in lines])
