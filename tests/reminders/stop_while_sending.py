"""Stops plans while a worker sends their mails; prints what each stop said, and when.

Run in a process of its own: `python -m tests.reminders.stop_while_sending SEED`.
"""

import json
import os
import random
import sys
import time

import django

django.setup()

from django.db import connections  # noqa: E402
from django.utils import timezone  # noqa: E402

from healing.reminders import dispatch, transport  # noqa: E402
from healing.reminders.actions import stop_plan  # noqa: E402
from healing.reminders.models import Delivery, Plan  # noqa: E402


def main(seed: int) -> None:
    dispatch.tick(timezone.now())
    plans = list(Plan.objects.order_by("id").values_list("id", flat=True))
    chance = random.Random(seed)
    chance.shuffle(plans)
    connections.close_all()
    worker = os.fork()
    if not worker:
        dispatch.drain(transport.from_settings(), seconds=60)
        os._exit(0)
    while not Delivery.objects.filter(state="sent").exists():
        time.sleep(0.01)
    stops = []
    for plan in plans:
        # Now as fast as the worker, now slower, so that some stops meet it in the middle.
        time.sleep(chance.uniform(0, 0.03))
        on_its_way = stop_plan(plan_id=plan)
        stops.append([plan.hex, on_its_way, time.time()])
    os.waitpid(worker, 0)
    rows = Delivery.objects.values_list("plan_id", "state")
    sys.stdout.write(json.dumps({"stops": stops, "states": {p.hex: s for p, s in rows}}))


if __name__ == "__main__":
    main(int(sys.argv[1]))
