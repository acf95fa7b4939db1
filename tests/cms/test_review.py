"""The review clock: what the report lists and in which order, and what the form takes."""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from exercises.models import Exercise
from healing.accounts.models import User
from healing.cms.actions import Role
from healing.cms.review import kinds
from healing.editorial.clock import latest_today, months_later
from healing.editorial.models import EditedText
from healing.lessons.models import Lesson
from healing.safety.models import CrisisLine
from tests.cms.forms import lesson_form
from tests.factories import record_review

REPORT = "/cms/review/"
PUBLISH = {"action-publish": "action-publish"}
NAME = "Dr Ines Roth, psychologist"


@pytest.fixture
def today() -> date:
    return timezone.localdate()


@pytest.fixture
def line(content: None) -> CrisisLine:
    found: CrisisLine = CrisisLine.objects.get(content_id="IE-samaritans")
    return found


def address(text: EditedText, screen: str = "edit", *more: Any) -> str:
    meta = text._meta
    name = f"wagtailsnippets_{meta.app_label}_{meta.model_name}:{screen}"
    return reverse(name, args=[text.pk, *more])


def line_form(line: CrisisLine, **changes: Any) -> dict[str, Any]:
    """What the editing form of this line sends when nothing, or only `changes`, was touched."""
    plain = "title country_code country kind order number tel text_to for_whom reviewer"
    data: dict[str, Any] = {name: getattr(line, name) for name in plain.split()}
    data |= {"reviewed_on": line.reviewed_on or "", "review_due": line.review_due or ""}
    return data | {"go_live_at": "", "expire_at": ""} | changes


def rows(page: str) -> list[list[str]]:
    """The cells of the report's table, row by row."""
    body = page.partition("<tbody>")[2].partition("</tbody>")[0]
    return [
        [" ".join(unescape(strip_tags(cell)).split()) for cell in row.split("</td>")]
        for row in body.split("</tr>")[:-1]
    ]


def report(client: Client, **query: str) -> list[list[str]]:
    return rows(client.get(REPORT, query).content.decode())


# The report ---------------------------------------------------------------------------------------


def test_lessons_exercises_and_crisis_lines_are_on_the_clock(lesson: Lesson) -> None:
    assert {Lesson, Exercise, CrisisLine} <= set(kinds())
    names = {model._meta.label for model in kinds()}
    assert not names & {"lessons.Module", "reminders.MailText"}


def test_every_published_text_of_these_kinds_is_listed_with_a_link_to_its_form(
    lesson: Lesson, admin: Client
) -> None:
    Lesson.objects.filter(content_id="M1.2").update(live=False)
    page = admin.get(REPORT).content.decode()
    listed = rows(page)
    assert len(listed) == sum(model.objects.filter(live=True).count() for model in kinds())
    assert ["Lesson", "M1.1", lesson.title, "never reviewed"] in [row[:4] for row in listed]
    assert "M1.2" not in {row[1] for row in listed}
    assert f'href="{address(lesson)}"' in page
    assert admin.get(address(lesson)).status_code == 200


def test_the_longest_overdue_is_first_then_the_never_reviewed_then_by_due_date(
    lesson: Lesson, admin: Client, today: date
) -> None:
    def lately(content_id: str, due: int) -> None:
        on = today - timedelta(days=200)
        record_review(Lesson.objects.get(content_id=content_id), on=on, due=today + timedelta(due))

    Lesson.objects.exclude(module__content_id__in=["M1", "M2"]).delete()
    ids = list(Lesson.objects.values_list("content_id", flat=True))
    lately("M1.1", 90)
    lately("M1.2", -1)
    lately("M1.3", 10)
    lately("M1.4", -50)
    lately("M2.1", 0)
    changed = Lesson.objects.get(content_id="M2.2")
    record_review(changed, on=today)
    changed.short_version = "Other words."
    changed.save_revision().publish()
    reviewed = ["M1.4", "M1.2", "M2.1", "M1.3", "M1.1", "M2.2"]
    never = sorted(set(ids) - set(reviewed))
    assert never
    listed = report(admin, kind="lesson")
    assert [row[1] for row in listed] == [
        "M1.4", "M1.2", *never, "M2.2", "M2.1", "M1.3", "M1.1",
    ]  # fmt: skip
    states = {row[1]: row[3] for row in listed}
    assert [states[one] for one in reviewed] == [
        "overdue", "overdue", "due within 30 days", "due within 30 days", "reviewed",
        "changed since its review",
    ]  # fmt: skip


def test_it_shows_who_when_and_until_when(lesson: Lesson, admin: Client, today: date) -> None:
    record_review(lesson, on=date(2026, 1, 31), due=date(2026, 2, 28), by="<b>Ada</b>")
    assert report(admin, kind="lesson")[0][:7] == [
        "Lesson", "M1.1", lesson.title, "overdue", "<b>Ada</b>", "31 January 2026",
        "28 February 2026",
    ]  # fmt: skip


def test_a_review_without_a_due_date_runs_out_all_the_same(
    lesson: Lesson, line: CrisisLine, admin: Client, today: date
) -> None:
    on = today - timedelta(days=270)
    for text in (lesson, line):
        record_review(text, on=on)
    states = {row[1]: row[3] for row in report(admin)}
    assert (states["M1.1"], states["IE-samaritans"]) == ("reviewed", "overdue")


def test_it_shows_one_kind_and_counts(lesson: Lesson, admin: Client, today: date) -> None:
    record_review(lesson, on=today)
    lessons = Lesson.objects.count()
    page = admin.get(REPORT, {"kind": "lesson"}).content.decode()
    assert {row[0] for row in rows(page)} == {"Lesson"}
    assert f'?kind=lesson" aria-current="page">Lessons ({lessons})</a>' in page
    words = " ".join(strip_tags(page).split())
    assert f"{lessons - 1} never reviewed, 1 reviewed." in words
    assert {row[0] for row in report(admin, kind="crisisline")} == {"Crisis line"}
    assert len(report(admin, kind="nonsense")) == len(report(admin))


def test_with_nothing_published_it_says_so(db: None, admin: Client) -> None:
    page = admin.get(REPORT).content.decode()
    assert "No text is published here yet, so nothing waits for a review." in page
    assert rows(page) == []
    assert 'class="listing"' not in page


def test_with_nothing_waiting_it_says_so(lesson: Lesson, admin: Client, today: date) -> None:
    said = "Nothing waits: every text here has a review that still holds."
    Lesson.objects.exclude(pk=lesson.pk).delete()
    assert said not in admin.get(REPORT, {"kind": "lesson"}).content.decode()
    record_review(lesson, on=today)
    assert said in admin.get(REPORT, {"kind": "lesson"}).content.decode()


def test_it_holds_no_script_of_its_own_and_stands_in_the_menu_and_on_the_start_page(
    lesson: Lesson, admin: Client
) -> None:
    page = admin.get(REPORT).content.decode()
    assert re.findall(r"<script(?![^>]*\b(?:src=|type=.application/json))", page) == []
    assert not re.search(r"\son\w+=", page.partition("<main")[2])
    assert f'"url": "{REPORT}"' in page  # the menu, which a script of Wagtail's draws
    assert f'href="{REPORT}"' in admin.get("/cms/").content.decode()


def test_its_cost_does_not_grow_with_the_texts(
    lesson: Lesson, admin: Client, django_assert_max_num_queries: Any, today: date
) -> None:
    for text in Exercise.objects.all():
        record_review(text, on=today)
    admin.get(REPORT)
    with django_assert_max_num_queries(15):
        admin.get(REPORT)


@pytest.mark.parametrize(("role", "status"), [(Role.WRITER, 200), (Role.REVIEWER, 200)])
def test_every_editor_may_see_it(
    as_role: Callable[[Role], Client], role: Role, status: int
) -> None:
    assert as_role(role).get(REPORT).status_code == status


def test_nobody_else_finds_it(mara: User, client_of: Callable[[User], Client]) -> None:
    assert client_of(mara).get(REPORT).status_code == 404
    assert Client().get(REPORT).status_code == 302


# The form -----------------------------------------------------------------------------------------


def published(client: Client, text: EditedText, form: dict[str, Any]) -> Any:
    assert client.post(address(text), form | PUBLISH).status_code == 302
    return type(text).objects.get(pk=text.pk)


def refused(client: Client, text: EditedText, form: dict[str, Any]) -> str:
    """The page that says why nothing was saved."""
    before = text.revisions.count()
    answer = client.post(address(text), form | PUBLISH)
    assert answer.status_code == 200
    assert text.revisions.count() == before
    return unescape(answer.content.decode())


def test_a_review_of_a_lesson_holds_twelve_months_and_of_a_number_six(
    lesson: Lesson, line: CrisisLine, admin: Client, today: date
) -> None:
    review = {"reviewer": NAME, "reviewed_on": today.isoformat()}
    saved = published(admin, lesson, lesson_form(lesson, **review))
    assert (saved.is_reviewed, saved.review_due) == (True, months_later(today, 12))
    saved = published(admin, line, line_form(line, **review))
    assert (saved.is_reviewed, saved.review_due) == (True, months_later(today, 6))
    assert "Number checked on" in Client().get(line.get_absolute_url()).content.decode()


def test_a_due_date_that_was_given_stands(lesson: Lesson, admin: Client, today: date) -> None:
    due = today + timedelta(days=90)
    form = lesson_form(lesson, reviewer=NAME, reviewed_on=today, review_due=due)
    assert published(admin, lesson, form).review_due == due


def test_a_new_review_moves_the_due_date_it_found(
    lesson: Lesson, admin: Client, today: date
) -> None:
    old = today - timedelta(days=400)
    record_review(lesson, on=old, due=old + timedelta(days=365))
    form = lesson_form(lesson, reviewed_on=today, review_due=lesson.review_due)
    assert published(admin, lesson, form).review_due == months_later(today, 12)


@pytest.mark.parametrize(
    ("who", "on", "due", "said"),
    [
        (NAME, 2, None, "This day is still to come. Enter the day it was."),
        (NAME, -5, -6, "This is before the review. Enter a later day."),
        (NAME, None, None, "Say on which day, or leave the name empty too."),
        ("", 0, None, "Say who did this review, or leave its day empty too."),
    ],
)
@pytest.mark.parametrize("kind", ["lesson", "line"])
def test_half_a_review_or_an_impossible_one_is_refused_in_plain_words(
    lesson: Lesson, line: CrisisLine, admin: Client, today: date,
    kind: str, who: str, on: int | None, due: int | None, said: str,
) -> None:  # fmt: skip
    review = {
        "reviewer": who,
        "reviewed_on": "" if on is None else today + timedelta(days=on),
        "review_due": "" if due is None else today + timedelta(days=due),
    }
    if kind == "lesson":
        assert said in refused(admin, lesson, lesson_form(lesson, **review))
    else:
        assert said in refused(admin, line, line_form(line, **review))


@pytest.mark.parametrize(
    ("now", "latest"),
    [("2026-11-24T09:59:59+00:00", 24), ("2026-11-24T10:00:00+00:00", 25)],
)
def test_today_on_the_first_islands_of_the_date_line_is_not_the_future(
    now: str, latest: int
) -> None:
    assert latest_today(datetime.fromisoformat(now)) == date(2026, 11, latest)


# What a review covers -----------------------------------------------------------------------------


def read_by_anyone(lesson: Lesson) -> str:
    return unescape(Client().get(lesson.get_absolute_url()).content.decode())


def test_words_changed_after_the_review_are_not_covered_until_they_are_read_again(
    lesson: Lesson, admin: Client, today: date
) -> None:
    old = today - timedelta(days=10)
    reviewed = published(admin, lesson, lesson_form(lesson, reviewer=NAME, reviewed_on=old))
    assert f"Read and reviewed by {NAME}" in read_by_anyone(lesson)

    kept = {"reviewed_on": old, "review_due": reviewed.review_due}
    changed = lesson_form(reviewed, short_version="Other words.", **kept)
    published(admin, lesson, changed)
    assert "Read and reviewed by" not in read_by_anyone(lesson)
    assert f"{NAME} reviewed an earlier version of this text" in read_by_anyone(lesson)
    assert report(admin, kind="lesson")[-1][1:4:2] == ["M1.1", "changed since its review"]
    assert "The words have changed since this review" in admin.get(address(lesson)).content.decode()

    published(admin, lesson, changed | {"reviewed_on": today})
    assert f"Read and reviewed by {NAME}" in read_by_anyone(lesson)


def test_words_changed_on_the_day_of_the_review_are_covered_once_the_box_is_ticked(
    lesson: Lesson, admin: Client, today: date
) -> None:
    reviewed = published(admin, lesson, lesson_form(lesson, reviewer=NAME, reviewed_on=today))
    kept = {"reviewed_on": today, "review_due": reviewed.review_due}
    changed = lesson_form(reviewed, short_version="Other words.", **kept)
    assert not published(admin, lesson, changed).is_reviewed
    assert published(admin, lesson, changed | {"covers_all": "on"}).is_reviewed


@pytest.mark.parametrize("change", [{"reviewer": "Dr I. Roth"}, {"reviewed_on": -20}])
def test_a_corrected_name_or_an_earlier_day_is_no_new_review(
    lesson: Lesson, admin: Client, today: date, change: dict[str, Any]
) -> None:
    record_review(lesson, on=today - timedelta(days=10), due=today)
    lesson.short_version = "Other words."
    lesson.save_revision().publish()
    kept = {"reviewed_on": lesson.reviewed_on, "review_due": today} | change
    if "reviewed_on" in change:
        kept["reviewed_on"] = today + timedelta(days=change["reviewed_on"])
    saved = published(admin, lesson, lesson_form(lesson, **kept))
    assert saved.reviewed_on
    assert not saved.is_reviewed


def test_saving_without_a_change_leaves_the_review_alone(
    lesson: Lesson, admin: Client, today: date
) -> None:
    saved = published(admin, lesson, lesson_form(lesson, reviewer=NAME, reviewed_on=today))
    kept = {"reviewed_on": today, "review_due": saved.review_due}
    assert published(admin, lesson, lesson_form(saved, **kept)).is_reviewed


def test_a_draft_on_top_does_not_touch_the_review_of_what_readers_see(
    lesson: Lesson, admin: Client, today: date
) -> None:
    record_review(lesson, on=today)
    kept = {"reviewed_on": today, "review_due": ""}
    draft = lesson_form(lesson, short_version="Other words.", **kept)
    assert admin.post(address(lesson), draft).status_code == 302
    assert "Read and reviewed by" in read_by_anyone(lesson)


def test_going_back_to_the_reviewed_version_brings_its_review_back(
    lesson: Lesson, admin: Client, today: date
) -> None:
    record_review(lesson, on=today)
    first = lesson.latest_revision
    form = lesson_form(lesson, reviewed_on=today, review_due="")
    assert not published(admin, lesson, form | {"short_version": "Other words."}).is_reviewed
    back = address(lesson, "revisions_revert", first.pk)
    assert admin.post(back, form | PUBLISH).status_code == 302
    assert Lesson.objects.get(pk=lesson.pk).is_reviewed


def test_a_review_that_is_taken_back_leaves_nothing_behind(
    lesson: Lesson, admin: Client, today: date
) -> None:
    record_review(lesson, on=today)
    saved = published(admin, lesson, lesson_form(lesson, reviewer="", reviewed_on=""))
    assert not saved.is_reviewed
    assert saved.reviewed_digest == ""
    assert "has not been reviewed by a clinician yet" in read_by_anyone(lesson)


def test_the_preview_already_shows_whom_the_review_covers(
    lesson: Lesson, admin: Client, today: date
) -> None:
    form = lesson_form(lesson, reviewer=NAME, reviewed_on=today)
    preview = address(lesson, "preview_on_edit")
    assert admin.post(preview, form).json()["is_valid"]
    assert f"Read and reviewed by {NAME}" in admin.get(preview).content.decode()


def test_a_changed_number_needs_a_new_check_and_other_words_do_not(
    line: CrisisLine, admin: Client, today: date
) -> None:
    record_review(line, on=today - timedelta(days=3), due=today + timedelta(days=30))
    assert published(admin, line, line_form(line, for_whom="Anyone at all")).is_reviewed
    changed = line_form(line, number="116 124", tel="116124")
    saved = published(admin, line, changed)
    assert not saved.is_reviewed
    page = Client().get(line.get_absolute_url()).content.decode()
    assert "Number checked on" not in page
    assert published(admin, line, changed | {"reviewed_on": today}).is_reviewed


def test_a_number_written_as_5_or_as_5_0_is_the_same_to_a_review(content: None) -> None:
    exercise = Exercise.objects.get(content_id="E05")
    exercise.minutes = Decimal(5)
    before = exercise.review_digest()
    exercise.save()
    assert Exercise.objects.get(pk=exercise.pk).review_digest() == before


def test_what_was_typed_while_wagtail_saved_in_the_background_finds_its_due_date_in_the_form(
    lesson: Lesson, admin: Client, today: date
) -> None:
    form = lesson_form(lesson, reviewer=NAME, reviewed_on=today)
    answer = admin.post(address(lesson), form, headers={"accept": "application/json"})
    assert answer.json()["field_updates"]["review_due"] == months_later(today, 12).isoformat()


def test_the_form_of_a_number_speaks_of_a_check_and_asks_once(
    line: CrisisLine, admin: Client
) -> None:
    page = admin.get(address(line)).content.decode()
    assert "Check of the number" in page
    assert "Number checked on" in page
    assert "Review by a clinician" not in page
    assert len(re.findall(r'<input type="date"', page)) == 2


# Months -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 11, 24), 12, date(2027, 11, 24)),
        (date(2026, 11, 24), 6, date(2027, 5, 24)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2026, 12, 31), 1, date(2027, 1, 31)),
        (date(2026, 6, 30), 6, date(2026, 12, 30)),
    ],
)
def test_months_are_counted_as_people_count_them(day: date, months: int, later: date) -> None:
    assert months_later(day, months) == later
