"""The chosen way with its frame and its breaths, without a database."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exercises import content
from exercises.frame import ARRIVE, RETURN
from exercises.guide import Guide, guide
from exercises.timeline import LENGTHS, Kind, timeline

FRAMED = [row for row in content.read() if row["frame"]]
BREATHING = [row for row in content.read() if "pattern" in row["variants"][0]]


def of(exercise: str, *chosen: str) -> Guide:
    return guide(content.shipped()[exercise], *chosen)


# The frame ---------------------------------------------------------------------------------------


def test_arriving_lasts_a_minute_and_returning_a_minute_and_a_half() -> None:
    assert [phase.seconds for phase in ARRIVE] == [40, 20]
    assert [phase.seconds for phase in RETURN] == [15, 25, 15, 25, 10]


@pytest.mark.parametrize("row", FRAMED, ids=lambda row: row["id"])
@pytest.mark.parametrize("length", LENGTHS)
def test_the_frame_stands_round_every_way_in_every_length(row: Any, length: str) -> None:
    for way in row["variants"]:
        plan = guide(row, way["name"], length).plan
        assert plan.round[: len(ARRIVE)] == ARRIVE
        assert plan.round[-len(RETURN) :] == RETURN
        inside = plan.round[len(ARRIVE) : -len(RETURN)]
        assert inside == timeline(way, factor=LENGTHS[length]).round


def test_the_way_back_can_be_told_from_the_steps() -> None:
    plan = of("E32").plan
    assert [phase.kind for phase in plan.round[-5:]] == [Kind.BACK] * 5
    assert Kind.BACK not in [phase.kind for phase in plan.round[:-5]]


def test_a_framed_exercise_lasts_its_time_and_the_frame() -> None:
    assert of("E32").plan.seconds == 60 + 300 + 90


@pytest.mark.parametrize(
    "row", [row for row in content.read() if not row["frame"]], ids=lambda row: row["id"]
)
def test_no_other_exercise_has_a_frame(row: Any) -> None:
    plan = guide(row).plan
    assert plan.round[: len(ARRIVE)] != ARRIVE
    assert Kind.BACK not in [phase.kind for phase in plan.round]


# So many breaths ---------------------------------------------------------------------------------


@pytest.mark.parametrize("rounds", ["1", "7", "60"])
def test_the_address_may_say_how_many_breaths(rounds: str) -> None:
    chosen = of("E05", "", "", rounds)
    assert chosen.plan.rounds == int(rounds)
    assert chosen.plan.round == of("E05").plan.round


@pytest.mark.parametrize(
    "rounds", ["0", "61", "-3", "1.5", "", "many", "٣", "²", "1e1", "+4", " 5", "9" * 5000]
)
def test_anything_else_is_left_aside(rounds: str) -> None:
    assert of("E05", "", "", rounds).plan.rounds == 18


def test_so_many_breaths_are_a_length_of_their_own() -> None:
    chosen = of("E05", "", "half", "7")
    assert chosen.plan.rounds == 7
    assert not any(choice.chosen for choice in chosen.lengths)


def test_the_gentle_way_can_have_so_many_breaths_too() -> None:
    chosen = of("E05", "gentle", "", "4")
    assert chosen.plan.seconds == 4 * 7


def test_steps_cannot_be_counted_in_breaths() -> None:
    chosen = of("E01", "", "half", "7")
    assert chosen.plan == of("E01", "", "half").plan
    assert [choice.name for choice in chosen.lengths if choice.chosen] == ["half"]


@given(st.sampled_from(BREATHING), st.integers(1, 60), st.data())
def test_no_number_of_breaths_changes_the_seconds_inside_one(
    row: Any, rounds: int, data: Any
) -> None:
    name = data.draw(st.sampled_from([way["name"] for way in row["variants"]]))
    plan = guide(row, name, "", str(rounds)).plan
    usual = guide(row, name).plan
    assert plan.round == usual.round
    assert plan.rest == usual.rest
    assert plan.seconds == rounds * sum(phase.seconds for phase in usual.round)


@given(st.sampled_from(content.read()), st.text(), st.text(), st.text())
def test_whatever_an_address_says_gives_a_way_of_the_exercise(
    row: Any, variant: str, length: str, rounds: str
) -> None:
    chosen = guide(row, variant, length, rounds)
    assert chosen.variant in row["variants"]
    assert chosen.plan.round
