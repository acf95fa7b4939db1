"""How fast one thread builds and sends reminder mails, against smtplib with finished bytes.

All three ways talk to the same small server in a process of its own, by turns, so that other work
on the machine spoils the ratios least: each ratio is the median over the rounds. The database has
no part in it. `python -m bench.reminder_mail [ROUNDS]` ends with 1 if a limit is missed.
"""

import asyncio
import smtplib
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import time
from multiprocessing import get_context
from statistics import median
from time import perf_counter
from uuid import uuid4

from aiosmtpd.smtp import SMTP, Envelope, Session
from django.conf import settings
from django.utils import timezone

from bench import site  # noqa: F401 - starts Django
from healing.accounts.models import User
from healing.reminders import content, mail
from healing.reminders.models import Delivery, Plan
from healing.reminders.transport import SmtpTransport

MAILS, ROUNDS = 400, 15
# What is left of smtplib's own speed: mail built from rendered values, and all of it rendered too.
LIMITS = {"build and send": 0.85, "render, build and send": 0.5}
RAW = "smtplib alone"


class Sink:
    """Keeps nothing."""

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        return "250 OK"


def serve(listener: socket.socket) -> None:
    async def forever() -> None:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: SMTP(Sink(), hostname="sink"), sock=listener)
        await server.serve_forever()

    asyncio.run(forever())


@contextmanager
def sink() -> Iterator[int]:
    """The port of a mail server in a process of its own."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        process = get_context("fork").Process(target=serve, args=[listener], daemon=True)
        process.start()
        try:
            yield listener.getsockname()[1]
        finally:
            process.terminate()
            process.join()


def deliveries() -> list[Delivery]:
    """Mails of as many people, none of them stored."""
    found, now = [], timezone.now()
    for number in range(1, MAILS + 1):
        person = User(pk=number, email=f"person-{number}@example.org", language="en")
        plan = Plan(id=uuid4(), owner=person, weekdays=127, time_zone="Europe/Berlin")
        plan.local_time = time(number % 24, number % 60)
        plan.schedule_after(now)
        delivery = Delivery.for_due(plan)
        delivery.pk, plan.last_local_date = number, delivery.local_date
        plan.schedule_after(delivery.due_at)
        found.append(delivery)
    return found


def ways(port: int) -> dict[str, Callable[[], None]]:
    """Each sends every mail once, over one connection that it opens."""
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    now, words, due = timezone.now(), content.shipped(), deliveries()
    finished = [mail.build(one, now=now, wordings=words, plans=[one.plan]) for one in due]
    ready = [mail.render(one, now=now, wordings=words, plans=[one.plan]) for one in due]

    def raw() -> None:
        # Nobody sends without a timeout, and it costs.
        with smtplib.SMTP("127.0.0.1", port, timeout=settings.EMAIL_TIMEOUT) as server:
            for one in finished:
                server.sendmail(one.sender, one.recipient, one.content)

    def send(transport: SmtpTransport, one: mail.Mail) -> None:
        transport.envelope(one.sender, one.recipient)
        if not transport.data(one.content).accepted:
            raise SystemExit("The sink refused a mail.")

    def build() -> None:
        with closing(SmtpTransport()) as transport:
            for one in ready:
                send(transport, one.built())

    def render() -> None:
        with closing(SmtpTransport()) as transport:
            for one in due:
                send(transport, mail.build(one, now=now, wordings=words, plans=[one.plan]))

    return {RAW: raw, "build and send": build, "render, build and send": render}


def seconds(work: Callable[[], None]) -> float:
    begin = perf_counter()
    work()
    return perf_counter() - begin


def main(rounds: int) -> int:
    with sink() as port:
        all_ways = ways(port)
        for work in all_ways.values():
            work()  # the first time pays for what is kept afterwards
        found = [{name: seconds(work) for name, work in all_ways.items()} for _ in range(rounds)]
    middle = median(one[RAW] for one in found)
    print(f"{MAILS} mails by one thread, {rounds} rounds")
    print(f"{RAW:24} {MAILS / middle:6.0f} mails/s")
    missed = False
    for name, limit in LIMITS.items():
        rate = MAILS / median(one[name] for one in found)
        ratio = median(one[RAW] / one[name] for one in found)
        missed |= ratio < limit
        print(f"{name:24} {rate:6.0f} mails/s  x{ratio:.2f}, at least {limit}")
    return int(missed)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS))
