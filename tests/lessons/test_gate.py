"""The readiness check as programme 10.2 has it: each condition alone, and each at its edge."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from healing.lessons.gate import (
    NONE_OF_THESE,
    QUESTIONS,
    STEADYING,
    Facts,
    Missing,
    may_answer,
    missing,
    missing_in_answers,
)

TODAY = date(2026, 11, 23)


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def uses(number: int, dates: int, exercise: str = "E05") -> list[tuple[str, date]]:
    return [(exercise, ago(place % dates)) for place in range(number)]


def steady(*answers: int | None) -> list[tuple[date, int | None]]:
    """One check-in a day with these answers, the newest first."""
    return [(ago(place), answer) for place, answer in enumerate(answers)]


# Every condition holds, each as barely as it can.
READY = Facts(
    today=TODAY,
    done=["M1", "M4"],
    read=["M5.4"],
    practised=uses(10, dates=5),
    card_is_filled=True,
    check_ins=steady(2, 0, 2, None, 2),
    safety=[(ago(7), "none")],
)
ANSWERS = dict.fromkeys(QUESTIONS, "yes")
# One change that takes away one condition and no other.
WITHOUT = {
    Missing.LESSONS: {"read": ["M5.3"]},
    Missing.PRACTICE: {"practised": uses(9, dates=5)},
    Missing.CARD: {"card_is_filled": False},
    Missing.CHECK_INS: {"check_ins": steady(2, 2, 2, 2)},
    Missing.SAFETY: {"safety": [(ago(8), "none")]},
}


def lacking(**changed: object) -> list[Missing]:
    return missing(replace(READY, **changed))  # type: ignore[arg-type]


def test_with_all_of_them_nothing_is_missing() -> None:
    assert missing(READY) == []
    assert missing_in_answers(ANSWERS, [NONE_OF_THESE]) == []


def test_of_someone_new_everything_is_missing() -> None:
    assert missing(Facts(today=TODAY)) == list(WITHOUT)
    assert missing_in_answers({}, []) == [Missing.ANSWERS, Missing.TICKS]


@pytest.mark.parametrize("one", WITHOUT)
def test_each_missing_alone_is_named_and_nothing_else(one: Missing) -> None:
    assert lacking(**WITHOUT[one]) == [one]


@pytest.mark.parametrize("size", range(6))
def test_several_missing_are_all_named(size: int) -> None:
    for some in combinations(WITHOUT, size):
        changed = {name: value for one in some for name, value in WITHOUT[one].items()}
        assert lacking(**changed) == list(some)


# 1 -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("done", "read", "holds"),
    [
        (["M1", "M4"], ["M5.4"], True),
        (["M1", "M2", "M4", "M5"], ["M1.1", "M5.4"], True),
        (["M1"], ["M5.4"], False),
        (["M4"], ["M5.4"], False),
        (["M1", "M4"], ["M5.1", "M5.2", "M5.3", "M5.5"], False),
        (["M1", "M4", "M5"], [], False),
    ],
)
def test_two_modules_and_one_lesson_are_read(done: list[str], read: list[str], holds: bool) -> None:
    assert (lacking(done=done, read=read) == []) is holds


# 2 -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "dates", "holds"), [(10, 5, True), (9, 5, False), (10, 4, False), (40, 4, False)]
)
def test_ten_uses_on_five_dates(number: int, dates: int, holds: bool) -> None:
    assert (lacking(practised=uses(number, dates)) == []) is holds


def test_which_exercises_count() -> None:
    assert {f"E{number:02}" for number in (*range(1, 10), 11)} == STEADYING
    for number in range(1, 36):
        exercise = f"E{number:02}"
        is_one = exercise in {*(f"E0{one}" for one in range(1, 10)), "E11"}
        assert (lacking(practised=uses(10, 5, exercise)) == []) is is_one, exercise
    mixed = [*uses(9, 5), ("E10", ago(6)), ("E12", ago(7))]
    assert lacking(practised=mixed) == [Missing.PRACTICE]
    assert lacking(practised=[*mixed, ("E11", ago(300))]) == []


# 4 -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("check_ins", "holds"),
    [
        (steady(2, 2, 2, 0, 0), True),
        (steady(2, 2, 2, 0), False),  # four check-ins
        (steady(2, 2, 0, 0, 0), False),  # two steady ones
        (steady(2, 2, 1, 0, 0), False),  # 1 is not enough
        (steady(4, 3, 2, 1, 0), True),
        (steady(2, 2, 2, None, None), True),
        (steady(2, 2, None, None, None), False),
        (steady(0, 0, 0, 0, 2, 2, 2), True),
        (steady(0, 0, 0, 0, 0, 2, 2, 2), False),  # the third one is the eighth
        (steady(*[None] * 7), False),
    ],
)
def test_five_check_ins_and_three_steady_ones_of_the_latest_seven(
    check_ins: list[tuple[date, int | None]], holds: bool
) -> None:
    assert (lacking(check_ins=check_ins) == []) is holds


@pytest.mark.parametrize(("oldest", "holds"), [(13, True), (14, False)])
def test_the_check_ins_are_of_the_last_fourteen_days(oldest: int, holds: bool) -> None:
    check_ins = [(ago(days), 2) for days in (0, 1, 2, 3, oldest)]
    assert (lacking(check_ins=check_ins) == []) is holds


# 5 -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("safety", "holds"),
    [
        ([(ago(0), "none")], True),
        ([(ago(7), "none")], True),
        ([(ago(8), "none")], False),
        ([], False),
        *[([(ago(0), level)], False) for level in ("low", "high", "now")],
        *[([(ago(0), "none"), (ago(14), level)], False) for level in ("low", "high", "now")],
        *[([(ago(0), "none"), (ago(15), level)], True) for level in ("low", "high", "now")],
        ([(ago(0), "none"), (ago(0), "low")], False),
        ([(ago(0), "low"), (ago(1), "none")], False),
        ([(ago(8), "none"), (ago(9), "none")], False),
    ],
)
def test_the_latest_level_is_none_and_fresh_and_none_higher_for_two_weeks(
    safety: Sequence[tuple[date, str]], holds: bool
) -> None:
    assert (lacking(safety=safety) == []) is holds


# 6 and 7 -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("said", ["no", "not_sure", "", None])
@pytest.mark.parametrize("name", QUESTIONS)
def test_each_question_not_answered_with_yes_is_enough_to_wait(name: str, said: str | None) -> None:
    assert missing_in_answers(ANSWERS | {name: said}, [NONE_OF_THESE]) == [Missing.ANSWERS]


def test_a_question_that_was_not_sent_is_no_yes() -> None:
    for name in QUESTIONS:
        left = {key: said for key, said in ANSWERS.items() if key != name}
        assert missing_in_answers(left, [NONE_OF_THESE]) == [Missing.ANSWERS]


TICKS = ("flashbacks", "unreal", "self_harm", "psychosis", "rules", "violence")


@pytest.mark.parametrize("tick", TICKS)
def test_each_tick_is_enough_to_wait(tick: str) -> None:
    assert missing_in_answers(ANSWERS, [tick]) == [Missing.TICKS]
    assert missing_in_answers(ANSWERS, [NONE_OF_THESE, tick]) == [Missing.TICKS]


def test_no_tick_at_all_is_not_none_of_these() -> None:
    assert missing_in_answers(ANSWERS, []) == [Missing.TICKS]


# A therapist -------------------------------------------------------------------------------------


@pytest.mark.parametrize("one", WITHOUT)
def test_a_therapist_stands_in_for_reading_practice_and_check_ins_alone(one: Missing) -> None:
    facts = replace(READY, **WITHOUT[one])  # type: ignore[arg-type]
    stands_in = one in {Missing.LESSONS, Missing.PRACTICE, Missing.CHECK_INS}
    assert missing(facts, in_therapy=True) == ([] if stands_in else [one])


def test_a_therapist_stands_in_for_all_three_at_once() -> None:
    found = missing(Facts(today=TODAY), in_therapy=True)
    assert found == [Missing.CARD, Missing.SAFETY]


# Asking again ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("days", "may"), [(0, False), (13, False), (14, True), (400, True)])
def test_the_questions_can_be_answered_again_after_two_weeks(days: int, may: bool) -> None:
    assert may_answer(READY, ago(days)) is may


def test_they_can_be_answered_where_they_never_were_in_vain() -> None:
    assert may_answer(READY, None)


# Whatever is known -------------------------------------------------------------------------------

DAYS = st.integers(0, 30).map(ago)
FACTS = st.builds(
    Facts,
    today=st.just(TODAY),
    done=st.lists(st.sampled_from(["M1", "M2", "M4"])),
    read=st.lists(st.sampled_from(["M5.3", "M5.4"])),
    practised=st.lists(st.tuples(st.sampled_from(["E01", "E10", "E11"]), DAYS), max_size=30),
    card_is_filled=st.booleans(),
    check_ins=st.lists(st.tuples(DAYS, st.none() | st.integers(0, 4)), max_size=14),
    safety=st.lists(st.tuples(DAYS, st.sampled_from(["none", "low", "high", "now"])), max_size=4),
)


@given(FACTS)
def test_a_therapist_never_makes_more_missing_and_never_replaces_card_or_safety(
    facts: Facts,
) -> None:
    alone, in_therapy = missing(facts), missing(facts, in_therapy=True)
    assert set(in_therapy) <= set(alone)
    assert set(alone) - set(in_therapy) <= {Missing.LESSONS, Missing.PRACTICE, Missing.CHECK_INS}


@given(FACTS)
def test_one_more_use_or_date_never_takes_away_what_was_there(facts: Facts) -> None:
    more = replace(facts, practised=[*facts.practised, ("E01", TODAY)])
    assert set(missing(more)) <= set(missing(facts))
