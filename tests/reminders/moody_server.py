"""A mail server with moods: slow at random, unwilling now and then; it remembers what it took."""

import asyncio
import re
from collections import Counter
from random import Random
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.services import OffersPipelining

MESSAGE_ID = re.compile(rb"^Message-ID:\s*(\S+)", re.IGNORECASE | re.MULTILINE)
HANG_UP = "hang up"
# How many of a thousand recipients meet each mood: the step at which it shows, and the answer.
MOODS = {
    ("rcpt", "450 4.2.1 later"): 15,
    ("dot", "451 4.3.0 later"): 15,
    ("rcpt", "421 4.3.2 closing"): 3,
    ("rcpt", "550 5.1.1 nobody here"): 10,
    ("rcpt", HANG_UP): 5,
    ("dot", HANG_UP): 5,
    ("taken", HANG_UP): 5,
}
FOR_EVER = "550"


class MoodyServer(OffersPipelining):
    """A handler for aiosmtpd. A mood shows once for each recipient, and a 550 always.

    `accepted` counts (recipient, Message-ID) at the final dot, before the answer travels.
    """

    def __init__(self, *, seed: int, delay_seconds: float) -> None:
        self.accepted: Counter[tuple[str, str]] = Counter()
        self._seed, self._delay = seed, delay_seconds
        self._shown: set[str] = set()
        self._slow = Random(seed)

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any
    ) -> str:
        await self._travel()
        envelope.rcpt_tos.append(address)
        return self._answer(server, "rcpt", address)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        recipient = envelope.rcpt_tos[0]
        await self._travel()
        answer = self._answer(server, "dot", recipient)
        if answer != "250 OK":
            return answer
        found = MESSAGE_ID.search(envelope.original_content or b"")
        self.accepted[recipient, found[1].decode() if found else ""] += 1
        await self._travel()
        return self._answer(server, "taken", recipient)

    async def _travel(self) -> None:
        await asyncio.sleep(self._slow.uniform(0, 2 * self._delay))

    def _answer(self, server: SMTP, step: str, recipient: str) -> str:
        when, mood = self.mood(recipient)
        if when != step or recipient in self._shown:
            return "250 OK"
        if not mood.startswith(FOR_EVER):
            self._shown.add(recipient)
        if mood == HANG_UP:
            server.transport.abort()
        return mood

    def mood(self, recipient: str) -> tuple[str, str]:
        """The same for a recipient in every run of this seed."""
        moods = [*MOODS, ("", "")]
        weights = [*MOODS.values(), 1000 - sum(MOODS.values())]
        return Random(f"{self._seed} {recipient}").choices(moods, weights)[0]
