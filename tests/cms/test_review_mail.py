"""The weekly mail about reviews: to whom, with what, and never twice."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings as site
from django.test import Client
from django.utils import timezone

from healing.accounts.models import User
from healing.cms.actions import Role, make_editor
from healing.cms.models import ReviewMail
from healing.cms.review import kinds
from healing.cms.review_mail import LISTED, send
from healing.cms.tasks import mail_reviews
from healing.lessons.models import Lesson
from tests.factories import make_person, record_review
from tests.reminders.conftest import MailServer, smtp_server

__all__ = ["smtp_server"]

MONDAY = datetime(2026, 11, 23, 8, tzinfo=UTC)
WEEK = timedelta(days=7)


@pytest.fixture
def server(smtp_server: MailServer, settings: Any) -> MailServer:
    """A real mail server, which Django's own backend is led to."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    return smtp_server


@pytest.fixture
def reviewer(ines: User) -> User:
    return make_editor(email=ines.email, role=Role.REVIEWER)


def review_everything(on: date) -> None:
    for model in kinds():
        for text in model.objects.published():
            record_review(text, on=on)


def part(mail: EmailMessage, kind: str) -> str:
    found = mail.get_body((kind,))
    assert found is not None
    return str(found.get_content()).replace("\r\n", "\n")


def test_reviewers_and_admins_with_a_confirmed_address_get_it_and_nobody_else(
    lesson: Lesson, mara: User, theo: User, reviewer: User, server: MailServer
) -> None:
    make_editor(email=theo.email, role=Role.WRITER)
    for name, role in (("admin", Role.ADMIN), ("new", Role.REVIEWER), ("gone", Role.REVIEWER)):
        make_person(f"{name}@example.org")
        make_editor(email=f"{name}@example.org", role=role)
    EmailAddress.objects.filter(email="new@example.org").update(verified=False)
    User.objects.filter(email="gone@example.org").update(is_active=False)
    mail_reviews()
    assert sorted(server.recipients) == ["admin@example.org", "ines@example.org"]


def test_it_goes_once_a_week_however_often_it_is_rung(
    lesson: Lesson, reviewer: User, server: MailServer
) -> None:
    hours = [MONDAY + timedelta(hours=hour) for hour in (0, 0, 1, 5, 24 * 6)]
    assert [send(now) for now in hours] == [1, 0, 0, 0, 0]
    assert send(MONDAY + WEEK) == 1
    assert send(MONDAY + timedelta(hours=1)) == 0  # a clock that went back
    assert len(server.accepted) == 2


def test_of_two_workers_that_ask_for_a_week_one_gets_it(reviewer: User) -> None:
    ReviewMail.objects.create(editor=reviewer)
    assert [ReviewMail.objects.claim(MONDAY.date()) for _ in range(3)] == [True, False, False]


def test_it_does_not_go_while_nothing_waits(
    lesson: Lesson, reviewer: User, server: MailServer
) -> None:
    review_everything(timezone.localdate())
    assert send(timezone.now()) == 0
    assert server.heard == []


def test_it_goes_when_a_review_runs_out_within_thirty_days(
    lesson: Lesson, reviewer: User, server: MailServer
) -> None:
    today = timezone.localdate()
    review_everything(today)
    record_review(lesson, on=today, due=today + timedelta(days=31))
    assert send(timezone.now()) == 0
    record_review(lesson, on=today, due=today + timedelta(days=30))
    assert send(timezone.now()) == 1
    plain = part(server.accepted[0], "plain")
    assert "- 1 due within 30 days" in plain
    assert f"Lesson M1.1, {lesson.title}" in plain


def test_it_lists_counts_and_twenty_texts_the_longest_overdue_first(
    lesson: Lesson, reviewer: User, server: MailServer, client_of: Callable[[User], Client]
) -> None:
    long_ago = timezone.localdate() - timedelta(days=900)
    lesson.title = 'Why <b>we</b> "begin"'
    record_review(lesson, on=long_ago, by="Dr Somebody")
    mail_reviews()
    mail = server.accepted[0]
    plain, html = part(mail, "plain"), part(mail, "html")
    others = sum(model.objects.published().count() for model in kinds()) - 1
    assert "- 1 overdue\n" in plain
    assert f"- {others} never reviewed\n" in plain
    assert f"And {others + 1 - LISTED} more." in plain
    texts = re.findall(r"http://testserver(/cms/snippets/\S+/edit/\d+/)\n", plain)
    assert len(texts) == LISTED
    assert texts[0] == f"/cms/snippets/lessons/lesson/edit/{lesson.pk}/"
    assert 'Why <b>we</b> "begin"' in plain
    assert "Why &lt;b&gt;we&lt;/b&gt; &quot;begin&quot;" in html
    assert re.findall(r'href="http://testserver([^"]+)"', html) == [
        *texts, "/cms/review/", "/cms/account/",
    ]  # fmt: skip
    client = client_of(reviewer)
    for address in (texts[0], "/cms/review/", "/cms/account/"):
        assert f"http://testserver{address}\n" in plain
        assert client.get(address).status_code == 200


def test_outside_and_inside_it_names_nobody_and_no_subject_matter(
    lesson: Lesson, mara: User, reviewer: User, server: MailServer
) -> None:
    record_review(lesson, on=date(2020, 1, 1), by="Dr Somebody")
    mail_reviews()
    mail = server.accepted[0]
    assert mail["Subject"] == "Your weekly list of texts"
    assert mail["To"] == reviewer.email
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["List-Unsubscribe"] == "<http://testserver/cms/account/>"
    for words in (part(mail, "plain"), part(mail, "html")):
        assert "@" not in words
        assert "Dr Somebody" not in words
        assert "<script" not in words
        assert "src=" not in words
        assert "<style" not in words


def test_an_editor_turns_it_off_and_on_again(
    lesson: Lesson, reviewer: User, server: MailServer, client_of: Callable[[User], Client]
) -> None:
    client = client_of(reviewer)
    page = client.get("/cms/account/").content.decode()
    assert re.search(r'name="review_mail-wanted"[^>]*checked', page)
    assert not ReviewMail.objects.exists()  # looking stores nothing
    theme = {"theme-theme": "system", "theme-contrast": "system", "theme-density": "default"}
    assert client.post("/cms/account/", theme).status_code == 302
    assert send(MONDAY) == 0
    page = client.get("/cms/account/").content.decode()
    assert not re.search(r'name="review_mail-wanted"[^>]*checked', page)
    client.post("/cms/account/", theme | {"review_mail-wanted": "on"})
    assert send(MONDAY) == 1


def test_a_writer_is_offered_no_switch_for_a_mail_they_do_not_get(
    as_role: Callable[[Role], Client],
) -> None:
    assert "review_mail" not in as_role(Role.WRITER).get("/cms/account/").content.decode()
    assert "review_mail" in as_role(Role.ADMIN).get("/cms/account/").content.decode()


def test_while_the_server_is_away_nothing_is_used_up(
    lesson: Lesson, reviewer: User, server: MailServer, settings: Any,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    assert send(MONDAY) == 0
    assert "review mail: stopped by ConnectionRefusedError" in caplog.text
    settings.EMAIL_PORT = port
    assert send(MONDAY + timedelta(hours=1)) == 1


def test_a_mail_of_which_nobody_knows_whether_it_arrived_is_not_sent_again(
    lesson: Lesson, theo: User, reviewer: User, server: MailServer
) -> None:
    make_editor(email=theo.email, role=Role.ADMIN)
    server.replies["dot"] = MailServer.DROP
    assert send(MONDAY) == 0
    assert server.heard.count("dot") == 1  # the second editor's was not tried
    del server.replies["dot"]
    assert send(MONDAY + timedelta(hours=1)) == 1
    assert send(MONDAY + timedelta(hours=2)) == 0
    assert len(server.accepted) == 1


def test_one_refused_address_does_not_keep_the_others_from_theirs(
    lesson: Lesson, theo: User, reviewer: User, server: MailServer,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    make_editor(email=theo.email, role=Role.ADMIN)
    server.replies["rcpt"] = "550 nobody here"
    assert send(MONDAY) == 0
    assert server.heard.count("rcpt") == 2
    assert "@" not in caplog.text


def test_without_a_mail_server_it_is_a_file(
    lesson: Lesson, reviewer: User, settings: Any, tmp_path: Any
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path / "mail")
    mail_reviews()
    mail_reviews()
    files = list((tmp_path / "mail").iterdir())
    assert len(files) == 1
    assert "http://testserver/cms/review/" in files[0].read_text()


def test_beat_rings_on_mondays_at_eight_and_a_few_times_more_in_case_something_was_down() -> None:
    entry = site.CELERY_BEAT_SCHEDULE["mail_reviews"]
    rings = entry["schedule"]
    assert (min(rings.hour), rings.minute, rings.day_of_week) == (8, {0}, {1})
    assert site.TIME_ZONE == "UTC"


def test_with_the_account_goes_what_the_mail_knew_of_it(reviewer: User) -> None:
    ReviewMail.objects.create(editor=reviewer)
    reviewer.delete()
    assert not ReviewMail.objects.exists()
