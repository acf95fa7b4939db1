"""Reading the shipped files: what is right passes, what is wrong names file and field."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from exercises import content
from exercises.models import Exercise
from exercises.timeline import timeline
from healing.editorial.loader import Upgrade
from healing.editorial.shipped import BadContent
from healing.sources import content as sources


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
    assert [row["id"] for row in content.read()] == ["E01", "E02", "E03", "E05", "E08"]


@pytest.mark.parametrize(
    ("exercise", "variant", "seconds"),
    [
        ("E01", "standard", 180),
        ("E02", "standard", 90),
        ("E03", "standard", 120),
        ("E05", "standard", 180),
        ("E05", "gentle", 119),
        ("E05", "quick", 60),
        ("E08", "standard", 100),
    ],
)
def test_the_shipped_exercises_last_as_long_as_the_programme_says(
    exercise: Any, variant: Any, seconds: int
) -> None:
    ways = {way["name"]: way for way in content.shipped()[exercise]["variants"]}
    assert timeline(ways[variant]).seconds == seconds


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
            "steps, entry 1, field seconds: must be from 0",
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

    with pytest.raises(BadContent, match=r"e08\.yaml \(E08\), field steps: the timed ones"):
        changed(shorten, "e08.yaml")


def test_two_files_with_one_id_are_refused(changed: Callable[..., list[dict[str, Any]]]) -> None:
    with pytest.raises(BadContent, match="'E08' stands twice as id"):
        changed(lambda exercise: exercise.update(id="E08"))


def test_a_fast_breath_is_refused(changed: Callable[..., list[dict[str, Any]]]) -> None:
    def hurry(exercise: Any) -> None:
        exercise["pattern"].update({"in": 1, "out": 1})

    with pytest.raises(BadContent, match="field out: a breath takes six seconds or more"):
        changed(hurry)
