"""One command starts everything, mends what ends by itself, and stops cleanly."""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from healing import serve
from tests import services

# Makes a person whose mail was due a minute ago, in the site's own database.
DUE_PERSON = """
from datetime import time, timedelta
from django.utils import timezone
from healing.accounts.actions import give_consent
from healing.accounts.models import Consent, User
from healing.reminders.actions import start_plan
now = timezone.now()
person = User.objects.create_user("due@example.org", "a long walk by the river")
give_consent(owner=person, kind=Consent.Kind.MAIL)
plan = start_plan(owner=person, weekdays=frozenset(range(7)), local_time=time(9), time_zone="UTC",
                  now=now)
plan.next_due_at, plan.next_local_date = now - timedelta(minutes=1), now.date()
plan.save()
"""


@dataclass
class Running:
    """`python -m healing.serve` in a process of its own."""

    process: "subprocess.Popen[bytes]"
    env: dict[str, str]
    log: Path

    @property
    def said(self) -> str:
        return self.log.read_text()

    def manage(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            env=self.env, check=True, capture_output=True, text=True,
        )  # fmt: skip
        return done.stdout

    def answers(self) -> bool:
        assert self.process.poll() is None, self.said
        with suppress(OSError), urllib.request.urlopen(self.env["SITE_URL"] + "/help/") as page:
            return bool(page.status == 200)
        return False

    def children(self) -> dict[int, str]:
        """Process id and command of everything it started and is still there."""
        lines = subprocess.run(
            ["ps", "-ww", "-eo", "pid=,ppid=,args="], capture_output=True, text=True, check=True
        ).stdout.splitlines()
        table = {int(line.split()[0]): (int(line.split()[1]), line) for line in lines}
        return {
            pid: line
            for pid, (parent, line) in table.items()
            if parent == self.process.pid and "<defunct>" not in line
        }


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[Running]:
    """One process, or three where this run has a Redis; on this run's kind of database."""
    monkeypatch.chdir(settings.BASE_DIR)
    port, log = services.free_port(), tmp_path / "serve.log"
    given = {"DATABASE_URL", "REDIS_URL", "EMAIL_URL", "DJANGO_SETTINGS_MODULE", "MASTER_KEYS"}
    env = {name: value for name, value in os.environ.items() if name not in given} | {
        "VAR_DIR": str(tmp_path / "var"),
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "SITE_URL": f"http://127.0.0.1:{port}",
        "REMINDERS_TICK_SECONDS": "1",
        "CELERY_QUEUE": f"steady-serve-{os.getpid()}",
        "WEB_CONCURRENCY": "1",
    }
    with ExitStack() as stack:
        if server := os.environ.get("DATABASE_URL"):
            name = f"steady_serve_{os.getpid()}"
            env["DATABASE_URL"] = stack.enter_context(services.database(server, name))
            env["REDIS_URL"] = stack.enter_context(services.own_redis())
            env["MASTER_KEYS"] = "1:" + "C" * 43 + "="
        out = stack.enter_context(log.open("wb"))
        process = subprocess.Popen(
            [sys.executable, "-m", "healing.serve"], env=env, stdout=out, stderr=out
        )
        running = Running(process, env, log)
        try:
            services.until(running.answers, 180, "the site answering")
            yield running
        finally:
            process.terminate()
            process.wait(40)


def test_it_sends_what_is_due_mends_itself_and_stops_at_one_signal(site: Running) -> None:
    assert site.env["SITE_URL"] in site.said
    assert "no mail server: files in" in site.said
    site.manage("shell", "-c", DUE_PERSON)
    folder = Path(site.env["VAR_DIR"]) / "mail"
    services.until(lambda: len(list(folder.glob("*.eml"))) == 1, 60, "a mail")

    if "REDIS_URL" in site.env:
        assert len(site.children()) == 3
        (worker,) = [pid for pid, line in site.children().items() if " worker " in line]
        os.kill(worker, signal.SIGKILL)
        services.until(lambda: "The worker ended with code -9" in site.said, 10, "a word of it")
        services.until(lambda: len(site.children()) == 3, 20, "a new worker")
        assert worker not in site.children()
        assert site.answers()

    children = site.children()
    site.process.send_signal(signal.SIGINT)
    assert site.process.wait(40) == 0
    assert site.said.rstrip().endswith("Stopped.")
    for pid in children:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)
    assert "Traceback" not in site.said
    assert "secret" not in site.said.lower()
    assert len(list(folder.glob("*.eml"))) == 1
    check_it_does_not_start_with_the_wrong_key(site.env)


def check_it_does_not_start_with_the_wrong_key(env: dict[str, str]) -> None:
    """On a database that holds a person: no new key, no traceback, a sentence that helps."""
    if "DATABASE_URL" in env:
        env = {**env, "MASTER_KEYS": "1:" + "D" * 43 + "="}
        said = "Master key version 1 is not the key that sealed this database."
    else:
        (Path(env["VAR_DIR"]) / "master.key").unlink()
        said = "is missing, and this database holds rows it sealed."
    done = subprocess.run(
        [sys.executable, "-m", "healing.serve"], env=env, capture_output=True, text=True,
        check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 1
    assert said in done.stdout
    assert "Traceback" not in done.stdout + done.stderr
    assert not (Path(env["VAR_DIR"]) / "master.key").exists()


def test_a_port_somebody_else_listens_on_is_named_before_anything_is_prepared(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serve, "prepare", lambda: pytest.fail("too early"))
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert serve.serve("127.0.0.1", port) == 1

    assert f"Cannot listen on 127.0.0.1:{port}" in capsys.readouterr().out


def test_what_is_in_use_is_told_without_a_password(settings: Any) -> None:
    settings.EMAIL_URL = "smtp://post:geheim@mail.example.org:587"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "mail.example.org", 587
    settings.REDIS_URL = "redis://:geheim@redis.example.org:6379/0"
    told = "\n".join(serve.in_use())

    assert "SMTP at mail.example.org:587" in told
    assert "Redis at redis.example.org:6379/0" in told
    assert "geheim" not in told


def test_static_files_are_prepared_again_only_when_one_changed(
    settings: Any, tmp_path: Path
) -> None:
    (tmp_path / "source").mkdir()
    sheet = tmp_path / "source" / "page.css"
    sheet.write_text("p { color: green }")
    settings.STATICFILES_DIRS = [tmp_path / "source"]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STATIC_ROOT = tmp_path / "collected"
    serve.finders.get_finder.cache_clear()
    serve.collect_static()
    copied = settings.STATIC_ROOT / "page.css"
    copied.write_text("untouched")

    serve.collect_static()
    assert copied.read_text() == "untouched"

    sheet.write_text("p { color: darkgreen }")
    serve.collect_static()
    serve.finders.get_finder.cache_clear()
    assert copied.read_text() == "p { color: darkgreen }"


def test_pauses_between_starts_grow_until_one_lasts(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr("healing.serve.time.monotonic", lambda: now[0])
    pauses = serve.Pauses()
    grown = []
    for _ in range(8):
        pauses.begun()
        grown.append(pauses.next())
    assert grown == [1, 2, 4, 8, 16, 32, 60, 60]

    pauses.begun()
    now[0] += serve.SETTLED_SECONDS + 1
    assert pauses.next() == 1


def test_the_command_lines_name_programs_that_start() -> None:
    for name, command in serve.commands("127.0.0.1", 8000, Path("/nowhere")).items():
        end = command.index("--concurrency") if name == "worker" else 4
        helped = subprocess.run(
            [*command[: end if name != "beat" else 6], "--help"], capture_output=True, text=True,
            check=False,
        )  # fmt: skip
        assert helped.returncode == 0, helped.stderr
        offered = helped.stdout
        for option in re.findall(r"--[a-z-]+", " ".join(command)):
            assert option in offered, f"{name} knows no {option}"


def test_an_address_of_the_newer_internet_protocol_is_bound_in_brackets() -> None:
    assert "[::1]:8000" in serve.commands("::1", 8000, Path("/nowhere"))["web"]


@pytest.mark.parametrize(("behind", "heard"), [(True, b"https"), (False, b"none")])
def test_a_proxys_word_for_https_counts_only_where_there_is_a_proxy(
    settings: Any, monkeypatch: pytest.MonkeyPatch, behind: bool, heard: bytes
) -> None:
    def echo(env: dict[str, Any], start: Any) -> list[bytes]:
        start("200 OK", [])
        return [env.get("HTTP_X_FORWARDED_PROTO", "none").encode()]

    settings.BEHIND_PROXY = behind
    monkeypatch.setattr(serve, "get_wsgi_application", lambda: echo)
    port = services.free_port()
    server = serve.web_server("127.0.0.1", port)

    def run() -> None:
        with suppress(OSError, ValueError):  # closed below, while it waits on its sockets
            server.run()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        request = urllib.request.Request(
            f"http://127.0.0.1:{port}/", headers={"X-Forwarded-Proto": "https"}
        )
        with urllib.request.urlopen(request, timeout=10) as answer:
            assert answer.read() == heard
    finally:
        server.close()
        thread.join(10)
