"""What ratings before and after say: enough of them, the middle, and how sure that is."""

from itertools import product
from math import comb
from statistics import median
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exercises.usefulness import ENOUGH, SURE, Result, results

changes = st.lists(st.integers(-10, 10), min_size=1, max_size=60)


def rated(exercise: str, *numbers: int) -> list[tuple[str, int, int]]:
    """Ratings that differ by these numbers."""
    return [(exercise, max(0, -number), max(0, number)) for number in numbers]


def of(*numbers: int) -> Result:
    return results(rated("E05", *numbers))[0]


def test_four_ratings_say_nothing_and_five_do() -> None:
    assert of(*[-2] * 4) == Result("E05", 4)
    assert of(*[-2] * 5) == Result("E05", 5, -2, -2, -2)


def test_too_few_neither_help_nor_fall() -> None:
    assert not of(*[-9] * 4).helps
    assert of(*[-9] * 4).fall == 0


def test_nothing_rated_gives_nothing() -> None:
    assert results([]) == []


def test_a_fall_of_one_is_worth_saying_and_half_a_one_is_not() -> None:
    assert of(*[-1] * 5).helps
    assert not of(-1, -1, -1, 0, 0, 0).helps  # the middle is -0.5


def test_a_range_that_holds_a_rise_is_no_help() -> None:
    assert not of(-3, -3, -3, -3, 1).helps
    assert of(-3, -3, -3, -3, 0).helps


def test_a_middle_that_rose_is_no_fall() -> None:
    assert of(*[2] * 5).fall == 0
    assert of(*[-2] * 5).fall == 2


# The ranks of Conover's tables for the median at 90 %, counted from 0.
@pytest.mark.parametrize(
    ("times", "place"), [(5, 0), (7, 0), (8, 1), (10, 1), (11, 2), (12, 2), (13, 3), (20, 5)]
)
def test_the_range_begins_where_the_sign_test_says(times: int, place: int) -> None:
    result = of(*range(-times, 0)) if times <= 10 else results_of_places(times)
    assert (result.low, result.high) == (-times + place, -1 - place)


def results_of_places(times: int) -> Result:
    """As if a scale had room for so many different changes."""
    return results([("E05", number, 0) for number in range(1, times + 1)])[0]


def test_the_most_useful_comes_first_and_those_with_too_few_last() -> None:
    few, some, much = rated("E01", -9), rated("E02", *[-1] * 5), rated("E08", *[-4] * 5)
    assert [one.exercise for one in results([*few, *some, *much])] == ["E08", "E02", "E01"]


@given(changes)
def test_the_middle_is_the_median_and_lies_in_the_range(numbers: Any) -> None:
    result = of(*numbers)
    assert result.times == len(numbers)
    if len(numbers) < ENOUGH:
        assert (result.middle, result.low, result.high) == (None, None, None)
        return
    assert result.middle == median(numbers)
    assert result.low in numbers
    assert result.high in numbers
    assert result.low <= result.middle <= result.high


@given(changes, st.randoms())
def test_the_order_of_the_ratings_does_not_matter(numbers: Any, shuffler: Any) -> None:
    mixed = list(numbers)
    shuffler.shuffle(mixed)
    assert of(*mixed) == of(*numbers)


@given(changes)
def test_rises_mirror_falls(numbers: Any) -> None:
    result, mirrored = of(*numbers), of(*(-number for number in numbers))
    if result.middle is not None and result.low is not None and result.high is not None:
        expected = (-result.middle, -result.high, -result.low)
        assert (mirrored.middle, mirrored.low, mirrored.high) == expected


@given(st.integers(6, 60))
def test_the_range_holds_the_middle_in_nine_of_ten_rows_and_is_no_wider_than_that(
    times: int,
) -> None:
    result = results_of_places(times)
    assert result.low is not None
    place = result.low + times

    def sure(ranks: int) -> float:
        """How surely the median lies between the ranks so far from both ends."""
        return 1.0 - 2 * sum(comb(times, number) for number in range(ranks + 1)) / 2**times

    assert sure(place) >= SURE
    assert sure(place + 1) < SURE


@pytest.mark.parametrize("times", [5, 6, 8])
def test_counting_every_row_of_signs_gives_the_same(times: int) -> None:
    """Of all rows of falls and rises, so many have the middle, 0, inside the range."""
    inside = 0
    for signs in product((-1, 1), repeat=times):
        result = of(*signs)
        assert result.low is not None
        assert result.high is not None
        inside += result.low < 0 < result.high or result.low == 0 or result.high == 0
    assert inside / 2**times >= SURE
