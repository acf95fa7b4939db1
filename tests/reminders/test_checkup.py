"""The doctor: each look is shown to find what it looks for, and to pass where all is well."""

from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import StringIO
from threading import Thread
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from healing.reminders import checkup, rate
from healing.reminders.models import Engine, Suppression
from healing.reminders.suppression import suppress


@pytest.fixture
def website() -> Iterator[Any]:
    """A site that answers every address with the status a test sets."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(server.status)  # type: ignore[attr-defined]
            self.end_headers()

        def log_message(self, *args: Any) -> None:
            """Nothing on the screen."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    server.status = 200  # type: ignore[attr-defined]
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_mail_server_that_answers_is_well_and_one_that_does_not_is_named(
    smtp_server, settings, unused_port
):
    well, words = checkup.mail_server()
    assert well, words
    settings.EMAIL_PORT = 1
    well, words = checkup.mail_server()
    assert not well
    assert "127.0.0.1:1" in words
    assert "EMAIL_URL" in words


def test_without_a_mail_server_nothing_is_wrong(settings):
    settings.EMAIL_URL = ""
    assert checkup.mail_server()[0]
    assert checkup.encryption()[0]


@pytest.mark.parametrize(
    ("host", "starttls", "tls", "well"),
    [
        ("mail.example.org", False, False, False),
        ("mail.example.org", True, False, True),
        ("mail.example.org", False, True, True),
        ("localhost", False, False, True),
    ],
)
def test_a_mail_server_elsewhere_needs_encryption(settings, host, starttls, tls, well):
    settings.EMAIL_URL = "smtp://x"
    settings.EMAIL_HOST = host
    settings.EMAIL_USE_TLS, settings.EMAIL_USE_SSL = starttls, tls
    assert checkup.encryption()[0] is well


@pytest.mark.parametrize(
    ("mail_server", "address", "well"),
    [
        ("smtp://x", "https://steady.example.org", True),
        ("smtp://x", "http://steady.example.org", False),
        ("", "http://127.0.0.1:8000", True),
    ],
)
def test_the_stop_link_has_to_be_one_that_mail_programs_take(
    content, settings, mail_server, address, well
):
    settings.EMAIL_URL, settings.SITE_URL = mail_server, address
    found, words = checkup.headers()
    assert found is well, words
    assert address.startswith("https") or address in words


@pytest.mark.parametrize(
    ("sender", "well"),
    [
        ("Steady Ground <hello@example.org>", True),
        ("Healing Group <hello@example.org>", False),
        ("Ground <hello@panic-clinic.example.org>", False),
    ],
)
def test_the_sender_has_to_be_as_neutral_as_the_subject(content, settings, sender, well):
    settings.SITE_URL, settings.DEFAULT_FROM_EMAIL = "https://steady.example.org", sender
    found, words = checkup.headers()
    assert found is well, words
    assert sender in words
    assert ("DKIM" in words) is well


def test_the_address_in_the_mails_has_to_answer(website, settings):
    settings.SITE_URL = f"http://127.0.0.1:{website.server_port}"
    assert checkup.links() == (True, f"{settings.SITE_URL}/help/ answers.")
    website.status = 502
    well, words = checkup.links()
    assert not well
    assert "SITE_URL" in words


@pytest.mark.parametrize(("apart", "well"), [(29, True), (-29, True), (31, False), (-31, False)])
def test_two_clocks_may_differ_a_little(apart, well):
    now = timezone.now()
    assert checkup.compared(now, now + timedelta(seconds=apart))[0] is well


def test_the_time_zones_are_the_pinned_ones():
    well, words = checkup.time_zones()
    assert well, words
    assert "tzdata 20" in words


def test_what_cannot_be_seen_from_here_is_said_and_not_claimed(settings):
    settings.EMAIL_URL = "smtp://x"
    settings.DEFAULT_FROM_EMAIL = "Steady Ground <hello@steady.example.org>"
    _well, words = checkup.sender()
    assert "come from steady.example.org" in words
    assert "not looked up here" in words


def test_returned_mail_is_counted_and_its_secret_kept_on_the_way(db, settings):
    suppress("mara@example.org", Suppression.Reason.BOUNCED, timezone.now())
    well, words = checkup.returned_mail()
    assert well
    assert words.endswith("MAIL_WEBHOOK is not set. Addresses that get no more mail: 1.")
    settings.MAIL_WEBHOOK, settings.SITE_URL = "postmark", "https://steady.example.org"
    well, words = checkup.returned_mail()
    assert well
    assert "postmark posts to https://steady.example.org/mail-events/." in words
    settings.SITE_URL = "http://steady.example.org"
    assert not checkup.returned_mail()[0]


def test_a_rate_that_the_server_slowed_is_named(db, settings):
    assert "no limit is set" in checkup.sending_rate()[1]
    settings.REMINDERS_PER_SECOND = 40
    assert checkup.sending_rate()[1].startswith("40.0 a second, as")
    rate.take(timezone.now(), 50)
    rate.slow(timezone.now())
    assert checkup.sending_rate()[1].startswith("20.0 a second: the mail server")


@pytest.mark.parametrize(("ago", "well"), [(None, True), (15, True), (119, True), (121, False)])
def test_a_beat_that_stopped_is_noticed(db, settings, ago, well):
    settings.REMINDERS_TICK_SECONDS = 15
    if ago is not None:
        Engine.objects.create(ticked_at=timezone.now() - timedelta(seconds=ago))
    found, words = checkup.beat()
    assert found is well, words
    assert well or "Look whether beat and a worker run" in words


def test_the_command_says_all_of_it_and_fails_for_a_fault(content, settings, website):
    settings.EMAIL_URL = ""
    settings.SITE_URL = f"http://127.0.0.1:{website.server_port}"
    out = StringIO()
    call_command("doctor", stdout=out)
    assert [line[:5] for line in out.getvalue().splitlines()] == ["well "] * 10
    website.status = 500
    with pytest.raises(SystemExit):
        call_command("doctor", stdout=(out := StringIO()))
    assert "FAULT  links:" in out.getvalue()
