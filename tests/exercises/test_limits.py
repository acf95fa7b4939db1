"""Which exercises are closed and why: each condition alone and at its edge, without a database."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exercises import content
from exercises.limits import Facts, Why, closed, gate_is_open

TODAY = date(2026, 11, 28)
FRAMED = ("E32", "E33", "E35")
# Everything that has to hold before an exercise with a frame: an open gate, a fresh answer.
OPEN = {"gate_opened": TODAY, "safety_asked": TODAY}


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def why(exercise: Any, **changed: Any) -> Why | None:
    return closed(content.shipped()[exercise], Facts(TODAY, **{**OPEN, **changed}))


@pytest.mark.parametrize("exercise", ["E20", *FRAMED])
def test_nothing_is_closed_where_every_condition_holds(exercise: Any) -> None:
    assert why(exercise) is None


# The rating of the day.


def test_the_loop_map_is_open_at_seven_and_closed_at_eight() -> None:
    assert why("E20", high_befores=[7]) is None
    assert why("E20", high_befores=[8]) is Why.TODAY


@pytest.mark.parametrize("exercise", FRAMED)
def test_one_with_a_frame_is_open_at_five_and_closed_at_six(exercise: Any) -> None:
    assert why(exercise, high_befores=[5]) is None
    assert why(exercise, high_befores=[6]) is Why.TODAY


def test_the_highest_rating_of_the_day_counts_not_the_last() -> None:
    assert why("E20", high_befores=[8, 2]) is Why.TODAY


# After an answer to the safety question above “none”.


@pytest.mark.parametrize("exercise", ["E20", *FRAMED])
def test_after_the_safety_question_high_ones_rest_until_their_day_is_there(exercise: Any) -> None:
    assert why(exercise, high_rests_until=TODAY + timedelta(days=1)) is Why.SAFETY
    assert why(exercise, high_rests_until=TODAY) is None


# On the gentler path after a loss.


def test_on_the_gentler_path_the_loop_map_and_the_room_for_the_loss_rest_until_it_ends() -> None:
    for exercise in ("E20", "E35"):
        assert why(exercise, gentler_until=TODAY + timedelta(days=1)) is Why.LOSS
        assert why(exercise, gentler_until=TODAY) is None
    for exercise in ("E32", "E33", "E16"):
        assert why(exercise, gentler_until=TODAY + timedelta(days=1)) is None


def test_the_path_ended_early_opens_no_gate_and_safety_weighs_more() -> None:
    assert why("E35", gate_opened=None) is Why.GATE
    tomorrow = TODAY + timedelta(days=1)
    assert why("E20", gentler_until=tomorrow, high_rests_until=tomorrow) is Why.SAFETY


# After a rough day.


@pytest.mark.parametrize("exercise", FRAMED)
def test_after_a_rough_day_those_with_a_frame_rest_until_their_day_is_there(exercise: Any) -> None:
    assert why(exercise, frame_rests_until=TODAY + timedelta(days=1)) is Why.ROUGH
    assert why(exercise, frame_rests_until=TODAY) is None


# The gate.


@pytest.mark.parametrize("exercise", FRAMED)
def test_the_gate_lasts_sixty_days(exercise: Any) -> None:
    assert why(exercise, gate_opened=ago(59)) is None
    assert why(exercise, gate_opened=ago(60)) is Why.GATE


@pytest.mark.parametrize("exercise", FRAMED)
def test_without_a_gate_it_is_closed(exercise: Any) -> None:
    assert why(exercise, gate_opened=None) is Why.GATE


def test_a_gate_is_open_up_to_the_fifty_ninth_day() -> None:
    assert gate_is_open(ago(59), TODAY)
    assert not gate_is_open(ago(60), TODAY)
    assert not gate_is_open(None, TODAY)


# The safety question.


@pytest.mark.parametrize("exercise", FRAMED)
def test_an_answer_of_seven_days_ago_will_do_and_one_of_eight_will_not(exercise: Any) -> None:
    assert why(exercise, safety_asked=ago(7)) is None
    assert why(exercise, safety_asked=ago(8)) is Why.ASK_SAFETY


@pytest.mark.parametrize("exercise", FRAMED)
def test_without_an_answer_the_question_comes_first(exercise: Any) -> None:
    assert why(exercise, safety_asked=None) is Why.ASK_SAFETY


# One a day, two in seven days.


@pytest.mark.parametrize("exercise", FRAMED)
def test_one_a_day(exercise: Any) -> None:
    assert why(exercise, framed_on=[TODAY]) is Why.ONE_A_DAY
    assert why(exercise, framed_on=[ago(1)]) is None


@pytest.mark.parametrize("exercise", FRAMED)
def test_two_in_seven_days_whichever_they_were(exercise: Any) -> None:
    assert why(exercise, framed_on=[ago(6), ago(1)]) is Why.WEEK_FULL
    assert why(exercise, framed_on=[ago(7), ago(1)]) is None


# What the rules leave alone.


@pytest.mark.parametrize(
    "changed",
    [
        {"gate_opened": None},
        {"safety_asked": None},
        {"frame_rests_until": TODAY + timedelta(days=9)},
        {"framed_on": [TODAY, ago(1), ago(2)]},
        {"high_befores": [7]},
    ],
)
def test_the_loop_map_has_no_gate_no_rest_after_a_rough_day_and_no_count(changed: Any) -> None:
    assert why("E20", **changed) is None


@pytest.mark.parametrize("exercise", ["E01", "E16", "E25", "E30", "E34"])
def test_no_exercise_of_lower_intensity_is_ever_closed(exercise: Any) -> None:
    worst = {
        "high_befores": [10],
        "framed_on": [TODAY, ago(1)],
        "high_rests_until": TODAY + timedelta(days=14),
        "frame_rests_until": TODAY + timedelta(days=14),
        "gate_opened": None,
        "safety_asked": None,
    }
    assert why(exercise, **worst) is None


def test_the_reason_that_weighs_most_is_said() -> None:
    later = TODAY + timedelta(days=1)
    everything: dict[str, Any] = {
        "high_rests_until": later,
        "frame_rests_until": later,
        "gate_opened": None,
        "high_befores": [9],
        "framed_on": [TODAY, ago(1)],
        "safety_asked": None,
    }
    order = []
    for name, mended in (
        ("high_rests_until", None),
        ("frame_rests_until", None),
        ("gate_opened", TODAY),
        ("high_befores", []),
        ("framed_on", [ago(2), ago(1)]),
        ("framed_on", []),
        ("safety_asked", TODAY),
    ):
        order.append(why("E32", **everything))
        everything[name] = mended
    assert order == [
        Why.SAFETY,
        Why.ROUGH,
        Why.GATE,
        Why.TODAY,
        Why.ONE_A_DAY,
        Why.WEEK_FULL,
        Why.ASK_SAFETY,
    ]
    assert why("E32", **everything) is None


some_day = st.none() | st.integers(-30, 90).map(ago)


@given(
    st.sampled_from(content.read()),
    st.builds(
        Facts,
        today=st.just(TODAY),
        high_befores=st.lists(st.integers(0, 10), max_size=3),
        framed_on=st.lists(st.integers(0, 6).map(ago), max_size=3),
        high_rests_until=some_day,
        frame_rests_until=some_day,
        gate_opened=some_day,
        safety_asked=some_day,
    ),
)
def test_what_is_open_broke_no_rule(row: Any, facts: Facts) -> None:
    if closed(row, facts) is not None:
        assert row["intensity"] == "high"
        return
    if row["intensity"] == "high":
        assert facts.high_rests_until is None or facts.high_rests_until <= TODAY
        assert max(facts.high_befores, default=0) < (6 if row["frame"] else 8)
    if row["frame"]:
        assert gate_is_open(facts)
        assert TODAY not in facts.framed_on
        assert len(facts.framed_on) < 2
