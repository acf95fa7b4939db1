"""The two ways out of the house: a mail server, and a folder."""

import os
import smtplib
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta

import pytest
from aiosmtpd.controller import Controller
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from hypothesis import HealthCheck, given
from hypothesis import settings as settings_of_hypothesis
from hypothesis import strategies as st

from healing.reminders import transport
from healing.reminders.transport import ConnectionLost, FileTransport, Reply, SmtpTransport
from tests.reminders.conftest import Held, MailServer

MESSAGE = b"Message-ID: <1.2.3@x.test>\r\nSubject: hello\r\n\r\n.A line that begins with a dot.\r\n"


def send(way) -> Reply:
    assert way.envelope("us@x.test", "mara@example.org").accepted
    return way.data(MESSAGE)


def test_the_server_gets_the_message_as_it_is(smtp_server):
    way = SmtpTransport()
    reply = send(way)
    way.close()

    assert reply == Reply(250, "OK")
    assert smtp_server.raw == [MESSAGE]


def test_the_connection_is_kept_and_renewed_after_a_hundred_mails(smtp_server, monkeypatch):
    opened = []
    real = transport.connected
    monkeypatch.setattr(transport, "connected", lambda: opened.append(1) or real())
    monkeypatch.setattr(transport, "MAILS_PER_CONNECTION", 3)
    way = SmtpTransport()
    for _ in range(7):
        send(way)
    way.close()

    assert len(smtp_server.accepted) == 7
    assert len(opened) == 3


def test_an_address_in_another_script_is_written_as_every_server_reads_it(smtp_server):
    way = SmtpTransport()
    assert way.envelope("us@x.test", "mara@bücher.example").accepted
    way.data(MESSAGE)
    way.close()

    assert smtp_server.recipients == ["mara@xn--bcher-kva.example"]


def test_a_message_without_an_envelope_is_not_sent(smtp_server):
    with pytest.raises(ConnectionLost):
        SmtpTransport().data(MESSAGE)


def test_closing_and_resetting_what_was_never_open_is_quiet():
    way = SmtpTransport()
    way.reset()
    way.close()
    assert not way.down
    assert not way.asked_for_less


# The next mail is named ahead -------------------------------------------------------------------


@pytest.fixture(params=[True, False], ids=["pipelining", "one by one"])
def talking(request, smtp_server) -> Iterator[SmtpTransport]:
    """A connection over which one mail has gone; the server has nothing to say against the next."""
    smtp_server.pipelining = request.param
    with closing(SmtpTransport()) as way:
        assert send(way).accepted
        smtp_server.heard.clear()
        yield way


def announced(way: SmtpTransport) -> None:
    way.announce("us@x.test", "jo@example.org")


def named(way: SmtpTransport) -> Reply:
    return way.envelope("us@x.test", "jo@example.org")


def test_what_was_announced_is_named_once(talking, smtp_server):
    announced(talking)
    assert named(talking) == Reply(250, "OK")
    assert talking.data(MESSAGE).accepted

    assert smtp_server.heard == ["mail", "rcpt", "dot"]
    assert smtp_server.recipients == ["mara@example.org", "jo@example.org"]


def test_it_waits_for_no_answer(talking, smtp_server):
    smtp_server.held["mail"] = held = Held()
    announced(talking)
    assert held.reached.wait(5)
    held.go_on.set()
    assert named(talking).accepted


@pytest.mark.parametrize("pipelining", [True, False])
def test_both_are_named_in_one_breath_only_where_the_server_offers_that(
    smtp_server, monkeypatch, pipelining
):
    smtp_server.pipelining = pipelining
    said: list[str] = []
    real = smtplib.SMTP.send
    monkeypatch.setattr(
        smtplib.SMTP, "send", lambda self, words: said.append(words) or real(self, words)
    )
    with closing(SmtpTransport()) as way:
        assert named(way).accepted

    names = ["MAIL FROM:<us@x.test>\r\n", "RCPT TO:<jo@example.org>\r\n"]
    assert said[1:-1] == (["".join(names)] if pipelining else names)


@pytest.mark.parametrize("step", ["mail", "rcpt"])
@pytest.mark.parametrize("code", [450, 550])
def test_an_announced_mail_that_is_refused_leaves_the_way_open(talking, smtp_server, step, code):
    smtp_server.replies[step] = f"{code} said so"
    announced(talking)
    assert named(talking) == Reply(code, "said so")
    talking.reset()
    smtp_server.replies.clear()

    assert send(talking).accepted
    assert smtp_server.recipients == ["mara@example.org"] * 2


@pytest.mark.parametrize("step", ["mail", "rcpt"])
def test_a_goodbye_at_an_announced_mail_is_heard_with_it(talking, smtp_server, step):
    smtp_server.replies[step] = "421 closing"
    announced(talking)
    assert named(talking) == Reply(421, "closing")
    assert talking.down


@pytest.mark.parametrize("step", ["mail", "rcpt"])
def test_a_loss_at_an_announced_mail_is_heard_with_it_and_the_next_begins_anew(
    talking, smtp_server, step
):
    smtp_server.replies[step] = smtp_server.DROP
    announced(talking)
    with pytest.raises(ConnectionLost):
        named(talking)
    assert not talking.down
    smtp_server.replies.clear()
    assert send(talking).accepted


def test_a_refusal_stands_even_if_the_server_hangs_up_after_it(settings, unused_port):
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", unused_port

    def refuse(server: socket.socket) -> None:
        connection, _address = server.accept()
        with connection, connection.makefile("rb") as heard:
            connection.sendall(b"220 here\r\n")
            heard.readline()
            connection.sendall(b"250-here\r\n250 PIPELINING\r\n")
            heard.readline()
            connection.sendall(b"550 5.7.1 not you\r\n")

    with socket.create_server(("127.0.0.1", unused_port)) as server:
        refuser = threading.Thread(target=refuse, args=[server], daemon=True)
        refuser.start()
        way = SmtpTransport()
        assert named(way) == Reply(550, "5.7.1 not you")
        way.reset()
        way.close()
        refuser.join(5)

    assert not way.down


def test_an_announcement_is_taken_back(talking, smtp_server):
    announced(talking)
    talking.reset()
    assert send(talking).accepted

    assert smtp_server.heard == ["mail", "rcpt", "rset", "mail", "rcpt", "dot"]
    assert smtp_server.recipients == ["mara@example.org"] * 2


def test_whoever_leaves_after_an_announcement_says_goodbye(talking, smtp_server):
    announced(talking)
    talking.close()
    assert smtp_server.heard == ["mail", "rcpt"]
    assert smtp_server.goodbyes == 1


def test_another_mail_than_the_announced_one_takes_it_back(talking, smtp_server):
    announced(talking)
    assert send(talking).accepted

    assert smtp_server.heard == ["mail", "rcpt", "rset", "mail", "rcpt", "dot"]
    assert smtp_server.recipients == ["mara@example.org"] * 2


@pytest.mark.parametrize("trouble", ["down", "asked_for_less"])
def test_nothing_is_announced_that_will_not_be_sent(talking, smtp_server, trouble):
    setattr(talking, trouble, True)
    announced(talking)
    talking.close()
    assert smtp_server.heard == []
    assert smtp_server.goodbyes == 1


def test_the_last_mail_of_a_connection_may_be_announced(talking, smtp_server, monkeypatch):
    monkeypatch.setattr(transport, "MAILS_PER_CONNECTION", 2)
    announced(talking)
    assert named(talking).accepted
    assert talking.data(MESSAGE).accepted

    assert smtp_server.heard == ["mail", "rcpt", "dot"]
    assert smtp_server.goodbyes == 0


def test_nothing_is_announced_over_no_connection_or_one_that_is_used_up(smtp_server, monkeypatch):
    way = SmtpTransport()
    announced(way)
    assert smtp_server.heard == []
    monkeypatch.setattr(transport, "MAILS_PER_CONNECTION", 2)
    for _ in range(2):
        send(way)
    announced(way)
    way.close()

    assert smtp_server.heard == ["mail", "rcpt", "dot"] * 2


@pytest.mark.parametrize("address", ["a@x.test>\r\nRCPT TO:<b@x.test", "ä@x.test", "a@\x00.test"])
def test_what_is_no_address_is_not_announced_and_not_named(talking, smtp_server, address):
    talking.announce("us@x.test", address)
    with pytest.raises(ValueError):
        talking.envelope("us@x.test", address)

    assert smtp_server.heard == []


PEOPLE = ("jo", "mara", "theo")
ANSWERS = ("250 OK", "450 later", "550 no", "421 closing", MailServer.DROP)


@settings_of_hypothesis(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    pipelining=st.booleans(),
    steps=st.lists(
        st.tuples(
            st.sampled_from(["announce", "mail", "mail", "reset", "close"]),
            st.sampled_from(PEOPLE),
            st.dictionaries(
                st.sampled_from(["mail", "rcpt", "data", "dot"]), st.sampled_from(ANSWERS)
            ),
        ),
        max_size=12,
    ),
)
def test_whatever_is_announced_and_answered_a_mail_goes_to_its_own_recipient(
    smtp_server, pipelining, steps
):
    smtp_server.pipelining = pipelining
    smtp_server.raw.clear()
    smtp_server.recipients.clear()
    taken = []
    with closing(SmtpTransport()) as way:
        for step, person, answers in steps:
            smtp_server.replies = answers
            address = f"{person}@example.org"
            if step == "mail":
                with suppress(ConnectionLost):
                    if not way.envelope("us@x.test", address).accepted:
                        way.reset()
                    elif way.data(b"X-For: " + address.encode() + b"\r\n\r\n").accepted:
                        taken.append(address)
                    else:
                        way.reset()
            elif step == "announce":
                way.announce("us@x.test", address)
            else:
                getattr(way, step)()
        # And no answer is left over that the next mail would take for its own.
        smtp_server.replies = {}
        way.reset()
        assert way.envelope("us@x.test", "last@example.org").accepted
        assert way.data(b"X-For: last@example.org\r\n\r\n").accepted

    meant = [message.split()[1].decode() for message in smtp_server.raw]
    assert meant == smtp_server.recipients == [*taken, "last@example.org"]


# Certificates ------------------------------------------------------------------------------------


@pytest.fixture
def forged_certificate(tmp_path) -> ssl.SSLContext:
    """A certificate nobody vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    (tmp_path / "cert.pem").write_bytes(certificate.public_bytes(Encoding.PEM))
    (tmp_path / "key.pem").write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "cert.pem", tmp_path / "key.pem")
    return context


def test_starttls_with_a_certificate_nobody_vouches_for_gets_no_mail(
    settings, unused_port, forged_certificate
):
    heard = []

    class Handler:
        async def handle_MAIL(self, server, session, envelope, address, options):
            heard.append(address)
            return "250 OK"

    server = Controller(
        Handler(), hostname="127.0.0.1", port=unused_port, tls_context=forged_certificate
    )
    server.start()
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", unused_port
    settings.EMAIL_USE_TLS = True
    way = SmtpTransport()
    with pytest.raises(ConnectionLost, match="CERTIFICATE_VERIFY_FAILED"):
        way.envelope("us@x.test", "mara@example.org")
    server.stop()

    assert way.down
    assert heard == []


def test_starttls_that_is_not_offered_sends_nothing_in_clear(settings, smtp_server):
    settings.EMAIL_USE_TLS = True
    with pytest.raises(ConnectionLost, match="STARTTLS"):
        SmtpTransport().envelope("us@x.test", "mara@example.org")

    assert smtp_server.heard == []


def test_smtps_with_a_certificate_nobody_vouches_for_gets_no_mail(
    settings, unused_port, forged_certificate
):
    def greet_one() -> None:
        with suppress(OSError):
            listener.accept()

    listener = forged_certificate.wrap_socket(
        socket.create_server(("127.0.0.1", unused_port)), server_side=True
    )
    greeter = threading.Thread(target=greet_one)
    greeter.start()
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", unused_port
    settings.EMAIL_USE_SSL = True
    with pytest.raises(ConnectionLost, match="CERTIFICATE_VERIFY_FAILED"):
        SmtpTransport().envelope("us@x.test", "mara@example.org")
    greeter.join()
    listener.close()


# The folder --------------------------------------------------------------------------------------


def test_a_mail_becomes_one_file_named_by_its_id(tmp_path):
    way = FileTransport(tmp_path / "mail")

    assert send(way) == Reply(250, "written to 1.2.3.eml")
    assert send(way).accepted
    way.close()

    assert [path.name for path in (tmp_path / "mail").iterdir()] == ["1.2.3.eml"]
    assert (tmp_path / "mail" / "1.2.3.eml").read_bytes() == MESSAGE


def test_the_folder_and_its_mails_are_readable_by_the_owner_alone(tmp_path):
    send(FileTransport(tmp_path / "mail"))

    assert (tmp_path / "mail").stat().st_mode & 0o077 == 0
    assert (tmp_path / "mail" / "1.2.3.eml").stat().st_mode & 0o077 == 0


def test_a_message_id_can_name_no_other_folder(tmp_path):
    way = FileTransport(tmp_path / "mail")
    way.envelope("us@x.test", "mara@example.org")
    way.data(b"Message-ID: <../../etc/cron@x>\r\n\r\nhello\r\n")

    assert [path.name for path in (tmp_path / "mail").iterdir()] == [".._.._etc_cron.eml"]


def test_a_folder_that_cannot_be_made_is_a_passing_trouble(tmp_path):
    (tmp_path / "mail").write_text("a file stands in the way")

    with pytest.raises(ConnectionLost):
        FileTransport(tmp_path / "mail").envelope("us@x.test", "mara@example.org")


def test_a_folder_that_vanished_is_a_passing_trouble_and_leaves_no_half_file(tmp_path):
    way = FileTransport(tmp_path / "mail")
    way.envelope("us@x.test", "mara@example.org")
    os.rmdir(tmp_path / "mail")

    assert way.data(MESSAGE).passing


def test_the_settings_choose_the_way_out(settings, tmp_path):
    settings.MAIL_DIR = tmp_path
    settings.EMAIL_URL = ""
    assert isinstance(transport.from_settings(), FileTransport)
    settings.EMAIL_URL = "smtp://mail.example.org"
    assert isinstance(transport.from_settings(), SmtpTransport)


def test_a_server_that_greets_with_too_many_connections_asks_for_less(settings, unused_port):
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", unused_port

    def greet(server: socket.socket) -> None:
        connection, _address = server.accept()
        with connection:
            connection.sendall(b"421 4.7.0 too many connections\r\n")

    with socket.create_server(("127.0.0.1", unused_port)) as server:
        threading.Thread(target=greet, args=[server], daemon=True).start()
        way_out = SmtpTransport()
        with pytest.raises(ConnectionLost):
            way_out.envelope("a@example.org", "b@example.org")

    assert way_out.down
    assert way_out.asked_for_less
