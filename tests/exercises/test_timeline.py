"""Phases and totals, without a database."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exercises.timeline import BREATH, LENGTHS, Kind, Phase, is_gentle, timeline


def breath(*seconds: int, cycles: int) -> dict[str, dict[str, int]]:
    return {"pattern": {**dict(zip(BREATH, seconds, strict=True)), "cycles": cycles}}


patterns = st.builds(
    breath,
    st.integers(1, 8),
    st.integers(0, 2),
    st.integers(0, 4),
    st.integers(1, 10),
    st.integers(0, 4),
    cycles=st.integers(1, 60),
)
step_lists = st.lists(
    st.fixed_dictionaries(
        {
            "kind": st.sampled_from(["timed", "text", "writing"]),
            "seconds": st.integers(0, 600),
            "say": st.text(),
            "text": st.text(),
        },
    ),
    min_size=1,
    max_size=12,
).map(lambda steps: {"steps": steps})
factors = st.sampled_from(list(LENGTHS.values()))


@pytest.mark.parametrize(
    ("variant", "seconds"),
    [
        pytest.param(breath(4, 0, 0, 6, 0, cycles=18), 180, id="E05 standard"),
        pytest.param(breath(3, 0, 0, 4, 0, cycles=17), 119, id="E05 gentle"),
        pytest.param(breath(4, 0, 0, 6, 0, cycles=6), 60, id="E05 quick"),
        pytest.param(breath(2, 1, 0, 6, 0, cycles=5), 45, id="E06 moment"),
        pytest.param(breath(2, 1, 0, 6, 0, cycles=33), 297, id="E06 practice"),
        pytest.param(breath(4, 0, 4, 4, 4, cycles=8), 128, id="E07 standard"),
        pytest.param(breath(4, 0, 0, 4, 0, cycles=16), 128, id="E07 gentle"),
    ],
)
def test_the_breathing_patterns_last_as_long_as_the_programme_says(
    variant: Any, seconds: int
) -> None:
    assert timeline(variant).seconds == seconds
    assert is_gentle(variant["pattern"])


def test_a_breath_leaves_out_what_has_no_seconds() -> None:
    assert timeline(breath(2, 1, 0, 6, 0, cycles=5)).round == (
        Phase(Kind.IN, 2),
        Phase(Kind.TOP_UP, 1),
        Phase(Kind.OUT, 6),
    )


def test_the_rest_comes_on_top_of_the_practice() -> None:
    plan = timeline(breath(4, 0, 0, 6, 0, cycles=6), rest=(10, "Let it go."))
    assert plan.seconds == 60
    assert sum(phase.seconds for phase in plan.phases) == 70
    assert plan.phases[-1] == Phase(Kind.REST, 10, text="Let it go.")


def test_steps_keep_their_words_and_their_order() -> None:
    steps = [
        {"kind": "timed", "seconds": 25, "say": "Press", "text": "Both feet."},
        {"kind": "timed", "seconds": 20, "say": "Turn", "text": "Slowly."},
    ]
    assert timeline({"steps": steps}).phases == (
        Phase(Kind.STEP, 25, "Press", "Both feet."),
        Phase(Kind.STEP, 20, "Turn", "Slowly."),
    )


def test_half_as_long_gives_half_the_breaths_and_not_shorter_ones() -> None:
    plan = timeline(breath(4, 0, 0, 6, 0, cycles=18), factor=LENGTHS["half"])
    assert plan.rounds == 9
    assert plan.seconds == 90


def test_half_as_long_gives_shorter_steps_and_hurries_none() -> None:
    steps = [
        {"kind": "timed", "seconds": seconds, "say": "", "text": ""} for seconds in (40, 25, 1)
    ]
    plan = timeline({"steps": steps}, factor=LENGTHS["half"])
    assert [phase.seconds for phase in plan.phases] == [20, 13, 1]


def test_a_variant_without_steps_or_pattern_is_refused() -> None:
    with pytest.raises(ValueError, match="steps or a breathing pattern"):
        timeline({"name": "empty"})


@pytest.mark.parametrize(
    ("pattern", "gentle"),
    [
        pytest.param(breath(3, 0, 0, 3, 0, cycles=1), True, id="six seconds"),
        pytest.param(breath(2, 0, 0, 3, 0, cycles=1), False, id="too fast"),
        pytest.param(breath(5, 0, 0, 4, 0, cycles=1), False, id="in longer than out"),
        pytest.param(breath(4, 2, 0, 5, 0, cycles=1), False, id="top-up counts as in"),
    ],
)
def test_a_breath_is_gentle_if_it_is_slow_and_not_shorter_out_than_in(
    pattern: Any, gentle: bool
) -> None:
    assert is_gentle(pattern["pattern"]) is gentle


@given(patterns, factors)
def test_no_length_changes_the_seconds_inside_a_breath(variant: Any, factor: float) -> None:
    plan = timeline(variant, factor=factor)
    assert plan.round == timeline(variant).round
    assert plan.is_breathing
    assert plan.seconds == sum(phase.seconds for phase in plan.phases)


@given(patterns)
def test_double_is_twice_as_long_and_half_is_half_up_to_one_breath(variant: Any) -> None:
    one = sum(phase.seconds for phase in timeline(variant).round)
    usual = timeline(variant).seconds
    assert timeline(variant, factor=2).seconds == 2 * usual
    assert usual <= 2 * timeline(variant, factor=0.5).seconds <= usual + 2 * one


@given(step_lists)
def test_steps_double_exactly_and_halve_up_to_half_a_second_each(variant: Any) -> None:
    usual = timeline(variant).seconds
    number = len(variant["steps"])
    assert timeline(variant, factor=2).seconds == 2 * usual
    assert usual <= 2 * timeline(variant, factor=0.5).seconds <= usual + number


@given(step_lists, factors)
def test_a_step_with_a_time_keeps_one_and_none_is_lost(variant: Any, factor: float) -> None:
    plan = timeline(variant, factor=factor)
    assert len(plan.phases) == len(variant["steps"])
    for phase, step in zip(plan.phases, variant["steps"], strict=True):
        assert bool(phase.seconds) is bool(step["seconds"])
        assert phase.ask == (step if step["kind"] == "writing" else None)
    assert plan.is_timed is all(step["seconds"] for step in variant["steps"])
    assert not plan.is_breathing
