"""How fast mails may leave: a limit all workers share, and half of it when the server asks."""

import itertools
import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from healing.reminders import dispatch, rate
from healing.reminders.models import Bucket, Delivery
from healing.reminders.transport import SmtpTransport
from tests.factories import make_person

State = Delivery.State


def drawn(start, seconds: float, *, step: float = 0.05, most: int = 50) -> int:
    """How many mails one worker is granted, asking every `step` seconds."""
    asked = [start + timedelta(seconds=n * step) for n in range(int(seconds / step))]
    return sum(rate.take(now, most)[0] for now in asked)


@pytest.fixture
def fifty(db, settings):
    settings.REMINDERS_PER_SECOND = 50


def test_without_a_limit_everything_is_granted_and_costs_one_query(
    db, due, django_assert_num_queries
):
    with django_assert_num_queries(1):
        assert rate.take(due, 50) == (50, 0.0)
    assert not Bucket.objects.exists()


def test_taking_tokens_is_one_read_and_one_conditional_write(fifty, due, django_assert_num_queries):
    rate.take(due, 50)
    with django_assert_num_queries(2) as asked:
        assert rate.take(due + timedelta(seconds=1), 50) == (50, 0.0)
    written = asked.captured_queries[1]["sql"]
    assert written.startswith("UPDATE")
    assert '"tokens" =' in written.split("WHERE")[1]


def test_a_limit_is_what_a_worker_gets_second_for_second(fifty, due):
    assert drawn(due, 20) == pytest.approx(20 * 50, rel=0.05)


def test_after_an_idle_hour_no_more_than_one_second_comes_at_once(fifty, due):
    rate.take(due, 50)
    later = due + timedelta(hours=1)

    assert rate.take(later, 500)[0] == 50
    assert rate.take(later, 500)[0] == 0


def test_a_limit_below_the_batch_still_lets_mails_go(db, settings, due):
    settings.REMINDERS_PER_SECOND = 1
    granted, wait = rate.take(due, 50)
    assert (granted, wait) == (0, pytest.approx(1.0))

    assert rate.take(due + timedelta(seconds=wait), 50)[0] == 1


def test_what_was_not_spent_is_given_back(fifty, due):
    rate.take(due, 50)
    now = due + timedelta(seconds=1)
    granted, _ = rate.take(now, 50)
    rate.give_back(granted - 3)

    assert rate.take(now, 50)[0] == granted - 3


def test_who_was_overtaken_gets_nothing_and_asks_again(fifty, due, monkeypatch):
    rate.take(due, 50)
    now = due + timedelta(seconds=1)
    stale = Bucket.objects.get()
    rate.take(now, 20)
    monkeypatch.setattr(rate, "_bucket", lambda moment: stale)
    assert rate.take(now, 50) == (0, 0.0)
    monkeypatch.undo()

    assert rate.take(now, 50)[0] == 30


@given(apart=st.floats(-30, 30))
def test_clocks_that_differ_grant_no_second_twice(apart):
    bucket = Bucket(tokens=0, per_second=50, changed=dispatch.timezone.now())
    other = bucket.changed + timedelta(seconds=apart)

    assert rate._newest(bucket, other) >= bucket.changed
    assert rate._seconds(bucket, other) == pytest.approx(max(0, apart), abs=1e-5)


def test_a_clock_far_ahead_does_not_stop_the_mails_for_weeks(fifty, due):
    rate.take(due, 50)
    rate.take(due + timedelta(days=40), 50)

    assert drawn(due, 10) == pytest.approx(500, rel=0.15)


# Slower, and faster again ------------------------------------------------------------------------


def test_asked_for_less_it_is_half_at_once_and_never_nothing(fifty, due):
    rate.take(due, 50)
    rate.slow(due)
    assert rate.present(due) == 25
    assert rate.take(due, 50)[0] == 0
    for number in range(1, 20):
        rate.slow(due + number * rate.SLOWED_ONCE_IN)
    assert rate.present(due + 19 * rate.SLOWED_ONCE_IN) == rate.SLOWEST


def test_what_several_workers_hear_at_once_halves_it_once(fifty, due):
    rate.take(due, 50)
    for milliseconds in (0, 200, -300, 9000):
        rate.slow(due + timedelta(milliseconds=milliseconds))
    assert rate.present(due) == 25

    rate.slow(later := due + timedelta(seconds=11))
    assert rate.present(later) == pytest.approx(12.5, rel=0.05)


def test_a_clock_far_ahead_does_not_keep_the_rate_from_being_halved(fifty, due):
    rate.take(due, 50)
    rate.slow(due + timedelta(days=40))
    rate.slow(due)
    assert rate.present(due) == pytest.approx(12.5, rel=0.01)


def test_the_rate_grows_back_by_a_tenth_a_minute_and_no_further_than_the_limit(fifty, due):
    rate.take(due, 50)
    rate.slow(due)
    assert rate.present(due + timedelta(minutes=1)) == pytest.approx(27.5)
    assert rate.present(due + timedelta(minutes=7)) == pytest.approx(25 * 1.1**7)
    assert rate.present(due + timedelta(minutes=8)) == 50


def test_it_grows_the_same_while_mails_go_as_while_none_do(fifty, due):
    rate.take(due, 50)
    rate.slow(due)
    drawn(due, 60)

    assert rate.present(due + timedelta(minutes=1)) == pytest.approx(27.5, rel=0.01)


def test_without_a_limit_a_server_that_asks_gets_less_until_it_stands_everything(db, due):
    rate.slow(due)
    assert rate.present(due) == rate.ASSUMED / 2
    assert drawn(due, 10) == pytest.approx(10 * rate.ASSUMED / 2, rel=0.05)

    assert rate.present(due + timedelta(minutes=31)) is not None
    assert rate.present(due + timedelta(minutes=32)) is None
    assert rate.take(due + timedelta(minutes=32), 50) == (50, 0.0)


def test_a_lower_limit_holds_at_once(fifty, due, settings):
    rate.take(due, 50)
    settings.REMINDERS_PER_SECOND = 10

    assert rate.present(due) == 10


# Over the real server ----------------------------------------------------------------------------


@pytest.fixture
def twenty_waiting(db, plan_for, due, smtp_server) -> None:
    for n in range(20):
        plan_for(make_person(f"person{n}@example.org"))
    dispatch.tick(due)


def drain_by(moment) -> dict[str, int]:
    return dict(dispatch.drain(SmtpTransport(), clock=moment.now, pause=moment.wait))


@pytest.mark.parametrize("reply", ["421 busy", "450 slow down", "451 later", "452 4.3.1 full disk"])
@pytest.mark.parametrize("step", ["mail", "rcpt", "dot"])
def test_a_server_that_asks_for_less_gets_half(
    fifty, twenty_waiting, smtp_server, moment_at, due, step, reply
):
    smtp_server.replies[step] = reply
    drain_by(moment := moment_at(due))

    assert rate.present(moment.now()) < 30


@pytest.mark.parametrize("reply", ["550 no", "452 4.2.2 mailbox full"])
def test_what_is_about_one_mailbox_slows_nobody(
    fifty, twenty_waiting, smtp_server, moment_at, due, reply
):
    smtp_server.replies["rcpt"] = reply
    drain_by(moment := moment_at(due))

    assert rate.present(moment.now()) == 50


@pytest.mark.parametrize(
    ("replies", "halved"),
    [
        ("-", False),
        ("--", False),
        ("+-+--+--+", False),
        ("---", True),
        ("++--+---", True),
    ],
)
def test_one_mail_put_off_here_and_there_slows_nobody(
    fifty, twenty_waiting, smtp_server, moment_at, due, replies, halved
):
    """A minus is a mail put off at its recipient, a plus one that is taken, as all the rest are."""
    recipients = iter(replies)
    answer = smtp_server.answer

    async def by_recipient(server, step):
        if step == "rcpt" and next(recipients, "+") == "-":
            return "450 4.7.1 greylisted, try again"
        return await answer(server, step)

    smtp_server.answer = by_recipient
    drain_by(moment := moment_at(due))

    assert (rate.present(moment.now()) < 30) == halved


def test_a_server_that_closes_in_the_middle_is_slowed_once_it_closes_at_once(
    fifty, twenty_waiting, smtp_server, moment_at, due
):
    count, answer = itertools.count(1), smtp_server.answer

    async def closing_from_the_fifth(server, step):
        if step == "rcpt" and next(count) >= 5:
            return "421 4.3.2 closing"
        return await answer(server, step)

    smtp_server.answer = closing_from_the_fifth
    moment = moment_at(due)
    assert drain_by(moment)[State.SENT] == 4
    assert rate.present(moment.now()) == 50

    drain_by(moment)
    assert rate.present(moment.now()) < 30


def test_the_rest_of_a_lease_is_slowed_too(db, twenty_waiting, smtp_server, moment_at, due):
    smtp_server.replies["rcpt"] = "450 slow down"
    moment = moment_at(due)
    dispatch.drain(SmtpTransport(), clock=moment.now, pause=moment.wait, rows=20)

    began = smtp_server.heard.index("rcpt")
    assert smtp_server.heard[began:].count("rcpt") <= 20
    assert (moment.now() - due).total_seconds() > 1


def test_a_drain_waits_for_its_tokens_and_sends_everything(
    settings, twenty_waiting, smtp_server, moment_at, due
):
    settings.REMINDERS_PER_SECOND = 4
    moment = moment_at(due)

    assert drain_by(moment) == {State.SENT: 20}
    assert (moment.now() - due).total_seconds() == pytest.approx(5, abs=0.5)
    assert len(smtp_server.accepted) == 20


# Many workers ------------------------------------------------------------------------------------


def together(workers: int, act: Callable[[int], None]) -> None:
    """Runs `act` in that many threads, each with a database connection of its own."""

    def work(number: int) -> None:
        try:
            act(number)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(n,)) for n in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
@pytest.mark.django_db(transaction=True)
def test_eight_workers_together_are_granted_the_limit_and_no_more(settings, due):
    settings.REMINDERS_PER_SECOND = 50
    workers, steps, seconds = 8, 100, 5
    granted = [0] * workers
    beat = threading.Barrier(workers)

    def work(number: int) -> None:
        for step in range(steps):
            beat.wait(timeout=60)
            now = due + timedelta(seconds=step * seconds / steps)
            granted[number] += rate.take(now, 50)[0]

    together(workers, work)

    assert sum(granted) <= 50 * seconds
    assert sum(granted) == pytest.approx(50 * seconds, rel=0.05)
    # More than one of them had a share, or they have not worked side by side.
    assert sum(share > 0 for share in granted) > 1
