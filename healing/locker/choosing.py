"""Chooses among kept moments: those like a trigger, and the one of a day (no Django)."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import TypeVar

from healing.taxonomy.shape import OTHER
from healing.taxonomy.triggers import TRIGGERS

Moment = TypeVar("Moment")

# “Something else” is like nothing.
GROUP_OF: Mapping[str, str] = {
    item.key: group.key for group in TRIGGERS.groups for item in group.items if item != OTHER
}


def alike(
    moments: Sequence[tuple[Moment, Collection[str]]], triggers: Collection[str]
) -> list[Moment]:
    """Those of `moments` (each with its trigger keys) that fit `triggers`, best first.

    First those with one of the same keys, then those with one of the same group; within each, in
    the order given. Unknown keys fit nothing.
    """
    keys = {key for key in triggers if key in GROUP_OF}
    groups = {GROUP_OF[key] for key in keys}
    same = [moment for moment, own in moments if keys.intersection(own)]
    near = [
        moment
        for moment, own in moments
        if not keys.intersection(own) and groups.intersection(GROUP_OF.get(key) for key in own)
    ]
    return [*same, *near]


def of_day(moments: Sequence[tuple[Moment, date]], day: date) -> Moment | None:
    """One of `moments` (the oldest first, each with the date it was kept), in turn day by day.

    What is added on the day itself waits for the next one, so the choice of a day stays; None
    where there is nothing to choose.
    """
    earlier = [moment for moment, kept in moments if kept < day]
    if earlier:
        return earlier[day.toordinal() % len(earlier)]
    return moments[0][0] if moments else None
