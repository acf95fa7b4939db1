"""The counts behind the picture, against counting by hand."""

from hypothesis import given
from hypothesis import strategies as st

from healing.predictions.calibration import NEEDED, STEPS, STRONG, Tally, calibrate
from healing.predictions.outcomes import UNEASY_TRIGGERS, Outcome, is_uneasy
from healing.taxonomy.triggers import TRIGGERS

answers = st.lists(
    st.tuples(st.none() | st.integers(0, 100), st.sampled_from(list(Outcome))), max_size=60
)


@given(answers)
def test_every_answer_is_counted_once_and_in_one_place(
    every: list[tuple[int | None, Outcome]],
) -> None:
    found = calibrate(every)
    fears = happened = partly = unknown = unrated = 0
    by_step = {low: [0, 0, 0, 0] for low, _high in STEPS}
    strong = [0, 0, 0]
    for rated, outcome in every:
        if outcome == "cannot_know":
            unknown += 1
            continue
        if rated is None:
            unrated += 1
            continue
        fears += 1
        happened += outcome == "happened"
        partly += outcome == "partly"
        low = 80 if rated == 100 else rated // 20 * 20
        held = by_step[low]
        held[0] += 1
        held[1] += outcome == "happened"
        held[2] += outcome == "partly"
        held[3] += rated
        if rated >= 70:
            strong[0] += 1
            strong[1] += outcome == "happened"
            strong[2] += outcome == "partly"
    assert found.everything == Tally(fears, happened, partly)
    assert found.strong == Tally(*strong)
    assert (found.unknown, found.unrated) == (unknown, unrated)
    assert fears + unknown + unrated == len(every)
    assert found.missing == max(0, 8 - fears)
    filled = {low: held for low, held in by_step.items() if held[0]}
    assert [step.low for step in found.steps] == sorted(filled)
    for step in found.steps:
        n, yes, half, total = filled[step.low]
        assert step.tally == Tally(n, yes, half)
        assert step.mean == total / n
        assert step.low <= step.mean <= step.high
        assert (
            step.tally.share * n == 100 * yes + 50 * half
            or abs(step.tally.share - (100 * yes + 50 * half) / n) < 1e-9
        )
        assert 0 <= step.x <= 100
        assert 0 <= step.y <= 100


def test_the_steps_cover_every_per_cent_once() -> None:
    covered = [number for low, high in STEPS for number in range(low, high + 1)]
    assert covered == list(range(101))


def test_partly_counts_as_half() -> None:
    found = calibrate([(50, Outcome.PARTLY), (50, Outcome.DID_NOT)])
    assert found.steps[0].tally.share == 25
    assert found.steps[0].y == 75


def test_seventy_is_strong_and_eight_are_enough() -> None:
    found = calibrate([(STRONG, Outcome.HAPPENED), (STRONG - 1, Outcome.DID_NOT)])
    assert found.strong == Tally(1, 1, 0)
    assert calibrate([(1, Outcome.DID_NOT)] * (NEEDED - 1)).missing == 1
    assert calibrate([(1, Outcome.DID_NOT)] * NEEDED).missing == 0


def test_the_uneasy_triggers_are_in_the_list_of_triggers() -> None:
    assert set(TRIGGERS.by_key) >= UNEASY_TRIGGERS
    assert is_uneasy(["quarrel", "dishonesty"])
    assert not is_uneasy(["quarrel"])
    assert not is_uneasy([])
