"""People change their minds while a worker sends their mails; prints what each was told, and when.

Run in a process of its own: `python -m tests.reminders.change_while_sending SEED`.
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

from healing.reminders import actions, dispatch, suppression, transport  # noqa: E402
from healing.reminders.models import Delivery, Plan, Suppression  # noqa: E402


def complain(plan: Plan) -> bool:
    suppression.suppress(plan.owner.email, Suppression.Reason.COMPLAINED, timezone.now())
    return actions.on_its_way(owner=plan.owner)


def travel(plan: Plan) -> bool:
    now = timezone.now()
    return actions.change_zone(owner=plan.owner, time_zone="America/New_York", now=now)


def rest(plan: Plan) -> bool:
    return actions.take_break(owner_id=plan.owner_id, until=None, now=timezone.now())


ACTS = {
    "stop": lambda plan: actions.stop_plan(plan_id=plan.pk),
    "stop all": lambda plan: actions.stop_all(owner_id=plan.owner_id),
    "rest": rest,
    "complain": complain,
    "travel": travel,
}


def main(seed: int) -> None:
    dispatch.tick(timezone.now())
    plans = list(Plan.objects.select_related("owner").order_by("id"))
    chance = random.Random(seed)
    chance.shuffle(plans)
    connections.close_all()
    worker = os.fork()
    if not worker:
        dispatch.drain(transport.from_settings(), seconds=60)
        os._exit(0)
    while not Delivery.objects.filter(state="sent").exists():
        time.sleep(0.01)
    changes = []
    for plan in plans:
        # Now as fast as the worker, now slower, so that some changes meet it in the middle.
        time.sleep(chance.uniform(0, 0.03))
        act = chance.choice(list(ACTS))
        on_its_way = ACTS[act](plan)
        changes.append([plan.pk.hex, act, on_its_way, time.time()])
    os.waitpid(worker, 0)
    rows = Delivery.objects.values_list("plan_id", "state")
    sys.stdout.write(json.dumps({"changes": changes, "states": {p.hex: s for p, s in rows}}))


if __name__ == "__main__":
    main(int(sys.argv[1]))
