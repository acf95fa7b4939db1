"""A real SMTP server that answers as a test tells it to, and plans that are due."""

import asyncio
import email
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, time, timedelta
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session, syntax

from healing.accounts.actions import give_consent
from healing.accounts.models import Consent, User
from healing.reminders.actions import start_plan
from healing.reminders.models import Plan
from tests.services import OffersPipelining

# A Monday, and 20:30 in Berlin.
DUE = datetime(2026, 11, 23, 19, 30, tzinfo=UTC)


class ScriptedServer(SMTP):
    """aiosmtpd's, which can also refuse or hang up at the word DATA itself, or right after it."""

    @syntax("DATA")
    async def smtp_DATA(self, arg: str) -> None:
        server = self.event_handler
        if "data" in server.replies:
            if reply := await server.answer(self, "data"):
                await self.push(reply)
        elif "message" in server.replies:
            await self.push("354 go on")
            await server.answer(self, "message")
        else:
            await super().smtp_DATA(arg)


class ScriptedController(Controller):
    def factory(self) -> SMTP:
        return ScriptedServer(self.handler, hostname="sink.test")


class Held:
    """A step at which the server waits: `reached` says that it does, `go_on` lets it answer."""

    def __init__(self) -> None:
        self.reached, self.go_on = threading.Event(), threading.Event()


class MailServer(OffersPipelining):
    """What the server heard, and what it answers at `mail`, `rcpt`, `data`, `message` and `dot`.

    A reply is a text such as "450 later"; DROP hangs up instead, STALL says nothing until the other
    side does. A step in `held` waits before it answers: see `Held`. One that is not `pipelining`
    does not offer to hear a command before it has answered the last.
    """

    DROP, STALL = "drop", "stall"

    def __init__(self) -> None:
        self.replies: dict[str, str] = {}
        # What `replies` become once a mail was taken.
        self.replies_after_dot: dict[str, str] = {}
        self.held: dict[str, Held] = {}
        self.heard: list[str] = []
        self.goodbyes = 0
        self.accepted: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.raw: list[bytes] = []

    async def answer(self, server: SMTP, step: str) -> str:
        """The scripted reply to `step`; empty after hanging up."""
        if held := self.held.get(step):
            held.reached.set()
            while not held.go_on.is_set():
                await asyncio.sleep(0.005)
        reply = self.replies.get(step, "250 OK")
        if reply not in {self.DROP, self.STALL}:
            return reply
        while reply == self.STALL and server.transport and not server.transport.is_closing():
            await asyncio.sleep(0.005)
        if server.transport:
            server.transport.abort()
        await asyncio.sleep(0)
        return ""

    async def handle_QUIT(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.goodbyes += 1
        return "221 Bye"

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any
    ) -> str:
        self.heard.append("mail")
        envelope.mail_from = address
        return await self.answer(server, "mail")

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any
    ) -> str:
        self.heard.append("rcpt")
        envelope.rcpt_tos.append(address)
        return await self.answer(server, "rcpt")

    async def handle_RSET(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.heard.append("rset")
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.heard.append("dot")
        reply = await self.answer(server, "dot")
        if reply.startswith("2"):
            self.raw.append(envelope.original_content)
            self.accepted.append(
                email.message_from_bytes(envelope.original_content, policy=default)
            )
            self.recipients.extend(envelope.rcpt_tos)
            self.replies |= self.replies_after_dot
        return reply


class Moment:
    """A clock that stands still but for the pauses a drain makes."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def now(self) -> datetime:
        return self.moment

    def wait(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)


@pytest.fixture
def moment_at() -> type[Moment]:
    return Moment


@pytest.fixture
def smtp_server(settings: Any, unused_port: int) -> Iterator[MailServer]:
    """A server of our own; the site's mail settings lead to it."""
    handler = MailServer()
    controller = ScriptedController(handler, hostname="127.0.0.1", port=unused_port)
    settings.EMAIL_URL = f"smtp://127.0.0.1:{unused_port}"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", unused_port
    controller.start()
    yield handler
    controller.stop()


@pytest.fixture
def due() -> datetime:
    return DUE


@pytest.fixture
def plan_for() -> Callable[..., Plan]:
    """Makes a consenting person's plan; as it stands, its next mail is due at DUE."""

    def make(owner: User, *, now: datetime = DUE - timedelta(hours=1), **fields: Any) -> Plan:
        give_consent(owner=owner, kind=Consent.Kind.MAIL)
        asked = {
            "weekdays": frozenset(range(7)),
            "local_time": time(20, 30),
            "time_zone": "Europe/Berlin",
        }
        return start_plan(owner=owner, now=now, **(asked | fields))

    return make
