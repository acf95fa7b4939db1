"""Starts the whole site with one command: `python -m healing.serve`.

Without REDIS_URL one process runs the web server and, as threads, the Celery worker and beat. With
it, three child processes do; one that ends is named and started again. One Ctrl-C stops everything.
"""

import hashlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import django
import waitress
from celery.beat import EmbeddedService
from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "healing.settings")
django.setup()

# Only importable once Django is set up.
from django.conf import settings  # noqa: E402
from django.contrib.staticfiles import finders  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import OperationalError, connection  # noqa: E402

import healing.storage as static_storage  # noqa: E402
from healing.celery import app  # noqa: E402
from healing.vault.master import check_keys  # noqa: E402

WEB_THREADS, WORKER_THREADS = 8, 2
# Any number will do; it names the lock that one starting machine holds.
PREPARING = 7_133_713
STOP_SECONDS = 20
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 1.0, 60.0
# A child that lived this long did start well, and its next end is a new trouble.
SETTLED_SECONDS = 60
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def serve(host: str, port: int) -> int:
    """Prepare the database and the texts, then serve until told to stop; returns the exit code."""
    try:
        _check_free(host, port)
    except OSError as problem:
        say(f"Cannot listen on {host}:{port}: {problem.strerror}. PORT=8001 chooses another port.")
        return 1
    try:
        prepare()
    except ImproperlyConfigured as problem:
        say(f"The site does not start. {problem}")
        return 1
    except OperationalError as problem:
        say(f"The database at {_database_place()} cannot be used: {problem}")
        return 1
    with tempfile.TemporaryDirectory(prefix="steady-beat-") as folder:
        schedule = Path(folder) / "schedule"
        say(*in_use())
        if settings.REDIS_URL:
            Supervisor(commands(host, port, schedule)).run()
        else:
            in_one_process(host, port, schedule)
    say("Stopped.")
    return 0


def say(*lines: str) -> None:
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()


def _check_free(host: str, port: int) -> None:
    """Raises OSError if somebody else listens there; better now than after the preparations."""
    family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(address)


# Before the start --------------------------------------------------------------------------------


def prepare() -> None:
    """Bring database, texts and static files up to date, and prove that the master key fits."""
    # Addresses and times lie in it in clear: nobody else on this machine should look.
    settings.VAR_DIR.mkdir(parents=True, exist_ok=True, mode=0o700)
    say("Preparing the database and the texts.")
    with _alone():
        call_command("migrate", verbosity=0)
        check_keys()
        call_command("load_content", verbosity=0)
    collect_static()


@contextmanager
def _alone() -> Iterator[None]:
    """On a database server, other machines that start at the same moment wait here."""
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [PREPARING])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [PREPARING])


def collect_static() -> None:
    """Copy, hash and compress the static files, if one of them is new or changed."""
    mark = settings.STATIC_ROOT / ".collected"
    found = _fingerprint()
    if mark.exists() and mark.read_text() == found:
        return
    say("Preparing style sheets and scripts. This takes a moment the first time.")
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    mark.write_text(found)


def _fingerprint() -> str:
    """Changes with the name, size or age of any static file, and with how they are made ready."""
    seen = hashlib.sha256(Path(static_storage.__file__).read_bytes())
    for finder in finders.get_finders():
        for path, storage in finder.list([]):
            stat = os.stat(storage.path(path))
            seen.update(f"{path} {stat.st_size} {stat.st_mtime_ns}\n".encode())
    return seen.hexdigest()


def in_use() -> list[str]:
    """What the site runs on, in lines for the terminal; never a password."""
    redis_at = settings.REDIS_URL.rpartition("@")[2].removeprefix("redis://")
    return [
        f"{settings.SITE_NAME}: {settings.SITE_URL}/   (Ctrl-C stops it)",
        f"  database  {_database_place()}",
        f"  broker    {'Redis at ' + redis_at if settings.REDIS_URL else 'none, one process'}",
        f"  mail      {_mail_place()}",
    ]


def _database_place() -> str:
    place = connection.settings_dict
    if connection.vendor == "sqlite":
        return str(place["NAME"])
    return f"{place['HOST']}:{place['PORT'] or 5432}/{place['NAME']}"


def _mail_place() -> str:
    if settings.EMAIL_URL:
        return f"SMTP at {settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
    return f"no mail server: files in {settings.MAIL_DIR}"


# One process -------------------------------------------------------------------------------------


def in_one_process(host: str, port: int, schedule: Path) -> None:
    """Web server in the main thread, worker and beat beside it; all messages stay in memory."""
    web = web_server(host, port)
    beat = EmbeddedService(app, thread=True, schedule_filename=str(schedule))
    worker = Worker()
    worker.start()
    beat.start()
    with _stopping(_leave):
        web.run()
    web.close()
    beat.stop()
    worker.stop()


def web_server(host: str, port: int) -> Any:
    """waitress, listening; its `run` serves."""
    return waitress.create_server(
        get_wsgi_application(),
        host=host,
        port=port,
        threads=WEB_THREADS,
        ident=None,
        # Without a proxy in front, whoever sends such a header made it up.
        clear_untrusted_proxy_headers=not settings.BEHIND_PROXY,
    )


def _leave() -> None:
    """Ends waitress's loop, which stops its threads on the way out."""
    raise SystemExit(0)


class Worker:
    """A Celery worker in a thread; one that ends by itself is named and started again."""

    def __init__(self) -> None:
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="worker", daemon=True)
        self._inner: Any = None

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Lets the task at work end, for a while; its rows are safe in any case."""
        self._stopping.set()
        if self._inner is not None:
            self._inner.stop()
        self._thread.join(STOP_SECONDS)

    def _run(self) -> None:
        pauses = Pauses()
        while not self._stopping.is_set():
            pauses.begun()
            self._inner = app.WorkController(
                pool_cls="threads",
                concurrency=WORKER_THREADS,
                hostname="one-process@localhost",
                without_gossip=True,
                without_mingle=True,
                without_heartbeat=True,
                quiet=True,
            )
            self._inner.start()
            if not self._stopping.is_set():
                pause = pauses.next()
                say(f"The worker ended. It is started again in {pause:.0f} s.")
                self._stopping.wait(pause)


# Three processes ---------------------------------------------------------------------------------


def commands(host: str, port: int, schedule: Path) -> dict[str, list[str]]:
    """The command line of each child."""
    python, celery = sys.executable, ["-m", "celery", "-A", "healing.celery"]
    processes = os.environ.get("WEB_CONCURRENCY") or str(min(4, (os.cpu_count() or 1) + 1))
    bind = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    return {
        "web": [
            python, "-m", "gunicorn", "healing.wsgi:application", "--bind", bind,
            "--workers", processes, "--threads", "4", "--log-level", "warning",
        ],
        "worker": [
            python, *celery, "worker", "--concurrency", str(WORKER_THREADS), "--loglevel",
            "WARNING", "--without-gossip", "--without-mingle", "-n", f"steady-{os.getpid()}@%h",
        ],
        "beat": [
            python, *celery, "beat", "--schedule", str(schedule), "--pidfile", "",
            "--loglevel", "WARNING",
        ],
    }  # fmt: skip


class Pauses:
    """How long to wait before the next start: longer each time, until one lasts."""

    def __init__(self) -> None:
        self._next = FIRST_PAUSE_SECONDS
        self._begun = time.monotonic()

    def begun(self) -> None:
        self._begun = time.monotonic()

    def next(self) -> float:
        if time.monotonic() - self._begun > SETTLED_SECONDS:
            self._next = FIRST_PAUSE_SECONDS
        pause, self._next = self._next, min(self._next * 2, LONGEST_PAUSE_SECONDS)
        return pause


class Child:
    """One process, started again when it ends by itself."""

    def __init__(self, name: str, command: list[str]) -> None:
        self.name, self.command = name, command
        self._pauses = Pauses()
        self._start_at = 0.0
        self._process: subprocess.Popen[bytes] | None = None

    def look(self) -> None:
        """Start it if it is time; notice and say so if it ended."""
        if self._process is None:
            if time.monotonic() >= self._start_at:
                self._pauses.begun()
                # A session of its own: a Ctrl-C in the terminal reaches it through us alone.
                self._process = subprocess.Popen(  # noqa: S603  (our own command lines)
                    self.command, start_new_session=True
                )
        elif (code := self._process.poll()) is not None:
            pause = self._pauses.next()
            say(f"The {self.name} ended with code {code}. It is started again in {pause:.0f} s.")
            self._process, self._start_at = None, time.monotonic() + pause

    def ask_to_stop(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()

    def end(self, deadline: float) -> None:
        """Wait for it until `deadline` (monotonic), then end it and whatever it started."""
        if self._process is None:
            return
        try:
            self._process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            say(f"The {self.name} did not stop by itself and is ended.")
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()


class Supervisor:
    """Keeps the children running until it is told to stop, then stops them all."""

    def __init__(self, children: dict[str, list[str]]) -> None:
        self._children = [Child(name, command) for name, command in children.items()]
        self._stopping = threading.Event()

    def run(self) -> None:
        with _stopping(self._stopping.set):
            while not self._stopping.is_set():
                for child in self._children:
                    child.look()
                self._stopping.wait(0.2)
        say("Stopping.")
        for child in self._children:
            child.ask_to_stop()
        deadline = time.monotonic() + STOP_SECONDS
        for child in self._children:
            child.end(deadline)


@contextmanager
def _stopping(act: Callable[[], None]) -> Iterator[None]:
    """Within it the first signal to stop does `act`, and a second one ends at once."""

    def first(number: int, frame: Any) -> None:
        for each, former in before.items():
            signal.signal(each, former)
        act()

    before = {number: signal.signal(number, first) for number in STOP_SIGNALS}
    try:
        yield
    finally:
        for each, former in before.items():
            signal.signal(each, former)


if __name__ == "__main__":
    sys.exit(serve(settings.HOST, settings.PORT))
