"""Five wrong tries in an hour close a link for an hour; twenty in all end it."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from healing.sharing.tries import is_closed, is_spent

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
MINUTES = st.lists(st.integers(0, 3000), max_size=40).map(sorted)


def at(*minutes: int) -> list[datetime]:
    return [NOON + timedelta(minutes=minute) for minute in minutes]


def test_four_leave_it_open_and_five_close_it() -> None:
    assert not is_closed(at(0, 1, 2, 3), NOON + timedelta(minutes=4))
    assert is_closed(at(0, 1, 2, 3, 4), NOON + timedelta(minutes=5))


def test_it_opens_again_an_hour_after_the_fifth() -> None:
    wrong = at(0, 1, 2, 3, 4)
    assert is_closed(wrong, NOON + timedelta(minutes=63, seconds=59))
    assert not is_closed(wrong, NOON + timedelta(minutes=64))


def test_after_the_rest_five_more_are_taken() -> None:
    wrong = at(0, 1, 2, 3, 4, 70)
    assert not is_closed(wrong, NOON + timedelta(minutes=71))


def test_five_over_more_than_an_hour_do_not_close_it() -> None:
    assert not is_closed(at(0, 20, 40, 50, 60), NOON + timedelta(minutes=60))


@given(MINUTES)
def test_nobody_gets_more_than_five_tries_into_an_hour(minutes: list[int]) -> None:
    wrong: list[datetime] = []
    for now in at(*minutes):
        if not is_closed(wrong, now) and not is_spent(wrong):
            wrong.append(now)
    assert len(wrong) <= 20
    for place in range(len(wrong) - 5):
        assert wrong[place + 5] - wrong[place] >= timedelta(hours=1)


def test_twenty_spend_it() -> None:
    assert not is_spent(at(*range(19)))
    assert is_spent(at(*range(20)))
