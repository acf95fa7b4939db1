"""The start page of the editing screens says what waits for someone."""

from datetime import timedelta

from django.test import Client
from django.utils import timezone

from healing.cms.panels import arrived
from healing.editorial.loader import load_one
from healing.lessons.models import Lesson
from healing.sources.content import _fill, read
from healing.sources.models import Source
from tests.factories import record_review


def upgrade(row_id: str, supports: str) -> None:
    row = next(row for row in read() if row["id"] == row_id)
    load_one(Source, {**row, "supports": supports}, _fill)


def test_a_shipped_text_kept_below_an_editors_own_is_named_until_they_publish(
    lesson: Lesson, admin: Client
) -> None:
    source = Source.objects.get(content_id="B48")
    source.limits = "As we read it."
    source.save_revision().publish()
    assert arrived() == []
    upgrade("B48", "New words from an upgrade.")
    page = admin.get("/cms/").content.decode()
    assert "New shipped texts" in page
    assert f'href="/cms/snippets/sources/source/history/{source.pk}/">B48 ' in page
    Source.objects.get(pk=source.pk).save_revision().publish()
    assert "New shipped texts" not in admin.get("/cms/").content.decode()


def test_texts_without_a_review_are_counted(lesson: Lesson, admin: Client) -> None:
    page = admin.get("/cms/").content.decode()
    assert ">Lessons</a></td>" in page
    assert ">Modules</a></td>" not in page  # a title and an aim: nothing to review
    lessons = Lesson.objects.count()
    lacking = '<a href="/cms/review/?kind=lesson">{}</a>'.format
    assert lacking(lessons) in page
    record_review(lesson, on=timezone.localdate())
    assert lacking(lessons - 1) in admin.get("/cms/").content.decode()
    yesterday = timezone.localdate() - timedelta(days=1)
    record_review(lesson, on=yesterday, due=yesterday)
    assert lacking(lessons) in admin.get("/cms/").content.decode()


def test_the_screens_carry_the_sites_name_and_nothing_from_elsewhere(
    lesson: Lesson, admin: Client
) -> None:
    page = admin.get("/cms/").content.decode()
    assert "Steady Ground" in page
    assert "css/cms.css" in page
    assert "<title>Dashboard - Steady Ground</title>" in page
    for part in ("guide.wagtail.org", "Search all pages", "0 Images", "releases.wagtail.org"):
        assert part not in page
