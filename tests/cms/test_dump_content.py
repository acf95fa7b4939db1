"""The command that writes live texts back as the files that ship."""

import io
import json
import shutil
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from exercises import content as exercises
from exercises.models import Exercise
from healing.editorial import loader
from healing.editorial.models import EditedText
from healing.lessons import content as lessons
from healing.lessons.models import Lesson, Module
from healing.reminders import content as reminders
from healing.reminders.models import MailText
from healing.safety import content as safety
from healing.safety.models import CrisisLine
from healing.sources import content as sources
from healing.sources.models import Source

pytestmark = pytest.mark.usefixtures("content")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "dump"


def dump(folder: Path) -> str:
    said = io.StringIO()
    call_command("dump_content", folder, stdout=said)
    return said.getvalue()


def inside(folder: Path, shipped: Path) -> Path:
    """Where a dump holds the file or folder that ships at this path."""
    return folder / shipped.relative_to(settings.BASE_DIR)


def read_all(folder: Path) -> None:
    """Read a dump as loading would; raises BadContent."""
    source_ids = {row["id"] for row in sources.read(inside(folder, sources.FOLDER))}
    rows = lessons.read(inside(folder, lessons.FOLDER))
    lessons.refuse_unknown(rows, sources=source_ids)
    exercises.read(inside(folder, exercises.FOLDER))
    safety.read(inside(folder, safety.FILE))
    reminders.read(inside(folder, reminders.FILE))


def publish(text: EditedText, **changes: object) -> None:
    for name, value in changes.items():
        setattr(text, name, value)
    text.save_revision().publish()


def test_texts_nobody_changed_come_back_as_the_files_that_ship(folder: Path) -> None:
    said = dump(folder)
    files = [file for file in folder.rglob("*") if file.is_file()]
    assert len(files) == Lesson.objects.count() + Exercise.objects.count() + 4
    for file in files:
        shipped = settings.BASE_DIR / file.relative_to(folder)
        assert file.read_bytes() == shipped.read_bytes(), shipped
    assert f"lessons: {Lesson.objects.count() + 1} files" in said
    assert "is not in them" not in said


def test_files_in_which_every_text_was_changed_say_exactly_that(folder: Path) -> None:
    changes = {
        Exercise: ("purpose", exercises.read, exercises.FOLDER),
        Source: ("limits", sources.read, sources.FOLDER),
        CrisisLine: ("for_whom", safety.read, safety.FILE),
        Module: ("aim", lessons.read_modules, lessons.FOLDER),
        MailText: ("title", reminders.read, reminders.FILE),
    }
    new = "Changed: “so” #1, and it's a line that is long enough to be folded. " + "Word " * 20
    for model, (name, _, _) in changes.items():
        model.objects.update(**{name: new.strip()})
    dump(folder)
    for name, read, place in changes.values():
        assert read(inside(folder, place)) == [{**row, name: new.strip()} for row in read()]
    for file in (sources.FOLDER / "sources.yaml", reminders.FILE):
        before, after = file.read_text(), inside(folder, file).read_text()
        assert after.splitlines()[0] == before.splitlines()[0]
        assert after.startswith("# ")


def test_what_editors_published_is_in_it_and_their_drafts_are_not(folder: Path) -> None:
    lesson = Lesson.objects.get(content_id="M1.1")
    publish(lesson, goal="Know: what *comes* first.\r\nAnd why.")
    lesson.goal = "Only a draft."
    lesson.save_revision()
    publish(Exercise.objects.get(content_id="E05"), rest_after=20, how="One line.\r\nTwo: lines.")
    publish(Source.objects.get(content_id="B47"), title="WHO, 2020", notes='A "note": # 1')
    publish(MailText.objects.first(), title="Another name")
    dump(folder)
    read_all(folder)
    rows = {row["id"]: row for row in lessons.read(inside(folder, lessons.FOLDER))}
    assert rows["M1.1"]["goal"] == "Know: what *comes* first.\nAnd why."
    rows = {row["id"]: row for row in exercises.read(inside(folder, exercises.FOLDER))}
    assert rows["E05"] == Exercise.objects.get(content_id="E05").as_row()
    assert rows["E05"]["how"] == ["One line.", "Two: lines."]
    rows = {row["id"]: row for row in sources.read(inside(folder, sources.FOLDER))}
    assert (rows["B47"]["title"], rows["B47"]["notes"]) == ("WHO, 2020", 'A "note": # 1')
    assert reminders.read(inside(folder, reminders.FILE))[0]["title"] == "Another name"
    assert not [file for file in folder.rglob("*.*") if "Only a draft" in file.read_text()]


BODY = [
    {"type": "text", "value": '<p data-block-key="a">One <b>two </b>three.</p><p></p>', "id": "x"},
    {"type": "reflect", "value": "What was it?", "id": "0b6f4a9e-2f6d-4b7c-9d3e-111111111111"},
    {"type": "text", "value": "<ul><li>Four <i>f</i>ive</li></ul>", "id": "y"},
]


def test_a_dumped_lesson_that_ships_next_counts_as_the_editors_own_words(folder: Path) -> None:
    lesson = Lesson.objects.get(content_id="M1.1")
    publish(lesson, body=json.dumps(BODY))
    assert loader.touched(lesson)
    assert "M1.1" not in dump(folder)
    lessons.load(inside(folder, lessons.FOLDER))
    lesson = Lesson.objects.get(content_id="M1.1")
    assert not loader.touched(lesson)
    assert [block["id"] for block in lesson.body.raw_data] == [block["id"] for block in BODY]
    assert lessons.load(inside(folder, lessons.FOLDER))["M1.1"] is loader.Upgrade.SAME


def test_what_a_file_cannot_hold_in_full_is_said(folder: Path) -> None:
    two = [{"type": "text", "value": f"<p>{word}</p>", "id": word} for word in ("one", "two")]
    publish(Lesson.objects.get(content_id="M1.1"), body=json.dumps(two))
    assert "M1.1 has a layout that a file cannot hold in full." in dump(folder)
    read_all(folder)


def test_a_text_that_no_file_may_hold_lies_aside_with_the_reason(folder: Path) -> None:
    mail = '<p>Write to <a href="mailto:a@example.org">us</a>.</p>'
    body = json.dumps([{"type": "text", "value": mail, "id": "x"}])
    publish(Lesson.objects.get(content_id="M1.1"), body=body)
    publish(Lesson.objects.get(content_id="M1.2"), sources=json.dumps(
        [{"type": "source", "value": "own-123", "id": "x"}]
    ))  # fmt: skip
    unknown = json.dumps([{"type": "source", "value": "B999", "id": "x"}])
    publish(Lesson.objects.get(content_id="M1.3"), sources=unknown)
    said = dump(folder)
    assert "M1.1 is not in them: healing/lessons/content/m1/m1-1.md, line" in said
    assert "M1.2 is not in them: healing/lessons/content/m1/m1-2.md (M1.2), field sources" in said
    assert (
        "M1.3 is not in them: healing/lessons/content/m1/m1-3.md: there is no source B999" in said
    )
    assert "mailto:" in (folder / "aside" / "M1.1.md").read_text()
    assert not inside(folder, lessons.FOLDER / "m1" / "m1-1.md").exists()
    read_all(folder)


def test_what_editors_added_lies_aside_until_it_has_an_id(folder: Path) -> None:
    added = []
    for number, model in enumerate((Lesson, Module, Exercise, Source, CrisisLine)):
        text = model.objects.first()
        text.pk, text.content_id, text.title, text.latest_revision = None, "", "A new one", None
        if hasattr(text, "slug"):
            text.slug = f"a-new-one-{number}"
        text.save()
        added.append(text.content_id)
    said = dump(folder)
    for content_id in added:
        assert f"{content_id} is not in them: was added here" in said
        (aside,) = (folder / "aside").glob(f"{content_id}.*")
        assert "A new one" in aside.read_text()
    read_all(folder)


def test_a_text_that_is_not_published_here_leaves_its_shipped_file_alone(folder: Path) -> None:
    for model, content_id in ((Source, "B47"), (Lesson, "M1.1"), (CrisisLine, "US-emergency")):
        model.objects.get(content_id=content_id).unpublish()
    dump(folder)
    assert not inside(folder, lessons.FOLDER / "m1" / "m1-1.md").exists()
    for file in (sources.FOLDER / "sources.yaml", safety.FILE):
        assert inside(folder, file).read_bytes() == file.read_bytes()
    read_all(folder)


def test_two_modules_may_change_places_but_not_share_one(folder: Path) -> None:
    Module.objects.filter(content_id="M2").update(order=3)
    Module.objects.filter(content_id="M3").update(order=2)
    dump(folder)
    rows = lessons.read_modules(inside(folder, lessons.FOLDER))
    assert [row["id"] for row in rows[:3]] == ["M1", "M3", "M2"]
    shutil.rmtree(folder)
    Module.objects.filter(content_id="M2").update(order=2)
    Module.objects.filter(content_id="M1").update(title="Ground")
    assert "M3 is not in them: 2 stands twice as order." in dump(folder)
    rows = lessons.read_modules(inside(folder, lessons.FOLDER))
    assert (rows[0]["title"], rows[2]["order"]) == ("Ground", 3)


def test_a_crisis_line_keeps_its_id_when_it_gets_another_name(folder: Path) -> None:
    publish(CrisisLine.objects.get(content_id="GB-samaritans"), title="Samaritans UK", order=15)
    dump(folder)
    rows = {row["id"]: row for row in safety.read(inside(folder, safety.FILE))}
    assert rows["GB-samaritans"]["title"] == "Samaritans UK"
    assert rows.keys() == {row["id"] for row in safety.read()}


@pytest.mark.parametrize("change", [{"country_code": "IE"}, {"kind": "emergency"}])
def test_a_crisis_line_that_left_its_place_stays_as_it_shipped(
    folder: Path, change: dict[str, str]
) -> None:
    CrisisLine.objects.filter(content_id="GB-samaritans").update(**change)
    assert "GB-samaritans is not in them" in dump(folder)
    assert safety.read(inside(folder, safety.FILE)) == safety.read()


def test_nobody_is_named_in_it(folder: Path) -> None:
    Lesson.objects.update(reviewer="Dr. Ines Private")
    Exercise.objects.update(reviewer="Dr. Ines Private")
    CrisisLine.objects.update(reviewer="Ines Private, by telephone")
    dump(folder)
    assert not [file for file in folder.rglob("*.*") if "Private" in file.read_text()]


def test_a_folder_that_holds_something_is_left_alone(folder: Path) -> None:
    folder.mkdir()
    (folder / "letter.txt").write_text("mine")
    with pytest.raises(CommandError, match="is not empty"):
        dump(folder)
    assert [file.name for file in folder.iterdir()] == ["letter.txt"]


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CommandError, match=r"file/dump: Not a directory\."):
        dump(tmp_path / "file" / "dump")


def test_it_wants_either_a_folder_or_tidy() -> None:
    for args in ([], ["somewhere", "--tidy"]):
        with pytest.raises(CommandError, match="Name a folder"):
            call_command("dump_content", *args)


def test_tidy_brings_shipped_lessons_into_their_one_form(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(lessons.FOLDER, tmp_path, dirs_exist_ok=True)
    monkeypatch.setattr(lessons, "FOLDER", tmp_path)
    file = tmp_path / "m1" / "m1-1.md"
    canonical = lessons.canonical(file)
    file.write_text(canonical.replace("minutes: 6", "minutes:   6").replace("\n\n", "\n\n\n"))
    said = io.StringIO()
    call_command("dump_content", tidy=True, stdout=said)
    assert file.read_text() == canonical
    assert "m1/m1-1.md has its one form now." in said.getvalue()
