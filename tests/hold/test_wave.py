"""The lengths of a hold, and what its ends mean."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exercises import content
from exercises.ratings import Ended
from healing.hold.urges import DANGER, HELD
from healing.hold.wave import DID, NOT_ACTED, WAYS, Chosen, did, has_paused, unsent_keys, wave
from healing.taxonomy.urges import URGES


@pytest.mark.parametrize("minutes", WAYS)
def test_a_length_lasts_as_long_as_it_says_and_asks_nothing(minutes: int) -> None:
    plan = wave(content.shipped()["E12"], minutes).plan
    assert plan.seconds == minutes * 60
    assert plan.is_timed
    assert plan.asks == []


def test_a_way_that_an_editor_left_without_timed_steps_stays_whole() -> None:
    row = content.shipped()["E12"]
    asking = [step for step in row["variants"][0]["steps"] if step["kind"] != "timed"]
    bare = {**row, "variants": [{**row["variants"][0], "steps": asking}]}
    assert len(wave(bare, 20).plan.round) == len(asking)


def test_the_words_of_every_way_of_the_wave_timer_are_known_as_unsent() -> None:
    assert unsent_keys(content.shipped()["E12"]) == {"message"}
    assert unsent_keys(content.shipped()["E05"]) == set()


def test_every_end_but_one_is_an_urge_not_acted_on() -> None:
    assert set(Chosen) - NOT_ACTED == {Chosen.DID_IT}
    assert set(DID) == NOT_ACTED
    assert {*DID.values()} <= URGES.by_key.keys()


@given(st.lists(st.sampled_from(sorted(HELD.by_key)), unique=True))
def test_what_was_done_anyway_is_noted_only_where_it_is_known(urges: list[str]) -> None:
    assert did("did_it", urges) == (urges if len(urges) == 1 else [])
    assert did("let_go", urges) == ["let_pass"]


@given(st.sampled_from([None, *Ended]), st.none() | st.integers(0, 14_400))
def test_it_is_said_that_someone_paused_only_if_they_did(
    ended: Ended | None, seconds: int | None
) -> None:
    paused = has_paused(ended, seconds)
    if ended is None:
        assert not paused
    elif ended is Ended.STOPPED:
        assert paused == (seconds is not None and seconds >= 30)
    else:
        assert paused


def test_danger_signs_come_last_and_never_first() -> None:
    assert [group.key for group in HELD.groups] == ["chases", "hides", "own", "danger_signs"]
    often = [key for key in sorted(DANGER) for _ in range(9)]
    assert not DANGER & {item.key for item in HELD.shown_first(often)}
    assert len(HELD.shown_first([])) == 8
    assert HELD.shown_first(["block", "disappear", "disappear"])[0].key == "disappear"
