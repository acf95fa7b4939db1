"""Each rule about a rating, alone and at its edge."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exercises.ratings import Answer, Ended, Word, answer, first_offers, rose

ratings = st.none() | st.integers(0, 10)


def answered(
    exercise: str = "E05",
    before: int | None = None,
    after: int | None = None,
    ended: Ended = Ended.FINISHED,
) -> Answer:
    return answer(exercise=exercise, before=before, after=after, ended=ended)


def test_at_eight_the_steadying_ones_come_first() -> None:
    assert first_offers("E05", 8) == ("E01", "E02", "E08")


def test_below_eight_nothing_comes_first() -> None:
    assert first_offers("E05", 7) == ()


def test_a_skipped_rating_puts_nothing_first() -> None:
    assert first_offers("E05", None) == ()


@pytest.mark.parametrize("exercise", ["E01", "E02", "E08"])
def test_a_steadying_exercise_goes_ahead_at_any_rating(exercise: Any) -> None:
    assert first_offers(exercise, 10) == ()


def test_the_wave_timer_goes_ahead_at_any_rating() -> None:
    assert first_offers("E12", 10) == ()


def test_two_more_than_before_is_a_rise() -> None:
    assert rose(3, 5)


def test_one_more_than_before_is_no_rise() -> None:
    assert not rose(3, 4)


@pytest.mark.parametrize(("before", "after"), [(None, 9), (1, None), (None, None)])
def test_a_skipped_rating_shows_no_rise(before: int | None, after: int | None) -> None:
    assert not rose(before, after)


def test_after_a_rise_steadying_and_help_come() -> None:
    said = answered(before=2, after=4)
    assert said.word is Word.STIRRED
    assert said.offers == ("E01", "E03")
    assert said.help


def test_a_rise_up_to_eight_is_called_a_rise() -> None:
    assert answered(before=6, after=8).word is Word.STIRRED


def test_eight_without_a_rise_is_still_loud_with_the_same_offers_and_help() -> None:
    said = answered(before=8, after=8)
    assert said.word is Word.LOUD
    assert said.offers == ("E01", "E03")
    assert said.help


def test_eight_counts_as_loud_without_a_rating_before() -> None:
    assert answered(after=8).word is Word.LOUD


def test_seven_without_a_rise_is_enough() -> None:
    said = answered(before=7, after=7)
    assert said.word is Word.ENOUGH
    assert said.offers == ()
    assert not said.help


def test_stopping_is_fine_and_one_grounding_is_offered() -> None:
    said = answered(ended=Ended.STOPPED)
    assert said.word is Word.STOPPED
    assert said.offers == ("E02",)


def test_whoever_stopped_the_offered_one_gets_another() -> None:
    assert answered(exercise="E02", ended=Ended.STOPPED).offers == ("E01",)


def test_a_rise_weighs_more_than_having_stopped() -> None:
    assert answered(before=1, after=3, ended=Ended.STOPPED).word is Word.STIRRED


def test_a_loud_rating_weighs_more_than_having_stopped() -> None:
    assert answered(before=9, after=9, ended=Ended.STOPPED).word is Word.LOUD


def test_a_stop_after_half_of_the_time_is_enough() -> None:
    assert answered(ended=Ended.ENOUGH).word is Word.ENOUGH


def test_the_exercise_just_done_is_not_offered_again() -> None:
    assert answered(exercise="E01", before=2, after=9).offers == ("E03", "E02")


@given(
    st.sampled_from([f"E{number:02}" for number in range(1, 36)]),
    ratings,
    ratings,
    st.sampled_from(Ended),
)
def test_help_is_there_whenever_it_is_loud_or_rose(
    exercise: Any, before: int | None, after: int | None, ended: Ended
) -> None:
    said = answered(exercise, before, after, ended)
    assert said.help == (rose(before, after) or (after is not None and after >= 8))
    assert exercise not in said.offers
