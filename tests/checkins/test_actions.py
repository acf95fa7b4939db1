"""Two requests at the same moment still make one check-in, and lose no answer."""

import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from django.db import connection

from healing.accounts.models import User
from healing.checkins.actions import fill_check_in, save_check_in
from healing.checkins.models import CheckIn


@pytest.fixture
def together(transactional_db: None, tmp_path: Path) -> Callable[[list[Callable[[], None]]], None]:
    """Runs several writers at one moment, each on a connection of its own.

    SQLite's database in memory has one connection only, so its writers meet in a file.
    """
    name = str(connection.settings_dict["NAME"])
    file = tmp_path / "together.sqlite3"

    def run(writers: list[Callable[[], None]]) -> None:
        if connection.vendor == "sqlite":
            connection.cursor().execute("VACUUM INTO %s", [str(file)])
        start = Barrier(len(writers))

        def one(writer: Callable[[], None]) -> None:
            there = str(file) if connection.vendor == "sqlite" else name
            connection.settings_dict = {**connection.settings_dict, "NAME": there}
            try:
                connection.ensure_connection()
                start.wait(timeout=20)
                writer()
            finally:
                connection.close()

        with ThreadPoolExecutor(len(writers)) as pool:
            for done in [pool.submit(one, writer) for writer in writers]:
                done.result()
        if connection.vendor == "sqlite":
            _bring_back(file)

    return run


def _bring_back(file: Path) -> None:
    """Copies the check-ins of the file into the database of the test."""
    with sqlite3.connect(file) as written:
        rows = written.execute("SELECT * FROM checkins_checkin").fetchall()
    written.close()
    with connection.cursor() as cursor:
        for row in rows:
            marks = ", ".join(["%s"] * len(row))
            cursor.execute(f"INSERT INTO checkins_checkin VALUES ({marks})", row)


def test_requests_at_once_make_one_row_with_every_answer(
    together: Callable[[list[Callable[[], None]]], None], mara: User
) -> None:
    day = mara.today()
    keys = ["steady", "left_worry", "inner_voice", "own_side", "connected", "practice"]

    def writer(key: str, fill: bool) -> Callable[[], None]:
        if fill:
            return lambda: fill_check_in(owner=mara, local_date=day, answers={key: 1})
        return lambda: save_check_in(owner=mara, local_date=day, answers={key: 1}, shown={})

    together([writer(key, fill=place % 2 == 0) for place, key in enumerate(keys)])
    assert CheckIn.objects.of(mara).get().answers == dict.fromkeys(keys, 1)


def test_a_second_row_for_the_same_day_is_impossible(mara: User) -> None:
    day = mara.today()
    save_check_in(owner=mara, local_date=day, answers={"steady": 1}, shown={})
    with pytest.raises(Exception, match=r"(?i)unique"):
        CheckIn.objects.create(owner=mara, local_date=day, answers={})
