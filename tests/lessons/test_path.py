"""What is next and why, from facts alone."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from healing.lessons.path import (
    BEFORE,
    Facts,
    Next,
    Pace,
    Stop,
    enough_for_now,
    is_done,
    next_lesson,
    to_read_before,
)

MODULES = {
    "M1": "Steady ground",
    "M2": "Making sense of it",
    "M3": "Closeness and its patterns",
    "M6": "Needs and support",
    "M9": "The younger me",
    "S": "Working with a professional",
    "Z": "Carrying it forward",
}
LESSONS = [
    Stop(f"{module}.{number}", f"Lesson {number} of {module}", module, title)
    for module, title in MODULES.items()
    for number in (1, 2)
]
MONDAY = date(2026, 11, 23)


def read(*ids: str, on: date = MONDAY) -> dict[str, date]:
    return dict.fromkeys(ids, on)


def suggested(**facts: object) -> Next:
    found = next_lesson(Facts(lessons=LESSONS, today=MONDAY, **facts))
    assert found is not None
    return found


def test_someone_who_has_read_nothing_begins_at_the_beginning() -> None:
    assert suggested() == Next("M1.1", "This is where the programme begins.")


def test_the_next_one_follows_the_last_one_of_its_module() -> None:
    found = suggested(read=read("M1.1"))
    assert found.content_id == "M1.2"
    assert found.reason == "You read “Lesson 1 of M1” today. This one follows it."


def test_a_day_within_the_week_is_named_and_an_older_one_dated() -> None:
    assert "on Friday." in suggested(read=read("M1.1", on=date(2026, 11, 20))).reason
    assert "on 2 March." in suggested(read=read("M1.1", on=date(2026, 3, 2))).reason


def test_a_finished_module_leads_to_the_next_and_says_so() -> None:
    found = suggested(read=read("M1.1", "M1.2"))
    assert found.content_id == "M2.1"
    assert found.reason == "You have read all of “Steady ground”. “Making sense of it” comes next."


def test_a_lesson_that_was_passed_over_comes_up_again() -> None:
    assert suggested(read=read("M1.2", "M2.1")).content_id == "M1.1"


def test_a_lesson_is_never_said_to_follow_one_that_comes_after_it() -> None:
    begins = "This is where the programme begins."
    assert suggested(read=read("M1.2")) == Next("M1.1", begins)
    assert suggested(read=read("M3.1", "M3.2"), aside=["M1.1"]).content_id == "M1.2"
    assert "follows" not in suggested(read=read("M2.2"), aside=["M1.1", "M1.2"]).reason
    early = suggested(read=read("M1.1", "M1.2", "M3.1", "M3.2"))
    assert early.content_id == "M2.1"
    assert early.reason == "You have read all of “Steady ground”. “Making sense of it” comes next."


def test_unease_with_leaning_puts_room_and_support_first() -> None:
    found = suggested(read=read("M1.1", "M1.2"), room_first=True)
    assert found.content_id == "M3.1"
    assert "room and support" in found.reason
    done = read("M1.1", "M1.2", "M3.1", "M3.2")
    assert suggested(read=done, room_first=True).content_id == "M6.1"


def test_a_recent_loss_puts_support_early_and_weighs_more_than_the_picture() -> None:
    found = suggested(read=read("M1.1", "M1.2"), recent_loss=True, room_first=True)
    assert found.content_id == "M6.1"
    assert "support comes early" in found.reason
    done = read("M1.1", "M1.2", "M6.1", "M6.2")
    assert suggested(read=done, recent_loss=True).content_id == "S.1"


def test_the_optional_module_and_the_side_path_are_never_pushed() -> None:
    done = read(*(stop.content_id for stop in LESSONS if stop.module not in {"M9", "S"}))
    assert next_lesson(Facts(lessons=LESSONS, today=MONDAY, read=done)) is None


def test_a_module_is_done_when_all_its_published_lessons_are_read() -> None:
    assert not is_done("M1", Facts(LESSONS, MONDAY, read("M1.1")))
    assert is_done("M1", Facts(LESSONS, MONDAY, read("M1.1", "M1.2")))
    assert not is_done("M5", Facts(LESSONS, MONDAY))


@settings(deadline=None)
@given(
    st.sets(st.sampled_from([stop.content_id for stop in LESSONS])), st.booleans(), st.booleans()
)
def test_whatever_was_read_the_suggestion_is_unread_and_has_a_reason(
    done: set[str], room_first: bool, recent_loss: bool
) -> None:
    facts = Facts(LESSONS, MONDAY, read(*done), room_first=room_first, recent_loss=recent_loss)
    found = next_lesson(facts)
    if found is not None:
        assert found.content_id not in done
        assert found.reason.endswith(".")
        assert "%" not in found.reason


def test_a_lesson_set_aside_is_passed_over_and_does_not_count_as_read() -> None:
    assert suggested(aside=["M1.1"]).content_id == "M1.2"
    assert not is_done("M1", Facts(LESSONS, MONDAY, read("M1.2"), aside=["M1.1"]))


def test_a_lesson_behind_the_gate_is_never_suggested() -> None:
    gated = [Stop("M1.1", "One", "M1", "Steady", gated=True), Stop("M1.2", "Two", "M1", "Steady")]
    found = next_lesson(Facts(gated, MONDAY))
    assert found is not None
    assert found.content_id == "M1.2"


def test_what_had_better_come_first_is_named_until_it_is_read() -> None:
    def waiting(module: str, *done: str) -> list[str]:
        facts = Facts(LESSONS, MONDAY, read(*done))
        return [stop.content_id for stop in to_read_before(module, facts)]

    assert waiting("M1") == waiting("M2") == waiting("M3") == waiting("S") == []
    assert waiting("M6") == ["M1.1", "M1.2"]
    assert waiting("M6", "M1.1") == ["M1.2"]
    assert waiting("M6", "M1.1", "M1.2") == []
    assert waiting("M4", "M1.1") == ["M1.2"]  # of M1.1 to M1.3, those that are there
    assert BEFORE["M8"] == ("M4", "M5.1", "M5.2", "M5.3", "M5.4")


def test_the_usual_week_has_three_lessons_and_the_slow_road_one() -> None:
    def enough(pace: Pace, *ago: int) -> bool:
        days = {f"M{n}.1": MONDAY - timedelta(days=days) for n, days in enumerate(ago)}
        return enough_for_now(Facts(LESSONS, MONDAY, days, pace=pace))

    assert not enough(Pace.USUAL)
    assert not enough(Pace.USUAL, 0, 6)
    assert enough(Pace.USUAL, 0, 1, 6)
    assert not enough(Pace.USUAL, 0, 1, 7)
    assert enough(Pace.SLOW, 6)
    assert not enough(Pace.SLOW, 7)
