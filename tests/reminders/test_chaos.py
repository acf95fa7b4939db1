"""The running site is broken again and again while it sends, and no mail is doubled or lost."""

import json
import os
import subprocess
import sys
from collections import Counter
from datetime import date
from typing import Any, NamedTuple

import pytest

from tests.reminders.chaos import MISSING
from tests.reminders.chaos_verdict import judge
from tests.run import REQUIRED

pytestmark = pytest.mark.alone
SECONDS = 600
ON_SERVERS = pytest.mark.skipif(
    "DATABASE_URL" not in os.environ, reason="for the run on PostgreSQL and Redis"
)


def run_of_chaos(root: str, *arguments: str) -> tuple[int, dict[str, Any], str]:
    """Exit code, figures and words of a run that starts all its servers itself."""
    run = subprocess.Popen(
        [sys.executable, "-m", "tests.reminders.chaos", "--json", *arguments],
        cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        out, told = run.communicate(timeout=SECONDS)
    finally:
        # Not killed: it has servers to stop.
        run.terminate()
        run.wait()
    if run.returncode == MISSING and not REQUIRED:
        pytest.skip(told.strip())
    assert out, told[-3000:]
    return run.returncode, json.loads(out), told


def check_no_promise_is_broken(mails: int, code: int, found: dict[str, Any], told: str) -> None:
    assert found["faults"] == code == 0, told
    states = found["states"]
    assert sum(states.values()) == mails, told
    # The disturbances came, and most mails went out all the same. How many of them fall into the
    # moment that matters is chance, and `make chaos` is long enough to count on some.
    assert states["skipped"] > 0, told
    assert states["sent"] > mails * 0.6, told


@ON_SERVERS
def test_a_broker_that_dies_and_workers_that_are_killed_double_and_lose_no_mail(settings):
    code, found, told = run_of_chaos(settings.BASE_DIR, "--mails", "250")

    check_no_promise_is_broken(250, code, found, told)
    assert found["disturbed"]["worker"] + found["disturbed"]["child"] >= 4, told
    assert found["disturbed"]["redis"] + found["disturbed"].get("flush", 0) >= 1, told


def test_the_one_process_that_is_killed_doubles_and_loses_no_mail(settings):
    code, found, told = run_of_chaos(settings.BASE_DIR, "--mails", "100", "--one-process")

    check_no_promise_is_broken(100, code, found, told)
    assert found["disturbed"]["site"] >= 3, told


class Row(NamedTuple):
    recipient: str
    local_date: date
    seq: int
    state: str
    message_id: str


DAY = date(2026, 11, 23)
SOUND = [
    Row("a", DAY, 1, "sent", "<a>"),
    Row("b", DAY, 1, "uncertain", "<b>"),
    Row("c", DAY, 1, "skipped", ""),
]
TAKEN = Counter({("a", "<a>"): 1, ("b", "<b>"): 1})
DUE = dict.fromkeys("abc", DAY)


def test_a_run_without_a_fault_has_none():
    verdict = judge(DUE, SOUND, TAKEN)
    assert (verdict.faults, verdict.uncertain_taken, verdict.uncertain_not_taken) == (0, 1, 0)


@pytest.mark.parametrize(
    ("rows", "more_taken", "fault"),
    [
        (SOUND, {("a", "<a>"): 1}, "duplicates"),
        (SOUND[:2], {}, "unwritten"),
        ([*SOUND, SOUND[2]._replace(seq=2)], {}, "unwritten"),
        ([*SOUND[:2], Row("c", DAY, 1, "sent", "<c>")], {}, "lost"),
        (SOUND, {("c", "<c>"): 1}, "unexplained"),
        ([*SOUND[:2], SOUND[2]._replace(state="failed", message_id="<c>")], {("c", "<c>"): 1},
         "unexplained"),
        ([*SOUND[:2], SOUND[2]._replace(state="pending")], {}, "unsettled"),
    ],
)  # fmt: skip
def test_each_fault_is_counted_as_what_it_is(rows, more_taken, fault):
    verdict = judge(DUE, rows, TAKEN + Counter(more_taken))
    assert getattr(verdict, fault) == verdict.faults == 1


def test_the_same_person_mailed_twice_under_two_ids_is_a_duplicate():
    assert judge(DUE, SOUND, TAKEN + Counter({("a", "<other>"): 1})).duplicates == 1
