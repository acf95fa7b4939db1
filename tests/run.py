"""Runs every test on the embedded default and, where they answer, on PostgreSQL and Redis.

`make test` calls it. Both runs go side by side, each with its own database, and then once, alone,
the tests that measure time. REQUIRE_SERVICES=1 makes a missing server or browser a failure.
Arguments go on to pytest.
"""

import os
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import IO

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests import services

REQUIRED = os.environ.get("REQUIRE_SERVICES", "") in {"1", "true", "yes"}
BACKENDS = ("DATABASE_URL", "REDIS_URL", "EMAIL_URL")
EMBEDDED, SERVERS = "SQLite, one process, mail files", "PostgreSQL, Redis, SMTP"
# What pytest says where an argument leaves no test to run.
NOTHING_TO_RUN = 5


def start(
    settings: dict[str, str], tests: str, out: IO[bytes] | None = None
) -> "subprocess.Popen[bytes]":
    """A run of the tests with this mark; without the three addresses on the embedded default."""
    clean = {name: value for name, value in os.environ.items() if name not in BACKENDS}
    command = [sys.executable, "-m", "pytest", "--durations=5", "-m", tests, *sys.argv[1:]]
    return subprocess.Popen(
        command, env={**clean, **settings}, stdout=out, stderr=subprocess.STDOUT if out else None
    )


def outcome(run: "subprocess.Popen[bytes]") -> int:
    code = run.wait()
    return 0 if code == NOTHING_TO_RUN and sys.argv[1:] else code


def main() -> int:
    browser = services.chromium()
    settings = {"CHROMIUM": browser or ""}
    worst = 0
    if not browser:
        print("Chromium is not installed: the browser tests are left out.")
        if REQUIRED:
            return 1
    with ExitStack() as stack:
        servers = None
        try:
            database = stack.enter_context(services.postgres())
            broker = stack.enter_context(services.redis_server())
        except services.Missing as problem:
            print(f"Not run on servers: {problem}.")
            worst = int(REQUIRED)
        else:
            servers = {**settings, "DATABASE_URL": database, "REDIS_URL": broker}
        beside = stack.enter_context(tempfile.TemporaryFile())
        running = start(servers, "not alone", beside) if servers else None
        print(f"\n=== Tests on {EMBEDDED} ===", flush=True)
        worst = max(worst, outcome(start(settings, "not alone")))
        if running:
            print(f"\n=== Tests on {SERVERS} ===", flush=True)
            worst = max(worst, outcome(running))
            beside.seek(0)
            print(beside.read().decode(errors="replace"), flush=True)
        print("\n=== Tests that measure time ===", flush=True)
        worst = max(worst, outcome(start(servers or settings, "alone")))
    seen = "; ".join([EMBEDDED, SERVERS] if servers else [EMBEDDED])
    print(f"\nBackends tested: {seen}. {'All green.' if not worst else 'FAILED.'}")
    return worst


if __name__ == "__main__":
    sys.exit(main())
