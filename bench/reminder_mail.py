"""How fast one thread builds and sends reminder mails, against smtplib with finished bytes.

All three ways talk to the same mail server in a process of its own, each over a connection it
keeps, and take turns with every mail. Other work on the machine can only add to the time of a mail,
so the lower quartile counts; the medians stand beside. The database has no part in it.
`python -m bench.reminder_mail [ROUNDS]` ends with 1 if a limit is missed.
"""

import asyncio
import smtplib
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import time
from multiprocessing import get_context
from statistics import quantiles
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

MAILS, ROUNDS = 100, 30
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


def ways(port: int, stack: ExitStack) -> dict[str, Callable[[int], None]]:
    """Each sends the mail of that number."""
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    now, words, due = timezone.now(), content.shipped(), deliveries()
    finished = [mail.build(one, now=now, wordings=words, plans=[one.plan]) for one in due]
    rendered = [mail.render(one, now=now, wordings=words, plans=[one.plan]) for one in due]
    # Nobody sends without a timeout, and it costs.
    server = stack.enter_context(smtplib.SMTP("127.0.0.1", port, timeout=settings.EMAIL_TIMEOUT))
    transport = stack.enter_context(closing(SmtpTransport()))

    def raw(number: int) -> None:
        one = finished[number]
        server.sendmail(one.sender, one.recipient, one.content)

    def send(one: mail.Mail) -> None:
        transport.envelope(one.sender, one.recipient)
        if not transport.data(one.content).accepted:
            raise SystemExit("The sink refused a mail.")

    def build(number: int) -> None:
        send(rendered[number].built())

    def render(number: int) -> None:
        one = due[number]
        send(mail.build(one, now=now, wordings=words, plans=[one.plan]))

    return {RAW: raw, "build and send": build, "render, build and send": render}


def seconds(work: Callable[[int], None], number: int) -> float:
    begin = perf_counter()
    work(number)
    return perf_counter() - begin


def main(rounds: int) -> int:
    with sink() as port, ExitStack() as stack:
        all_ways = ways(port, stack)
        turns = [number for _ in range(rounds) for number in range(MAILS)]
        found = [
            {name: seconds(work, number) for name, work in all_ways.items()} for number in turns
        ]
    missed = False
    print(f"{len(turns)} mails each, one thread; mails/s")
    for name in all_ways:
        quartile, middle, _ = quantiles([one[name] for one in found], n=4)
        smtplibs = quantiles([one[RAW] for one in found], n=4)[0]
        ratio, limit = smtplibs / quartile, LIMITS.get(name)
        missed |= limit is not None and ratio < limit
        wanted = f"  x{ratio:.2f}, at least {limit}" if limit else ""
        print(f"{name:24} {1 / quartile:6.0f}  median {1 / middle:6.0f}{wanted}")
    return int(missed)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS))
