"""Which moment is like a trigger, and which one a day gets; against the slow way."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from healing.locker.choosing import GROUP_OF, alike, of_day
from healing.taxonomy.triggers import TRIGGERS

keys = st.sampled_from([*TRIGGERS.by_key, "gone_from_the_list"])
some = st.lists(keys, max_size=3)


@given(st.lists(some, max_size=12), some)
def test_the_same_trigger_comes_first_then_the_same_group_and_the_newest_within(
    kept: list[list[str]], triggers: list[str]
) -> None:
    named = list(enumerate(kept))

    def rank(own: list[str]) -> int:
        pairs = [(a, b) for a in own for b in triggers if a in GROUP_OF and b in GROUP_OF]
        if any(a == b for a, b in pairs):
            return 0
        return 1 if any(GROUP_OF[a] == GROUP_OF[b] for a, b in pairs) else 2

    wanted = [place for place, own in sorted(named, key=lambda one: rank(one[1])) if rank(own) < 2]
    assert alike(named, triggers) == wanted


def test_something_else_is_like_nothing() -> None:
    assert alike([("a", ["other"])], ["other"]) == []
    assert alike([("a", [])], ["quarrel"]) == []
    assert alike([("a", ["quarrel"])], []) == []


def test_each_trigger_but_something_else_has_its_group() -> None:
    assert set(GROUP_OF) == set(TRIGGERS.by_key) - {"other"}


days = st.dates(date(2024, 1, 1), date(2024, 3, 1))


@given(st.lists(days, max_size=8).map(sorted), days, st.integers(0, 5))
def test_what_is_added_on_a_day_changes_nothing_that_day(
    kept: list[date], day: date, more: int
) -> None:
    rows = list(enumerate(one for one in kept if one <= day))
    chosen = of_day(rows, day)
    assert (chosen is None) is (not rows)
    added = [(len(rows) + n, day) for n in range(more)]
    if rows:
        assert of_day([*rows, *added], day) == chosen


def test_each_gets_its_turn() -> None:
    rows = [(name, date(2024, 1, 1)) for name in "abc"]
    turns = [of_day(rows, date(2024, 2, 1) + timedelta(days=n)) for n in range(3)]
    assert sorted(filter(None, turns)) == ["a", "b", "c"]
