"""Very many people with a plan each, made by the database itself from one real row of each table.

Importing it starts Django on a database of its own (see bench/site.py).
"""

from datetime import UTC, datetime, time, timedelta
from time import perf_counter
from typing import Any

from django.db import connection
from django.db.models import Model

from bench import site  # noqa: F401 - starts Django
from healing.accounts.actions import give_consent
from healing.accounts.models import Consent, User
from healing.reminders.actions import start_plan
from healing.reminders.models import Plan

ZONES = (
    "Europe/Berlin", "America/New_York", "Europe/London", "Asia/Tokyo", "America/Los_Angeles",
    "Australia/Sydney", "America/Sao_Paulo", "Africa/Lagos",
)  # fmt: skip
TIMES = ("07:00", "08:30", "12:00", "18:15", "20:30", "21:00", "22:45")
FIRST_ID = 1000  # above whatever rows there are


def make_people(number: int, *, due_every: int, now: datetime) -> None:
    """So many consenting people, every `due_every`th with a mail due a minute before `now`.

    The others are due within the day after it.
    """
    owner = User.objects.create_user("bench@example.org")
    give_consent(owner=owner, kind=Consent.Kind.MAIL)
    plan = start_plan(
        owner=owner, weekdays=frozenset(range(7)), local_time=time(20, 30), time_zone="UTC", now=now
    )
    person = f"{FIRST_ID} + i"
    _multiply(owner, number, {"id": person, "email": "'person' || i || '@example.org'"})
    consent = Consent.objects.get(owner=owner)
    _multiply(consent, number, {"id": _key(consent, person), "owner_id": person})
    due_at = f"CASE WHEN i %% {due_every} = 0 THEN {_moment(now - timedelta(minutes=1))}"
    for part in range(24):
        later = _moment(now + timedelta(minutes=30 + part * 55))
        due_at += f" WHEN i %% 24 = {part} THEN {later}"
    _multiply(
        plan,
        number,
        {
            "id": _key(plan, person),
            "owner_id": person,
            "local_time": _one_of(TIMES, "time"),
            "time_zone": _one_of(ZONES, "varchar"),
            "next_due_at": f"{due_at} END",
            "next_local_date": _cast(f"'{now.date()}'", "date"),
        },
    )
    Consent.objects.filter(owner=owner).delete()
    Plan.objects.filter(owner=owner).delete()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE" if connection.vendor == "sqlite" else "VACUUM ANALYZE")


def _multiply(row: Model, number: int, changed: dict[str, str]) -> None:
    """Copies of `row`, numbered by `i`; `changed` names the columns that differ, in SQL."""
    columns = [field.column for field in row._meta.concrete_fields]
    values = [changed.get(column, f'original."{column}"') for column in columns]
    names = ", ".join(f'"{column}"' for column in columns)
    table = row._meta.db_table
    key = row._meta.pk.get_db_prep_value(row.pk, connection)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({names}) "
            f"WITH RECURSIVE series(i) AS "
            f"(SELECT 1 UNION ALL SELECT i + 1 FROM series WHERE i < {number}) "
            f"SELECT {', '.join(values)} FROM series, {table} AS original WHERE original.id = %s",
            [key],
        )


def _key(row: Model, number: str) -> str:
    """A new primary key: a random one where keys are."""
    if row._meta.pk.get_internal_type() != "UUIDField":
        return number
    postgres = connection.vendor == "postgresql"
    return "gen_random_uuid()" if postgres else "lower(hex(randomblob(16)))"


def _cast(value: str, kind: str) -> str:
    return f"CAST({value} AS {kind})" if connection.vendor == "postgresql" else value


def _moment(moment: datetime) -> str:
    return _cast(f"'{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S}'", "timestamp") + (
        " AT TIME ZONE 'UTC'" if connection.vendor == "postgresql" else ""
    )


def _one_of(values: tuple[str, ...], kind: str) -> str:
    cases = " ".join(f"WHEN {number} THEN '{value}'" for number, value in enumerate(values))
    return _cast(f"CASE i %% {len(values)} {cases} END", kind)


def timed(statements: list[tuple[str, float]]) -> Any:
    """A wrapper for `connection.execute_wrapper` that notes each statement and its seconds."""

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        begun = perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            statements.append((sql, perf_counter() - begun))

    return note
