"""Judges a chaos run: what the mail server took against what the database says."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

MAY_HAVE_ARRIVED = {"sent", "uncertain"}
UNSETTLED = {"pending", "leased", "sending"}


@dataclass(frozen=True)
class Verdict:
    """Counts of mails. The first five are faults; nobody can know about the last two."""

    duplicates: int  # taken more than once
    unwritten: int  # an occurrence without its one row, or a row without its occurrence
    lost: int  # marked as sent and never taken
    unexplained: int  # taken, and the row does not say that it may have been
    unsettled: int  # still waiting at the end
    states: dict[str, int]
    uncertain_taken: int
    uncertain_not_taken: int

    @property
    def faults(self) -> int:
        return self.duplicates + self.unwritten + self.lost + self.unexplained + self.unsettled

    def lines(self) -> list[str]:
        states = ", ".join(f"{name} {number}" for name, number in sorted(self.states.items()))
        return [
            f"rows: {states}",
            f"uncertain: {self.uncertain_taken} had been taken, {self.uncertain_not_taken} had not",
            f"duplicates {self.duplicates}, without a row {self.unwritten}, "
            f"lost in silence {self.lost}, taken without a trace {self.unexplained}, "
            f"unsettled {self.unsettled}",
        ]

    def as_dict(self) -> dict[str, Any]:
        return asdict(self) | {"faults": self.faults}


def judge(due: Mapping[str, date], rows: list[Any], accepted: Counter[tuple[str, str]]) -> Verdict:
    """`due` is each recipient's one date, `accepted` counts (recipient, Message-ID)."""
    wanted = Counter((recipient, day, 1) for recipient, day in due.items())
    written = Counter((row.recipient, row.local_date, row.seq) for row in rows)
    missing = (wanted - written) + (written - wanted)
    taken = Counter[str]()
    for (recipient, _), times in accepted.items():
        taken[recipient] += times
    may = {(row.recipient, row.message_id) for row in rows if row.state in MAY_HAVE_ARRIVED}
    uncertain = [row for row in rows if row.state == "uncertain"]
    uncertain_taken = sum((row.recipient, row.message_id) in accepted for row in uncertain)
    return Verdict(
        # Also a second mail under another id is one too many.
        duplicates=sum(times - 1 for times in taken.values()),
        unwritten=missing.total(),
        lost=sum(
            row.state == "sent" and (row.recipient, row.message_id) not in accepted for row in rows
        ),
        unexplained=len(set(accepted) - may),
        unsettled=sum(row.state in UNSETTLED for row in rows),
        states=dict(Counter(row.state for row in rows)),
        uncertain_taken=uncertain_taken,
        uncertain_not_taken=len(uncertain) - uncertain_taken,
    )
