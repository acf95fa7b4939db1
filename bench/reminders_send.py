"""A part of bench.reminders: mails from row to server against bare smtplib, and memory.

Runs on a database of its own and prints its figures as JSON: python -m bench.reminders_send MAILS
"""

import json
import os
import smtplib
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import cycle
from pathlib import Path
from statistics import median
from time import perf_counter

from django.conf import settings
from django.db import connections
from django.utils import timezone

from bench import reminders_rows
from healing.reminders import claim, dispatch, mail, transport
from healing.reminders.models import Delivery
from healing.reminders.transport import MAILS_PER_CONNECTION
from tests import services

THREADS = 4
RAW_SECONDS, DRAIN_SECONDS = 1.5, 5.0
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


def together(work: Callable[[], int]) -> float:
    """Mails a second of THREADS threads that do this at once."""
    sent: list[int] = []

    def run() -> None:
        try:
            sent.append(work())
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(THREADS)]
    begun = perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(sent) == THREADS, "a thread failed"
    return sum(sent) / (perf_counter() - begun)


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


def main(mails: int) -> None:
    now = timezone.now()
    reminders_rows.make_people(mails, due_every=1, now=now)
    while claim.claim(now):
        pass
    built = prebuilt()
    bare, whole, memory = [], [], {}
    with sink():
        while (left := Delivery.objects.filter(state=Delivery.State.PENDING).count()) > 0:
            bare.append(together(lambda: raw(built)))
            whole.append(together(drain))
            if mails - left >= WARM_MAILS:
                memory.setdefault("warm", (mails - left, resident()))
    sent = Delivery.objects.filter(state=Delivery.State.SENT).count()
    assert sent == mails, f"{sent} of {mails} were sent"
    memory.setdefault("warm", (mails, resident()))
    # The last turn ran out of mails.
    found = {
        "mails": mails,
        "threads": THREADS,
        "raw": median(bare[:-1] or bare),
        "whole": median(whole[:-1] or whole),
        "warm": memory["warm"],
        "end": (sent, resident()),
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main(int(sys.argv[1]))
