"""The statements that run once for every mail: planned once a session, and right in any session."""

from collections.abc import Callable, Iterator
from itertools import cycle
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction

from healing.accounts.models import User
from healing.reminders import dispatch
from healing.reminders.models import Delivery
from healing.reminders.prepared import Prepared
from healing.reminders.transport import SmtpTransport

State = Delivery.State

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite plans in no time"),
]

CHANGE = Prepared("UPDATE reminders_delivery SET server_reply = %s WHERE id = %s AND seq = %s")


@pytest.fixture
def delivery(mara: User, plan_for, due) -> Delivery:
    plan_for(mara)
    dispatch.tick(due)
    return Delivery.objects.get()


@pytest.fixture
def kept() -> Callable[[], list[str]]:
    """The statements this session has planned, newest first."""

    def ask() -> list[str]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT statement FROM pg_prepared_statements ORDER BY prepare_time")
            return [statement for (statement,) in cursor.fetchall()]

    connection.close()
    return ask


@pytest.fixture
def ran(delivery) -> Iterator[list[str]]:
    """Whatever our session is asked to run, as it comes."""
    found: list[str] = []

    def note(execute: Any, sql: str, *rest: Any) -> Any:
        found.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(note):
        yield found


def test_it_is_planned_once_a_session(delivery, kept):
    assert CHANGE.run(["one", delivery.pk, 1]) == 1
    assert len(kept()) == 1

    assert CHANGE.run(["two", delivery.pk, 1]) == 1
    assert CHANGE.run(["three", delivery.pk, 2]) == 0
    assert len(kept()) == 1
    delivery.refresh_from_db()
    assert delivery.server_reply == "two"


def test_what_was_run_unplanned_is_planned_from_then_on(delivery, kept, ran):
    CHANGE.run(["one", delivery.pk, 1])
    del ran[:]
    CHANGE.run(["two", delivery.pk, 1])
    assert len(ran) == 1
    assert ran[0].startswith("EXECUTE")


def test_other_words_are_another_statement(delivery, kept):
    CHANGE.run(["one", delivery.pk, 1])
    Prepared("UPDATE reminders_delivery SET server_reply = %s WHERE id = %s").run(
        ["two", delivery.pk]
    )
    assert len(kept()) == 2


def test_a_session_that_lost_it_gets_it_again(delivery, kept):
    CHANGE.run(["one", delivery.pk, 1])
    with connection.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")

    assert CHANGE.run(["two", delivery.pk, 1]) == 1
    assert len(kept()) == 1


def test_it_runs_in_a_transaction_and_leaves_it_whole(delivery, kept):
    with transaction.atomic():
        assert CHANGE.run(["one", delivery.pk, 1]) == 1
        assert Delivery.objects.get().server_reply == "one"
    assert kept() == []


def test_any_other_trouble_is_said_and_nothing_is_run_again(delivery, kept, ran):
    CHANGE.run(["one", delivery.pk, 1])
    somebody = connection.copy()
    with somebody.cursor() as holds, connection.cursor() as cursor:
        holds.execute("BEGIN")
        holds.execute("SELECT 1 FROM reminders_delivery FOR UPDATE")
        cursor.execute("SET lock_timeout = '50ms'")
        del ran[:]
        with pytest.raises(OperationalError, match="lock timeout"):
            CHANGE.run(["two", delivery.pk, 1])
    somebody.close()
    connection.close()
    assert len(ran) == 1


class Pooled:
    """A cursor whose statements go to another session each time, as with a pooler in between."""

    def __init__(self, cursors: list[Any]) -> None:
        self._next = cycle(cursors)
        self.rowcount = -1

    def execute(self, sql: str, values: Any = None) -> None:
        cursor = next(self._next)
        cursor.execute(sql, values)
        self.rowcount = cursor.rowcount


@pytest.fixture
def pooled(delivery) -> Iterator[Pooled]:
    sessions = [connection.copy(), connection.copy()]
    yield Pooled([session.cursor() for session in sessions])
    for session in sessions:
        session.close()


@pytest.mark.parametrize("before", [0, 1, 2, 3, 4, 5])
def test_behind_a_pooler_every_one_of_them_runs_once(delivery, pooled, before):
    """However often the sessions were changed before: one has it, both, or none."""
    for number in range(before):
        pooled.execute(f"SELECT {number}")
    for number in range(8):
        CHANGE._run_prepared(pooled, [f"number {number}", delivery.pk, 1])
        assert pooled.rowcount == 1
        delivery.refresh_from_db()
        assert delivery.server_reply == f"number {number}"
        if number % 3 == before % 3:
            pooled.execute("SELECT 1")


def test_only_the_outcome_of_a_mail_does_not_wait_for_the_disk(delivery, smtp_server, due):
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE waited (state text, setting text)")
        cursor.execute(
            "CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            "INSERT INTO waited VALUES (NEW.state, current_setting('synchronous_commit')); "
            "RETURN NEW; END $$"
        )
        cursor.execute(
            "CREATE TRIGGER note AFTER UPDATE ON reminders_delivery "
            "FOR EACH ROW EXECUTE FUNCTION note()"
        )
        try:
            assert dispatch.drain(SmtpTransport(), clock=lambda: due) == {State.SENT: 1}
            # The first in a session runs unplanned; so once more.
            cursor.execute("TRUNCATE waited")
            Delivery.objects.update(state=State.PENDING, lease_token=None, lease_until=None)
            assert dispatch.drain(SmtpTransport(), clock=lambda: due) == {State.SENT: 1}
            cursor.execute("SELECT state, setting FROM waited ORDER BY ctid")
            states = dict(cursor.fetchall())
            cursor.execute("SHOW synchronous_commit")
            assert cursor.fetchone() == ("on",)
        finally:
            cursor.execute("DROP TRIGGER note ON reminders_delivery")
            cursor.execute("DROP FUNCTION note")
            cursor.execute("DROP TABLE waited")
    assert states == {
        State.PENDING: "on",
        State.LEASED: "on",
        State.SENDING: "on",
        State.SENT: "off",
    }
