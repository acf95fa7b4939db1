"""Which exercises were followed by a lower number after which kind of trigger (no Django)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from exercises.usefulness import Result, results
from healing.insights.counts import group_of, trigger_of
from healing.insights.rows import Noted, Practised
from healing.taxonomy.shape import OTHER, Group
from healing.taxonomy.triggers import TRIGGERS


@dataclass(frozen=True)
class Works:
    """One kind of trigger: exercises with enough ratings, the most useful first.

    `too_few`: how many exercises have fewer ratings than say anything.
    """

    group: Group
    results: list[Result]
    too_few: int


def works_after(entries: Iterable[Noted], sessions: Mapping[UUID, Practised]) -> list[Works]:
    """One for each kind of trigger that entries with rated exercises name, in the list's order.

    A session counts once for a kind, however many of its entries name it.
    """
    tied: dict[str, set[UUID]] = {}
    for entry in entries:
        trigger = trigger_of(entry)
        if trigger and trigger != OTHER.key and entry.said.get("sessions"):
            ids = {UUID(one["session"]) for one in entry.said["sessions"]}
            tied.setdefault(group_of(trigger).key, set()).update(ids & sessions.keys())
    groups = [group for group in TRIGGERS.groups if group.key in tied]
    return [_works(group, (sessions[one] for one in tied[group.key])) for group in groups]


def _works(group: Group, sessions: Iterable[Practised]) -> Works:
    found = results(
        (one.exercise, one.before, one.after)
        for one in sessions
        if one.before is not None and one.after is not None
    )
    enough = [one for one in found if one.middle is not None]
    return Works(group, enough, len(found) - len(enough))
