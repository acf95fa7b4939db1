"""Sends whatever is due with workers that are killed all the time; prints what became of it.

Run in a process of its own: `python -m tests.reminders.kill_workers SEED`. Workers are forked, so a
new one costs nothing, and most kills hit one that is in the middle of a mail.
"""

import json
import os
import random
import select
import signal
import sys
import time
from collections import Counter

import django

django.setup()

from django.core.mail.utils import DNS_NAME  # noqa: E402
from django.db import connections  # noqa: E402
from django.utils import timezone  # noqa: E402

from healing.reminders import dispatch, mail, transport  # noqa: E402
from healing.reminders.models import Delivery, Plan  # noqa: E402

WORKERS = 2
LONGEST_LIFE_SECONDS = 0.5
GIVE_UP_SECONDS = 240


def work(begun: int) -> None:
    """A worker's life: look, say so, send, look again."""
    while unfinished():
        dispatch.tick(timezone.now())
        os.write(begun, b".")
        dispatch.drain(transport.from_settings(), rows=4)
        time.sleep(0.01)


def unfinished() -> bool:
    waiting = Delivery.objects.filter(state__in=["pending", "leased", "sending"])
    return Plan.objects.due(timezone.now()).exists() or waiting.exists()


def warm_up() -> None:
    """Load what a first mail loads, so that a forked worker spends its short life on sending."""
    plan = Plan.objects.select_related("owner").earliest("id")
    mail.build(Delivery.for_due(plan), now=timezone.now())
    DNS_NAME.get_fqdn()


def fork(begun: int) -> int:
    connections.close_all()
    if pid := os.fork():
        return pid
    work(begun)
    os._exit(0)


def main(seed: int) -> None:
    warm_up()
    chance, killed = random.Random(seed), 0
    deadline = time.monotonic() + GIVE_UP_SECONDS
    while unfinished() and time.monotonic() < deadline:
        heard, begun = os.pipe()
        workers = [fork(begun) for _ in range(WORKERS)]
        # However slow the machine: the time until the kill counts from the first look.
        select.select([heard], [], [], 10)
        time.sleep(chance.uniform(0, LONGEST_LIFE_SECONDS))
        for pid in workers:
            os.kill(pid, signal.SIGKILL)
            _, status = os.waitpid(pid, 0)
            killed += os.WIFSIGNALED(status)
        os.close(heard)
        os.close(begun)
    rows = Delivery.objects.values_list("message_id", "state")
    states = Counter(state for _, state in rows)
    found = {"killed": killed, "states": states, "ids": [list(row) for row in rows]}
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main(int(sys.argv[1]))
