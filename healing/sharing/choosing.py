"""What a person chose for a packet so far: its rows, what is struck, and whether they looked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.utils.crypto import constant_time_compare, salted_hmac

from healing.accounts.models import User
from healing.sharing.forms import PacketForm
from healing.sharing.kinds import rows_between
from healing.sharing.packet import Packet, Row, fingerprint, pages, struck


@dataclass(frozen=True)
class Choice:
    """Rows between two days, and the marks of what is left out.

    `is_settled`: the person looked at just these rows. `was_seen`: at these or at earlier ones.
    """

    first: date
    last: date
    kinds: Sequence[str]
    rows: Sequence[Row]
    out: frozenset[str]
    seen: str
    was_seen: bool

    @property
    def is_settled(self) -> bool:
        return self.was_seen and constant_time_compare(self.seen, self.mark)

    @cached_property
    def mark(self) -> str:
        """Tells these rows from others, and nobody what they say."""
        return salted_hmac("healing.sharing.seen", fingerprint(self.rows)).hexdigest()[:16]

    @cached_property
    def pages(self) -> list[list[Row]]:
        return pages(self.rows)

    @cached_property
    def packet(self) -> Packet:
        return struck(self.rows, self.out, first=self.first, last=self.last)

    def hidden(self, shown: Sequence[Row] = ()) -> dict[str, Any]:
        """The hidden values of a form that has ticks for the rows `shown`, and carries the rest."""
        return {
            "first": self.first.isoformat(),
            "last": self.last.isoformat(),
            "kinds": self.kinds,
            "left": " ".join(sorted(self.out - _marks(shown))),
            "seen": self.mark,
        }


def choice_of(*, owner: User, form: PacketForm) -> Choice:
    """What a valid form says; raises kinds.TooMany."""
    data = form.cleaned_data
    first, last, kinds = data["first"], data["last"], data["kinds"]
    rows = rows_between(owner=owner, kinds=kinds, first=first, last=last)
    known = _marks(rows)
    out = frozenset(data["left"].split()) | frozenset(data["out"])
    return Choice(first, last, kinds, rows, out & known, data["seen"], bool(data["seen"]))


def _marks(rows: Sequence[Row]) -> frozenset[str]:
    return frozenset().union(*(row.marks for row in rows))
