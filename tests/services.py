"""Finds or starts the servers of a test run: PostgreSQL, Redis and Chromium.

A found server is used with databases made for the run, and with a Redis number that was empty.
Nothing is ever flushed or stopped that was not started here.
"""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg2
import redis

POSTGRES_TOOLS = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
ROOT = hasattr(os, "geteuid") and os.geteuid() == 0


class Missing(RuntimeError):
    """A server is neither running nor installed."""


class OffersPipelining:
    """For a handler of aiosmtpd, which can do this and does not say so: as the usual servers do."""

    pipelining = True

    async def handle_EHLO(
        self, server: object, session: Any, envelope: object, name: str, offers: list[str]
    ) -> list[str]:
        session.host_name = name
        return [*offers[:-1], *["250-PIPELINING"] * self.pipelining, offers[-1]]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def until(ready: Callable[[], bool], seconds: float, what: str) -> None:
    """Wait for something another process does; raises TimeoutError naming it."""
    deadline = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what} did not happen within {seconds:.0f} s")
        time.sleep(0.05)


def chromium() -> str | None:
    """The path of Debian's Chromium, installed if a package manager can."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if not found and ROOT and shutil.which("apt-get"):
        subprocess.run(["apt-get", "update", "-qq"], check=False)
        subprocess.run(["apt-get", "install", "-y", "-qq", "chromium"], check=False)
        found = shutil.which("chromium")
    return found


def _postgres_answers(url: str) -> bool:
    try:
        psycopg2.connect(url, connect_timeout=2).close()
    except psycopg2.Error:
        return False
    return True


def found_postgres() -> str | None:
    """DATABASE_URL, or whatever lets us in on localhost's standard port."""
    user = os.environ.get("USER", "root")
    guesses = [
        os.environ.get("DATABASE_URL", ""),
        "postgresql://postgres:postgres@127.0.0.1:5432/postgres",
        "postgresql://postgres@127.0.0.1:5432/postgres",
        f"postgresql://{user}@127.0.0.1:5432/postgres",
    ]
    return next((url for url in guesses if url and _postgres_answers(url)), None)


@contextmanager
def own_postgres(*, durable: bool = False) -> Iterator[str]:
    """A server of our own on a free port, in a folder that goes when it stops.

    A `durable` one waits for the disk at each commit, as in production.
    """
    tools = next((folder for folder in POSTGRES_TOOLS if (folder / "initdb").exists()), None)
    if tools is None:
        raise Missing("PostgreSQL is not installed (Debian: apt-get install postgresql)")
    # The server refuses to run as root.
    run_as = ["runuser", "-u", "postgres", "--"] if ROOT else []
    with tempfile.TemporaryDirectory(prefix="steady-pg-", ignore_cleanup_errors=True) as folder:
        if ROOT:
            shutil.chown(folder, "postgres")
        port = free_port()
        data = f"{folder}/data"
        quiet = {"stdout": subprocess.DEVNULL, "cwd": "/"}
        subprocess.run(
            [*run_as, tools / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8"],
            check=True, **quiet,
        )  # fmt: skip
        flush = "on" if durable else "off"
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c fsync={flush} -k {folder}"
        control = [*run_as, tools / "pg_ctl", "-D", data, "-w", "-l", f"{folder}/log"]
        subprocess.run([*control, "-o", options, "start"], check=True, **quiet)
        try:
            yield f"postgresql://postgres@127.0.0.1:{port}/postgres"
        finally:
            subprocess.run([*control, "-m", "immediate", "stop"], check=False, **quiet)


@contextmanager
def postgres() -> Iterator[str]:
    """The address of a PostgreSQL server; raises Missing."""
    if url := found_postgres():
        yield url
        return
    with own_postgres() as url:
        yield url


@contextmanager
def database(server: str, name: str) -> Iterator[str]:
    """A database of this name on the server, made here and dropped at the end."""
    parts = urlsplit(server)

    def ask(*statements: str) -> None:
        connection = psycopg2.connect(server)
        connection.autocommit = True
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
        connection.close()

    drop = f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'
    ask(drop, f'CREATE DATABASE "{name}"')
    try:
        yield urlunsplit(parts._replace(path=f"/{name}"))
    finally:
        ask(drop)


def _empty_number(base: str) -> str | None:
    for number in range(15, 0, -1):
        url = f"{base}/{number}"
        with suppress(redis.RedisError):
            client = redis.Redis.from_url(url, socket_connect_timeout=1)
            if client.dbsize() == 0:
                return url
    return None


def start_redis(port: int, folder: str) -> "subprocess.Popen[bytes]":
    """A server on this port that keeps nothing on disk, once it answers; raises Missing."""
    program = shutil.which("redis-server")
    if program is None:
        raise Missing("Redis is not installed (Debian: apt-get install redis-server)")
    command = [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "",
               "--appendonly", "no", "--dir", folder]  # fmt: skip
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    client = redis.Redis(port=port)

    def answers() -> bool:
        with suppress(redis.RedisError):
            return bool(client.ping())
        return False

    until(answers, 10, "Redis answering")
    return server


@contextmanager
def own_redis() -> Iterator[str]:
    """A server of our own on a free port, keeping nothing on disk."""
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="steady-redis-") as folder:
        server = start_redis(port, folder)
        try:
            yield f"redis://127.0.0.1:{port}/0"
        finally:
            server.terminate()
            server.wait()


@contextmanager
def redis_server() -> Iterator[str]:
    """The address of a Redis number that is ours; raises Missing."""
    given = os.environ.get("REDIS_URL", "")
    found = _empty_number(given.rsplit("/", 1)[0] if given.count("/") > 2 else given or
                          "redis://127.0.0.1:6379")  # fmt: skip
    if found:
        yield found
        return
    with own_redis() as url:
        yield url
