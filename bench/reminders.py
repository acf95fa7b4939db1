"""What is claimed about the speed of reminders, side by side: python -m bench.reminders

Claiming due plans against one ORM row at a time; mails from row to mail server against bare
smtplib; a worker's memory; an idle tick. On a PostgreSQL server of its own that waits for the disk
at each commit, and claiming on SQLite too, for comparison. Ends with 1 if a limit is not met.
"""

import argparse
import json
import os
import subprocess
import sys
from statistics import median
from typing import Any

from tests import services

PLANS, SQLITE_PLANS, MAILS = 1_000_000, 100_000, 20_000
FEWEST = 100_000  # five turns take a batch of 1,000 due plans each at least, and one in ten is due
CLAIM_RATIO, SEND_RATIO, WORKERS_RATIO, MEMORY_RATIO, IDLE_MS = 50, 0.35, 1.25, 1.1, 1.0


def part(name: str, number: int, server: str = "") -> dict[str, Any]:
    """The figures of one part, measured in a process of its own on this server, else on SQLite."""
    env = {key: value for key, value in os.environ.items() if not key.endswith("_URL")}
    done = subprocess.run(
        [sys.executable, "-m", f"bench.reminders_{name}", str(number)],
        env=env | ({"DATABASE_URL": server} if server else {}),
        stdout=subprocess.PIPE, text=True, check=True,
    )  # fmt: skip
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def limit(name: str, value: str, wanted: str, met: bool) -> bool:
    print(f"{name:48} {value:>26}   {wanted:18} {'met' if met else 'NOT met'}", flush=True)
    return met


def info(name: str, value: str) -> None:
    print(f"{name:48} {value:>26}", flush=True)


def claiming(server: str, plans: int, sqlite_plans: int) -> list[bool]:
    found = part("claim", plans, server)
    ratio = found["claim"] / found["plain"]
    print(
        f"\n{found['plans']:,} plans, {found['due']:,} due (made in {found['made_seconds']:.0f} s)"
    )
    info("one ORM row at a time", f"{found['plain']:,.0f} rows/s")
    info("claimed", f"{found['claim']:,.0f} rows/s")
    met = [
        limit("claimed, against one row at a time", f"x{ratio:.1f}", f"at least x{CLAIM_RATIO}",
              ratio >= CLAIM_RATIO),
        limit("the query of an idle tick", f"{found['idle_query_ms']:.2f} ms",
              f"under {IDLE_MS:.0f} ms", found["idle_query_ms"] < IDLE_MS),
    ]  # fmt: skip
    info("an idle tick altogether", f"{found['idle_tick_ms']:.1f} ms")
    if sqlite_plans:
        small = part("claim", sqlite_plans)
        print(f"\nSQLite, {small['plans']:,} plans, {small['due']:,} due")
        info("one ORM row at a time", f"{small['plain']:,.0f} rows/s")
        info("claimed", f"{small['claim']:,.0f} rows/s, x{small['claim'] / small['plain']:.1f}")
        info("an idle tick altogether", f"{small['idle_tick_ms']:.1f} ms")
    return met


def beside_smtplib(who: str, turns: list[list[float]]) -> tuple[float, float]:
    """Prints what each sent a second; returns that of ours, and its ratio to bare smtplib's."""
    raw, whole = (median(speeds) for speeds in zip(*turns, strict=True))
    print(f"\n{who}, against as many of smtplib with mails built before")
    info("bare smtplib", f"{raw:,.0f} mails/s")
    info("leased, built, gated, sent and marked", f"{whole:,.0f} mails/s")
    return whole, median(whole / raw for raw, whole in turns)


def sending(server: str, mails: int) -> list[bool]:
    found = part("send", mails, server)
    one, ratio = beside_smtplib("one drain", found["one"])
    met = [
        limit("from row to mail server", f"x{ratio:.2f}", f"at least x{SEND_RATIO}",
              ratio >= SEND_RATIO)
    ]  # fmt: skip
    # Four of bare smtplib keep the one thread of the mail server busy all the time, so that ratio
    # says how many cores there are. That drains do not wait for each other is seen beside one.
    several, ratio = beside_smtplib(f"{found['workers']} workers", found["several"])
    info("from row to mail server", f"x{ratio:.2f}")
    more = several / one
    met.append(
        limit("the workers, against one drain", f"x{more:.2f}", f"at least x{WORKERS_RATIO}",
              more >= WORKERS_RATIO)
    )  # fmt: skip
    (early, warm), (late, end) = found["warm"], found["end"]
    print()
    met.append(
        limit(f"memory after {late:,} mails against {early:,}", f"{end:.0f} of {warm:.0f} MB",
              f"at most x{MEMORY_RATIO}", end <= MEMORY_RATIO * warm)
    )  # fmt: skip
    return met


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.reminders", description=__doc__)
    parser.add_argument("--plans", type=int, default=PLANS, help="one in ten is due")
    parser.add_argument("--sqlite-plans", type=int, default=SQLITE_PLANS, help="0 leaves it out")
    parser.add_argument("--mails", type=int, default=MAILS)
    asked = parser.parse_args()
    for name, number in (("plans", asked.plans), ("sqlite-plans", asked.sqlite_plans or FEWEST)):
        if number < FEWEST:
            parser.error(f"--{name} is at least {FEWEST:,}: fewer do not last for every turn.")
    try:
        with services.own_postgres(durable=True) as server:
            met = claiming(server, asked.plans, asked.sqlite_plans)
            met += sending(server, asked.mails)
    except services.Missing as problem:
        print(f"Not measured: {problem}.")
        return 1
    return int(not all(met))


if __name__ == "__main__":
    sys.exit(main())
