"""The filled-in mail is the one that the email package would have built, whatever stands in it."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from email.utils import format_datetime
from uuid import UUID

import pytest
from django.template.loader import render_to_string
from django.test import override_settings
from hypothesis import example, given
from hypothesis import strategies as st

from healing.accounts.models import User
from healing.reminders import content, mail
from healing.reminders.models import Delivery, Plan
from healing.reminders.skeleton import message, shape_of, skeleton
from healing.reminders.wording import CHECK_IN, MAILS, UNSEEN, Wording, as_text, filled

NOW = datetime(2026, 11, 23, 19, 30, tzinfo=UTC)
SHIPPED = content.shipped()[CHECK_IN]
LINK = "https://steady.example.org/r/38b1813c795144ce8f407177c1beb3e9-1.BqWEqm-kGDWFZKi4Zvc-AyU/"
VALUES = {
    "subject": "", "thing": "Count to ten.", "line": "", "link": f"{LINK}c/",
    "look_back": "", "practice": f"{LINK}go/", "letter": f"{LINK}1/\n{LINK}2/",
    "next": "Tuesday, 24 November at 20:30", "later": f"{LINK}snooze/", "stop": f"{LINK}stop/",
    "site": "Steady Ground",
}  # fmt: skip
HEADERS = {"Subject": "Two minutes", "From": "hello@example.org", "To": "mara@example.org"}
SAID = st.text().map(lambda words: " ".join(words.split()))


def built(words: Wording = SHIPPED, **values: str) -> bytes:
    found = VALUES | values
    return message(HEADERS, skeleton(CHECK_IN, words, shape_of(found), "en"), found)


def by_library(words: Wording, values: Mapping[str, str], headers: Mapping[str, str]) -> bytes:
    paragraphs = filled(words.body, MAILS[CHECK_IN], values)
    html = {"subject": words.subject, "paragraphs": paragraphs}
    found = EmailMessage()
    for name, said in headers.items():
        found[name] = said
    found.set_content(as_text(paragraphs) + "\n")
    found.add_alternative(render_to_string("mail/mail.html", html), subtype="html")
    return found.as_bytes()


def read(sent: bytes) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Headers and parts, as a mail program understands them."""
    found = message_from_bytes(sent, policy=default)
    assert not found.defects
    headers = [(name, str(said)) for name, said in found.items() if name != "Content-Type"]
    parts = [
        (part.get_content_type(), part.get_content().replace("\r\n", "\n"))
        for part in found.iter_parts()
    ]
    return sorted(headers), parts


@given(line=SAID, site=SAID, thing=SAID)
@example(line="", site="", thing="")
@example(line="👩‍👩‍👧 é ü", site="Ruhe & Halt", thing="%s %(stop:0)s 100 %")
@example(line="x" * 3000, site=".", thing="=3D =\u00e9")
@example(line="</p><script>", site="Content-Type: text/html", thing="--boundary--")
@example(line=f"{'ü' * 40} " * 30, site="From me", thing=".")
@example(line="{stop} {link}", site="\x00stop:0\x00", thing="\x00")
def test_it_means_what_the_email_package_would_have_sent(line, site, thing):
    values = VALUES | {"line": line, "site": site, "thing": thing}
    seen = {name: UNSEEN.sub("", said) if name in ("line", "site", "thing") else said
            for name, said in values.items()}  # fmt: skip
    shape = {name: 0 if not values[name] else count for name, count in shape_of(seen)}
    # What is left of unseen characters alone is an empty line, not a missing paragraph.
    if any(values[name] and not seen[name] for name in values):
        return
    assert shape == dict(shape_of(values))
    assert read(built(**values)) == read(by_library(SHIPPED, seen, HEADERS))


@given(line=SAID.filter(bool), site=SAID)
def test_every_value_comes_back_exactly(line, site):
    parts = dict(read(built(line=line, site=site))[1])
    seen = UNSEEN.sub("", line)
    assert f"\n\nSomething you kept: {seen}\n\n" in parts["text/plain"]
    assert parts["text/plain"].endswith(f"\n\n{UNSEEN.sub('', site)}\n")
    for link in (LINK + end for end in ("c/", "go/", "1/", "2/", "snooze/", "stop/")):
        assert f"\n{link}\n" in parts["text/plain"]
        assert f'<a href="{link}">' in parts["text/html"]


@given(line=SAID, site=SAID)
@example(line="a\ud800b", site="")
@example(line="y" * 5000, site="")
@example(line="y" * 5000, site="ü" * 500)
def test_any_server_takes_it(line, site):
    sent = built(line=line, site=site)
    assert sent.isascii()
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)|\x00", sent)
    assert max(map(len, sent.split(b"\r\n"))) <= 998


def test_long_and_foreign_words_travel_in_short_lines():
    found = message_from_bytes(built(line="é" * 500), policy=default)
    for part in found.iter_parts():
        assert part["Content-Transfer-Encoding"] == "quoted-printable"
        assert max(map(len, part.as_bytes().split(b"\n")[3:])) <= 76


def test_plain_words_travel_as_they_are_so_that_a_file_can_be_read():
    assert f"\r\n{LINK}stop/\r\n".encode() in built()
    assert b"quoted-printable" not in built()


HOSTILE = ["\r\nBcc: all@example.org\r\n\r\n", "\nX: y", "\rX: y", "\u2028X: y", "\x85X: y"]


@pytest.mark.parametrize("words", HOSTILE)
@pytest.mark.parametrize("name", ["line", "site", "thing", "next", "stop"])
def test_no_value_adds_a_header(name, words):
    found = message_from_bytes(built(**{name: words}), policy=default)
    assert set(found) == {*HEADERS, "MIME-Version", "Content-Type"}
    assert [part.get_content_type() for part in found.iter_parts()] == ["text/plain", "text/html"]


def delivery_for(address: str) -> Delivery:
    owner = User(pk=7, email=address, language="en")
    plan = Plan(
        id=UUID(int=5), owner=owner, weekdays=127, time_zone="UTC", local_time=NOW.time(),
        next_due_at=NOW, next_local_date=NOW.date(),
    )  # fmt: skip
    return Delivery.for_due(plan)


def sent(words: Wording, address: str = "mara@example.org") -> EmailMessage:
    delivery = delivery_for(address)
    found = mail.build(delivery, now=NOW, wordings={CHECK_IN: words}, plans=[delivery.plan])
    assert found.content.isascii()
    return message_from_bytes(found.content, policy=default)


@pytest.mark.parametrize("words", HOSTILE[:3])
def test_no_subject_and_no_address_adds_one_either(words):
    with pytest.raises(ValueError, match=r"CR|LF|linefeed|carriage"):
        sent(Wording(f"Two{words}", SHIPPED.body, "a"))
    with pytest.raises(ValueError, match=r"CR|LF|linefeed|carriage"):
        sent(SHIPPED, f"mara{words}@example.org")


@given(subject=st.text(min_size=1, max_size=60), name=st.text(max_size=40))
@example(subject="Zwei Minuten für dich " * 2, name='Ruhe & "Halt", für dich')
@example(subject="=?utf-8?q?no?=", name="")
def test_subject_and_sender_come_back_exactly(subject, name):
    subject, name = (" ".join(UNSEEN.sub("", words).split()) for words in (subject, name))
    sender = mail.Address(name, "hello", "example.org")
    with override_settings(DEFAULT_FROM_EMAIL=str(sender)):
        found = sent(Wording(subject, SHIPPED.body, "a"))
    library = EmailMessage()
    library["Subject"], library["From"] = subject, str(sender)
    library = message_from_bytes(library.as_bytes(), policy=default)
    assert found["Subject"] == library["Subject"]
    assert found["From"] == library["From"]
    assert found["From"].addresses[0].addr_spec == "hello@example.org"


@pytest.mark.parametrize(
    ("address", "header"),
    [
        ("mara@example.org", "mara@example.org"),
        ("m.a+ra_1@mail.example.org", "m.a+ra_1@mail.example.org"),
        ("o'hara@example.org", "o'hara@example.org"),
        ('"m a"@example.org', '"m a"@example.org'),
        ("mara@exämple.org", "mara@xn--exmple-cua.org"),
    ],
)
def test_an_address_of_any_kind_stands_in_the_header_as_servers_read_it(address, header):
    found = sent(SHIPPED, address)
    assert found["To"] == header
    assert len(found["To"].addresses) == 1


def test_the_headers_are_those_of_any_mail(settings):
    settings.DEFAULT_FROM_EMAIL = "Steady Ground <hello@example.org>"
    found = sent(SHIPPED)
    assert dict(found.items()) == {
        "Subject": "Two minutes to steady",
        "From": "Steady Ground <hello@example.org>",
        "To": "mara@example.org",
        "Date": format_datetime(NOW),
        "Message-ID": f"<{UUID(int=5).hex}.20261123.1@example.org>",
        "X-Delivery": "None",
        "Auto-Submitted": "auto-generated",
        "List-Unsubscribe": found["List-Unsubscribe"],
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "MIME-Version": "1.0",
        "Content-Type": found["Content-Type"],
    }


def test_no_two_mails_share_a_border():
    borders = {message_from_bytes(built()).get_boundary() for _ in range(20)}
    assert len(borders) == 20


def test_words_an_editor_changed_are_another_skeleton():
    other = Wording(SHIPPED.subject, SHIPPED.body.replace("Hello,", "Dear reader,"), "a")
    assert b"Dear reader," not in built()
    assert b"Dear reader," in built(other)
    assert b"Dear reader," not in built()


def test_the_same_words_and_shape_are_rendered_once():
    skeleton.cache_clear()
    for place in range(5):
        built(thing=f"Count to {place}.")
    assert skeleton.cache_info().misses == 1
