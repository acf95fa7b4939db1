"""A part of bench.reminders: mails from row to server against bare smtplib, and memory.

Runs on a database of its own and prints its figures as JSON: python -m bench.reminders_send MAILS
"""

import json
import os
import smtplib
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import cycle
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

from django.conf import settings
from django.db import connections
from django.utils import timezone

from bench import reminders_rows
from healing.celery import keep_what_is_loaded
from healing.reminders import claim, dispatch, mail, transport
from healing.reminders.models import Delivery
from healing.reminders.transport import MAILS_PER_CONNECTION
from tests import services

RAW_SECONDS, DRAIN_SECONDS = 1.5, 3.0
WORKERS, WORKER_MAILS = settings.REMINDERS_CONNECTIONS, 20_000
PREBUILT = 500
# Memory is read once a worker is warm, and at the end.
WARM_MAILS = 2000
PAGE = os.sysconf("SC_PAGE_SIZE")


@contextmanager
def sink() -> Iterator[None]:
    """A mail server in a process of its own; the settings lead to it."""
    port = services.free_port()
    command = [sys.executable, "-m", "bench.mail_sink", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        process.stdout.readline()
        settings.EMAIL_URL = f"smtp://127.0.0.1:{port}"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        settings.EMAIL_USE_SSL = settings.EMAIL_USE_TLS = False
        yield
    finally:
        process.terminate()
        process.wait(10)


def alone(work: Callable[[], int]) -> float:
    """Mails a second of one thread."""
    begun = perf_counter()
    return work() / (perf_counter() - begun)


def together(work: Callable[[], int]) -> float:
    """Mails a second of WORKERS processes at once, forked from this one as Celery forks its own."""
    connections.close_all()
    context = get_context("fork")
    sent, ready = context.SimpleQueue(), context.Barrier(WORKERS + 1)

    def run() -> None:
        # A worker has had its connection for a while.
        connections["default"].ensure_connection()
        ready.wait()
        sent.put(work())

    workers = [context.Process(target=run) for _ in range(WORKERS)]
    for worker in workers:
        worker.start()
    ready.wait()
    begun = perf_counter()
    mails = sum(sent.get() for _ in workers)
    seconds = perf_counter() - begun
    for worker in workers:
        worker.join()
    return mails / seconds


def raw(mails: list[mail.Mail]) -> int:
    """Built mails through bare smtplib for a turn, over connections as long as ours."""
    stop_at, sent = perf_counter() + RAW_SECONDS, 0
    server = None
    for one in cycle(mails):
        if perf_counter() > stop_at:
            break
        if server is None or sent % MAILS_PER_CONNECTION == 0:
            if server is not None:
                server.quit()
            server = smtplib.SMTP(settings.EMAIL_HOST, settings.EMAIL_PORT)
            server.ehlo()
        server.mail(one.sender)
        server.rcpt(one.recipient)
        server.data(one.content)
        sent += 1
    server.quit()
    return sent


def drain() -> int:
    """What the task of a worker does, for the length of a turn."""
    return dispatch.drain(transport.from_settings(), seconds=DRAIN_SECONDS)[Delivery.State.SENT]


def resident() -> float:
    """Megabytes of memory that this process holds."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE / 2**20


def prebuilt() -> list[mail.Mail]:
    rows = Delivery.objects.select_related("plan__owner").order_by("id")[:PREBUILT]
    return [mail.build(row, now=timezone.now()) for row in rows]


class Speeds(NamedTuple):
    """Mails a second in two turns that followed each other."""

    raw: float
    whole: float


def waiting() -> int:
    return Delivery.objects.filter(state=Delivery.State.PENDING).count()


def main(mails: int) -> None:
    now = timezone.now()
    reminders_rows.make_people(mails + WORKER_MAILS, due_every=1, now=now)
    while claim.claim(now):
        pass
    built = prebuilt()
    keep_what_is_loaded()
    one, several, warm = [], [], None
    with sink():
        while waiting() > mails:
            several.append(Speeds(together(lambda: raw(built)), together(drain)))
        mails = waiting()
        while left := waiting():
            one.append(Speeds(alone(lambda: raw(built)), alone(drain)))
            if warm is None and mails - left >= WARM_MAILS:
                warm = (mails - left, resident())
    ended = Counter(Delivery.objects.values_list("state", "server_reply"))
    assert {state for state, _reply in ended} == {Delivery.State.SENT}, ended
    found = {
        "mails": mails,
        "workers": WORKERS,
        # The last turn ran out of mails.
        "one": one[:-1] or one,
        "several": several,
        "warm": warm or (mails, resident()),
        "end": (mails, resident()),
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main(int(sys.argv[1]))
