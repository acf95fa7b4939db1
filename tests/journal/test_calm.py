"""When the deep form waits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journal.calm import Why, why_not_deep

NUMBER = st.none() | st.integers(0, 10)


@pytest.mark.parametrize(
    ("strength", "after", "hour", "gentler", "why"),
    [
        (None, None, 12, False, None),
        (7, None, 12, False, None),
        (8, None, 12, False, Why.STRONG),
        (9, 3, 12, False, None),
        (9, 8, 12, False, Why.STRONG),
        (4, 9, 12, False, Why.STRONG),
        (0, None, 21, False, None),
        (0, None, 22, False, Why.NIGHT),
        (0, None, 5, False, Why.NIGHT),
        (0, None, 6, False, None),
        (0, None, 12, True, Why.LOSS),
    ],
)
def test_only_someone_calm_by_day_is_asked_more(
    strength: int | None, after: int | None, hour: int, gentler: bool, why: Why | None
) -> None:
    assert why_not_deep(strength=strength, after=after, hour=hour, gentler=gentler) == why


@given(NUMBER, NUMBER, st.integers(0, 23))
def test_the_gentler_path_holds_whatever_the_number(
    strength: int | None, after: int | None, hour: int
) -> None:
    assert why_not_deep(strength=strength, after=after, hour=hour, gentler=True) is Why.LOSS
