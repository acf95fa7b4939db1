"""The shipped mail texts: read, checked, loaded, and sent where an editor's are no good."""

import logging
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from healing.editorial.loader import Upgrade
from healing.editorial.shipped import BadContent
from healing.editorial.text_checks import check_grade, check_words
from healing.reminders import content
from healing.reminders.models import MailText
from healing.reminders.wording import BLANK_LINES, CHECK_IN, IN_BRACES, LAST_NOTE, MAILS

SHIPPED = yaml.safe_load(content.FILE.read_text())


@pytest.fixture
def text(db: None) -> MailText:
    content.load()
    return MailText.objects.get(content_id=CHECK_IN)


@pytest.fixture
def file(tmp_path: Path) -> Callable[..., Path]:
    """A file that holds the shipped mail with some fields changed, or left out where None."""

    def write(**changes: Any) -> Path:
        row = {**SHIPPED[0], **changes}
        mails = tmp_path / "mails.yaml"
        kept = {name: value for name, value in row.items() if value is not None}
        mails.write_text(yaml.safe_dump([kept, *SHIPPED[1:]]))
        return mails

    return write


def test_every_mail_that_is_sent_ships_with_words():
    assert [row["id"] for row in content.read()] == list(MAILS)
    assert set(content.shipped()) == set(MAILS)


def test_the_shipped_words_keep_the_rules_for_every_text():
    for row in content.read():
        words = " ".join([row["title"], row["subject"], row["body"], row["things"]])
        assert list(check_words(words)) == []
        assert list(check_grade(row["body"])) == []
        assert list(check_grade(row["things"])) == []


def test_no_paragraph_is_broken_in_the_middle_of_a_sentence():
    """A line break stands in the mail as it stands in the file, on a phone too."""
    for words in content.shipped().values():
        for paragraph in BLANK_LINES.split(words.body):
            for line in paragraph.strip().split("\n")[1:]:
                assert IN_BRACES.fullmatch(line.strip()), line


def test_the_last_note_asks_for_nothing_and_blames_nobody():
    words = content.shipped()[LAST_NOTE].body.lower()
    assert "nothing was lost" in words
    assert not re.search(
        r"\b(must|should|miss|sorry|unfortunately|you did not|please|why)\b", words
    )


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"body": "Hello {stop\n\n{thing}\n{link}\n\n{next}"},
         r"\(mail-check-in\), field body: “{stop” is not a placeholder"),
        ({"body": SHIPPED[0]["body"].replace("{stop}", "")}, "field body: {stop} is missing"),
        ({"body": SHIPPED[0]["body"] + "{name}"}, "field body: “{name}” is not a placeholder"),
        ({"subject": "Your therapy mail"}, "field subject: “therapy” may tell others"),
        ({"subject": "word " * 20}, "field subject: has 99 characters, at most 60 fit"),
        ({"things": None}, "field things: The mail needs at least one small thing"),
        ({"things": ["One\ntwo"]}, "field things: must be a list of texts of one line"),
        ({"things": "One"}, "field things: must be a list"),
        ({"id": "mail-welcome"}, "field id: must be one of mail-check-in, mail-last"),
        ({"colour": "pine"}, "field colour: is not known here"),
    ],
    ids=str,
)  # fmt: skip
def test_a_mistake_in_the_file_is_named_with_its_place(file, changes, sentence):
    with pytest.raises(BadContent, match=sentence) as caught:
        content.read(file(**changes))
    assert "mails.yaml, entry 1" in str(caught.value)


def test_a_mail_without_words_in_the_file_is_missed(tmp_path):
    mails = tmp_path / "mails.yaml"
    mails.write_text("[]")
    with pytest.raises(BadContent, match="mail-check-in, mail-last-note is missing"):
        content.read(mails)


def test_loading_publishes_and_loading_again_changes_nothing(text):
    assert text.live
    assert text.live_revision is not None
    assert content.load() == dict.fromkeys(MAILS, Upgrade.SAME)


def test_an_editors_words_survive_an_upgrade(text, file):
    text.subject = "A minute for you"
    text.save_revision().publish()

    assert content.load(file(subject="Three minutes"))[CHECK_IN] == Upgrade.KEPT
    assert content.wordings()[CHECK_IN].subject == "A minute for you"


@pytest.mark.parametrize("field", ["body", "things"])
def test_a_moved_line_break_is_an_editors_change_too(text, file, field):
    before, _, rest = getattr(text, field).partition("\n")
    setattr(text, field, f"{before} {rest}")
    text.save_revision().publish()

    assert content.load(file(title="Daily mail"))[CHECK_IN] == Upgrade.KEPT


def test_the_line_ends_of_a_browser_are_no_change(text, file):
    text.body = text.body.replace("\n", "\r\n")
    text.save_revision().publish()

    assert content.load(file(title="Daily mail"))[CHECK_IN] == Upgrade.UPDATED


def test_what_an_editor_published_is_what_is_sent(text):
    text.subject = "A minute for you"
    text.save_revision().publish()

    assert content.wordings()[CHECK_IN].subject == "A minute for you"


def test_a_draft_is_not_sent(text):
    text.subject = "A minute for you"
    text.save_revision()

    assert content.wordings()[CHECK_IN].subject == "Two minutes to steady"


def change(text: MailText, **fields: str) -> None:
    """Past the form and its checks."""
    MailText.objects.filter(pk=text.pk).update(**fields)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: text.unpublish(),
        lambda text: text.delete(),
        lambda text: change(text, content_id="own-1"),
        lambda text: change(text, body="", subject="Other"),
        lambda text: change(text, body="Bye {stop", subject="Other"),
        lambda text: change(text, subject="Two\nBcc: all@example.org"),
        lambda text: change(text, subject="Your fear of being left"),
        lambda text: change(text, things="", subject="Other"),
    ],
    ids=["unpublished", "deleted", "another id", "empty", "no stop link", "a second header",
         "the topic", "no small thing"],
)  # fmt: skip
def test_a_text_that_is_gone_or_no_good_gives_way_to_the_shipped_one(text, spoil):
    text.subject = "A minute for you"
    text.save_revision().publish()
    spoil(text)

    assert content.wordings() == content.shipped()


def test_without_any_row_the_shipped_words_are_used(db):
    assert content.wordings() == content.shipped()


def test_a_stored_text_that_is_no_good_is_logged_without_its_words(text, caplog):
    change(text, body="Secret words", things="{secret}")
    with caplog.at_level(logging.DEBUG, "healing"):
        content.wordings()

    assert caplog.messages == ["mail-check-in is sent in its shipped words: see its body, things."]


def test_all_words_are_read_with_one_query(text, django_assert_num_queries):
    content.shipped()
    with django_assert_num_queries(1):
        content.wordings()
