"""Measures the insights over a year of 10,000 entries: python -m bench.insights

On a SQLite file of its own, or with DATABASE_URL on a database of its own beside the named one.
Prints for each page the median CPU time of its request, and of opening the rows alone.
"""

import os
import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime, timedelta
from importlib import import_module
from random import Random
from statistics import median
from time import process_time
from typing import Any

from tests import services

ENTRIES, SESSIONS, TIMES, ALLOWED_MS = 10_000, 1_000, 7, 300
PAGES = ("insight_list", "triggers", "course", "choices", "practice", "works", "people")


def set_up(stack: ExitStack) -> None:
    """A database and keys that live as long as the measurement."""
    os.environ["VAR_DIR"] = stack.enter_context(tempfile.TemporaryDirectory())
    os.environ.setdefault("SECRET_KEY", "for measuring alone")
    os.environ.setdefault("MASTER_KEYS", "1:" + "A" * 43 + "=")
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    if server := os.environ.get("DATABASE_URL"):
        name = f"steady_bench_{os.getpid()}"
        os.environ["DATABASE_URL"] = stack.enter_context(services.database(server, name))
    else:
        os.environ["DATABASE_URL"] = f"sqlite:///{os.environ['VAR_DIR']}/bench.sqlite3"


def said(chance: Random, lists: dict[str, list[str]]) -> dict[str, Any]:
    """One entry of the standard form, some 600 bytes of it."""
    return {
        "form": "standard",
        "trigger": chance.choice(lists["trigger"]),
        "strength": chance.randrange(11),
        "feelings": chance.sample(lists["feelings"], 2),
        "urges": chance.sample(lists["urges"], 2),
        "did": chance.sample(lists["urges"], 2),
        "needs": chance.sample(lists["needs"], 2),
        "reserve": chance.choice(lists["reserve"]),
        "until": chance.choice(lists["until"]),
        "proved": chance.choice(["yes", "partly", "no", "cannot_know"]),
        "after": chance.randrange(11),
        "person": chance.choice(["Jo", "Anna", "M.", "the tall one"]),
        "note": "Some words about what happened, as long as people write them. " * 3,
    }


def fill(owner: Any, rows: Any) -> None:
    """Stores a year of entries, check-ins and exercises."""
    chance, now = Random(7), owner.now()
    sealed: dict[type, list[Any]] = {rows.Entry: [], rows.CheckIn: [], rows.Session: []}

    def keep(model: Any, field: str, value: Any, **fields: Any) -> Any:
        row = model(owner=owner, **fields)
        setattr(row, field, value)
        setattr(row, field, model._meta.get_field(field).pre_save(row, add=True))
        sealed[model].append(row)
        return row

    def moment(number: int, of: int) -> datetime:
        return now - timedelta(minutes=number * 364 * 24 * 60 // of)

    for number in range(SESSIONS):
        created = moment(number, SESSIONS)
        one = {"exercise": "E08", "before": chance.randrange(11), "after": chance.randrange(11)}
        keep(rows.Session, "said", one, local_date=created.date(), created=created, state="done")
    for number in range(ENTRIES):
        created = moment(number, ENTRIES)
        content = said(chance, rows.lists)
        if number % 10 == 0:
            session = sealed[rows.Session][number // 10].pk
            content["sessions"] = [{"session": str(session), "exercise": "E08"}]
        keep(rows.Entry, "content", content, local_date=created.date(), created=created)
    for back in range(365):
        names = ("steady", "left_worry", "urge_pull", "choice", "own_side")
        answers = {name: chance.randrange(5) for name in names} | {"practice": back % 3}
        keep(rows.CheckIn, "answers", answers, local_date=now.date() - timedelta(days=back))
    for model, found in sealed.items():
        model._base_manager.bulk_create(found, batch_size=500)  # type: ignore[attr-defined]


def measured(work: Callable[[], Any]) -> float:
    """Milliseconds of CPU of this process, the median of several times."""
    found = []
    for _ in range(TIMES):
        begin = process_time()
        work()
        found.append((process_time() - begin) * 1000)
    return median(found)


def main() -> int:
    with ExitStack() as stack:
        set_up(stack)
        # Django reads its settings when it is loaded, so it is loaded after they are made.
        rows: Any = import_module("bench.insights_rows")
        owner, client = rows.somebody()
        with rows.keys_kept_open():
            fill(owner, rows)
            opening = measured(lambda: rows.entries_of(owner, None))
        figures = {
            name: measured(lambda name=name: rows.get(client, name))  # type: ignore[misc]
            for name in PAGES
        }
        rows.close()
    print(f"{ENTRIES} entries, {SESSIONS} exercises, 365 check-ins within 12 months")
    print(f"  {'opening the entries':24}{opening:6.0f} ms of CPU")
    for name, found in figures.items():
        print(f"  {name:24}{found:6.0f} ms of CPU")
    slow = [name for name, found in figures.items() if found > ALLOWED_MS]
    print(f"at most {ALLOWED_MS} ms: {'no, ' + ', '.join(slow) if slow else 'yes'}")
    return bool(slow)


if __name__ == "__main__":
    sys.exit(main())
