"""A person changes their mind while their mail is being sent: before the gate, and behind it."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, time, timedelta

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from healing.accounts.actions import withdraw_consent
from healing.accounts.models import Consent, User
from healing.privacy.actions import erase_person
from healing.reminders import actions, dispatch, suppression
from healing.reminders.holdback import locked
from healing.reminders.models import Delivery, Plan, Suppression
from healing.reminders.tokens import make_token
from healing.reminders.transport import SmtpTransport
from tests.reminders.conftest import DUE, Held, MailServer
from tests.reminders.test_claim_at_once import Beside, somebody_waits
from tests.services import until

State, Reason = Delivery.State, Delivery.Reason
PATIENCE = 30
# When every lease is over.
LATER = DUE + timedelta(hours=1)
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


# A change before the gate reaches a mail that was built before it -------------------------------


def words_of(server: MailServer) -> str:
    (message,) = server.accepted
    return message.get_body(("plain",)).get_content()


def test_what_a_mail_may_hold_holds_for_one_that_is_about_to_go(waiting, mara, smtp_server, due):
    with draining(smtp_server, "rcpt", due):
        actions.choose_mail(
            owner=mara, time_zone="Europe/Berlin", quiet=None, holds=Plan.Holds.BARE, now=due
        )
        smtp_server.held.clear()

    assert "small thing" not in words_of(smtp_server)


def test_a_plan_stopped_just_before_is_not_in_the_mail_it_shared(
    waiting, mara, plan_for, smtp_server, due
):
    practice = plan_for(mara, kind=Plan.Kind.PRACTICE, local_time=time(20, 45))
    with draining(smtp_server, "rcpt", due):
        actions.stop_plan(plan_id=practice.pk)
        smtp_server.held.clear()

    assert reverse("reminders:practice_go") not in words_of(smtp_server)


def test_whoever_stops_a_plan_of_a_mail_past_its_gate_is_told(
    waiting, mara, plan_for, smtp_server, due
):
    practice = plan_for(mara, kind=Plan.Kind.PRACTICE, local_time=time(20, 45))
    with draining(smtp_server, "dot", due):
        assert actions.stop_plan(plan_id=practice.pk)

    assert reverse("reminders:practice_go") in words_of(smtp_server)


# On PostgreSQL, two that change the same rows ----------------------------------------------------

beside_each_other = pytest.mark.skipif(
    "connection.vendor != 'postgresql'", reason="SQLite lets one writer in at a time"
)


@beside_each_other
def test_a_complaint_that_waited_for_the_gate_leaves_the_mail_as_sent(waiting, mara, due):
    token, (leased,) = dispatch.lease(due)
    with transaction.atomic():
        assert dispatch.gate(leased, token, "<x@y>", due)
        complaint = Beside(lambda: complain(mara, due))
        complaint.start()
        until(somebody_waits, PATIENCE, "the complaint waits")

    assert complaint.result()
    assert Delivery.objects.get().state == State.SENDING
    dispatch._settle(leased, token, State.SENT, reply="250 OK", sent_at=due)
    assert Delivery.objects.get().state == State.SENT


@beside_each_other
def test_while_a_persons_plans_are_changed_no_worker_takes_their_mail(waiting, mara, due):
    with transaction.atomic():
        locked(mara.pk)
        worker = Beside(lambda: dispatch.lease(due))
        worker.start()
        assert worker.result()[1] == []

    assert len(dispatch.lease(due)[1]) == 1


@beside_each_other
def test_a_lease_is_given_back_even_if_another_drain_looks_at_its_rows(waiting, due):
    token, _leased = dispatch.lease(due)
    with transaction.atomic():
        # As a lease does that began a moment sooner, and finds the rows taken.
        Delivery.objects.select_for_update().get(pk=waiting.pk)
        freeing = Beside(lambda: dispatch.release(token))
        freeing.start()
        until(somebody_waits, PATIENCE, "the drain waits")
    freeing.result()

    waiting.refresh_from_db()
    assert waiting.state == State.PENDING


@beside_each_other
def test_the_reaper_waits_for_nobody(waiting, mara, due):
    other = Delivery.objects.create(
        plan=waiting.plan, person=mara.pk, local_date=waiting.local_date, seq=2, due_at=due,
        send_before=LATER + timedelta(hours=1), next_attempt_at=due,
    )  # fmt: skip
    Delivery.objects.update(send_before=LATER + timedelta(hours=1))
    assert len(dispatch.lease(due)[1]) == 2
    with transaction.atomic():
        Delivery.objects.select_for_update().get(pk=waiting.pk)
        freeing = Beside(lambda: dispatch.reap(LATER))
        freeing.start()
        freeing.result()

    other.refresh_from_db()
    waiting.refresh_from_db()
    assert (other.state, waiting.state) == (State.PENDING, State.LEASED)
    dispatch.reap(LATER)
    waiting.refresh_from_db()
    assert waiting.state == State.PENDING


@beside_each_other
def test_a_person_who_stops_never_waits_in_a_ring_with_a_complaint(waiting, mara, due):
    """Both hold the rows of one person in the order of their numbers, however they lie."""
    Delivery.objects.create(
        plan=waiting.plan, person=mara.pk, local_date=waiting.local_date, seq=2, due_at=due,
        send_before=LATER, next_attempt_at=due,
    )  # fmt: skip
    with CaptureQueriesContext(connection) as asked:
        actions.stop_all(owner_id=mara.pk)
        complain(mara, due)
    held = [
        query["sql"]
        for query in asked
        if "FOR NO KEY UPDATE" in query["sql"] and 'FROM "reminders_delivery"' in query["sql"]
    ]
    assert len(held) >= 2
    assert all('ORDER BY "reminders_delivery"."id" ASC' in sql for sql in held)
