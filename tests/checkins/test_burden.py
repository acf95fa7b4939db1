"""The worsening and the no-change message, on every edge of programme section 9."""

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from healing.checkins.burden import (
    Message,
    burden,
    is_heavier,
    is_unchanged,
    message,
)

TODAY = date(2026, 6, 30)
WEEK = range(1, 8)
BEFORE = range(15, 22)
Days = dict[date, dict[str, Any]]


def day(back: int) -> date:
    """So many days back, today being day 1."""
    return TODAY - timedelta(days=back - 1)


def of(thirds: int) -> dict[str, int]:
    """Answers whose burden is so many thirds, 0 to 12."""
    steady = 4 - min(4, thirds)
    worry = min(4, max(0, thirds - 4))
    return {"steady": steady, "left_worry": worry, "urge_pull": max(0, thirds - 8)}


def week(now: list[int], then: list[int]) -> Days:
    """Check-ins with these burdens in thirds, from day 1 and from day 15 back."""
    return {
        **{day(back): of(number) for back, number in zip(WEEK, now, strict=False)},
        **{day(back): of(number) for back, number in zip(BEFORE, then, strict=False)},
    }


@given(st.integers(0, 4), st.integers(0, 4), st.integers(0, 4))
def test_a_burden_is_the_mean_of_three_answers(steady: int, worry: int, pull: int) -> None:
    said = {"steady": steady, "left_worry": worry, "urge_pull": pull, "choice": 4}
    assert burden(said) == Fraction(4 - steady + worry + pull, 3)
    for name in ("steady", "left_worry", "urge_pull"):
        assert burden({key: value for key, value in said.items() if key != name}) is None


def test_one_more_than_before_is_heavier_and_a_twelfth_less_is_not() -> None:
    assert is_heavier(week([6] * 4, [3] * 4), [], TODAY)
    assert not is_heavier(week([6, 6, 6, 5], [3] * 4), [], TODAY)
    assert not is_heavier(week([6] * 4, [3, 3, 3, 4]), [], TODAY)


@pytest.mark.parametrize(("now", "then"), [(3, 4), (4, 3), (3, 3), (0, 7), (7, 0)])
def test_fewer_than_four_in_either_week_say_nothing(now: int, then: int) -> None:
    assert not is_heavier(week([12] * now, [0] * then), [], TODAY)
    assert is_heavier(week([12] * 4, [0] * 4), [], TODAY)


def test_a_check_in_without_all_three_answers_is_none_of_the_four() -> None:
    days = week([12] * 4, [0] * 4)
    del days[day(2)]["urge_pull"]
    assert not is_heavier(days, [], TODAY)


@pytest.mark.parametrize(("back", "counts"), [(7, True), (8, False)])
def test_the_last_week_ends_seven_days_back(back: int, counts: bool) -> None:
    days = week([12] * 3, [0] * 4) | {day(back): of(12)}
    assert is_heavier(days, [], TODAY) is counts


@pytest.mark.parametrize(("back", "counts"), [(14, False), (15, True), (21, True), (22, False)])
def test_the_week_before_is_days_fifteen_to_twenty_one(back: int, counts: bool) -> None:
    days = {day(one): of(12) for one in WEEK} | {day(one): of(0) for one in (16, 17, 18)}
    assert is_heavier(days | {day(back): of(0)}, [], TODAY) is counts


@pytest.mark.parametrize(
    ("said", "heavier"),
    [
        ([(1, "much_harder"), (8, "much_harder")], True),
        ([(1, "much_harder"), (8, "harder")], False),
        ([(1, "harder"), (8, "much_harder"), (15, "much_harder")], False),
        ([(1, "much_harder"), (8, None), (15, "much_harder")], False),
        ([(1, "much_harder")], False),
        ([(14, "much_harder"), (30, "much_harder")], True),
        ([(15, "much_harder"), (22, "much_harder")], False),
        ([], False),
    ],
)
def test_two_look_backs_in_a_row_that_were_much_harder(
    said: list[tuple[int, str | None]], heavier: bool
) -> None:
    assert is_heavier({}, [(day(back), words) for back, words in said], TODAY) is heavier


FIRST = TODAY - timedelta(weeks=8)


def months(now: list[int], then: list[int], first: date = FIRST) -> Days:
    """Burdens in thirds from today backwards, and from the first day on."""
    return {
        **{first + timedelta(days=place): of(number) for place, number in enumerate(then)},
        **{day(place + 1): of(number) for place, number in enumerate(now)},
    }


def test_eight_weeks_after_the_first_and_not_a_day_before() -> None:
    assert is_unchanged(months([6] * 7, [6] * 7), FIRST, TODAY)
    late = FIRST + timedelta(days=1)
    assert not is_unchanged(months([6] * 7, [6] * 7, late), late, TODAY)


def test_it_takes_seven_check_ins_in_each_fortnight() -> None:
    assert not is_unchanged(months([6] * 6, [6] * 7), FIRST, TODAY)
    assert not is_unchanged(months([6] * 7, [6] * 6), FIRST, TODAY)


def test_a_mean_under_two_is_not_heavy() -> None:
    assert is_unchanged(months([6] * 7, [6] * 7), FIRST, TODAY)
    assert not is_unchanged(months([6] * 6 + [5], [6] * 7), FIRST, TODAY)


def test_a_fall_of_a_half_is_a_change_and_a_little_less_is_none() -> None:
    # Eight days of 6 and 9 thirds have the mean 2 and a half.
    assert not is_unchanged(months([6] * 8, [6] * 4 + [9] * 4), FIRST, TODAY)
    assert is_unchanged(months([6] * 8, [6] * 4 + [9] * 3 + [8]), FIRST, TODAY)


@pytest.mark.parametrize(("place", "counts"), [(13, True), (14, False)])
def test_the_first_fortnight_has_fourteen_days(place: int, counts: bool) -> None:
    days = months([6] * 14, [6] * 6) | {FIRST + timedelta(days=place): of(6)}
    assert is_unchanged(days, FIRST, TODAY) is counts


@pytest.mark.parametrize(("back", "counts"), [(14, True), (15, False)])
def test_the_last_fortnight_has_fourteen_days(back: int, counts: bool) -> None:
    days = months([6] * 6, [6] * 14) | {day(back): of(6)}
    assert is_unchanged(days, FIRST, TODAY) is counts


HEAVY = week([12] * 4, [0] * 4)
SAME = months([6] * 14, [6] * 14)


def due(days: Days, **hidden: int) -> Message | None:
    """What is said, with messages put away so many days ago."""
    return message(
        days=days,
        first=min(days, default=None),
        look_backs=[],
        hidden={name: (TODAY - timedelta(days=ago)).isoformat() for name, ago in hidden.items()},
        today=TODAY,
    )


def test_put_away_the_heavier_weeks_rest_for_fourteen_days() -> None:
    assert due(HEAVY) is Message.WORSENING
    assert due(HEAVY, worsening=0) is None
    assert due(HEAVY, worsening=13) is None
    assert due(HEAVY, worsening=14) is Message.WORSENING


def test_put_away_the_unchanged_numbers_rest_for_eight_weeks() -> None:
    assert due(SAME) is Message.NO_CHANGE
    assert due(SAME, no_change=55) is None
    assert due(SAME, no_change=56) is Message.NO_CHANGE
    assert due(SAME, worsening=0) is Message.NO_CHANGE


def test_heavier_weeks_come_first() -> None:
    both = months([12] * 14, [6] * 14) | {day(back): of(0) for back in BEFORE}
    assert due(both) is Message.WORSENING
    assert due(both, worsening=1) is Message.NO_CHANGE


def test_nothing_is_said_of_nothing() -> None:
    assert due({}) is None
