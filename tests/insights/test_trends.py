"""Means by day, week and month, what is missing, and the pictures made of them."""

import re
from collections.abc import Sequence
from datetime import date, timedelta
from statistics import fmean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from healing.insights import trends
from healing.insights.pictures import HIGH, WIDE, bars, line
from healing.insights.rows import CheckedIn, Noted, Practised
from healing.insights.spans import SPANS, USUAL, Unit, span_named, start_of, steps
from healing.insights.trends import Point

TODAY = date(2026, 6, 30)
days = st.dates(date(2025, 1, 1), date(2026, 12, 31))
numbers = st.lists(st.tuples(days, st.integers(0, 10)), max_size=60)
units = st.sampled_from(list(Unit))


@given(numbers, days, days, units)
def test_every_number_of_the_time_lies_in_one_step(
    found: list[tuple[date, int]], one: date, other: date, unit: Unit
) -> None:
    first, last = min(one, other), max(one, other)
    points = trends.means(found, first, last, unit)
    inside = [(day, number) for day, number in found if first <= day <= last]
    assert sum(point.times for point in points) == len(inside)
    assert [point.day for point in points] == sorted({point.day for point in points})
    for point in points:
        held = [number for day, number in inside if start_of(day, unit) == point.day]
        assert point.mean == (fmean(held) if held else None)


@given(days, days, units)
def test_steps_touch_and_hold_every_day(one: date, other: date, unit: Unit) -> None:
    first, last = min(one, other), max(one, other)
    found = list(steps(first, last, unit))
    assert found[0] <= first
    assert found[-1] <= last
    every = {start_of(first + timedelta(days=n), unit) for n in range((last - first).days + 1)}
    assert set(found) == every


def test_a_span_ends_today_and_holds_its_days() -> None:
    assert [span.first(TODAY) for span in SPANS] == [
        date(2026, 6, 3),
        date(2026, 4, 1),
        date(2025, 7, 1),
        None,
    ]
    assert span_named("nonsense") is USUAL


def checked(backs: Sequence[int]) -> list[CheckedIn]:
    return [CheckedIn(TODAY - timedelta(days=back), {}) for back in backs]


@pytest.mark.parametrize(
    ("backs", "is_trend"),
    [
        (range(13), False),
        (range(14), True),
        ([*range(13), 27], True),
        ([*range(13), 28], False),
        ([*range(13), 12], False),  # two of one day are one
        ([100 + 2 * n for n in range(14)], True),
        ([2 * n + n // 13 * 2 for n in range(14)], False),
    ],
)
def test_a_trend_takes_fourteen_check_ins_in_twenty_eight_days(
    backs: Sequence[int], is_trend: bool
) -> None:
    assert trends.shows_a_trend(checked(backs)) is is_trend


def points_of(means: Sequence[float | None]) -> list[Point]:
    return [
        Point(TODAY + timedelta(days=n), mean is not None, mean) for n, mean in enumerate(means)
    ]


@given(st.lists(st.none() | st.integers(0, 10), min_size=1, max_size=60))
def test_the_line_holds_the_numbers_of_the_table_and_breaks_where_one_is_missing(
    means: list[int | None],
) -> None:
    picture = line(points_of(means), 10)
    drawn = re.findall(r"([ML])([\d.]+) ([\d.]+)", picture.line)
    held = [(place, mean) for place, mean in enumerate(means) if mean is not None]
    assert len(drawn) == len(held) == picture.dots.count("h0")
    for (pen, across, up), (place, mean) in zip(drawn, held, strict=True):
        assert float(across) == pytest.approx(WIDE * (place + 0.5) / len(means), abs=0.06)
        assert float(up) == pytest.approx(HIGH * (1 - mean / 10), abs=0.06)
        joined = place > 0 and means[place - 1] is not None
        assert (pen == "L") is joined


@given(st.lists(st.none() | st.integers(0, 7), min_size=1, max_size=60))
def test_a_bar_is_as_high_as_its_number(found: list[int | None]) -> None:
    picture = bars([TODAY] * len(found), found, 7)
    heights = [float(up) for up in re.findall(rf" {HIGH}V([\d.]+)h", picture.bars)]
    wanted = [HIGH * (1 - number / 7) for number in found if number is not None]
    assert heights == pytest.approx(wanted, abs=0.06)


def test_the_ends_are_the_lowest_the_highest_and_the_latest() -> None:
    found = trends.ends(points_of([None, 4, 2, None, 9, 3, None]))
    assert found is not None
    assert [found.lowest.mean, found.highest.mean, found.latest.mean] == [2, 9, 3]
    assert trends.ends(points_of([None, 4, None])) is None


@given(st.lists(st.tuples(st.none() | st.integers(0, 10), st.none() | st.integers(0, 10))))
def test_before_and_after_count_only_entries_that_hold_both(
    pairs: list[tuple[int | None, int | None]],
) -> None:
    rows = [Noted(TODAY, {"strength": before, "after": after}) for before, after in pairs]
    both = [(b, a) for b, a in pairs if b is not None and a is not None]
    found = trends.before_after(rows)
    assert (found is None) is (not both)
    if found:
        assert found.times == len(both) == found.lower + found.same + found.higher
        assert found.lower == sum(a < b for b, a in both)
        assert found.after == fmean(a for _b, a in both)


def test_practice_is_days_and_not_times() -> None:
    monday = date(2026, 6, 1)
    sessions = [Practised(None, monday, "E08", 1, 1)] * 3  # type: ignore[arg-type]
    said = [
        CheckedIn(monday, {"practice": 2, "left_worry": 4}),
        CheckedIn(monday + timedelta(days=2), {"practice": 1, "left_worry": 1, "steady": 3}),
        CheckedIn(monday + timedelta(days=3), {"practice": 0}),
        CheckedIn(monday + timedelta(days=14), {"practice": 1}),
    ]
    found = trends.practice(said, sessions, monday, monday + timedelta(days=14), Unit.WEEK)
    assert [step.practised for step in found] == [2, 0, 1]
    assert [step.worry.mean for step in found] == [2.5, None, None]
    assert [step.steady.mean for step in found] == [3, None, None]


def test_until_steady_is_told_by_month_the_newest_first() -> None:
    rows = [
        Noted(date(2026, 5, 31), {"until": "minutes"}),
        Noted(date(2026, 6, 1), {"until": "not_yet"}),
        Noted(date(2026, 6, 30), {"until": "minutes"}),
        Noted(date(2026, 6, 30), {"until": "long_gone"}),
        Noted(date(2026, 6, 30), {}),
    ]
    found = trends.until_steady(rows)
    assert [(month.day.month, month.cells) for month in found] == [
        (6, [1, 0, 0, 0, 0, 1]),
        (5, [1, 0, 0, 0, 0, 0]),
    ]
