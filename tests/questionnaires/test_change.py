"""Reliable change: numbers checked by hand, three outcomes, and no comparison of unlike things."""

from dataclasses import replace
from fractions import Fraction
from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from healing.questionnaires.change import (
    Taken,
    Verdict,
    changes,
    standard_error,
    threshold,
    verdict,
)
from healing.questionnaires.instrument import Reliability
from healing.questionnaires.instrument_folder import from_files

MADE_UP = Reliability("retest", 0.84, 1.25, "made up for the tests")


def measured():
    """The ECR-S with a made-up reliability on both scales."""
    plain = from_files()["ecr-s"]
    return replace(
        plain, subscales=tuple(replace(one, reliability=MADE_UP) for one in plain.subscales)
    )


def taken(steps, target="partner", **other):
    """Avoidance items 1, 3, 5 ... 11 all at `steps` after reversal, anxiety at 4."""
    answers = {f"q{number:02}": 4 for number in range(2, 13, 2)}
    for number in range(1, 13, 2):
        answers[f"q{number:02}"] = 8 - steps if number in (1, 5, 9) else steps
    return replace(Taken("ecr-s", 1, 1, 7, target, answers), **other)


def test_the_error_and_the_threshold_are_those_of_the_formula():
    # sqrt(1 - 0.84) is 0.4; 1.25 * 0.4 = 0.5; 1.96 * 1.41421356 * 0.5 = 1.38592929.
    assert standard_error(MADE_UP) == pytest.approx(0.5)
    assert threshold(MADE_UP) == pytest.approx(1.38592929, abs=1e-8)


def test_a_textbook_case():
    # Jacobson & Truax (1991): SD 7.5, r 0.80, 32.5 before and 47.5 after; their index is
    # 15 / 4.74 = 3.16, well above 1.96. The threshold is 1.96 * 4.743 = 9.30.
    marital = Reliability("retest", 0.80, 7.5, "Jacobson & Truax, 1991")
    assert sqrt(2) * standard_error(marital) == pytest.approx(4.74, abs=0.005)
    assert threshold(marital) == pytest.approx(9.30, abs=0.005)
    assert verdict(Fraction(65, 2), Fraction(95, 2), marital) is Verdict.UP


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (2, 4, Verdict.UP),
        (4, 2, Verdict.DOWN),
        (2, 3, Verdict.CANNOT_TELL),
        (3, 3, Verdict.CANNOT_TELL),
    ],
)
def test_there_are_three_outcomes(before, after, expected):
    avoidance, anxiety = changes(measured(), taken(before), taken(after))
    assert (avoidance.earlier, avoidance.later) == (before, after)
    assert avoidance.verdict is expected
    assert anxiety.verdict is Verdict.CANNOT_TELL


def test_a_difference_as_large_as_the_threshold_does_not_pass_it():
    exact = Reliability("alpha", 0.75, 1.0, "made up")
    edge = Fraction(threshold(exact))
    assert verdict(Fraction(0), edge, exact) is Verdict.CANNOT_TELL
    assert verdict(Fraction(0), edge + Fraction(1, 10**6), exact) is Verdict.UP


def test_without_a_declared_reliability_there_is_no_verdict():
    avoidance, _anxiety = changes(from_files()["ecr-s"], taken(2), taken(6))
    assert (avoidance.earlier, avoidance.later) == (2, 6)
    assert (avoidance.verdict, avoidance.threshold) == (None, None)


@pytest.mark.parametrize(
    "other",
    [
        {"version": 2},
        {"highest": 5},
        {"lowest": 0},
        {"target": "friend"},
        {"instrument": "ecr-12"},
    ],
    ids=str,
)
def test_unlike_things_are_not_compared(other):
    instrument = measured()
    assert changes(instrument, taken(2, **other), taken(6)) == [None, None]
    assert changes(instrument, taken(2), taken(6, **other)) == [None, None]


def test_two_that_are_alike_but_not_of_this_version_are_not_compared():
    assert changes(measured(), taken(2, version=2), taken(6, version=2)) == [None, None]


def test_different_missing_items_are_not_compared_and_the_same_ones_are():
    full, less = taken(2), taken(6)
    holed = {key: step for key, step in less.answers.items() if key != "q03"}
    avoidance, anxiety = changes(measured(), full, replace(less, answers=holed))
    assert (avoidance, anxiety.verdict) == (None, Verdict.CANNOT_TELL)
    also = {key: step for key, step in full.answers.items() if key != "q03"}
    both = changes(measured(), replace(full, answers=also), replace(less, answers=holed))
    assert both[0].verdict is Verdict.UP


def test_too_few_answers_are_not_compared():
    few = replace(taken(2), answers={"q01": 2})
    assert changes(measured(), few, few) == [None, None]


@pytest.mark.parametrize(("r", "sd"), [(1.1, 1), (-0.1, 1), (0.8, 0)])
def test_an_impossible_reliability_is_refused(r, sd):
    with pytest.raises(ValueError, match="reliability"):
        standard_error(Reliability("alpha", r, sd, "x"))


SCORES = st.fractions(1, 7, max_denominator=6)
RELIABILITIES = st.builds(
    Reliability, st.just("alpha"), st.floats(0.01, 0.99), st.floats(0.01, 3), st.just("x")
)


@given(SCORES, SCORES, RELIABILITIES)
def test_a_verdict_turns_round_with_its_sides(earlier, later, reliability):
    other_way = {Verdict.UP: Verdict.DOWN, Verdict.DOWN: Verdict.UP}
    there = verdict(earlier, later, reliability)
    assert verdict(later, earlier, reliability) is other_way.get(there, there)
    if there is Verdict.UP:
        assert later - earlier > threshold(reliability)
