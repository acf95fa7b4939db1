"""The command that brings shipped texts into the database, or only reads them."""

import io
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from exercises.models import Exercise
from healing.accounts.models import User
from healing.cms.actions import Role, make_editor
from healing.editorial import loader
from healing.lessons import content as lessons
from healing.lessons.models import Lesson
from healing.sources.models import Source

pytestmark = pytest.mark.django_db


def run(*args: str) -> str:
    said = io.StringIO()
    call_command("load_content", *args, stdout=said)
    return said.getvalue()


def test_checking_says_what_loading_would_do_and_stores_nothing() -> None:
    said = run("--check")
    assert "Read and sound: " in said
    assert f"{len(lessons.read())} lessons" in said
    assert "not part of this version" not in said
    assert f"lessons: {len(lessons.read()) + len(lessons.read_modules())} created" in said
    assert said.endswith("Nothing was stored.\n")
    assert not Lesson.objects.exists()
    assert not Source.objects.exists()


def test_checking_names_the_texts_that_an_upgrade_would_touch(ines: User) -> None:
    run()
    changed = Lesson.objects.get(content_id="M1.2")
    changed.title = "Words of Ines"
    changed.save_revision(user=ines).publish()
    # As if these three had been shipped with other words, and one more that is not shipped now.
    Lesson.objects.filter(content_id__in=["M1.1", "M1.2"]).update(shipped_digest="an older one")
    Lesson.objects.filter(content_id="M1.1").update(shipped_digest=loader.digest(untouched()))
    gone = Lesson.objects.get(content_id="M1.3")
    gone.pk, gone.content_id, gone.slug = None, "M1.9", "not-shipped-any-more"
    gone._state.adding = True
    gone.save()
    said = run("--check")
    assert "M1.1 has a new text." in said
    assert "M1.2 was changed here: that stays" in said
    assert "M1.9 is no longer shipped, and stays as it is." in said
    assert "M1.4" not in said
    assert Lesson.objects.get(content_id="M1.2").shipped_digest == "an older one"
    assert untouched().goal == "Older words."


def untouched() -> Lesson:
    """M1.1 as an earlier version would have shipped it."""
    lesson: Lesson = Lesson.objects.get(content_id="M1.1")
    if lesson.goal != "Older words.":
        lesson.goal = "Older words."
        lesson.save_revision().publish()
    return lesson


def test_without_a_database_checking_still_reads_the_files(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "load_content", "--check"],
        env={
            **{name: value for name, value in os.environ.items() if name != "DATABASE_URL"},
            "VAR_DIR": str(tmp_path),
            "DJANGO_SETTINGS_MODULE": "healing.settings",
        },
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert "Read and sound: " in done.stdout
    assert "There is no database yet: every text would be created." in done.stdout


def test_a_text_that_breaks_a_rule_is_named_with_its_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(lessons.FOLDER, tmp_path / "content")
    file = tmp_path / "content" / "m1" / "m1-1.md"
    file.write_text(file.read_text().replace("Slow is fine here.", "It will cure you."))
    monkeypatch.setattr(lessons.read, "__defaults__", (tmp_path / "content",))
    with pytest.raises(CommandError, match=r"m1-1\.md: Find another word.*It will cure you"):
        run("--check")


def test_loading_twice_changes_nothing_the_second_time() -> None:
    assert "created" in run()
    counts = [Lesson.objects.count(), Exercise.objects.count(), Source.objects.count()]
    again = run()
    assert "created" not in again
    assert "updated" not in again
    assert [Lesson.objects.count(), Exercise.objects.count(), Source.objects.count()] == counts


def test_a_mistake_in_a_file_is_said_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lessons.read, "__defaults__", (tmp_path,))
    (tmp_path / "modules.yaml").write_text("- id: M1\n")
    with pytest.raises(CommandError, match=r"modules\.yaml, entry 1 \(M1\), field slug"):
        run("--check")


def test_loading_brings_the_roles_up_to_date(mara: User) -> None:
    make_editor(email="mara@example.org", role=Role.WRITER)
    mara.groups.get().permissions.clear()
    run()
    assert mara.groups.get().permissions.exists()
