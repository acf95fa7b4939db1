"""Which part of an exercise that lasts days comes next; no day is ever counted."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exercises.course import next_part, parts_of, since_start

# As E21: a first sitting, days, a look back, and two ways outside of the course.
WAYS: list[dict[str, Any]] = [
    {"name": "standard", "times": 1},
    {"name": "day", "times": 14},
    {"name": "look-back", "times": 1},
    {"name": "gentle", "times": 0},
    {"name": "quick"},
]
NAMES = [way["name"] for way in WAYS]


def test_the_parts_are_the_ways_that_are_offered_so_often() -> None:
    assert [way["name"] for way in parts_of(WAYS)] == ["standard", "day", "look-back"]


def test_before_the_start_nothing_comes_next() -> None:
    assert next_part(WAYS, []) == ""
    assert next_part(WAYS, ["gentle", "day"]) == ""


def test_after_the_first_sitting_comes_a_day() -> None:
    assert next_part(WAYS, ["standard"]) == "day"


def test_the_last_day_is_the_fourteenth_and_then_comes_the_look_back() -> None:
    assert next_part(WAYS, ["standard", *["day"] * 13]) == "day"
    assert next_part(WAYS, ["standard", *["day"] * 14]) == "look-back"


def test_after_the_end_nothing_comes_next() -> None:
    assert next_part(WAYS, ["standard", *["day"] * 14, "look-back"]) == ""


def test_another_way_in_between_neither_counts_nor_stops_it() -> None:
    assert next_part(WAYS, ["standard", "gentle", *["day"] * 13, "quick"]) == "day"


def test_a_new_first_sitting_begins_anew() -> None:
    done = ["standard", *["day"] * 14, "look-back", "standard", "day"]
    assert since_start(WAYS, done) == ["standard", "day"]
    assert next_part(WAYS, done) == "day"


def test_an_exercise_of_one_sitting_has_no_next_part() -> None:
    ways = [{"name": "standard", "times": 0}, {"name": "gentle"}]
    assert next_part(ways, ["standard"]) == ""
    assert since_start(ways, ["standard"]) == []


@pytest.mark.parametrize("extra", [1, 5])
def test_more_days_than_named_do_no_harm(extra: int) -> None:
    assert next_part(WAYS, ["standard", *["day"] * (14 + extra)]) == "look-back"


@given(st.lists(st.sampled_from(NAMES), max_size=60))
def test_what_comes_next_is_a_part_that_was_done_less_often_than_it_is_offered(done: Any) -> None:
    under_way = since_start(WAYS, done)
    assert done[len(done) - len(under_way) :] == under_way
    assert under_way.count("standard") <= 1
    part = next_part(WAYS, done)
    times = {way["name"]: way.get("times", 0) for way in WAYS}
    if part:
        assert under_way.count(part) < times[part]
        before = NAMES[: NAMES.index(part)]
        assert all(under_way.count(name) >= times[name] for name in before)
    elif under_way:
        assert all(under_way.count(one["name"]) >= one["times"] for one in parts_of(WAYS))


@given(st.lists(st.sampled_from(NAMES), max_size=60))
def test_following_what_comes_next_reaches_the_end(done: Any) -> None:
    done = [*done, "standard"]
    for _ in range(16):
        if part := next_part(WAYS, done):
            done.append(part)
    assert next_part(WAYS, done) == ""
