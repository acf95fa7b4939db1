"""The mail texts in the editing screens: the form, the preview, and what an editor's words do."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import Revision

from healing.accounts.models import User
from healing.cms.actions import Role, make_editor
from healing.reminders import content, dispatch
from healing.reminders.models import Delivery, MailText
from healing.reminders.transport import SmtpTransport
from healing.reminders.wording import CHECK_IN, LAST_NOTE, MAILS
from tests.factories import make_person

BODY = content.shipped()[CHECK_IN].body


@pytest.fixture
def text(db: None) -> MailText:
    content.load()
    return MailText.objects.get(content_id=CHECK_IN)


@pytest.fixture
def client_as(ines: User, client_of: Callable[[User], Client]) -> Callable[[Role], Client]:
    def signed_in(role: Role) -> Client:
        make_editor(email=ines.email, role=role)
        return client_of(ines)

    return signed_in


def address(screen: str, *args: Any) -> str:
    return reverse(MailText.snippet_viewset.get_url_name(screen), args=args)


def form(text: MailText, **changes: str) -> dict[str, str]:
    """What the editing form sends; a browser ends lines with two characters."""
    data = {name: getattr(text, name) for name in ("title", "subject", "body", "things")}
    data = {name: value.replace("\n", "\r\n") for name, value in (data | changes).items()}
    return data | {"go_live_at": "", "expire_at": ""}


def words(response: Any) -> str:
    return unescape(" ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split()))


# The form ----------------------------------------------------------------------------------------


def test_a_reviewer_publishes_new_words_and_they_are_sent(
    text, client_as, mara, plan_for, due, smtp_server
):
    data = form(
        text, subject="A minute for you", body=f"Dear reader,\n\n{BODY}", things="Stand up."
    )
    client = client_as(Role.REVIEWER)
    assert client.post(address("edit", text.pk), data | {"action-publish": "1"}).status_code == 302
    plan_for(mara)
    dispatch.tick(due)

    assert dict(dispatch.drain(SmtpTransport(), clock=lambda: due)) == {Delivery.State.SENT: 1}

    (mail,) = smtp_server.accepted
    assert mail["Subject"] == "A minute for you"
    for kind in ("plain", "html"):
        part = mail.get_body((kind,)).get_content()
        assert "Dear reader," in part
        assert "Stand up." in part
        assert "The next mail comes on Tuesday, 24 November at 20:30." in part
        assert mail["List-Unsubscribe"].strip("<>") in part
    text.refresh_from_db()
    assert "\r\n" not in text.body


def test_markup_in_a_text_is_shown_as_it_was_typed(text, mara, plan_for, due, smtp_server):
    text.body = f"<b>Hi</b> & <script>alert(1)</script>\n\n{BODY}"
    text.save_revision().publish()
    plan_for(mara)
    dispatch.tick(due)
    dispatch.drain(SmtpTransport(), clock=lambda: due)

    plain, html = (
        smtp_server.accepted[0].get_body((kind,)).get_content() for kind in ("plain", "html")
    )
    assert "<b>Hi</b> & <script>alert(1)</script>" in plain
    assert "&lt;b&gt;Hi&lt;/b&gt; &amp; &lt;script&gt;" in html
    assert "<script" not in html


@pytest.mark.parametrize("button", [{}, {"action-publish": "1"}], ids=["draft", "publish"])
@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"body": BODY.replace("{stop}", "")}, "{stop} is missing. No mail goes out without it."),
        ({"body": BODY.replace("{next}", "soon")}, "{next} is missing. No mail goes out without"),
        ({"body": f"{BODY}\n\n{{name}}"}, "“{name}” is not a placeholder of this mail."),
        ({"body": f"{BODY}\n\n{{link"}, "“{link” is not a placeholder of this mail."),
        ({"subject": "Your fear today"}, "“fear” may tell others what this is about"),
        ({"things": ""}, "The mail needs at least one small thing."),
    ],
    ids=["no stop", "no next", "unknown", "malformed", "topic", "no thing"],
)
def test_the_form_refuses_what_could_not_be_sent_and_says_why(
    text, client_as, changes, sentence, button
):
    response = client_as(Role.REVIEWER).post(
        address("edit", text.pk), form(text, **changes) | button
    )

    assert response.status_code == 200
    assert sentence in words(response)
    text.refresh_from_db()
    assert (text.subject, text.body, text.has_unpublished_changes) == (
        "Two minutes to steady", BODY, False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("button", "sentence"),
    [({}, "The subject is empty."), ({"action-publish": "1"}, "This field is required.")],
    ids=["draft", "publish"],
)
def test_an_empty_field_is_said_in_one_sentence(text, client_as, button, sentence):
    data = form(text, subject="") | button
    shown = words(client_as(Role.REVIEWER).post(address("edit", text.pk), data))
    said = ["The subject is empty.", "This field is required."]
    assert [one for one in said if one in shown] == [sentence]


def test_the_form_lists_the_placeholders_of_this_mail(text, client_as):
    shown = words(client_as(Role.WRITER).get(address("edit", text.pk)))
    for one in text.placeholders:
        assert f"{one.written} {one.said}" in shown


def test_a_stored_text_that_cannot_be_sent_says_so_when_it_is_opened(text, client_as):
    client = client_as(Role.WRITER)
    assert "Nothing to mend" in words(client.get(address("edit", text.pk)))
    body = BODY.replace("{stop}", "")
    MailText.objects.update(body=body)
    Revision.objects.all().delete()

    shown = words(client.get(address("edit", text.pk)))

    assert "One thing to mend" in shown
    assert "{stop} is missing. No mail goes out without it." in shown


def test_a_writer_drafts_and_cannot_publish(text, client_as):
    data = form(text, subject="A minute for you")
    client = client_as(Role.WRITER)
    client.post(address("edit", text.pk), data | {"action-publish": "1"})

    text.refresh_from_db()
    assert text.subject == "Two minutes to steady"
    assert text.has_unpublished_changes


@pytest.mark.parametrize("role", list(Role))
def test_nobody_adds_a_mail(text, client_as, role):
    client = client_as(role)
    shown = client.get(address("list")).content.decode()
    assert address("edit", text.pk) in shown
    assert address("add") not in shown
    assert client.get(address("add")).status_code == 302
    assert client.post(address("add"), form(text)).status_code == 302
    assert set(MailText.objects.values_list("content_id", flat=True)) == set(MAILS)


@pytest.mark.parametrize(("role", "left"), [(Role.REVIEWER, 1), (Role.ADMIN, 0)])
def test_only_an_admin_takes_a_text_away(text, client_as, role, left):
    client_as(role).post(f"/cms/bulk/reminders/mailtext/delete/?id={text.pk}")
    assert MailText.objects.filter(pk=text.pk).count() == left


def test_a_mail_that_the_site_does_not_send_is_no_text(db):
    with pytest.raises(ValidationError, match="The site sends no such mail"):
        MailText(title="x", subject="x", body="x").full_clean()


# The preview -------------------------------------------------------------------------------------


def test_the_preview_shows_both_parts_with_sample_values(text, client_as, settings):
    client = client_as(Role.WRITER)
    data = form(text, subject="A minute for you", things="Stretch <both> arms.")
    preview = address("preview_on_edit", text.pk)
    assert client.post(preview, data).json() == {"is_valid": True, "is_available": True}

    page = client.get(preview).content.decode()

    assert page.count("A minute for you") == 2
    assert page.count("Stretch &lt;both&gt; arms.") == 2
    assert page.count("The next mail comes on Tuesday, 24 November at 20:30.") == 2
    assert f'<a href="{settings.SITE_URL}/r/sample/stop/">Stop these mails</a>' in page
    assert f"button:<br>{settings.SITE_URL}/r/sample/stop/" in page
    assert page.count(settings.SITE_NAME) == 2
    assert "She called back" not in page
    assert not re.search(r"\{\w+\}", page)


@pytest.mark.parametrize(
    ("mode", "shown", "hidden"),
    [
        ("bare", "Two minutes to steady</strong>", ["She called back", "Stretch."]),
        ("line", "She called back", ["Stretch.", "Two minutes to steady</strong>"]),
    ],
)
def test_the_preview_shows_what_each_choice_brings(text, client_as, mode, shown, hidden):
    client = client_as(Role.WRITER)
    preview = f"{address('preview_on_edit', text.pk)}?mode={mode}"
    client.post(preview, form(text, things="Stretch."))
    page = client.get(preview).content.decode()
    assert shown in page
    assert not [words for words in hidden if words in page]


def test_the_last_note_has_a_preview_and_its_own_placeholders(text, client_as):
    note = MailText.objects.get(content_id=LAST_NOTE)
    client = client_as(Role.WRITER)
    preview = address("preview_on_edit", note.pk)
    assert client.post(preview, form(note)).json()["is_valid"]
    page = client.get(preview).content.decode()
    assert "/r/sample/resume/" in page
    assert not re.search(r"\{\w+\}", page)
    assert "{thing}" not in words(client.get(address("edit", note.pk)))


def test_a_text_that_could_not_be_sent_has_no_preview(text, client_as):
    data = form(text, body="Hello")
    response = client_as(Role.WRITER).post(address("preview_on_edit", text.pk), data)
    assert response.json()["is_valid"] is False


# The drain ---------------------------------------------------------------------------------------


@pytest.mark.usefixtures("text", "smtp_server")
def test_the_words_are_read_once_for_all_mails_of_a_lease(plan_for, due):
    for n in range(5):
        plan_for(make_person(f"person{n}@example.org"))
    dispatch.tick(due)

    with CaptureQueriesContext(connection) as asked:
        ended = dispatch.drain(SmtpTransport(), clock=lambda: due)

    assert ended == {Delivery.State.SENT: 5}
    assert sum("reminders_mailtext" in query["sql"] for query in asked) == 1


def test_a_bad_text_in_the_database_costs_nobody_their_mail(text, mara, plan_for, due, smtp_server):
    MailText.objects.update(body="{stop", subject="x\ny")
    plan_for(mara)
    dispatch.tick(due + timedelta(minutes=1))

    assert dict(dispatch.drain(SmtpTransport(), clock=lambda: due)) == {Delivery.State.SENT: 1}
    assert smtp_server.accepted[0]["Subject"] == "Two minutes to steady"
