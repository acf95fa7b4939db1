"""The shipped lessons are sound, and a mistake in one is named with file and field."""

from collections.abc import Callable
from pathlib import Path

import pytest

from healing.editorial.loader import digest
from healing.editorial.shipped import BadContent
from healing.lessons.content import FOLDER, load, not_here_yet, read, read_modules, refuse_unknown
from healing.lessons.models import Lesson

SHIPPED = (FOLDER / "m1" / "m1-1.md").read_text()


@pytest.fixture
def folder_with(tmp_path: Path) -> Callable[[str, str], Path]:
    """A content folder whose lesson M1.1 has one piece of text put in place of another."""
    (tmp_path / "modules.yaml").write_text((FOLDER / "modules.yaml").read_text())
    (tmp_path / "m1").mkdir()

    def write(old: str, new: str) -> Path:
        assert old in SHIPPED
        (tmp_path / "m1" / "m1-1.md").write_text(SHIPPED.replace(old, new, 1))
        return tmp_path

    return write


def test_every_shipped_lesson_and_module_can_be_read() -> None:
    modules, lessons = read_modules(), read()
    assert "M1.1" in {row["id"] for row in lessons}
    assert {row["module"] for row in lessons} <= {row["id"] for row in modules}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("id: M1.1", "id: lesson-one", "field id"),
        ("minutes: 6", "minutes: six", "field minutes"),
        ("minutes: 6", "minutes: 600", "field minutes"),
        ("intensity: low", "intensity: mild", "field intensity"),
        ("module: M1", "module: X1", "field module"),
        ("goal:", "gaol:", "field goal"),
        ("content_note:", "extra: 1\ncontent_note:", "field extra"),
        ("::: reflect first-sign", "::: reflect First sign", "not closed"),
        ("::: reflect first-sign", "::: reflect First-sign", "'reflect First-sign' is not known"),
        ("::: example work", "::: example office", "'example office' is not known"),
        ("::: example work", "::: example", "'example' is not known"),
        ("[[exercise:E03]]", "[[exercise:E99]]", "there is no exercise E99"),
        ("[[exercise:E03]]", "[[picture:cat]]", "'picture cat' is not known"),
        ("[[exercise:E03]]", "::: reflect again\nAnd?\n:::", "one question"),
        ("practise: [E03, T2]", "practise: [E03, E03]", "field practise"),
        ("practise: [E03, T2]", "practise: [walk]", "field practise"),
    ],
)
def test_a_mistake_is_named_with_file_and_field(
    folder_with: Callable[[str, str], Path], old: str, new: str, said: str
) -> None:
    with pytest.raises(BadContent, match=said) as problem:
        read(folder_with(old, new))
    assert "m1-1.md" in str(problem.value)


def test_two_lessons_may_not_share_an_id(folder_with: Callable[[str, str], Path]) -> None:
    folder = folder_with("slug: why", "slug: why-else")
    (folder / "m1" / "m1-2.md").write_text(SHIPPED)
    with pytest.raises(BadContent, match="stands twice"):
        read(folder)


def test_a_lesson_may_not_name_a_source_that_is_not_there() -> None:
    row = {"file": "m1-1.md", "sources": ["B47"]}
    refuse_unknown([row], sources={"B47"})
    with pytest.raises(BadContent, match=r"m1-1\.md: there is no source B47"):
        refuse_unknown([row], sources=set())


def test_what_is_named_and_not_written_yet_is_listed() -> None:
    rows = [
        {"id": "M1.1", "exercise_ids": ["E03", "T2"]},
        {"id": "M1.4", "exercise_ids": ["T2"]},
    ]
    assert not_here_yet(rows, exercises={"E03"}) == {"T2": ["M1.1", "M1.4"]}


@pytest.mark.django_db
def test_lessons_wait_for_the_sources_they_cite() -> None:
    with pytest.raises(BadContent, match="there is no source"):
        load()
    assert not Lesson.objects.exists()


@pytest.mark.usefixtures("content")
def test_loading_keeps_every_part_of_the_file() -> None:
    lesson = Lesson.objects.get(content_id="M1.1")
    row = next(row for row in read() if row["id"] == "M1.1")
    assert lesson.module.content_id == row["module"]
    assert lesson.source_ids == row["sources"]
    assert lesson.practise_ids == row["practise"]
    assert [block.block_type for block in lesson.body] == [one["type"] for one in row["blocks"]]
    assert lesson.shipped_digest == digest(lesson)
