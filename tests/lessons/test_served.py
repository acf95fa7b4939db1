"""Every practice and concept of the source article is served, or dropped with a reason.

`served.yaml` beside this file names what serves each of the 91 rows.
"""

from pathlib import Path
from typing import Any

import pytest
import yaml
from django.urls import Resolver404, resolve

from exercises import content as exercises
from healing.cards.kinds import BY_ID as CARDS
from healing.checkins.items import ITEMS
from healing.lessons.blocks import PRACTICES
from healing.lessons.content import read
from healing.questionnaires.instruments import find
from healing.taxonomy.triggers import TRIGGERS
from healing.taxonomy.urges import URGES

FILE = Path(__file__).with_name("served.yaml")
ROWS: dict[int, Any] = yaml.safe_load(FILE.read_text())
LESSONS = {row["id"]: row for row in read()}
HERE = {*exercises.shipped(), *CARDS}


def serving(row: Any) -> list[str]:
    """What serves a row; nothing where it is dropped with a reason."""
    if isinstance(row, list):
        return row
    return list(row.get("by", [])) if row.get("note") else []


def is_there(target: str) -> bool:
    """Whether a target exists; to an exercise or card a lesson has to lead, too."""
    if target in LESSONS:
        return True
    if target in PRACTICES:
        return target in HERE and any(
            target in lesson["exercise_ids"] for lesson in LESSONS.values()
        )
    room, _, key = target.partition(":")
    if room == "check_in":
        return key in {item.key for item in ITEMS}
    if room == "journal":
        return key in {item.key for taxonomy in (TRIGGERS, URGES) for item in taxonomy}
    if room == "picture":
        picture = find("starting-picture")
        return picture is not None and key in {scale.key for scale in picture.subscales}
    try:
        return bool(resolve(target))
    except Resolver404:
        return False


def lost(rows: dict[int, Any]) -> dict[int, list[str]]:
    """Rows that point nowhere, each with the targets that are not there."""
    found = {}
    for number, row in rows.items():
        missing = [target for target in serving(row) if not is_there(target)]
        dropped = isinstance(row, dict) and bool(row.get("none"))
        if missing or not (serving(row) or dropped):
            found[number] = missing
    return found


def test_every_row_is_served_or_dropped_with_a_reason() -> None:
    assert list(ROWS) == list(range(1, 92))
    assert lost(ROWS) == {}


def test_no_row_is_served_by_an_exercise_alone() -> None:
    """Somebody has to be led to it, and told what it is for."""
    for number, row in ROWS.items():
        targets = serving(row)
        assert not targets or any(target not in PRACTICES for target in targets), number


def test_an_exercise_that_is_gone_would_be_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert is_there("E35")
    monkeypatch.setitem(globals(), "HERE", HERE - {"E35"})
    assert list(lost(ROWS)) == [82]


@pytest.mark.parametrize(
    "row",
    [
        ["M12.1"],
        ["E36"],
        ["check_in:mood"],
        ["journal:nothing"],
        ["picture:nothing"],
        ["/nowhere/"],
        [],
        {"by": ["M1.1"]},
        {"none": ""},
    ],
)
def test_a_row_that_points_nowhere_is_found(row: Any) -> None:
    assert list(lost({1: row})) == [1]
