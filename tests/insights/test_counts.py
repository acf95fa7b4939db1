"""Counts are those of a slow second reading, over any entries; and their least numbers hold."""

from collections import Counter
from datetime import date, timedelta
from fractions import Fraction
from typing import Any
from uuid import UUID, uuid5

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from healing.insights import counts
from healing.insights.people import people_in
from healing.insights.rows import Noted, Practised
from healing.insights.strengths import strengths
from healing.insights.works import works_after
from healing.taxonomy.feelings import FEELINGS
from healing.taxonomy.meaning import NEEDS
from healing.taxonomy.shape import Taxonomy
from healing.taxonomy.triggers import RESERVES, TRIGGERS
from healing.taxonomy.urges import DANGER_SIGNS, LEFT_MYSELF, URGES

DANGER = {item.key for item in DANGER_SIGNS.items}
SESSIONS = [uuid5(UUID(int=0), str(number)) for number in range(6)]


def some(taxonomy: Taxonomy, most: int = 3) -> st.SearchStrategy[list[str]]:
    """Few different keys, so that they meet; a list may name one twice, or a key long gone."""
    keys = [*list(taxonomy.by_key)[:3], *list(taxonomy.by_key)[-2:], "long_gone"]
    return st.lists(st.sampled_from(keys), max_size=most)


ANSWERS: dict[str, st.SearchStrategy[Any]] = {
    "trigger": st.sampled_from(["quarrel", "reply_late", "felt_unsafe", "other", "long_gone"]),
    "trigger_own": st.just("my own words"),
    "strength": st.integers(0, 10),
    "after": st.integers(0, 10),
    "feelings": some(FEELINGS),
    "urges": some(URGES),
    "did": some(URGES),
    "did_own": st.just("made tea"),
    "needs": some(NEEDS),
    "reserve": st.sampled_from(list(RESERVES.by_key)),
    "proved": st.sampled_from(["yes", "partly", "no", "cannot_know"]),
    "left_myself": some(LEFT_MYSELF),
    "left_myself_own": st.just("laughed it off"),
    "stayed_by": st.just("going home"),
    "person": st.sampled_from(["Jo", " jo", "Anna"]),
    "sessions": st.lists(
        st.builds(lambda one: {"session": str(one), "exercise": "E08"}, st.sampled_from(SESSIONS)),
        max_size=3,
    ),
}
entry = st.builds(
    Noted,
    st.dates(date(2026, 1, 1), date(2026, 3, 1)),
    st.fixed_dictionaries({}, optional=ANSWERS),
    st.none() | st.integers(0, 23),
)
entries = st.lists(entry, max_size=40)


def holds(one: Noted, name: str, key: str) -> bool:
    said = one.said.get(name)
    return said == key if isinstance(said, str) else key in (said or [])


@given(entries)
def test_triggers_and_lists_are_counted_once_for_an_entry(rows: list[Noted]) -> None:
    found = {count.item.key: count.times for count in counts.triggers(rows)}
    for item in TRIGGERS:
        slow = sum(holds(one, "trigger", item.key) for one in rows)
        if item.key == "other":
            own = [one for one in rows if "trigger" not in one.said and "trigger_own" in one.said]
            slow += sum(holds(one, "trigger", "long_gone") for one in rows) + len(own)
        assert found.get(item.key, 0) == slow
    for name, taxonomy in (("needs", NEEDS), ("feelings", FEELINGS), ("urges", URGES)):
        counted = counts.named(rows, name, taxonomy)
        assert [one.times for one in counted] == sorted([c.times for c in counted], reverse=True)
        by_key = {one.item.key: one.times for one in counted}
        for item in taxonomy:
            slow = sum(holds(one, name, item.key) for one in rows)
            assert by_key.get(item.key, 0) == (0 if item.key in DANGER else slow)


@given(entries)
def test_every_entry_stands_in_one_cell_of_the_clock(rows: list[Noted]) -> None:
    table = counts.by_hour(rows)
    for row in table:
        for weekday, number in enumerate(row.weekdays):
            assert number == sum(
                one.hour == row.hour and one.day.weekday() == weekday for one in rows
            )
    assert sum(row.total for row in table) == len(rows)


def alike(name: str) -> Taxonomy:
    return {"trigger": TRIGGERS, "reserve": RESERVES, "feelings": FEELINGS,
            "urges": URGES, "needs": NEEDS}[name]  # fmt: skip


@given(entries)
def test_pairs_are_all_that_are_frequent_enough_and_more_than_chance(rows: list[Noted]) -> None:
    slow = set()
    wanted = [("trigger", other) for other in ("reserve", "feelings", "urges", "needs")]
    for one_list, other_list in [*wanted, ("feelings", "urges"), ("feelings", "needs")]:
        for one in alike(one_list):
            for other in alike(other_list):
                if {one.key, other.key} & {*DANGER, "felt_unsafe", "other"}:
                    continue
                first = [row for row in rows if holds(row, one_list, one.key)]
                second = [row for row in rows if holds(row, other_list, other.key)]
                both = [row for row in first if holds(row, other_list, other.key)]
                if len(both) >= 4 and 2 * len(both) * len(rows) >= 3 * len(first) * len(second):
                    slow.add((one_list, one.key, other_list, other.key, len(both)))
    found = {
        (pair.one[0], pair.one[1].key, pair.other[0], pair.other[1].key, pair.joint)
        for pair in counts.together(rows)
    }
    assert found == (slow if len(rows) >= 10 else set())


def made(joint: int, ones: int, others: int, number: int) -> list[Noted]:
    """Entries of which so many hold both, so many the first, so many the second."""
    day = date(2026, 1, 1)
    both = [{"trigger": "quarrel", "feelings": ["sad"]}] * joint
    first = [{"trigger": "quarrel"}] * (ones - joint)
    second: list[dict[str, Any]] = [{"feelings": ["sad"]}] * (others - joint)
    rest: list[dict[str, Any]] = [{}] * (number - ones - others + joint)
    return [Noted(day, said) for said in [*both, *first, *second, *rest]]


@pytest.mark.parametrize(
    ("joint", "ones", "others", "number", "told"),
    [
        (4, 4, 4, 10, True),
        (4, 4, 4, 9, False),
        (3, 3, 3, 10, False),
        (6, 8, 8, 16, True),  # chance gives 4, and 6 is one and a half times that
        (6, 8, 9, 18, True),
        (6, 9, 9, 20, False),  # chance gives 4.05
        (6, 8, 8, 15, False),  # chance gives 4.27
    ],
)
def test_together_from_ten_entries_four_joint_and_half_as_many_again_as_chance(
    joint: int, ones: int, others: int, number: int, told: bool
) -> None:
    rows = made(joint, ones, others, number)
    assert len(rows) == number
    found = counts.together(rows)
    assert bool(found) is told
    if told:
        assert found[0].by_chance == Fraction(ones * others, number)


@given(entries)
@example([Noted(date(2026, 1, 1), {"urges": ["send_many", "hurt_myself"], "did": ["wait"]})])
def test_an_urge_not_acted_on_counts_only_where_what_was_done_is_said(rows: list[Noted]) -> None:
    told = [one for one in rows if one.said.get("did") or one.said.get("did_own")]
    found = {pull.item.key: pull for pull in counts.pulls(rows)}
    for group in URGES.groups:
        for item in group.items:
            felt = [one for one in told if holds(one, "urges", item.key)]
            let_go = [one for one in felt if not holds(one, "did", item.key)]
            if group.key in {"chases", "hides"} and felt:
                assert (found[item.key].felt, found[item.key].let_go) == (len(felt), len(let_go))
            else:
                assert item.key not in found


@given(entries)
def test_outcomes_leaving_and_staying(rows: list[Noted]) -> None:
    slow = Counter(one.said["proved"] for one in rows if "proved" in one.said)
    assert {name: times for name, times in counts.outcomes(rows).items() if times} == slow
    kept = set(LEFT_MYSELF.by_key) - {"unwanted_touch"}
    left = [
        one
        for one in rows
        if kept & set(one.said.get("left_myself", [])) or "left_myself_own" in one.said
    ]
    stayed = [one for one in rows if "stayed_by" in one.said]
    assert counts.left_and_stayed(rows) == (len(left), len(stayed))


@given(entries)
def test_people_share_no_entry_and_lose_none(rows: list[Noted]) -> None:
    found = people_in(rows)
    assert list(found) == sorted(found)
    for name, somebody in found.items():
        slow = [one for one in rows if one.said.get("person", "").strip().lower() == name]
        assert list(somebody.entries) == slow
        assert somebody.nickname in {one.said["person"] for one in slow}
    assert sum(len(one.entries) for one in found.values()) == sum("person" in r.said for r in rows)


@given(entries)
def test_every_page_has_something_that_went_well_or_says_how_often_it_was_noticed(
    rows: list[Noted],
) -> None:
    found = {one.kind: one.times for one in strengths(rows)}
    assert bool(found) is bool(rows)
    if "noticed" in found:
        assert found == {"noticed": len(rows)}
        assert counts.left_and_stayed(rows)[1] == 0
    lower = [one for one in rows if one.said.get("after", 10) < one.said.get("strength", -1)]
    assert found.get("lower", 0) == len(lower)
    done = [
        one for one in rows if any(holds(one, "did", item.key) for item in URGES.groups[2].items)
    ]
    assert found.get("steady_step", 0) == len(done)


@given(
    entries,
    st.fixed_dictionaries(
        {}, optional={one: st.tuples(st.integers(0, 10), st.integers(0, 10)) for one in SESSIONS}
    ),
)
def test_a_session_counts_once_for_a_kind_of_trigger(
    rows: list[Noted], rated: dict[UUID, tuple[int, int]]
) -> None:
    sessions = {
        one: Practised(one, date(2026, 1, 1), "E08", *numbers) for one, numbers in rated.items()
    }
    for group in works_after(rows, sessions):
        keys = {item.key for item in group.group.items}
        tied = {
            named["session"]
            for one in rows
            if one.said.get("trigger") in keys
            for named in one.said.get("sessions", [])
            if UUID(named["session"]) in sessions
        }
        assert sum(one.times for one in group.results) == (len(tied) if len(tied) >= 5 else 0)
        assert group.too_few == (0 < len(tied) < 5)


@pytest.mark.parametrize(
    ("numbers", "place"), [([], None), ([1], None), ([2], 0), ([1, 3, 2], 1), ([3, 1, 3], None)]
)
def test_what_is_most_frequent_stands_alone(numbers: list[int], place: int | None) -> None:
    assert counts.most_frequent(numbers) == place


def test_the_day_before_counts_as_another_day() -> None:
    monday = date(2026, 6, 1)
    rows = [Noted(monday, {}, 23), Noted(monday + timedelta(days=1), {}, 0), Noted(monday, {})]
    table = counts.by_hour(rows)
    assert [(row.hour, row.weekdays.index(1)) for row in table] == [(0, 1), (23, 0), (None, 0)]
