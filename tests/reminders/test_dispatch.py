"""From the waiting row to the mail server: at most once, and nothing lost without a trace."""

import logging
from collections.abc import Callable
from datetime import datetime, time, timedelta
from itertools import pairwise
from uuid import uuid4

import pytest
from django.db import OperationalError
from django.db.models import F

from healing.accounts.actions import give_consent, withdraw_consent
from healing.accounts.models import Consent, User
from healing.reminders import claim, content, dispatch
from healing.reminders.actions import stop_plan
from healing.reminders.models import Delivery, Plan
from healing.reminders.transport import Reply, SmtpTransport
from tests.factories import make_person
from tests.reminders.conftest import MailServer

State, Reason = Delivery.State, Delivery.Reason


@pytest.fixture
def waiting(mara, plan_for, due) -> Delivery:
    """Mara's mail, due now and waiting."""
    plan_for(mara)
    claim.claim(due)
    return Delivery.objects.get()


@pytest.fixture
def drain(due, smtp_server, moment_at) -> Callable[..., dict[str, int]]:
    """Drains once at a chosen moment, over the real server."""

    def run(now: datetime = due) -> dict[str, int]:
        at = moment_at(now)
        return dict(dispatch.drain(SmtpTransport(), clock=at.now, pause=at.wait))

    return run


def test_a_due_mail_is_sent_once_and_the_servers_words_are_kept(waiting, drain, smtp_server, due):
    assert drain() == {State.SENT: 1}
    assert drain() == {}

    waiting.refresh_from_db()
    assert [mail["To"] for mail in smtp_server.accepted] == ["mara@example.org"]
    assert waiting.server_reply == "250 OK"
    assert waiting.sent_at == due
    assert waiting.message_id == smtp_server.accepted[0]["Message-ID"]
    assert waiting.attempts == 1
    assert waiting.lease_until is None


def test_the_whole_way_from_due_plan_to_inbox(mara, plan_for, due, drain, smtp_server):
    plan_for(mara)

    assert dispatch.tick(due) == 1
    drain()
    assert dispatch.tick(due) == 0
    drain()

    assert len(smtp_server.accepted) == 1
    assert Delivery.objects.count() == 1


def test_what_had_joined_a_mail_that_became_too_late_comes_in_its_place(
    mara, plan_for, due, drain, smtp_server
):
    plan_for(mara)
    plan_for(mara, kind=Plan.Kind.LOOK_BACK, local_time=time(23, 15))
    dispatch.tick(due)
    dispatch.tick(due + timedelta(hours=2, minutes=46))
    again = due + timedelta(hours=3, minutes=1)

    dispatch.tick(again)
    assert drain(again) == {State.SENT: 1}
    left = Delivery.objects.order_by("due_at").values_list("state", "reason")
    assert list(left) == [(State.SKIPPED, Reason.LATE), (State.SENT, "")]


def test_many_mails_go_out_over_few_connections(plan_for, due, drain, smtp_server, db):
    for n in range(60):
        plan_for(make_person(f"person{n}@example.org"))

    assert dispatch.tick(due) == 2
    assert drain() == {State.SENT: 60}
    assert sorted(smtp_server.recipients) == sorted(f"person{n}@example.org" for n in range(60))


def test_a_look_rings_as_many_drains_as_there_are_batches_and_no_more_than_it_may(
    plan_for, due, settings, db
):
    for n in range(101):
        plan_for(make_person(f"person{n}@example.org"))
    assert dispatch.tick(due) == 3

    settings.REMINDERS_CONNECTIONS = 2
    assert dispatch.tick(due) == 2


def test_a_drain_takes_few_at_first_and_more_once_it_got_through_them(
    plan_for, due, drain, monkeypatch, db
):
    for n in range(160):
        plan_for(make_person(f"person{n}@example.org"))
    dispatch.tick(due)
    lease, taken = dispatch.lease, []

    def counted(now, rows):
        token, leased = lease(now, rows)
        taken.append(len(leased))
        return token, leased

    monkeypatch.setattr(dispatch, "lease", counted)
    assert drain() == {State.SENT: 160}
    assert taken == [50, 100, 10, 0]


# The reply table ---------------------------------------------------------------------------------


@pytest.mark.parametrize("step", ["mail", "rcpt", "data", "dot"])
@pytest.mark.parametrize("code", ["421", "450", "451", "452"])
def test_try_later_means_later_at_every_step(waiting, drain, smtp_server, due, step, code):
    smtp_server.replies[step] = f"{code} come back"

    assert drain() == {State.PENDING: 1}

    waiting.refresh_from_db()
    assert smtp_server.accepted == []
    assert waiting.server_reply.startswith(code)
    assert timedelta(seconds=15) < waiting.next_attempt_at - due < timedelta(seconds=25)
    assert drain() == {}

    smtp_server.replies.clear()
    assert drain(waiting.next_attempt_at) == {State.SENT: 1}
    assert len(smtp_server.accepted) == 1
    waiting.refresh_from_db()
    assert waiting.attempts == 2


@pytest.mark.parametrize(("step", "state"), [("rcpt", State.PENDING), ("dot", State.SENT)])
def test_a_reply_with_a_nul_is_kept_without_it(waiting, drain, smtp_server, step, state):
    smtp_server.replies[step] = "450 la\0ter" if step == "rcpt" else "250 o\0k"

    assert drain() == {state: 1}
    waiting.refresh_from_db()
    assert waiting.server_reply == ("450 la ter" if step == "rcpt" else "250 o k")


def test_no_server_at_all_costs_one_attempt_and_keeps_every_mail(
    plan_for, due, settings, unused_port, db
):
    settings.EMAIL_URL, settings.EMAIL_HOST = "smtp://x", "127.0.0.1"
    settings.EMAIL_PORT = unused_port
    for n in range(5):
        plan_for(make_person(f"person{n}@example.org"))
    dispatch.tick(due)

    assert dict(dispatch.drain(SmtpTransport(), clock=lambda: due)) == {State.PENDING: 1}
    assert Delivery.objects.filter(state=State.PENDING, lease_token=None).count() == 5
    assert Delivery.objects.filter(attempts=0).count() == 4


def test_a_server_that_says_goodbye_is_left_alone_until_the_next_look(
    plan_for, due, drain, smtp_server, db
):
    for n in range(5):
        plan_for(make_person(f"person{n}@example.org"))
    dispatch.tick(due)
    smtp_server.replies["rcpt"] = "421 too busy"

    assert drain() == {State.PENDING: 1}
    assert smtp_server.heard.count("rcpt") == 1


def test_one_refused_address_does_not_hold_up_the_others(plan_for, due, drain, smtp_server, db):
    for name in ["first", "second", "third"]:
        plan_for(make_person(f"{name}@example.org"))
    User.objects.filter(email="second@example.org").update(email="sécond@example.org")
    dispatch.tick(due)

    assert drain() == {State.SENT: 2, State.PENDING: 1}
    assert sorted(smtp_server.recipients) == ["first@example.org", "third@example.org"]


def test_a_mail_that_cannot_be_built_is_logged_without_a_word_of_it(
    waiting, drain, mara, caplog, smtp_server
):
    User.objects.filter(pk=mara.pk).update(email="sécret@example.org")
    with caplog.at_level(logging.DEBUG, "healing"):
        drain()

    assert f"Delivery {waiting.pk}: UnicodeEncodeError" in caplog.text
    assert "cret@" not in caplog.text


def test_pauses_between_attempts_grow_and_end_with_the_grace(waiting, drain, smtp_server, due):
    smtp_server.replies["rcpt"] = "450 greylisted"
    now, pauses = due, []
    for _ in range(40):
        dispatch.tick(now)
        drain(now)
        waiting.refresh_from_db()
        pauses.append((waiting.next_attempt_at - now).total_seconds())
        now = waiting.next_attempt_at
        if now > due + timedelta(hours=3):
            break

    assert all(later > earlier for earlier, later in pairwise(pauses[:6]))
    assert max(pauses) <= 900 * 1.2
    dispatch.tick(now)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.reason) == (State.SKIPPED, Reason.LATE)
    assert waiting.server_reply == "450 greylisted"
    assert smtp_server.accepted == []


def test_a_mail_server_down_over_night_brings_one_mail_in_the_morning_and_not_two(
    mara, plan_for, due, drain, smtp_server
):
    plan = plan_for(mara)
    smtp_server.replies["mail"] = "451 not now"
    dispatch.tick(due)
    drain()
    smtp_server.replies.clear()

    dispatch.tick(due + timedelta(days=1))
    drain(due + timedelta(days=1))

    assert len(smtp_server.accepted) == 1
    states = (
        Delivery.objects.filter(plan=plan).order_by("local_date").values_list("state", flat=True)
    )
    assert list(states) == [State.SKIPPED, State.SENT]


# The gate ----------------------------------------------------------------------------------------


class ActsAfterRcpt(SmtpTransport):
    """The real transport; something happens while the server has accepted the recipient."""

    def __init__(self, act: Callable[[], object]) -> None:
        super().__init__()
        self.act = act

    def envelope(self, sender: str, recipient: str) -> Reply:
        reply = super().envelope(sender, recipient)
        self.act()
        return reply


def between_rcpt_and_data(act: Callable[[], object], now: datetime) -> dict[str, int]:
    return dict(dispatch.drain(ActsAfterRcpt(act), clock=lambda: now))


def pause(due):
    Plan.objects.update(paused_until=due + timedelta(days=1))


def break_off(due):
    Plan.objects.update(break_until=due + timedelta(days=1))


def let_hours_pass(hours: int) -> None:
    ago = timedelta(hours=hours)
    Delivery.objects.update(due_at=F("due_at") - ago, send_before=F("send_before") - ago)


@pytest.mark.parametrize(
    ("act", "reason"),
    [
        (lambda mara, due: stop_plan(plan_id=Plan.objects.get().pk), Reason.STOPPED),
        (lambda mara, due: Plan.objects.update(next_due_at=None, next_local_date=None),
         Reason.STOPPED),
        (lambda mara, due: pause(due), Reason.PAUSED),
        (lambda mara, due: break_off(due), Reason.BREAK),
        (lambda mara, due: withdraw_consent(owner=mara, kind=Consent.Kind.MAIL),
         Reason.NO_CONSENT),
        (lambda mara, due: Consent.objects.all().delete(), Reason.NO_CONSENT),
        (lambda mara, due: User.objects.update(is_active=False), Reason.STOPPED),
        (lambda mara, due: let_hours_pass(4), Reason.LATE),
    ],
    ids=["stopped", "plan stopped alone", "paused", "break", "consent withdrawn", "consent gone",
         "person locked out", "time has passed"],
)  # fmt: skip
def test_what_changes_after_rcpt_and_before_data_is_obeyed(
    waiting, mara, due, smtp_server, act, reason
):
    ended = between_rcpt_and_data(lambda: act(mara, due), due)

    waiting.refresh_from_db()
    assert smtp_server.heard == ["mail", "rcpt", "rset"]
    assert smtp_server.accepted == []
    assert State.SENT not in ended
    assert (waiting.state, waiting.reason) == (State.SKIPPED, reason)


def test_the_same_way_without_a_change_does_send(waiting, due, smtp_server):
    assert between_rcpt_and_data(lambda: None, due) == {State.SENT: 1}
    assert len(smtp_server.accepted) == 1


def test_a_person_erased_in_between_gets_nothing(waiting, mara, due, smtp_server):
    between_rcpt_and_data(lambda: User.objects.filter(pk=mara.pk).delete(), due)

    assert smtp_server.accepted == []
    assert Delivery.objects.count() == 0


def test_consent_to_storing_alone_opens_no_gate(waiting, mara, due, smtp_server):
    withdraw_consent(owner=mara, kind=Consent.Kind.MAIL)
    give_consent(owner=mara, kind=Consent.Kind.STORING)

    assert between_rcpt_and_data(lambda: None, due) == {State.SKIPPED: 1}


def test_somebody_elses_consent_opens_no_gate(waiting, mara, theo, due, smtp_server):
    withdraw_consent(owner=mara, kind=Consent.Kind.MAIL)
    give_consent(owner=theo, kind=Consent.Kind.MAIL)

    assert between_rcpt_and_data(lambda: None, due) == {State.SKIPPED: 1}


def test_a_pause_that_is_over_opens_the_gate(waiting, due, smtp_server):
    Plan.objects.update(paused_until=due)

    assert between_rcpt_and_data(lambda: None, due) == {State.SENT: 1}


def test_a_lease_that_ran_out_meanwhile_opens_no_gate(waiting, due, settings):
    token, (held,) = dispatch.lease(due)
    after = due + timedelta(seconds=settings.REMINDERS_LEASE_SECONDS)

    assert not dispatch.gate(held, token, "<x@y>", after)
    assert dispatch.gate(held, token, "<x@y>", after - timedelta(seconds=1))


def test_another_workers_token_opens_no_gate(waiting, due):
    _, (held,) = dispatch.lease(due)

    assert not dispatch.gate(held, uuid4(), "<x@y>", due)


def test_the_gate_opens_once(waiting, due):
    token, (held,) = dispatch.lease(due)

    assert dispatch.gate(held, token, "<x@y>", due)
    assert not dispatch.gate(held, token, "<x@y>", due)


def test_the_gate_does_not_open_before_the_moment(waiting, due):
    token, (held,) = dispatch.lease(due)

    assert not dispatch.gate(held, token, "<x@y>", due - timedelta(seconds=1))


def test_a_mail_whose_clock_went_back_waits_and_is_sent_at_its_time(waiting, due, smtp_server):
    moments = iter([due, due, due - timedelta(hours=1)])
    latest = [due]

    def clock():
        latest[0] = next(moments, latest[0])
        return latest[0]

    dispatch.drain(SmtpTransport(), clock=clock)
    waiting.refresh_from_db()
    assert (waiting.state, smtp_server.accepted) == (State.PENDING, [])

    assert dict(dispatch.drain(SmtpTransport(), clock=lambda: due)) == {State.SENT: 1}


def test_passing_the_gate_is_one_statement(waiting, due, django_assert_num_queries):
    token, (held,) = dispatch.lease(due)

    with django_assert_num_queries(1) as asked:
        dispatch.gate(held, token, "<x@y>", due)
    sql = asked.captured_queries[0]["sql"]
    assert sql.startswith("UPDATE")
    # The row's own state and token stand outside any subquery: see the comment in gate().
    outer = sql.split("EXISTS")[0] + sql.rsplit(")", 1)[-1]
    assert "lease_token" in sql.split("WHERE", 1)[1]
    assert " IN (SELECT" not in sql
    assert outer


# Leases and death --------------------------------------------------------------------------------


def test_two_workers_never_hold_the_same_mail(plan_for, due, db):
    for n in range(7):
        plan_for(make_person(f"person{n}@example.org"))
    dispatch.tick(due)

    _, first = dispatch.lease(due, rows=5)
    _, second = dispatch.lease(due, rows=5)

    assert (len(first), len(second)) == (5, 2)
    assert not {row.pk for row in first} & {row.pk for row in second}


def test_a_worker_that_died_before_the_gate_loses_nothing(
    waiting, drain, smtp_server, due, settings
):
    dispatch.lease(due)
    assert drain() == {}

    later = due + timedelta(seconds=settings.REMINDERS_LEASE_SECONDS + 1)
    dispatch.tick(later)

    assert drain(later) == {State.SENT: 1}
    assert len(smtp_server.accepted) == 1


def test_a_worker_that_died_after_the_gate_leaves_an_uncertain_mail(
    waiting, drain, smtp_server, due, settings
):
    token, (held,) = dispatch.lease(due)
    dispatch.gate(held, token, "<x@y>", due)
    later = due + timedelta(seconds=settings.REMINDERS_LEASE_SECONDS + 1)

    dispatch.tick(later)

    waiting.refresh_from_db()
    assert (waiting.state, waiting.reason) == (State.UNCERTAIN, Reason.WORKER_LOST)
    assert drain(later) == {}


def test_a_slow_answer_after_the_lease_is_still_the_truth(waiting, due, settings):
    token, (held,) = dispatch.lease(due)
    dispatch.gate(held, token, "<x@y>", due)
    dispatch.reap(due + timedelta(seconds=settings.REMINDERS_LEASE_SECONDS + 1))

    dispatch._answered(held, token, Reply(250, "at last"), due)

    waiting.refresh_from_db()
    assert (waiting.state, waiting.reason, waiting.server_reply) == (State.SENT, "", "250 at last")


def test_a_worker_that_lost_its_lease_writes_nothing_over_the_next_ones_row(waiting, due, settings):
    token, (held,) = dispatch.lease(due)
    later = due + timedelta(seconds=settings.REMINDERS_LEASE_SECONDS + 1)
    dispatch.reap(later)
    second, _ = dispatch.lease(later)

    assert dispatch._answered(held, token, Reply(550, "no"), later) == dispatch.NOT_SENT

    waiting.refresh_from_db()
    assert (waiting.state, waiting.lease_token) == (State.LEASED, second)


def test_a_lease_given_by_a_clock_far_ahead_does_not_hold_a_mail_for_weeks(waiting, due):
    dispatch.lease(due)
    Delivery.objects.update(lease_until=due + timedelta(days=40))

    dispatch.reap(due)

    waiting.refresh_from_db()
    assert (waiting.state, waiting.lease_token) == (State.PENDING, None)


def test_a_drain_that_breaks_gives_back_what_it_had_not_begun(plan_for, due, smtp_server, db):
    for n in range(3):
        plan_for(make_person(f"person{n}@example.org"))
    dispatch.tick(due)

    class Breaks(SmtpTransport):
        def data(self, message: bytes) -> Reply:
            raise RuntimeError("out of memory")

    with pytest.raises(RuntimeError):
        dispatch.drain(Breaks(), clock=lambda: due)

    states = Delivery.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == [State.SENDING, State.PENDING, State.PENDING]


def test_a_drain_that_breaks_before_its_first_mail_gives_all_of_them_back(
    waiting, drain, smtp_server, monkeypatch
):
    def unread() -> None:
        raise OperationalError("the connection was lost")

    monkeypatch.setattr(content, "wordings", unread)
    with pytest.raises(OperationalError):
        drain()

    waiting.refresh_from_db()
    assert (waiting.state, waiting.lease_token) == (State.PENDING, None)
    assert smtp_server.heard == []


def test_a_drain_stops_leasing_when_its_time_is_over(plan_for, due, smtp_server, db):
    for n in range(3):
        plan_for(make_person(f"person{n}@example.org"))
    dispatch.tick(due)

    assert dict(dispatch.drain(SmtpTransport(), clock=lambda: due, seconds=0)) == {}
    assert Delivery.objects.filter(state=State.PENDING).count() == 3


# The next mail is named while the outcome of the last is written -------------------------------


class ActsOnAnnouncing(SmtpTransport):
    """The real transport; something happens once the next mail has been announced."""

    def __init__(self, act: Callable[[SmtpTransport], object]) -> None:
        super().__init__()
        self.act = act

    def announce(self, sender: str, recipient: str) -> None:
        super().announce(sender, recipient)
        self.act(self)


@pytest.fixture
def two_waiting(plan_for, due, db) -> tuple[Delivery, Delivery]:
    for n in range(2):
        plan_for(make_person(f"person{n}@example.org"))
    claim.claim(due)
    first, second = Delivery.objects.order_by("next_attempt_at", "pk")
    return first, second


@pytest.fixture
def drain_both(two_waiting, due, moment_at) -> Callable[..., dict[str, int]]:
    """Drains once, and does something as soon as the second mail has been announced."""

    def run(act: Callable[[SmtpTransport], object]) -> dict[str, int]:
        at = moment_at(due)
        ended = dict(dispatch.drain(ActsOnAnnouncing(act), clock=at.now, pause=at.wait))
        for row in two_waiting:
            row.refresh_from_db()
        return ended

    return run


@pytest.mark.usefixtures("two_waiting")
def test_the_next_mail_is_named_before_the_outcome_is_written(drain_both, smtp_server):
    seen = []
    ended = drain_both(
        lambda _way: seen.extend(Delivery.objects.order_by("pk").values_list("state"))
    )

    assert seen == [(State.SENDING,), (State.LEASED,)]
    assert ended == {State.SENT: 2}
    assert smtp_server.heard == ["mail", "rcpt", "dot"] * 2
    assert len(set(smtp_server.recipients)) == 2


def test_a_stop_after_the_announcement_is_obeyed(two_waiting, drain_both, smtp_server):
    first, second = two_waiting
    ended = drain_both(lambda _way: stop_plan(plan_id=second.plan_id))

    assert ended == {State.SENT: 1, dispatch.NOT_SENT: 1}
    assert (second.state, second.reason) == (State.SKIPPED, Reason.STOPPED)
    assert smtp_server.heard == ["mail", "rcpt", "dot", "mail", "rcpt", "rset"]
    assert smtp_server.recipients == [first.plan.owner.email]


@pytest.mark.parametrize("step", ["mail", "rcpt"])
@pytest.mark.parametrize(
    ("reply", "state"),
    [
        ("421 closing", State.PENDING),
        ("450 later", State.PENDING),
        ("550 no", State.FAILED),
        (MailServer.DROP, State.PENDING),
        (MailServer.STALL, State.PENDING),
    ],
)
def test_what_becomes_of_an_announced_mail_changes_nothing_of_the_one_before(
    two_waiting, drain_both, smtp_server, settings, step, reply, state
):
    settings.EMAIL_TIMEOUT = 0.5
    first, second = two_waiting
    smtp_server.replies_after_dot = {step: reply}
    drain_both(lambda _way: None)

    assert (first.state, first.server_reply) == (State.SENT, "250 OK")
    assert (second.state, second.attempts) == (state, 1)
    assert smtp_server.recipients == [first.plan.owner.email]


def test_an_announced_mail_is_left_waiting_if_the_way_closes(two_waiting, drain_both, smtp_server):
    _first, second = two_waiting
    ended = drain_both(lambda way: setattr(way, "down", True))

    assert ended == {State.SENT: 1}
    assert (second.state, second.attempts) == (State.PENDING, 0)
    assert smtp_server.heard == ["mail", "rcpt", "dot", "mail", "rcpt"]
    assert smtp_server.goodbyes == 1


def test_what_was_announced_is_named_once_even_over_two_leases(
    two_waiting, drain_both, smtp_server
):
    ended = drain_both(lambda way: setattr(way, "asked_for_less", True))

    assert ended == {State.SENT: 2}
    assert smtp_server.heard == ["mail", "rcpt", "dot"] * 2


# Stopping ----------------------------------------------------------------------------------------


def test_stopping_takes_back_what_waits_and_says_nothing_was_on_its_way(waiting, due):
    assert stop_plan(plan_id=waiting.plan_id) is False

    waiting.refresh_from_db()
    assert (waiting.state, waiting.reason) == (State.SKIPPED, Reason.STOPPED)


def test_stopping_says_so_when_a_mail_has_passed_the_gate(waiting, due):
    token, (held,) = dispatch.lease(due)
    dispatch.gate(held, token, "<x@y>", due)

    assert stop_plan(plan_id=waiting.plan_id) is True

    waiting.refresh_from_db()
    assert waiting.state == State.SENDING


def test_stopping_leaves_what_was_sent_as_it_was(waiting, drain):
    drain()
    stop_plan(plan_id=waiting.plan_id)

    waiting.refresh_from_db()
    assert waiting.state == State.SENT


def test_starting_again_the_same_day_brings_the_next_mail_tomorrow(waiting, mara, plan_for, due):
    stop_plan(plan_id=waiting.plan_id)

    plan = plan_for(mara, now=due + timedelta(minutes=5))

    assert plan.pk == waiting.plan_id
    assert plan.next_local_date == due.date() + timedelta(days=1)
