"""A text that was given an hour goes live by itself."""

from datetime import timedelta

import pytest
from django.utils import timezone

from healing.cms.tasks import publish_scheduled
from healing.lessons.models import Lesson


def test_a_scheduled_text_goes_live_once_its_hour_has_come(lesson: Lesson) -> None:
    before = lesson.title
    due(lesson, -timedelta(hours=1), title="At its hour")
    publish_scheduled()
    assert Lesson.objects.get(pk=lesson.pk).title == before
    due(lesson, timedelta(minutes=1), title="At its hour")
    publish_scheduled()
    assert Lesson.objects.get(pk=lesson.pk).title == "At its hour"


def test_a_text_that_cannot_be_published_holds_up_no_other(
    lesson: Lesson, caplog: pytest.LogCaptureFixture
) -> None:
    before = lesson.slug
    other, third = Lesson.objects.exclude(pk=lesson.pk)[:2]
    due(lesson, timedelta(minutes=3), slug="a-new-address")
    due(other, timedelta(minutes=2), title="At its hour")
    Lesson.objects.filter(pk=other.pk).update(slug="a-new-address")  # taken meanwhile
    third.expire_at = timezone.now() - timedelta(minutes=1)
    third.save()
    publish_scheduled()
    assert Lesson.objects.get(pk=lesson.pk).slug == before
    assert Lesson.objects.get(pk=other.pk).title == "At its hour"
    assert not Lesson.objects.get(pk=third.pk).live
    (problem,) = [record.getMessage() for record in caplog.records if record.levelname == "ERROR"]
    number = lesson.scheduled_revision.pk
    assert problem.startswith(f"Revision {number} was left as it is: ")


def due(lesson: Lesson, since: timedelta, **changes: str) -> None:
    """Give a changed version an hour that has passed."""
    draft = lesson.get_latest_revision_as_object()
    for name, value in changes.items():
        setattr(draft, name, value)
    draft.go_live_at = timezone.now() + timedelta(hours=1)
    revision = draft.save_revision()
    revision.publish()
    revision.approved_go_live_at = timezone.now() - since
    revision.content["go_live_at"] = revision.approved_go_live_at.isoformat()
    revision.save()
