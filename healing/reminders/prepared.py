"""A statement that runs once for every mail: PostgreSQL plans it once a session, and keeps that.

Planning it anew took the server longer than running it.
"""

import re
from collections.abc import Sequence
from contextlib import suppress
from hashlib import sha256
from itertools import count
from typing import Any

import psycopg2.errors
from django.db import DEFAULT_DB_ALIAS, OperationalError, ProgrammingError, connections
from django.db.backends.utils import CursorWrapper

# Holds until the end of the transaction, which here is the statement itself.
UNHURRIED = " AND set_config('synchronous_commit', 'off', true) = 'off'"


class Prepared:
    """An UPDATE with a WHERE, and with a `%s` for each value.

    One that is not `durable` is answered before the disk has it: if the database's machine loses
    power in the next moment, the rows are as they were before.
    """

    def __init__(self, statement: str, *, durable: bool = True) -> None:
        numbers = count(1)
        on_postgres = statement if durable else statement + UNHURRIED
        # Named by its words: a session that outlives an upgrade must not run yesterday's.
        name = f"steady_{sha256(on_postgres.encode()).hexdigest()[:32]}"
        numbered = re.sub("%s", lambda _gap: f"${next(numbers)}", on_postgres)
        places = ", ".join(["%s"] * statement.count("%s"))
        self._statement = statement
        self._prepare = f"PREPARE {name} AS {numbered}"
        self._execute = f"EXECUTE {name} ({places})"

    def run(self, values: Sequence[Any]) -> int:
        """How many rows it changed."""
        # Not through the proxy, which looks up this thread's connection with every word.
        connection = connections[DEFAULT_DB_ALIAS]
        with connection.cursor() as cursor:
            # In a transaction the first try could not fail without ending it.
            if connection.vendor != "postgresql" or connection.in_atomic_block:
                cursor.execute(self._statement, values)
            else:
                self._run_prepared(cursor, values)
            return int(cursor.rowcount)

    def _run_prepared(self, cursor: CursorWrapper, values: Sequence[Any]) -> None:
        try:
            cursor.execute(self._execute, values)
        except OperationalError as problem:
            if not isinstance(problem.__cause__, psycopg2.errors.InvalidSqlStatementName):
                raise
            # A new session; or a pooler's, with which each statement may come to another one. So
            # this one runs as it is, and whichever session hears the first has it next time.
            with suppress(ProgrammingError):  # it may have it already
                cursor.execute(self._prepare)
            cursor.execute(self._statement, values)
