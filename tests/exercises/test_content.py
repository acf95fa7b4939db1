"""Reading the shipped files: what is right passes, what is wrong names file and field."""

import shutil
from collections.abc import Callable, Iterable, Iterator
from copy import deepcopy
from itertools import chain, combinations
from pathlib import Path
from typing import Any

import pytest
import yaml

from exercises import content
from exercises.limits import INSTEAD
from exercises.models import Exercise
from exercises.page import CHAIN
from exercises.ratings import AFTER_STOPPING, STARTS_AT_ANY, STEADY_AFTER, STEADY_FIRST
from exercises.screens import ALARM_OR_ANSWER, ASKS_RESPECT, MY_NO, NEXT_MOVES, READING
from exercises.templatetags.exercises import lasting
from exercises.timeline import timeline
from healing.editorial.loader import Upgrade
from healing.editorial.shipped import BadContent
from healing.editorial.text_checks import runs
from healing.sources import content as sources

ALL = [f"E{number:02}" for number in range(1, 36)]


def way(exercise: str, variant: str = "standard") -> dict[str, Any]:
    """One way of a shipped exercise."""
    return next(one for one in content.shipped()[exercise]["variants"] if one["name"] == variant)


@pytest.fixture
def changed(tmp_path: Path) -> Callable[..., list[dict[str, Any]]]:
    """Reads E05 again after `change` has been at it, with E08 beside it."""

    def read(change: Any, file: str = "e05.yaml") -> list[dict[str, Any]]:
        for name in ("e05.yaml", "e08.yaml"):
            shutil.copy(content.FOLDER / name, tmp_path)
        data = yaml.safe_load((tmp_path / file).read_text())
        change(data)
        (tmp_path / file).write_text(yaml.safe_dump(data))
        return content.read(tmp_path)

    return read


def test_the_shipped_files_are_sound() -> None:
    assert [row["id"] for row in content.read()] == ALL


# Programme section 5, and the table of section 11.
@pytest.mark.parametrize(
    ("exercise", "variant", "seconds"),
    [
        ("E01", "standard", 180),
        ("E02", "standard", 90),
        ("E03", "standard", 120),
        ("E04", "standard", 60),
        ("E05", "standard", 180),
        ("E05", "gentle", 119),
        ("E05", "quick", 60),
        ("E06", "standard", 45),
        ("E06", "practice", 297),
        ("E07", "standard", 128),
        ("E07", "gentle", 128),
        ("E08", "standard", 100),
        ("E09", "standard", 90),
        ("E11", "standard", 240),
        ("E12", "standard", 600),
        ("E12", "five", 300),
        ("E12", "twenty", 1200),
        ("E12", "gentle", 120),
        ("E13", "standard", 120),
        ("E14", "standard", 180),
        ("E15", "standard", 240),
        ("E15", "gentle", 60),
        ("E23", "standard", 900),
        ("E32", "standard", 300),
        ("E32", "quick", 30),
        ("E35", "standard", 900),
    ],
)
def test_the_shipped_exercises_last_as_long_as_the_programme_says(
    exercise: Any, variant: Any, seconds: int
) -> None:
    assert timeline(way(exercise, variant)).seconds == seconds


@pytest.mark.parametrize(
    ("exercise", "seconds"),
    [
        ("E01", [40, 40, 30, 30, 20, 20]),
        ("E02", [25, 25, 20, 20]),
        ("E03", [40, 60, 20]),
        ("E04", [30, 20, 10]),
        ("E08", [5] * 20),
        ("E09", [15, 60, 15]),
        ("E11", [20, 40, 60, 60, 40, 20]),
        ("E13", [30, 30, 30, 30]),
        ("E14", [30, 30, 40, 40, 40]),
        ("E15", [30, 50, 60, 50, 50]),
        ("E23", [120, 240, 300, 120, 120]),
        ("E32", [30, 60, 60, 60, 60, 30]),
        # Four minutes for three prompts.
        ("E35", [120, 80, 80, 80, 180, 180, 180]),
    ],
)
def test_each_step_lasts_as_long_as_the_programme_says(exercise: Any, seconds: Any) -> None:
    assert [phase.seconds for phase in timeline(way(exercise)).round] == seconds


@pytest.mark.parametrize(
    ("exercise", "variant", "breath"),
    [
        ("E05", "standard", [4, 0, 0, 6, 0, 18]),
        ("E05", "gentle", [3, 0, 0, 4, 0, 17]),
        ("E05", "quick", [4, 0, 0, 6, 0, 6]),
        ("E06", "standard", [2, 1, 0, 6, 0, 5]),
        ("E06", "practice", [2, 1, 0, 6, 0, 33]),
        ("E07", "standard", [4, 0, 4, 4, 4, 8]),
        ("E07", "gentle", [4, 0, 0, 4, 0, 16]),
    ],
)
def test_each_breath_has_the_seconds_of_the_programme(
    exercise: Any, variant: Any, breath: Any
) -> None:
    assert list(way(exercise, variant)["pattern"].values()) == breath


def test_after_the_long_out_breath_come_ten_seconds_of_natural_breathing() -> None:
    assert content.shipped()["E05"]["rest_after"] == 10


@pytest.mark.parametrize(
    ("exercise", "minutes"),
    [
        ("E06", (0.8, 5)),
        ("E10", (1, 10)),
        ("E12", (5, 20)),
        ("E16", (5, 10)),
        ("E17", (6, None)),
        ("E18", (5, None)),
        ("E19", (8, None)),
        ("E20", (10, None)),
        ("E21", (10, None)),
        ("E22", (5, None)),
        ("E23", (10, 15)),
        ("E24", (3, None)),
        ("E25", (8, None)),
        ("E26", (8, None)),
        ("E27", (6, None)),
        ("E28", (10, None)),
        ("E29", (10, None)),
        ("E30", (8, None)),
        ("E31", (10, None)),
        ("E33", (10, None)),
        ("E34", (3, 10)),
        ("E35", (15, None)),
    ],
)
def test_an_exercise_without_a_clock_names_the_minutes_of_the_programme(
    exercise: Any, minutes: Any
) -> None:
    row = content.shipped()[exercise]
    assert tuple(one and float(one) for one in (row["minutes"], row["minutes_to"])) == minutes


@pytest.mark.parametrize(
    ("variant", "begins", "parts_of_it"),
    [
        ("standard", [200, 400], [[25, 25, 20, 20], [30, 30, 30, 30]]),
        ("five", [100, 200], [[25, 25, 20, 20], [30]]),
        ("twenty", [400, 800], [[25, 25, 20, 20], [30, 30, 30, 30]]),
        ("gentle", [30], [[25, 25, 20, 20]]),
    ],
)
def test_the_wave_timer_steadies_at_a_third_and_names_at_two_thirds(
    variant: Any, begins: list[int], parts_of_it: list[list[int]]
) -> None:
    # Its steps tell E02 and E13 in words of their own, so they are found by their seconds.
    seconds = [phase.seconds for phase in timeline(way("E12", variant)).round if phase.seconds]
    starts = [sum(seconds[:number]) for number in range(len(seconds))]
    for begin, parts in zip(begins, parts_of_it, strict=True):
        first = starts.index(begin)
        assert seconds[first : first + len(parts)] == parts


# How often each part of an exercise that lasts days is offered.
@pytest.mark.parametrize(
    ("exercise", "parts"),
    [
        ("E21", {"standard": 1, "day": 14, "look-back": 1}),
        ("E24", {"standard": 1, "day": 6, "look-back": 1}),
        ("E34", {"standard": 1, "day": 13, "look-back": 1}),
    ],
)
def test_an_exercise_that_lasts_days_has_the_days_of_the_programme(
    exercise: Any, parts: Any
) -> None:
    ways = content.shipped()[exercise]["variants"]
    assert {one["name"]: one["times"] for one in ways if one["times"]} == parts


# Programme 10.5: what every exercise has ---------------------------------------------------------


def words_of(row: dict[str, Any]) -> Iterator[str]:
    """Every text of a shipped exercise."""
    yield from (row[name] for name in ("title", "purpose", "intro", "rest_text", "gentler"))
    yield from (*row["how"], *row["not_when"], row["evidence"]["note"])
    for one in row["variants"]:
        yield from (one["label"], one["note"])
        for step in one.get("steps", ()):
            yield from (step["say"], step["text"], *step.get("options", ()))


@pytest.mark.parametrize("exercise", ALL)
def test_every_exercise_has_a_gentler_way_cautions_and_evidence(exercise: Any) -> None:
    row = content.shipped()[exercise]
    assert "gentle" in [one["name"] for one in row["variants"]]
    assert row["gentler"]
    assert all(row["not_when"])
    assert row["evidence"]["tag"] in Exercise.Evidence.values
    assert row["evidence"]["note"]
    assert row["evidence"]["sources"]


def which(holds: Callable[[dict[str, Any]], Any]) -> set[str]:
    return {row["id"] for row in content.read() if holds(row)}


def test_the_intensity_is_the_higher_word_of_the_programme() -> None:
    low = {*ALL[:10], "E22", "E24", "E29", "E31"}
    high = {"E20", "E32", "E33", "E35"}
    assert which(lambda row: row["intensity"] == "low") == low
    assert which(lambda row: row["intensity"] == "high") == high
    assert which(lambda row: row["intensity"] == "medium") == {*ALL} - low - high


@pytest.mark.parametrize(
    ("tag", "exercises"),
    [
        ("tested", "E05 E14 E15 E21 E23 E25 E26 E31"),
        ("promising", "E06 E07 E11 E13 E16 E18 E20 E22"),
    ],
)
def test_the_evidence_tag_is_that_of_the_programme(tag: str, exercises: str) -> None:
    assert which(lambda row: row["evidence"]["tag"] == tag) == {*exercises.split()}


def test_three_exercises_have_the_frame_and_share_two_times_a_week() -> None:
    framed = {"E32", "E33", "E35"}
    assert which(lambda row: row["frame"] == "inner_child") == framed
    assert which(lambda row: row["frame"]) == framed
    assert which(lambda row: row["max_per_week"] == 2) == framed
    assert which(lambda row: row["max_per_week"]) == framed


def test_four_exercises_ask_first_whether_the_other_person_is_safe() -> None:
    assert which(lambda row: row["requires_safety_screen"]) == {"E25", "E26", "E27", "E28"}


@pytest.mark.parametrize("exercise", ALL)
def test_less_than_fifty_words_come_before_the_start(exercise: Any) -> None:
    row = content.shipped()[exercise]
    above = (row["kind"], "·", lasting(row), row["title"], row["purpose"], row["intro"])
    assert len(" ".join(above).split()) < 50


def shared(rows: Iterable[dict[str, Any]]) -> list[tuple[str, str, str]]:
    """Runs of eight words that stand in two exercises; what the ways of one share is its own."""
    found = {row["id"]: {run for text in words_of(row) for run in runs(text)} for row in rows}
    return [
        (one, other, run)
        for one, other in combinations(found, 2)
        for run in found[one] & found[other]
    ]


def test_no_two_exercises_share_eight_words_in_a_row() -> None:
    assert shared(content.read()) == []


def test_a_shared_sentence_would_be_found() -> None:
    first, second = deepcopy(content.read()[:2])
    second["variants"][1]["steps"][0]["text"] = first["variants"][0]["steps"][0]["text"]
    assert {found[:2] for found in shared([first, second])} == {("E01", "E02")}


def test_the_words_of_the_readings_are_whatever_the_moves_count_on() -> None:
    """E30's answers are found by their place: three moves and no move, “Rarely” first."""
    asks = {step["key"]: step for step in timeline(way("E30")).asks}
    assert len(asks[READING]["options"]) == len(NEXT_MOVES)
    assert asks[MY_NO]["options"][0] == "Rarely"
    assert [words.split()[-1] for words in asks[READING]["options"]] == [
        "echo",
        "present",
        "Both",
        "tell",
    ]


def test_every_exercise_that_is_offered_somewhere_is_shipped() -> None:
    named = {*STEADY_FIRST, *STEADY_AFTER, *AFTER_STOPPING, *STARTS_AT_ANY, *INSTEAD, *ASKS_RESPECT}
    named |= {ALARM_OR_ANSWER, CHAIN, *chain.from_iterable(NEXT_MOVES)}
    assert named <= {*ALL}


def test_every_source_named_is_shipped() -> None:
    shipped = {row["id"] for row in sources.read()}
    named = {one for row in content.read() for one in row["evidence"]["sources"]}
    assert named <= shipped


def test_loading_twice_changes_nothing(db: None) -> None:
    assert set(content.load().values()) == {Upgrade.CREATED}
    assert set(content.load().values()) == {Upgrade.SAME}


def test_the_database_gives_back_what_the_file_says(db: None) -> None:
    content.load()
    for row in content.read():
        assert Exercise.objects.get(content_id=row["id"]).as_row() == row


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda e: e.pop("gentler"), "field gentler: is missing"),
        (lambda e: e.update(purpose=" "), "field purpose: is empty"),
        (lambda e: e.update(intensity="mild"), "field intensity: must be one of low, medium"),
        (lambda e: e.update(fits_state=["angry"]), "field fits_state: 'angry'"),
        (lambda e: e.update(minutes=9), "field minutes: 9 does not fit 180 seconds"),
        (lambda e: e.update(minutes="three"), "field minutes: must be a number"),
        (lambda e: e.update(colour="blue"), "field colour: is not known here"),
        (lambda e: e.update(not_when=[]), "field not_when: needs at least one sentence"),
        (
            lambda e: e.update(gentler_exercise="E99"),
            "(E05), field gentler_exercise: there is no exercise E99",
        ),
        (lambda e: e["evidence"].update(tag="proven"), "field evidence, field tag: must be one of"),
        (lambda e: e["evidence"].update(sources=[]), "field evidence, field sources: names no"),
        (lambda e: e["evidence"].update(sources=["X1"]), "field sources: 'X1'"),
        (lambda e: e["pattern"].update({"in": 20}), "field pattern, field in: must be from 1 to 6"),
        (
            lambda e: e.update(pattern={**e["pattern"], "cycles": 17}),
            "field pattern: must be that of the standard way",
        ),
        (
            lambda e: e["steps"][0].update(seconds=3),
            "steps, entry 1, field seconds: is not known here",
        ),
        (lambda e: e["variants"].pop(1), "field variants: start with standard, hold gentle"),
        (lambda e: e["variants"][1]["pattern"].update(out=2), "a breath takes six seconds"),
        (lambda e: e["variants"][2].pop("pattern"), "variants, entry 3, field steps: is missing"),
    ],
)
def test_a_mistake_names_the_file_and_the_field(
    changed: Callable[..., list[dict[str, Any]]], change: Any, said: str
) -> None:
    with pytest.raises(BadContent) as problem:
        changed(change)
    assert said in str(problem.value)
    assert "E05" in str(problem.value)


def test_timed_steps_at_the_top_must_be_those_of_the_standard_way(
    changed: Callable[..., list[dict[str, Any]]],
) -> None:
    def shorten(exercise: Any) -> None:
        exercise["steps"] = exercise["steps"][:-1]

    with pytest.raises(BadContent, match=r"e08\.yaml \(E08\), field steps: must be those"):
        changed(shorten, "e08.yaml")


def test_two_files_with_one_id_are_refused(changed: Callable[..., list[dict[str, Any]]]) -> None:
    with pytest.raises(BadContent, match="'E08' stands twice as id"):
        changed(lambda exercise: exercise.update(id="E08"))


def test_a_fast_breath_is_refused(changed: Callable[..., list[dict[str, Any]]]) -> None:
    def hurry(exercise: Any) -> None:
        exercise["pattern"].update({"in": 1, "out": 1})

    with pytest.raises(BadContent, match="field out: a breath takes six seconds or more"):
        changed(hurry)
