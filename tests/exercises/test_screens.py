"""The questions about safety: each answer alone, without a database."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exercises.screens import alarm_is_safe, day_is_right, next_moves, person_is_safe, person_rests

BOTH_NO = {"could_hurt": "no", "has_hurt": "no"}
answers = st.sampled_from(["yes", "no", "not_sure", "", None])
ASKING = ["E25", "E26", "E27", "E28"]


@pytest.mark.parametrize("exercise", ASKING[:3])
def test_two_times_no_opens(exercise: Any) -> None:
    assert person_is_safe(exercise, BOTH_NO)
    assert not person_rests(BOTH_NO)


@pytest.mark.parametrize("exercise", ASKING)
@pytest.mark.parametrize("question", ["could_hurt", "has_hurt"])
@pytest.mark.parametrize("answer", ["yes", "not_sure", "", None])
def test_anything_but_no_to_one_of_the_two_keeps_it_closed_and_the_person_rests(
    exercise: Any, question: str, answer: str | None
) -> None:
    said = {**BOTH_NO, "respects_no": "yes", question: answer}
    assert not person_is_safe(exercise, said)
    assert person_rests(said)


def test_a_question_that_was_not_sent_counts_as_not_sure() -> None:
    assert not person_is_safe("E25", {"could_hurt": "no"})
    assert person_rests({"has_hurt": "no"})


def test_only_a_yes_to_the_third_question_opens_the_ladder() -> None:
    assert person_is_safe("E28", BOTH_NO | {"respects_no": "yes"})
    for answer in ("no", "not_sure", "", None):
        assert not person_is_safe("E28", {**BOTH_NO, "respects_no": answer})
    assert not person_is_safe("E28", BOTH_NO)


@pytest.mark.parametrize("answer", ["no", "not_sure", "", None])
def test_the_third_question_alone_lets_nobody_rest(answer: str | None) -> None:
    assert not person_rests({**BOTH_NO, "respects_no": answer})


@given(st.sampled_from(ASKING), answers, answers, answers)
def test_whoever_rests_is_never_safe(exercise: str, first: Any, second: Any, third: Any) -> None:
    said = {"could_hurt": first, "has_hurt": second, "respects_no": third}
    assert not (person_rests(said) and person_is_safe(exercise, said))
    assert person_rests(said) == (first != "no" or second != "no")


def test_none_of_these_alone_opens_the_other_steps() -> None:
    assert alarm_is_safe(["none"])


def test_no_tick_keeps_them_closed() -> None:
    assert not alarm_is_safe([])


@pytest.mark.parametrize("tick", ["afraid", "hurt", "pressed", "control", "follow", "unsure"])
def test_any_other_tick_keeps_them_closed_with_none_of_these_or_without(tick: str) -> None:
    assert not alarm_is_safe([tick])
    assert not alarm_is_safe(["none", tick])


GOOD = {"sober": "yes", "time_after": "yes", "private": "yes"}


def test_three_times_yes_begins_the_day() -> None:
    assert day_is_right(GOOD)


@pytest.mark.parametrize("question", GOOD)
@pytest.mark.parametrize("answer", ["no", "", None])
def test_anything_but_yes_means_another_day(question: str, answer: str | None) -> None:
    assert not day_is_right({**GOOD, question: answer})


@pytest.mark.parametrize(
    ("reading", "moves"),
    [
        pytest.param(0, ("E17",), id="an echo"),
        pytest.param(1, ("E25", "E26"), id="the present"),
        pytest.param(2, ("E17", "E25"), id="both"),
        pytest.param(3, (), id="cannot tell"),
        pytest.param(None, (), id="left open"),
        pytest.param(9, (), id="a place that is none"),
    ],
)
def test_the_sentence_picked_says_what_comes_next(reading: int | None, moves: Any) -> None:
    assert next_moves(reading) == moves
