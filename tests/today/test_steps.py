"""The next small step: its order, and how one is set aside."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from healing.today.steps import Facts, Step, step_after, steps

NEW = Facts(
    exercises_done=0,
    pictures_taken=0,
    checked_in_today=False,
    check_ins=0,
    unread_lessons=1,
    entries=0,
    has_plan=False,
)
SETTLED = Facts(
    exercises_done=3,
    pictures_taken=1,
    checked_in_today=True,
    check_ins=5,
    unread_lessons=0,
    entries=2,
    has_plan=True,
)
FACTS = st.builds(
    Facts,
    exercises_done=st.integers(0, 3),
    pictures_taken=st.integers(0, 2),
    checked_in_today=st.booleans(),
    check_ins=st.integers(0, 3),
    unread_lessons=st.integers(0, 1),
    entries=st.integers(0, 2),
    has_plan=st.booleans(),
    heavy=st.booleans(),
    ask_safety=st.booleans(),
    look_back_due=st.booleans(),
    practice_due=st.booleans(),
)
STIRRING = {
    Step.STARTING_PICTURE,
    Step.LESSON,
    Step.FIRST_ENTRY,
    Step.REMINDER,
    Step.LOOK_BACK,
    Step.PRACTICE,
}


def test_steadying_comes_before_questions_and_lessons() -> None:
    assert list(steps(NEW)) == [
        Step.STEADY_FIRST,
        Step.STARTING_PICTURE,
        Step.CHECK_IN,
        Step.LESSON,
        Step.FIRST_ENTRY,
        Step.REMINDER,
        Step.REST,
    ]


@pytest.mark.parametrize(
    ("change", "step"),
    [
        ({"exercises_done": 0}, Step.STEADY_FIRST),
        ({"pictures_taken": 0}, Step.STARTING_PICTURE),
        ({"check_ins": 0, "checked_in_today": False}, Step.CHECK_IN),
        ({"unread_lessons": 1}, Step.LESSON),
        ({"entries": 0}, Step.FIRST_ENTRY),
        ({"has_plan": False}, Step.REMINDER),
        ({"look_back_due": True}, Step.LOOK_BACK),
        ({"practice_due": True}, Step.PRACTICE),
        ({"look_back_due": True, "unread_lessons": 1}, Step.LOOK_BACK),
        ({"look_back_due": True, "exercises_done": 0}, Step.STEADY_FIRST),
        ({"checked_in_today": False}, Step.CHECK_IN),
        ({}, Step.REST),
    ],
)
def test_each_gap_alone_leads_to_its_step(change: dict[str, object], step: Step) -> None:
    assert step_after(replace(SETTLED, **change), "") is step  # type: ignore[arg-type]


@given(FACTS)
def test_after_a_high_level_nothing_that_stirs_is_ever_named(facts: Facts) -> None:
    assert not STIRRING & set(steps(replace(facts, heavy=True)))
    if not facts.heavy:
        assert Step.SAFETY not in steps(facts)


@pytest.mark.parametrize("known", [NEW, SETTLED])
@pytest.mark.parametrize("ask", [True, False])
def test_after_a_high_level_the_question_and_steadying_come_first(known: Facts, ask: bool) -> None:
    found = list(steps(replace(known, heavy=True, ask_safety=ask)))
    check_in = [] if known.checked_in_today else [Step.CHECK_IN]
    question = [Step.SAFETY] if ask else []
    assert found == [*question, Step.STEADY_FIRST, *check_in, Step.REST]


@given(FACTS)
def test_there_is_always_a_step_and_rest_is_the_last(facts: Facts) -> None:
    found = list(steps(facts))
    assert found[-1] is Step.REST
    assert len(found) == len(set(found))


@given(FACTS)
def test_setting_aside_walks_through_all_and_ends_at_rest(facts: Facts) -> None:
    seen = [step_after(facts, "")]
    while seen[-1] is not Step.REST:
        seen.append(step_after(facts, seen[-1]))
    assert seen == list(steps(facts))
    assert step_after(facts, Step.REST) is Step.REST


@given(FACTS, st.text(max_size=20))
def test_a_made_up_step_is_ignored(facts: Facts, text: str) -> None:
    if text not in list(Step):
        assert step_after(facts, text) is step_after(facts, "")
