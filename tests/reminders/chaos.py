"""Sends mails through a site that is broken all the time, and counts what became of each.

`make chaos` sends 3,000 through PostgreSQL, Redis, two beats, two workers and a mail server, all
started here and gone afterwards, while Redis is emptied or killed and workers are killed again and
again. `--one-process` does it to the embedded default: one process on SQLite. `--engine` swaps in
one that breaks a promise on purpose: then the run has to find it, and ends with 0 if it did.
"""

import argparse
import json
import math
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from random import Random
from typing import Any

import redis
from aiosmtpd.controller import Controller

from tests import services
from tests.reminders.chaos_verdict import Verdict, judge
from tests.reminders.moody_server import MoodyServer

MAILS, SEED = 3000, 7
ENGINES = ("send_then_mark", "mark_then_send", "requeue")
WRONG_ENGINES = "tests.reminders.wrong_engines"
# One step of the mail server takes between nothing and twice this.
DELAY_SECONDS = 0.01
# Short, so that what a dead worker held is free again within the run.
LEASE_SECONDS = 4
# Between two disturbances so many mails are taken, or this time goes by: one process alone is
# killed only after it sent some, or on a busy machine it would never get that far.
FEWEST_BETWEEN, MOST_BETWEEN = 1, 30
PATIENCE_SECONDS = 15.0
STOP_SECONDS = 30
# And half a second for each mail: a busy machine is slow, not wrong.
GIVE_UP_SECONDS = 300
# How often each happens, against the others.
DISTURBANCES = {"worker": 5, "child": 4, "flush": 3, "redis": 2}
MISSING = 77


class Site:
    """The product's processes: killed, and started again whenever they have ended."""

    def __init__(self, commands: dict[str, list[str]], log: Path) -> None:
        self._commands, self._log = commands, log.open("ab")
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self.ended: Counter[str] = Counter()

    def start(self, name: str) -> None:
        # A group of its own, so that a kill takes its children along.
        self._running[name] = subprocess.Popen(
            self._commands[name], stdout=self._log, stderr=self._log, start_new_session=True
        )

    def start_all(self) -> None:
        for name in self._commands:
            self.start(name)

    def mend(self) -> None:
        """What ended by itself is counted and started again, as the product's supervisor does."""
        for name, process in self._running.items():
            if process.poll() is not None:
                self.ended[name] += 1
                self._end(process)
                self.start(name)

    def kill(self, name: str) -> None:
        self._end(self._running[name])
        self.start(name)

    def kill_child(self, name: str, chance: Random) -> bool:
        """Kill one of its children; whether it had any."""
        told = subprocess.run(
            ["pgrep", "-P", str(self._running[name].pid)],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        children = told.stdout.split()
        if children:
            with suppress(ProcessLookupError):
                os.kill(int(chance.choice(children)), signal.SIGKILL)
        return bool(children)

    def stop(self) -> None:
        """Let what is at work end, then end whatever is left."""
        for process in self._running.values():
            process.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for process in self._running.values():
            with suppress(subprocess.TimeoutExpired):
                process.wait(max(0.1, deadline - time.monotonic()))
            self._end(process)
        self._log.close()

    def _end(self, process: "subprocess.Popen[bytes]") -> None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


class Broker:
    """A Redis of the run's own, which may be emptied and killed."""

    def __init__(self, folder: str) -> None:
        self._folder, self._port = folder, services.free_port()
        self._server = services.start_redis(self._port, folder)
        self.url = f"redis://127.0.0.1:{self._port}/0"

    def flush(self) -> None:
        redis.Redis(port=self._port).flushall()

    def kill(self, gone_seconds: float) -> None:
        self.stop()
        time.sleep(gone_seconds)  # what the others meet meanwhile is what is tested
        self._server = services.start_redis(self._port, self._folder)

    def stop(self) -> None:
        self._server.kill()
        self._server.wait()


class Disturber:
    """Does one harm after the other, each at a moment of its own."""

    def __init__(self, site: Site, broker: Broker | None, chance: Random) -> None:
        self._site, self._broker, self._chance = site, broker, chance
        self.done: Counter[str] = Counter()
        self.patience = PATIENCE_SECONDS if broker else math.inf

    def disturb(self) -> None:
        chance, broker = self._chance, self._broker
        if broker is None:
            self._site.kill("site")
            self.done["site"] += 1
            return
        [kind] = chance.choices([*DISTURBANCES], [*DISTURBANCES.values()])
        worker = f"worker-{chance.choice((1, 2))}"
        if kind == "flush":
            broker.flush()
        elif kind == "redis":
            broker.kill(chance.uniform(0, 1))
        elif kind == "worker" or not self._site.kill_child(worker, chance):
            kind = "worker"
            self._site.kill(worker)
        self.done[kind] += 1


def environment(folder: str, port: int, options: argparse.Namespace) -> dict[str, str]:
    """The settings of the run; the caller adds the addresses of the servers."""
    found = {
        "DJANGO_SETTINGS_MODULE": "healing.settings",
        "VAR_DIR": folder,
        "EMAIL_URL": f"smtp://127.0.0.1:{port}",
        "SECRET_KEY": "for the chaos run alone",
        "MASTER_KEYS": "1:" + "A" * 43 + "=",
        "HOST": "127.0.0.1",
        "PORT": str(services.free_port()),
        "REMINDERS_TICK_SECONDS": "1",
        "REMINDERS_LEASE_SECONDS": str(LEASE_SECONDS),
        "LOG_LEVEL": "ERROR",
    }
    return found | ({"WRONG_ENGINE": options.engine} if options.engine else {})


@contextmanager
def mail_server(seed: int) -> Iterator[tuple[MoodyServer, int]]:
    handler, port = MoodyServer(seed=seed, delay_seconds=DELAY_SECONDS), services.free_port()
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield handler, port
    finally:
        controller.stop()


def commands(rows: Any, folder: Path, options: argparse.Namespace) -> dict[str, list[str]]:
    if options.one_process:
        return {"site": [sys.executable, "-m", "healing.serve"]}
    found: dict[str, list[str]] = rows.server_commands(folder)
    if options.engine:
        for name in ("worker-1", "worker-2"):
            found[name] += ["--include", WRONG_ENGINES]
    return found


def run_until_settled(
    site: Site, disturber: Disturber, server: MoodyServer, rows: Any, options: argparse.Namespace
) -> None:
    """Disturb until every mail has come to its end."""
    chance = Random(options.seed)
    deadline = time.monotonic() + GIVE_UP_SECONDS + options.mails / 2
    taken, until = 0, 0.0
    while time.monotonic() < deadline and not rows.settled(options.mails):
        if options.until_found and max(server.accepted.values(), default=0) > 1:
            return
        site.mend()
        total = server.accepted.total()
        if (total and total >= taken) or (until and time.monotonic() > until):
            disturber.disturb()
            taken = server.accepted.total() + chance.randint(FEWEST_BETWEEN, MOST_BETWEEN)
            until = time.monotonic() + disturber.patience
        time.sleep(chance.uniform(0.02, 0.2))


def set_up(stack: ExitStack, folder: str, port: int, options: argparse.Namespace) -> Broker | None:
    """Start what the site needs and say so in the environment; returns the broker, if any."""
    for name in ("DATABASE_URL", "REDIS_URL"):
        os.environ.pop(name, None)
    os.environ.update(environment(folder, port, options))
    if options.one_process:
        return None
    os.environ["DATABASE_URL"] = stack.enter_context(services.own_postgres())
    broker = Broker(folder)
    stack.callback(broker.stop)
    os.environ["REDIS_URL"] = broker.url
    return broker


def run(options: argparse.Namespace) -> dict[str, Any]:
    """One whole run; what was done and what became of it."""
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="steady-chaos-"))
        server, port = stack.enter_context(mail_server(options.seed))
        broker = set_up(stack, folder, port, options)
        # Only importable once the servers stand.
        rows = import_module("tests.reminders.chaos_rows")
        stack.callback(rows.connections.close_all)
        rows.make_tables()
        due = rows.make_people(options.mails, spread=timedelta(seconds=options.mails / 100))
        site = Site(commands(rows, Path(folder), options), options.log or Path(folder, "log"))
        disturber = Disturber(site, broker, Random(options.seed))
        begun = time.monotonic()
        try:
            site.start_all()
            run_until_settled(site, disturber, server, rows, options)
        finally:
            site.stop()
        verdict = judge(due, rows.rows(), server.accepted)
        return report(verdict, disturber, site, time.monotonic() - begun)


def report(verdict: Verdict, disturber: Disturber, site: Site, seconds: float) -> dict[str, Any]:
    done = ", ".join(f"{name} {number}" for name, number in sorted(disturber.done.items()))
    ended = ", ".join(f"{name} {number}" for name, number in sorted(site.ended.items()))
    words = [
        f"disturbed in {seconds:.0f} s: {done}; ended by themselves: {ended or 'none'}",
        *verdict.lines(),
    ]
    print("\n".join(words), file=sys.stderr, flush=True)
    return verdict.as_dict() | {"disturbed": dict(disturber.done), "ended": dict(site.ended)}


def asked(arguments: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.reminders.chaos", description=__doc__)
    parser.add_argument("--mails", type=int, default=MAILS)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--one-process", action="store_true")
    parser.add_argument("--engine", choices=ENGINES, default="")
    parser.add_argument("--until-found", action="store_true", help="end at the first duplicate")
    parser.add_argument("--log", type=Path, help="where the processes' own words go")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON too")
    options = parser.parse_args(arguments)
    if options.engine and options.one_process:
        parser.error("a wrong engine is loaded by a worker process of its own")
    return options


def main() -> int:
    options = asked()
    # Told to stop, it still stops what it started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("Stopped."))
    try:
        found = run(options)
    except services.Missing as problem:
        print(f"Not run: {problem}.", file=sys.stderr)
        return MISSING
    if options.json:
        print(json.dumps(found))
    if options.engine:
        # A run that was ended early leaves mails behind; that alone proves nothing.
        return int(not found["duplicates"] + found["lost"])
    return int(found["faults"] > 0)


if __name__ == "__main__":
    sys.exit(main())
