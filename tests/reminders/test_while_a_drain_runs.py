"""A person changes their mind while their mail is being sent: before the gate, and behind it."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, time, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from healing.accounts.actions import withdraw_consent
from healing.accounts.models import Consent, User
from healing.privacy.actions import erase_person
from healing.reminders import actions, dispatch, suppression
from healing.reminders.models import Delivery, Plan, Suppression
from healing.reminders.tokens import make_token
from healing.reminders.transport import SmtpTransport
from tests.reminders.conftest import Held, MailServer

State, Reason = Delivery.State, Delivery.Reason
PATIENCE = 30
Act = Callable[[User, datetime], object]

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def draining(server: MailServer, step: str, now: datetime) -> Iterator[None]:
    """Within it a drain runs beside us, and the server has not yet answered `step`."""
    held = server.held[step] = Held()
    ended: list[object] = []

    def work() -> None:
        try:
            ended.append(dispatch.drain(SmtpTransport(), clock=lambda: now))
        finally:
            connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    try:
        assert held.reached.wait(PATIENCE)
        yield
    finally:
        held.go_on.set()
        thread.join(PATIENCE)
    assert not thread.is_alive()
    assert ended, "the drain broke"


@pytest.fixture
def waiting(mara, plan_for, due) -> Delivery:
    plan_for(mara)
    dispatch.tick(due)
    return Delivery.objects.get()


def stop(mara, due):
    return actions.stop_plan(plan_id=Plan.objects.get().pk)


def stop_all(mara, due):
    return actions.stop_all(owner_id=mara.pk)


def pause(mara, due):
    return actions.pause_plan(plan_id=Plan.objects.get().pk, until=due + timedelta(days=7))


def pause_from_the_mail(mara, due):
    return actions.take_break(owner_id=mara.pk, until=due + timedelta(days=7), now=due)


def take_break(mara, due):
    return actions.take_break(owner_id=mara.pk, until=None, now=due)


def travel(mara, due):
    return actions.change_zone(owner=mara, time_zone="America/New_York", now=due)


def choose_quiet_hours(mara, due):
    hours = (time(23), time(7))
    return actions.choose_mail(
        owner=mara, time_zone="Europe/Berlin", quiet=hours, holds=Plan.Holds.BARE, now=due
    )


def another_hour(mara, due):
    plan = Plan.objects.get()
    actions.start_plan(
        owner=mara, weekdays=frozenset(range(7)), local_time=time(21), time_zone=plan.time_zone,
        now=due,
    )  # fmt: skip
    return actions.on_its_way(owner=mara)


def withdraw(mara, due):
    withdraw_consent(owner=mara, kind=Consent.Kind.MAIL)
    return actions.on_its_way(owner=mara)


def complain(mara, due):
    suppression.suppress(mara.email, Suppression.Reason.COMPLAINED, due)
    return actions.on_its_way(owner=mara)


def lock_out(mara, due):
    User.objects.filter(pk=mara.pk).update(is_active=False)
    return actions.on_its_way(owner=mara)


def erase(mara, due):
    on_its_way = actions.on_its_way(owner=mara)
    erase_person(owner=mara)
    return on_its_way


ACTS = {
    stop: Reason.STOPPED,
    stop_all: Reason.STOPPED,
    pause: Reason.PAUSED,
    pause_from_the_mail: Reason.BREAK,
    take_break: Reason.BREAK,
    withdraw: Reason.NO_CONSENT,
    complain: Reason.SUPPRESSED,
    lock_out: Reason.STOPPED,
    # The mail of today is taken back, to come at its new hour.
    travel: None,
    another_hour: None,
    # Nothing of it is left.
    erase: None,
}


def named(act: Act) -> str:
    return act.__name__


@pytest.mark.parametrize("act", ACTS, ids=named)
def test_before_the_gate_nothing_is_sent_after_the_commit(waiting, mara, smtp_server, due, act):
    with draining(smtp_server, "rcpt", due):
        assert not act(mara, due)

    assert smtp_server.heard == ["mail", "rcpt", "rset"]
    assert smtp_server.accepted == []
    left = list(Delivery.objects.values_list("state", "reason"))
    assert left == ([(State.SKIPPED, ACTS[act])] if ACTS[act] else [])


def test_before_the_gate_what_stays_is_built_anew_as_it_was_chosen(waiting, mara, smtp_server, due):
    with draining(smtp_server, "rcpt", due):
        assert not choose_quiet_hours(mara, due)
        waiting.refresh_from_db()
        assert waiting.state == State.PENDING

    assert smtp_server.heard == ["mail", "rcpt", "rset", "mail", "rcpt", "dot"]
    (sent,) = smtp_server.accepted
    assert "wo minutes to steady" in sent.get_body(("plain",)).get_content()


@pytest.mark.parametrize("act", [*ACTS, choose_quiet_hours], ids=named)
def test_behind_the_gate_the_one_mail_is_counted_and_said(waiting, mara, smtp_server, due, act):
    with draining(smtp_server, "dot", due):
        assert act(mara, due)

    assert len(smtp_server.accepted) == 1
    left = list(Delivery.objects.values_list("state", flat=True))
    assert left == ([] if act is erase else [State.SENT])


@pytest.mark.parametrize("act", [travel, another_hour], ids=named)
def test_what_moved_comes_the_same_day_at_its_new_hour_and_once(
    waiting, mara, smtp_server, due, act
):
    with draining(smtp_server, "rcpt", due):
        act(mara, due)
    plan = Plan.objects.get()
    assert due < plan.next_due_at < due + timedelta(hours=7)
    assert plan.next_local_date == waiting.local_date

    smtp_server.held.clear()
    for now in (plan.next_due_at, plan.next_due_at + timedelta(minutes=5)):
        dispatch.tick(now)
        dispatch.drain(SmtpTransport(), clock=lambda now=now: now)
    assert len(smtp_server.accepted) == 1


@pytest.mark.parametrize("page", ["stop", "pause"])
def test_the_page_behind_a_mails_link_says_that_one_was_on_its_way(waiting, smtp_server, due, page):
    address = reverse(f"reminders:{page}", args=[make_token(waiting.plan)])
    said = "One mail was already on its way."
    with draining(smtp_server, "dot", due):
        assert said in Client().post(address).content.decode()
    assert said not in Client().post(address).content.decode()


def test_two_drains_at_once_send_a_mail_once(waiting, smtp_server, due):
    with draining(smtp_server, "rcpt", due):
        assert dispatch.drain(SmtpTransport(), clock=lambda: due) == {}

    assert len(smtp_server.accepted) == 1
    assert Delivery.objects.get().state == State.SENT


def test_a_mail_that_stalls_behind_the_gate_is_uncertain_when_its_lease_is_over(
    waiting, smtp_server, due, settings
):
    with draining(smtp_server, "dot", due):
        dispatch.tick(due + timedelta(seconds=settings.REMINDERS_LEASE_SECONDS + 1))
        assert Delivery.objects.get().state == State.UNCERTAIN
    # The answer came after all, and is the truth.
    assert Delivery.objects.get().state == State.SENT
