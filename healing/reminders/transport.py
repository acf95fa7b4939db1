"""Hands one message over in two steps, so that the gate can stand between them.

`envelope` is MAIL and RCPT: after it nothing has left the house. `data` is the message itself:
between its end and the server's answer nobody can know whether it was accepted (RFC 1047).
"""

import os
import re
import smtplib
import ssl
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email import message_from_bytes
from functools import cache
from pathlib import Path
from typing import NamedTuple, Protocol

from django.conf import settings
from django.core.mail.utils import DNS_NAME
from django.utils.encoding import punycode

from healing.reminders.replies import about_the_mailbox

# RFC 5321, section 4.5.3.2.6: how long a server may think after the final dot.
FINAL_ANSWER_SECONDS = 600
# Some servers count the mails of one connection and shut the door; leave before that.
MAILS_PER_CONNECTION = 100
CLOSING = 421
# One mail put off may be a matter of its recipient (greylisting); so many in a row are not.
PUT_OFF_IN_A_ROW = 3


class ConnectionLost(Exception):
    """No answer came. Before `data` nothing was sent; during it nobody can know."""


class Reply(NamedTuple):
    """What the server said, as in SMTP: 2xx accepted, 4xx try again later, 5xx never."""

    code: int
    text: str = ""

    @property
    def accepted(self) -> bool:
        return 200 <= self.code < 300

    @property
    def passing(self) -> bool:
        """A trouble that may pass: worth another attempt."""
        return 400 <= self.code < 500

    def __str__(self) -> str:
        return f"{self.code} {self.text}".strip()


class Transport(Protocol):
    """One way out of the house.

    `down` says that trying another mail now is of no use, `asked_for_less` that the server would
    have mails come slower; whoever obeys sets that back.
    """

    down: bool
    asked_for_less: bool

    def announce(self, sender: str, recipient: str) -> None:
        """Name the next mail's sender and recipient without waiting for the answer; never raises.

        `envelope` hears it. An announcement that nothing follows is taken back.
        """

    def envelope(self, sender: str, recipient: str) -> Reply:
        """Name sender and recipient; raises ConnectionLost, ValueError for no address."""

    def data(self, message: bytes) -> Reply:
        """Hand the message over; raises ConnectionLost."""

    def reset(self) -> None:
        """Take the envelope back; never raises."""

    def close(self) -> None:
        """Say goodbye; never raises."""


@contextmanager
def _losses() -> Iterator[None]:
    """Every way in which an answer can fail to come, as one."""
    try:
        yield
    except (OSError, smtplib.SMTPException) as problem:
        raise ConnectionLost(f"{type(problem).__name__}: {problem}") from problem


class SmtpTransport:
    """A real mail server, from the EMAIL_* settings; the connection is kept for the next mail."""

    def __init__(self) -> None:
        self.down = self.asked_for_less = False
        self._server: smtplib.SMTP | None = None
        self._mails = 0
        self._put_off, self._took_any = 0, False
        # Whom the server was told of and has not answered yet: sender and recipient.
        self._named: tuple[str, str] | None = None

    def announce(self, sender: str, recipient: str) -> None:
        server, trouble = self._server, self.down or self.asked_for_less
        if server is None or self._named or trouble or self._mails >= MAILS_PER_CONNECTION:
            return
        # Whatever stands in the way, `envelope` meets it too.
        with suppress(ConnectionLost, ValueError), self._closing_on_loss():
            self._name(server, _in_ascii(sender), _in_ascii(recipient))

    def envelope(self, sender: str, recipient: str) -> Reply:
        sender, recipient = _in_ascii(sender), _in_ascii(recipient)
        if self._named and self._named != (sender, recipient):
            self.reset()
        with self._closing_on_loss():
            server = self._server if self._named else None
            if server is None:
                server = self._open()
                self._name(server, sender, recipient)
            return self._answer_to_names(server, recipient)

    def _name(self, server: smtplib.SMTP, sender: str, recipient: str) -> None:
        """Write MAIL, and RCPT in the same breath where the server allows that (RFC 2920)."""
        self._mails += 1
        # Bare addresses; smtplib's own two commands would look for a name beside each.
        words = f"MAIL FROM:<{sender}>\r\n"
        server.send(words + _rcpt(recipient) if _takes_both(server) else words)
        self._named = sender, recipient

    def _answer_to_names(self, server: smtplib.SMTP, recipient: str) -> Reply:
        """What the server says to the two whom `_name` named."""
        self._named = None
        reply = self._heard(server.getreply())
        if not reply.accepted:
            if _takes_both(server) and self._server is not None:
                # RCPT is refused because MAIL was: heard, so that the next answer is the next's.
                with suppress(ConnectionLost), self._closing_on_loss():
                    server.getreply()
            return reply
        if not _takes_both(server):
            server.send(_rcpt(recipient))
        return self._heard(server.getreply())

    def data(self, message: bytes) -> Reply:
        server = self._server
        if server is None or server.sock is None:
            raise ConnectionLost("no envelope was accepted")
        with self._closing_on_loss():
            server.sock.settimeout(FINAL_ANSWER_SECONDS)
            try:
                reply = self._heard(server.data(message))
            except smtplib.SMTPDataError as refused:
                # The answer to the word DATA itself: the message was not begun.
                reply = self._heard((refused.smtp_code, refused.smtp_error))
                if reply.accepted:
                    raise smtplib.SMTPServerDisconnected(f"not an answer: {reply}") from refused
            if server.sock is not None:
                server.sock.settimeout(settings.EMAIL_TIMEOUT)
            if reply.accepted:
                self._put_off, self._took_any = 0, True
            return reply

    def reset(self) -> None:
        with suppress(ConnectionLost), self._closing_on_loss():
            if server := self._heard_out():
                server.rset()

    def close(self) -> None:
        with suppress(ConnectionLost), self._closing_on_loss():
            if server := self._heard_out():
                server.quit()
        self._server = None

    def _heard_out(self) -> smtplib.SMTP | None:
        """The connection, with no answer left to hear on it; None if there is none (any more)."""
        if self._server is not None and self._named:
            _sender, recipient = self._named
            self._answer_to_names(self._server, recipient)
        return self._server

    def _open(self) -> smtplib.SMTP:
        """The open connection, or a new one; a failure to get one marks the transport down."""
        if self._mails >= MAILS_PER_CONNECTION:
            self.close()
        if self._server is None:
            self.down = True
            try:
                self._server, self._mails = connected(), 0
            except smtplib.SMTPConnectError as refused:
                self.asked_for_less |= refused.smtp_code == CLOSING
                raise
            self.down = False
        return self._server

    def _heard(self, answer: tuple[int, bytes | str]) -> Reply:
        """An answer in words; one that is no answer is a loss, and 421 is goodbye."""
        code, text = answer
        words = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
        # No database keeps a NUL.
        reply = Reply(code, " ".join(words.replace("\0", " ").split()))
        if not (reply.accepted or reply.passing or 500 <= code < 600):
            raise smtplib.SMTPServerDisconnected(f"not an answer: {reply}")
        # A single mailbox that is full says nothing of how much the server can take.
        if reply.passing and not about_the_mailbox(reply.text):
            self._put_off += 1
            shut_at_once = code == CLOSING and not self._took_any
            self.asked_for_less |= shut_at_once or self._put_off >= PUT_OFF_IN_A_ROW
        if code == CLOSING:
            self.down = True
            self._drop()
        return reply

    @contextmanager
    def _closing_on_loss(self) -> Iterator[None]:
        try:
            with _losses():
                yield
        except ConnectionLost:
            self._drop()
            raise

    def _drop(self) -> None:
        if self._server is not None:
            self._server.close()
        self._server = self._named = None


def _in_ascii(address: str) -> str:
    """The address as every server reads it; raises ValueError if there is no such form."""
    if not address.isprintable():
        # One that ends a line would be a command of its own.
        raise ValueError("not an address")
    local, at, domain = address.rpartition("@")
    return local.encode("ascii").decode() + at + punycode(domain)


def _rcpt(recipient: str) -> str:
    return f"RCPT TO:<{recipient}>\r\n"


def _takes_both(server: smtplib.SMTP) -> bool:
    """Whether it hears a command before it has answered the last one; nearly every server does."""
    return server.has_extn("pipelining")


@cache
def _trust() -> ssl.SSLContext:
    """Whose certificates are taken: smtplib's own default would take any. Reading them is slow."""
    return ssl.create_default_context()


def connected() -> smtplib.SMTP:
    """A greeted and, where set, encrypted and signed-in connection."""
    host, port = settings.EMAIL_HOST, settings.EMAIL_PORT
    name, timeout = DNS_NAME.get_fqdn(), settings.EMAIL_TIMEOUT
    server: smtplib.SMTP
    if settings.EMAIL_USE_SSL:
        server = smtplib.SMTP_SSL(host, port, name, timeout=timeout, context=_trust())
    else:
        server = smtplib.SMTP(host, port, name, timeout=timeout)
    try:
        server.ehlo_or_helo_if_needed()
        if settings.EMAIL_USE_TLS:
            server.starttls(context=_trust())
            server.ehlo()
        if settings.EMAIL_HOST_USER:
            server.login(settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD)
    except BaseException:
        server.close()
        raise
    return server


class FileTransport:
    """No mail server: each message becomes one .eml file, whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self.down = self.asked_for_less = False
        self._folder = folder

    def announce(self, sender: str, recipient: str) -> None:
        """A folder needs no warning."""

    def envelope(self, sender: str, recipient: str) -> Reply:
        with _losses():
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return Reply(250, "a file will do")

    def data(self, message: bytes) -> Reply:
        path = self._folder / _file_name(message)
        try:
            handle, draft = tempfile.mkstemp(dir=self._folder, prefix=".", suffix=".draft")
            with os.fdopen(handle, "wb") as out:
                out.write(message)
                out.flush()
                os.fsync(out.fileno())
            Path(draft).replace(path)
        except OSError as problem:
            return Reply(452, f"could not be written: {problem.strerror}")
        return Reply(250, f"written to {path.name}")

    def reset(self) -> None:
        """Nothing was begun."""

    def close(self) -> None:
        """Nothing is open."""


def _file_name(message: bytes) -> str:
    """From the message's own id, so a mail written twice is one file."""
    message_id = str(message_from_bytes(message)["Message-ID"])
    return re.sub(r"[^\w.-]", "_", message_id.strip("<>").partition("@")[0]) + ".eml"


def from_settings() -> Transport:
    """SMTP where EMAIL_URL is set, else files in MAIL_DIR."""
    return SmtpTransport() if settings.EMAIL_URL else FileTransport(settings.MAIL_DIR)
