"""While a text is edited, the checks that `load_content --check` holds stand beside it."""

import json
import re
from html import unescape
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from exercises import content as exercises
from exercises.models import Exercise
from healing.editorial.models import EditedText
from healing.editorial.text_checks import FEWEST_WORDS_FOR_GRADE, HIGHEST_GRADE
from healing.lessons.content import findings, read
from healing.lessons.models import Lesson, Module
from healing.reminders import content as reminders
from healing.safety import content as safety
from healing.safety.models import CrisisLine
from healing.sources import content as sources
from healing.sources.models import Source
from tests.cms.forms import lesson_form

FIELDS: dict[type[EditedText], str] = {
    Exercise: "purpose",
    Source: "supports",
    CrisisLine: "for_whom",
    Module: "aim",
}


def address(text: EditedText, screen: str, *args: Any) -> str:
    name = type(text).snippet_viewset.get_url_name(screen)  # type: ignore[attr-defined]
    return reverse(name, args=[text.pk, *args])


def add(lesson: Lesson, html: str) -> None:
    """One more part of running text, as a draft holds it."""
    part = {"type": "text", "value": html, "id": "a-part-of-the-test"}
    lesson.body = json.dumps([*lesson.body.raw_data, part])


def rules(text: EditedText) -> list[str]:
    return [finding.rule for finding in text.report().findings]


@pytest.mark.usefixtures("content")
def test_the_screens_find_in_every_shipped_lesson_what_the_command_finds() -> None:
    ids = set(Source.objects.values_list("content_id", flat=True))
    rows = read()
    names = {row["file"]: row["id"] for row in rows}
    said: dict[str, list[str]] = {row["id"]: [] for row in rows}
    for file, finding in findings(rows, sources=ids):
        said[names[file]].append(str(finding))
    shown = {
        lesson.content_id: [str(finding) for finding in lesson.report().findings]
        for lesson in Lesson.objects.all()
    }
    assert len(shown) > 40
    assert shown == said


@pytest.mark.parametrize(
    ("room", "field"),
    [(exercises, "purpose"), (sources, "supports"), (safety, "for_whom"), (reminders, "body")],
    ids=lambda part: getattr(part, "__name__", part),
)
def test_the_command_holds_the_other_shipped_texts_against_the_general_rules(
    room: Any, field: str
) -> None:
    rows = room.read()
    assert list(room.findings(rows)) == []
    bad = {**rows[0], field: f"{rows[0][field]} You just wait."}
    assert (bad["id"], "word") in [(name, one.rule) for name, one in room.findings([bad])]


@pytest.mark.django_db
def test_the_command_names_the_text_and_the_word(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = sources.read()
    monkeypatch.setattr(sources, "read", lambda: [{**rows[0], "limits": "A cure."}, *rows[1:]])
    with pytest.raises(CommandError, match="B01: Find another word for “cure”"):
        call_command("load_content", check=True, verbosity=0)


def test_the_form_says_what_is_to_be_mended_in_the_draft_that_it_shows(
    lesson: Lesson, admin: Client
) -> None:
    assert "Nothing to mend" in admin.get(address(lesson, "edit")).content.decode()
    draft = Lesson.objects.get(pk=lesson.pk)
    draft.goal = "You just rewire it."
    draft.save_revision()
    page = admin.get(address(lesson, "edit")).content.decode()
    assert "2 things to mend" in page
    assert "Find another word for “just”." in page
    assert "“You just rewire it.”" in page
    assert f"{lesson.text().count} words." in page
    assert f"Reading grade {lesson.text().grade:.1f}" in page


def test_the_checks_of_the_preview_follow_the_form_before_anything_is_saved(
    lesson: Lesson, admin: Client
) -> None:
    preview = address(lesson, "preview_on_edit")
    add(lesson, "<p>No word is toxic.</p>")
    assert admin.post(preview, lesson_form(lesson, goal="A cure.")).json()["is_valid"]
    shown = admin.get(preview, {"mode": "checks"})
    page = shown.content.decode()
    assert "Find another word for “cure”." in page
    assert "Find another word for “toxic”." in page
    assert "frame-ancestors 'self'" in shown.headers["Content-Security-Policy"]
    assert Lesson.objects.get(pk=lesson.pk).goal == lesson.goal


def test_a_draft_is_held_against_the_other_lessons_and_not_against_its_own_older_version(
    lesson: Lesson,
) -> None:
    other = Lesson.objects.get(content_id="M1.2")
    add(lesson, "<p>One more line.</p>")
    assert "shared" not in rules(lesson)
    add(lesson, other.body[0].value.source)
    found = [one for one in lesson.report().findings if one.rule == "shared"]
    assert found
    assert all("M1.2" in str(one.said) for one in found)
    other.unpublish()
    assert "shared" not in rules(lesson)


def test_what_a_draft_may_refer_to_is_what_readers_can_open(lesson: Lesson) -> None:
    lesson.slug = "a-new-address"
    other = Lesson.objects.get(content_id="M1.2")
    for slug, known in ((lesson.slug, True), (other.slug, True), ("no-such-lesson", False)):
        draft = Lesson.objects.get(pk=lesson.pk)
        draft.slug = lesson.slug
        add(draft, f'<p><a href="/lessons/{slug}/">Read on</a></p>')
        assert ("link" not in rules(draft)) is known, slug
    add(lesson, f'<p><a href="{other.get_absolute_url()}">Read on</a></p>')
    assert "link" not in rules(lesson)
    other.unpublish()
    assert "link" in rules(lesson)
    lesson.sources = json.dumps([{"type": "source", "value": "B99"}])
    found = [str(one) for one in lesson.report().findings if one.rule == "source"]
    assert any("There is no such source: “B99”" in one for one in found)


@pytest.mark.parametrize("model", FIELDS, ids=lambda model: model.__name__)
def test_every_kind_of_text_is_held_against_the_words_that_no_text_may_say(
    content: None, admin: Client, model: type[EditedText]
) -> None:
    text = model.objects.order_by("pk").first()
    setattr(text, FIELDS[model], "It is clinically proven.")
    text.save_revision()
    page = admin.get(address(text, "edit")).content.decode()
    assert "Find another word for “clinically proven”." in page


def test_a_name_has_no_reading_grade_and_a_hard_text_too_high_a_one(content: None) -> None:
    line = CrisisLine.objects.first()
    assert line.report().grade is None
    source = Source.objects.first()
    assert "grade" not in rules(source)
    source.supports = "Notwithstanding considerable physiological heterogeneity, " * 20
    assert source.report().words > FEWEST_WORDS_FOR_GRADE
    assert source.report().grade > HIGHEST_GRADE
    assert "grade" in rules(source)


def test_a_step_of_an_exercise_is_looked_at_too(content: None) -> None:
    exercise = Exercise.objects.get(content_id="E01")
    way = next(way for way in exercise.ways if way.block_type == "steps")
    way.value["steps"][0].value["text"] = "Do not be clingy."
    assert "word" in rules(exercise)


def test_a_new_text_has_nothing_to_check_yet(lesson: Lesson, admin: Client) -> None:
    page = admin.get(reverse("wagtailsnippets_lessons_lesson:add"))
    assert page.status_code == 200
    assert "cms-checks" not in page.content.decode()


def test_wagtails_own_checks_do_not_stand_beside_ours(lesson: Lesson, admin: Client) -> None:
    page = admin.get(address(lesson, "edit")).content.decode()
    assert "Toggle preview" in page
    assert "Toggle checks" not in page


def test_the_preview_of_a_module_is_its_part_of_the_list(content: None, admin: Client) -> None:
    module = Module.objects.get(content_id="M1")
    preview = address(module, "preview_on_edit")
    form = {"title": "Firm ground", "slug": "firm-ground", "order": 1, "aim": "To stand."}
    form |= {"intensity": "low", "optional": "on", "go_live_at": "", "expire_at": ""}
    assert admin.post(preview, form).json()["is_valid"]
    shown = admin.get(preview).content.decode()
    assert "Firm ground" in shown
    assert "This part is optional." in shown
    for lesson in Lesson.objects.all():
        assert (f'href="{lesson.get_absolute_url()}"' in shown) is (lesson.module_id == module.pk)
    Lesson.objects.filter(module=module).update(live=False)
    assert "It has no published lesson yet." in admin.get(preview).content.decode()


def test_any_two_versions_can_be_picked_and_compared(lesson: Lesson, admin: Client) -> None:
    for title in ("First", "Second", "Third"):
        version = Lesson.objects.get(pk=lesson.pk).get_latest_revision_as_object()
        version.title = title
        version.save_revision(log_action=True)
    history = address(lesson, "history")
    versions = list(lesson.revisions.order_by("created_at", "id"))
    page = admin.get(history).content.decode()
    for version in versions:
        assert page.count(f'<option value="{version.pk}"') == 2
    first, third = versions[1].pk, versions[3].pk
    answer = admin.get(history, {"before": first, "after": third}, follow=True)
    assert answer.redirect_chain == [(address(lesson, "revisions_compare", first, third), 302)]
    page = answer.content.decode()
    assert '<span class="deletion">First</span><span class="addition">Third</span>' in page
    assert "Second" not in page
    assert f'href="{address(lesson, "revisions_revert", first)}"' in page
    assert address(lesson, "revisions_revert", third) not in page  # the draft: it is the form


def test_a_block_that_was_only_saved_again_is_no_change(lesson: Lesson, admin: Client) -> None:
    shipped = lesson.latest_revision_id
    # The editor's own HTML comes with keys that nobody sees, for every paragraph.
    admin.post(address(lesson, "edit"), lesson_form(lesson, title="Another title"))
    saved = Lesson.objects.get(pk=lesson.pk).latest_revision
    assert "data-block-key" in json.dumps(saved.content)
    page = admin.get(address(lesson, "revisions_compare", shipped, saved.pk)).content.decode()
    assert "Another" in page
    paragraph = lesson.text().paragraphs[0]
    assert paragraph[:40] not in unescape(page)


def test_a_changed_paragraph_stands_apart_from_those_beside_it(
    lesson: Lesson, admin: Client
) -> None:
    shipped = lesson.latest_revision_id
    version = Lesson.objects.get(pk=lesson.pk)
    blocks = list(version.body.raw_data)
    place = next(at for at, one in enumerate(blocks) if one["value"].count("</p><p") > 0)
    first = re.findall(r"<p[^>]*>(.*?)</p>", blocks[place]["value"])[0]
    blocks[place] = {**blocks[place], "value": blocks[place]["value"].replace(first, "Changed.", 1)}
    version.body = json.dumps(blocks)
    newest = version.save_revision().pk
    page = unescape(
        admin.get(address(lesson, "revisions_compare", shipped, newest)).content.decode()
    )
    assert re.search(r"Changed</span>\.\n\w", page)


def test_only_versions_of_the_text_itself_are_compared(lesson: Lesson, admin: Client) -> None:
    foreign = Lesson.objects.get(content_id="M1.2").latest_revision_id
    history = address(lesson, "history")
    for before, after in ((lesson.latest_revision_id, foreign), ("x", "../.."), ("", "")):
        answer = admin.get(history, {"before": before, "after": after})
        assert answer.status_code == 200
    assert "Compare two versions" not in answer.content.decode()  # there is but one


def test_the_shipped_version_can_be_opened_in_the_form_again(lesson: Lesson, admin: Client) -> None:
    shipped = lesson.latest_revision_id
    version = Lesson.objects.get(pk=lesson.pk)
    version.title = "Ours"
    version.save_revision(log_action=True).publish()
    newest = Lesson.objects.get(pk=lesson.pk).latest_revision_id
    page = admin.get(address(lesson, "revisions_compare", shipped, newest)).content.decode()
    assert "shipped" in page
    back = address(lesson, "revisions_revert", shipped)
    assert f'href="{back}"' in page
    assert f'value="{lesson.title}"' in admin.get(back).content.decode()
