"""Shipped texts arrive four times: new, unchanged, changed, and changed under an editor's hands."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import date
from pathlib import Path
from threading import Event
from time import sleep

import pytest
from django.db import connection, transaction
from wagtail.models import ModelLogEntry, Revision

from healing.accounts.models import User
from healing.editorial.loader import SHIPPED, Upgrade, digest, touched
from healing.lessons.content import load
from healing.lessons.models import Lesson
from tests.factories import record_review

pytestmark = pytest.mark.django_db
Ship = Callable[[str], Path]

OLD = "The shipped words."
NEW = "The shipped words, clearer now."


def the_lesson() -> Lesson:
    lesson: Lesson = Lesson.objects.get(content_id="M1.1")
    return lesson


def words(lesson: Lesson) -> str:
    return str(lesson.body[0].value.source)


def edit(lesson: Lesson, title: str, editor: User) -> Revision:
    draft = lesson.get_latest_revision_as_object()
    draft.title = title
    revision: Revision = draft.save_revision(user=editor)
    return revision


def test_a_new_text_is_created_and_published(ship: Ship) -> None:
    assert Counter(load(ship(OLD)).values())[Upgrade.CREATED] == 2  # the module and the lesson
    lesson = the_lesson()
    assert lesson.live
    assert not lesson.has_unpublished_changes
    assert lesson.first_published_at is not None
    assert words(lesson) == f"<p>{OLD}</p>"
    assert not touched(lesson)


def test_an_unchanged_text_makes_no_new_version(ship: Ship) -> None:
    load(ship(OLD))
    assert Counter(load(ship(OLD)).values()) == {Upgrade.SAME: 2}
    assert the_lesson().revisions.count() == 1


def test_a_changed_text_that_nobody_edited_is_updated_and_published(ship: Ship) -> None:
    load(ship(OLD))
    assert Counter(load(ship(NEW)).values())[Upgrade.UPDATED] == 1
    lesson = the_lesson()
    assert words(lesson) == f"<p>{NEW}</p>"
    assert lesson.live
    assert not lesson.has_unpublished_changes
    assert lesson.revisions.count() == 2
    assert Counter(load(ship(NEW)).values()) == {Upgrade.SAME: 2}


def test_an_editors_published_text_stays_live_and_the_shipped_one_can_be_compared(
    ship: Ship, ines: User
) -> None:
    load(ship(OLD))
    edit(the_lesson(), "Words of Ines", ines).publish()
    assert Counter(load(ship(NEW)).values())[Upgrade.KEPT] == 1
    lesson = the_lesson()
    assert lesson.title == "Words of Ines"
    assert words(lesson) == f"<p>{OLD}</p>"
    assert not lesson.has_unpublished_changes
    entry = ModelLogEntry.objects.get(action=SHIPPED)
    shipped = entry.revision.as_object()
    assert words(shipped) == f"<p>{NEW}</p>"
    assert shipped.title == "A first lesson"
    assert Counter(load(ship(NEW)).values()) == {Upgrade.SAME: 2}


def test_an_editors_draft_stays_on_top_of_a_new_shipped_text(ship: Ship, ines: User) -> None:
    load(ship(OLD))
    draft = edit(the_lesson(), "A draft of Ines", ines)
    assert Counter(load(ship(NEW)).values())[Upgrade.KEPT] == 1
    lesson = the_lesson()
    assert lesson.title == "A first lesson"
    assert words(lesson) == f"<p>{OLD}</p>"
    assert lesson.latest_revision == draft
    assert draft.is_latest_revision()
    assert lesson.get_latest_revision_as_object().title == "A draft of Ines"
    assert lesson.revisions.count() == 3


def test_publishing_that_draft_later_leaves_nothing_unpublished(ship: Ship, ines: User) -> None:
    load(ship(OLD))
    draft = edit(the_lesson(), "A draft of Ines", ines)
    load(ship(NEW))
    Revision.objects.get(pk=draft.pk).publish()
    lesson = the_lesson()
    assert lesson.title == "A draft of Ines"
    assert not lesson.has_unpublished_changes
    assert Counter(load(ship(NEW)).values()) == {Upgrade.SAME: 2}


def test_going_back_to_an_older_version_does_not_bring_back_its_shipped_mark(ship: Ship) -> None:
    load(ship(OLD))
    first = the_lesson().latest_revision
    load(ship(NEW))
    first.publish()
    lesson = the_lesson()
    assert words(lesson) == f"<p>{OLD}</p>"
    assert touched(lesson)
    assert Counter(load(ship(NEW)).values()) == {Upgrade.SAME: 2}
    assert words(the_lesson()) == f"<p>{OLD}</p>"


def test_a_text_that_an_editor_took_off_does_not_come_back_with_an_upgrade(ship: Ship) -> None:
    load(ship(OLD))
    the_lesson().unpublish()
    assert Counter(load(ship(NEW)).values())[Upgrade.KEPT] == 1
    assert not the_lesson().live


def test_a_reviewed_text_stays_until_someone_reads_the_new_one(ship: Ship) -> None:
    load(ship(OLD))
    lesson = the_lesson()
    record_review(lesson, on=date(2026, 11, 1))
    assert Counter(load(ship(NEW)).values())[Upgrade.KEPT] == 1
    assert words(the_lesson()) == f"<p>{OLD}</p>"
    assert the_lesson().is_reviewed


def test_block_ids_and_space_between_blocks_do_not_count_as_a_change(ship: Ship) -> None:
    load(ship(OLD))
    lesson = the_lesson()
    before = digest(lesson)
    raw = list(lesson.body.raw_data)
    raw[0]["id"] = "5d41402a-bc4b-4a76-b971-9d911017c592"
    raw[0]["value"] = f'<p data-block-key="a1b2c">\n  {OLD}</p>\n'
    lesson.body = raw
    assert digest(lesson) == before
    raw[0]["value"] = "<p>Other words.</p>"
    lesson.body = raw
    assert digest(lesson) != before


def test_a_field_that_an_upgrade_adds_empty_does_not_look_like_an_edit(
    ship: Ship, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(ship(OLD))
    lesson = the_lesson()
    assert lesson.content_note == ""
    before = digest(lesson)
    written = lesson.serializable_data()
    del written["content_note"]
    monkeypatch.setattr(Lesson, "serializable_data", lambda self: written)
    assert digest(lesson) == before
    written["content_note"] = "It speaks of childhood."
    assert digest(lesson) != before


def test_a_space_between_two_words_does_count(ship: Ship) -> None:
    load(ship(OLD))
    lesson = the_lesson()
    before = digest(lesson)
    lesson.title = "A firstlesson"
    assert digest(lesson) != before


def test_block_ids_come_out_the_same_in_every_database(ship: Ship) -> None:
    load(ship(OLD))
    ids = [block.id for block in the_lesson().body]
    assert len(set(ids)) == 3
    assert ids[1] == "first-sign"
    Lesson.objects.all().delete()
    load(ship(OLD))
    assert [block.id for block in the_lesson().body] == ids


def test_a_new_part_leaves_the_ids_of_all_others_as_they_were(ship: Ship) -> None:
    load(ship(OLD))
    ids = [block.id for block in the_lesson().body]
    load(ship(f"::: caution\nTake your time.\n:::\n\n{OLD}"))
    after = [block.id for block in the_lesson().body]
    assert after[1:] == ids
    assert after[0] not in ids
    load(ship(NEW))
    assert [block.id for block in the_lesson().body] == ids


def test_the_same_words_twice_get_two_ids(ship: Ship) -> None:
    twice = "::: caution\nTake your time.\n:::\n\n"
    load(ship(twice + OLD))
    load(ship(twice + twice + OLD))
    ids = [block.id for block in the_lesson().body]
    assert len(set(ids)) == 5


def test_a_text_that_is_no_longer_shipped_stays_and_is_named(ship: Ship, tmp_path: Path) -> None:
    folder = ship(OLD)
    load(folder)
    (folder / "m1" / "m1-1.md").unlink()
    assert load(folder)["M1.1"] == Upgrade.DROPPED
    assert the_lesson().live
    own = the_lesson()
    own.pk, own.content_id, own.slug, own.shipped_digest = None, "", "ours", ""
    own._state.adding = True
    own.save()
    assert "ours" not in str(load(folder))


def test_a_text_whose_address_an_editor_already_uses_is_refused_and_the_rest_is_loaded(
    ship: Ship, caplog: pytest.LogCaptureFixture
) -> None:
    load(ship(OLD))
    lesson = the_lesson()
    Lesson.objects.filter(pk=lesson.pk).update(content_id="own-1")
    became = load(ship(NEW))
    assert became == {
        "M1": Upgrade.SAME, "M1.1": Upgrade.REFUSED, "own-1": Upgrade.DROPPED,
    }  # fmt: skip
    assert not Lesson.objects.filter(content_id="M1.1").exists()
    assert "lessons.Lesson M1.1 was not loaded" in caplog.text
    assert "slug" in caplog.text


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one writer at a time")
@pytest.mark.django_db(transaction=True)
def test_a_draft_that_is_saved_during_an_upgrade_stays_on_top(ship: Ship, ines: User) -> None:
    load(ship(OLD))
    saved = Event()

    def save_slowly() -> None:
        with closing(connection), transaction.atomic():
            edit(the_lesson(), "A draft of Ines", ines)
            saved.set()
            sleep(0.5)

    with ThreadPoolExecutor() as pool:
        editor = pool.submit(save_slowly)
        assert saved.wait(10)
        became = load(ship(NEW))
        editor.result()
    assert became["M1.1"] == Upgrade.KEPT
    assert the_lesson().has_unpublished_changes
    assert the_lesson().get_latest_revision_as_object().title == "A draft of Ines"
