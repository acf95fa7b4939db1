"""Runs every test on the embedded default, and again on PostgreSQL and Redis where they answer.

`make test` calls it. REQUIRE_SERVICES=1 makes a missing server or browser a failure. Arguments go
on to pytest.
"""

import os
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests import services

REQUIRED = os.environ.get("REQUIRE_SERVICES", "") in {"1", "true", "yes"}
BACKENDS = ("DATABASE_URL", "REDIS_URL", "EMAIL_URL")


def run(title: str, settings: dict[str, str]) -> int:
    """One run of the suite; the embedded default is the run without any of the three addresses."""
    clean = {name: value for name, value in os.environ.items() if name not in BACKENDS}
    print(f"\n=== Tests on {title} ===", flush=True)
    command = [sys.executable, "-m", "pytest", "--durations=5", *sys.argv[1:]]
    return subprocess.run(command, env={**clean, **settings}, check=False).returncode


def main() -> int:
    browser = services.chromium()
    settings = {"CHROMIUM": browser or ""}
    if not browser:
        print("Chromium is not installed: the browser tests are left out.")
        if REQUIRED:
            return 1
    seen = ["SQLite, one process, mail files"]
    worst = run(seen[0], settings)
    with ExitStack() as stack:
        try:
            database = stack.enter_context(services.postgres())
            broker = stack.enter_context(services.redis_server())
        except services.Missing as problem:
            print(f"Not run on servers: {problem}.")
            worst = max(worst, int(REQUIRED))
        else:
            seen.append("PostgreSQL, Redis, SMTP")
            addresses = {"DATABASE_URL": database, "REDIS_URL": broker}
            worst = max(worst, run(seen[1], {**settings, **addresses}))
    print(f"\nBackends tested: {'; '.join(seen)}. {'All green.' if not worst else 'FAILED.'}")
    return worst


if __name__ == "__main__":
    sys.exit(main())
