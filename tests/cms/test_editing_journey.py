"""An editor changes a sentence; people see it when it is published, and not before."""

import io
import re
from collections.abc import Callable

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from wagtail.test.utils.form_data import rich_text, streamfield

from healing.accounts.models import User
from healing.cms.actions import Role
from healing.editorial.loader import touched
from healing.lessons.blocks import SHORT
from healing.lessons.models import Lesson, Module
from tests.cms.forms import lesson_form

NEW = "A calmer body gives you back some choice. Begin there."
PASSWORD = "a quiet garden path"


def edit_address(lesson: Lesson) -> str:
    return reverse("wagtailsnippets_lessons_lesson:edit", args=[lesson.pk])


def read_by_anyone(lesson: Lesson) -> str:
    return Client().get(lesson.get_absolute_url()).content.decode()


def test_from_make_editor_to_a_published_sentence(
    lesson: Lesson, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = lesson.short_version
    monkeypatch.setattr("sys.stdin", io.StringIO(PASSWORD + "\n"))
    call_command(
        "make_editor", "new@example.org", role="admin", password_stdin=True, stdout=io.StringIO()
    )
    client = Client()
    at_door = client.get("/cms/", follow=True)
    assert at_door.redirect_chain == [("/accounts/login/?next=/cms/", 302)]
    client.post("/accounts/login/?next=/cms/", {"login": "new@example.org", "password": PASSWORD})
    assert client.get("/cms/").status_code == 200
    assert lesson.title in client.get("/cms/snippets/lessons/lesson/").content.decode()

    draft = lesson_form(lesson, short_version=NEW)
    assert client.post(edit_address(lesson), draft).status_code == 302
    assert old in read_by_anyone(lesson)
    assert NEW not in read_by_anyone(lesson)

    preview = reverse("wagtailsnippets_lessons_lesson:preview_on_edit", args=[lesson.pk])
    assert client.post(preview, draft).json()["is_valid"]
    shown = client.get(preview)
    assert NEW in shown.content.decode()
    assert "frame-ancestors 'self'" in shown.headers["Content-Security-Policy"]
    assert shown.headers["X-Frame-Options"] == "SAMEORIGIN"

    client.post(edit_address(lesson), draft | {"action-publish": "action-publish"})
    assert NEW in read_by_anyone(lesson)
    assert old not in read_by_anyone(lesson)


def test_a_writer_drafts_and_submits_and_a_reviewer_publishes(
    lesson: Lesson, theo: User, as_role: Callable[[Role], Client], client_of: object
) -> None:
    writer = as_role(Role.WRITER)
    draft = lesson_form(lesson, short_version=NEW)
    writer.post(edit_address(lesson), draft | {"action-publish": "action-publish"})
    assert NEW not in read_by_anyone(lesson)
    writer.post(edit_address(lesson), draft | {"action-submit": "action-submit"})
    lesson.refresh_from_db()
    task = lesson.current_workflow_task_state
    assert task is not None
    approve = reverse(
        "wagtailsnippets_lessons_lesson:workflow_action", args=[lesson.pk, "approve", task.pk]
    )
    writer.post(approve)
    assert NEW not in read_by_anyone(lesson)
    as_role(Role.REVIEWER).post(approve)
    assert NEW in read_by_anyone(lesson)


def test_a_lesson_opened_and_saved_unchanged_still_counts_as_the_shipped_one(
    lesson: Lesson, admin: Client
) -> None:
    form = lesson_form(lesson) | {"action-publish": "action-publish"}
    assert admin.post(edit_address(lesson), form).status_code == 302
    saved = Lesson.objects.get(pk=lesson.pk)
    assert saved.latest_revision_id != lesson.latest_revision_id
    assert [block.id for block in saved.body] == [block.id for block in lesson.body]
    assert not touched(saved)


def test_a_changed_sentence_inside_the_text_counts_as_an_editors(
    lesson: Lesson, admin: Client
) -> None:
    lesson.body[0].value.source += "<p>One more sentence.</p>"
    form = lesson_form(lesson) | {"action-publish": "action-publish"}
    admin.post(edit_address(lesson), form)
    assert "One more sentence." in read_by_anyone(lesson)
    assert touched(Lesson.objects.get(pk=lesson.pk))


def test_the_editing_form_needs_no_inline_script(lesson: Lesson, admin: Client) -> None:
    answer = admin.get(edit_address(lesson))
    assert "script-src 'self';" in answer.headers["Content-Security-Policy"] + ";"
    page = answer.content.decode()
    scripts = re.findall(r"<script(?![^>]*\bsrc=)([^>]*)>", page)
    assert scripts
    assert all('type="application/json"' in attributes for attributes in scripts)
    assert not re.findall(r"\son[a-z]+=", page)
    assert 'type="datetime-local"' in page
    assert 'type="date"' in page


def test_a_schedule_from_the_browsers_own_field_is_understood(
    lesson: Lesson, admin: Client
) -> None:
    form = lesson_form(lesson, short_version=NEW, go_live_at="2099-01-31T09:30")
    admin.post(edit_address(lesson), form | {"action-publish": "action-publish"})
    assert NEW not in read_by_anyone(lesson)
    scheduled = Lesson.objects.get(pk=lesson.pk).scheduled_revision.as_object()
    assert scheduled.go_live_at.isoformat() == "2099-01-31T09:30:00+00:00"
    page = admin.get(edit_address(lesson)).content.decode()
    assert 'value="2099-01-31 09:30"' in page


def test_a_draft_with_parts_still_empty_can_be_saved_and_previewed(
    lesson: Lesson, admin: Client
) -> None:
    empty = rich_text("", features=SHORT)
    parts = [
        ("callout", {"kind": "", "text": empty}),
        ("exercise", ""),
        ("source", {"source": "", "text": empty}),
        ("example", {"area": "", "text": empty}),
        ("reflect", ""),
        ("picture", {"picture": "", "alt": ""}),
    ]
    form = lesson_form(lesson, body=streamfield(parts), title="Half done")
    assert admin.post(edit_address(lesson), form).status_code == 302
    preview = reverse("wagtailsnippets_lessons_lesson:preview_on_edit", args=[lesson.pk])
    assert admin.post(preview, form).json()["is_valid"]
    shown = admin.get(preview)
    assert shown.status_code == 200
    assert "Half done" in shown.content.decode()
    assert "None" not in shown.content.decode()
    checks = admin.get(preview, {"mode": "checks"}).content.decode()
    assert "things to mend" in checks
    assert "None" not in checks


def test_an_editor_can_add_a_lesson_of_their_own(lesson: Lesson, admin: Client) -> None:
    form = lesson_form(lesson, title="Ours", slug="ours", order=9)
    form = {name: value for name, value in form.items() if not name.endswith("-id")}
    address = reverse("wagtailsnippets_lessons_lesson:add")
    admin.post(address, form | {"action-publish": "action-publish"})
    own = Lesson.objects.get(slug="ours")
    assert own.content_id.startswith("own-")
    assert "Ours" in Client().get(own.get_absolute_url()).content.decode()


@pytest.mark.parametrize("role", [Role.WRITER, Role.REVIEWER, Role.ADMIN])
def test_nobody_can_put_a_copy_in_the_place_of_a_published_text(
    lesson: Lesson, as_role: Callable[[Role], Client], role: Role
) -> None:
    editor = as_role(role)
    address = f"/cms/snippets/lessons/lesson/copy/{lesson.pk}/"
    form = lesson_form(lesson, title="Not the one", slug="not-the-one")
    assert editor.get(address).status_code == 404
    assert editor.post(address, form).status_code == 404
    assert address not in editor.get("/cms/snippets/lessons/lesson/").content.decode()
    assert address not in editor.get(edit_address(lesson)).content.decode()
    assert lesson.title in read_by_anyone(lesson)


@pytest.mark.parametrize(
    "address",
    ["snippets/lessons/module/delete/{}/", "bulk/lessons/module/delete/?id={}&next=/cms/"],
)
def test_a_module_that_a_draft_has_moved_to_cannot_be_deleted(
    lesson: Lesson, admin: Client, address: str
) -> None:
    there = Module.objects.create(slug="new", order=50, title="New", aim="Begin.", intensity="low")
    admin.post(edit_address(lesson), lesson_form(lesson, module=there.pk))
    answer = admin.post("/cms/" + address.format(there.pk), follow=True)
    assert "A lesson is in this module" in answer.content.decode()
    assert admin.get(edit_address(lesson)).status_code == 200
    unused = Module.objects.create(slug="x", order=51, title="X", aim="X", intensity="low")
    admin.post("/cms/" + address.format(unused.pk))
    assert list(Module.objects.filter(order__gte=50)) == [there]
