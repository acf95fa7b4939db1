"""An address to which mail has ended: known without being kept, and refused at the gate."""

from datetime import timedelta

import pytest

from healing.reminders import claim, dispatch, suppression
from healing.reminders.models import Delivery, Suppression
from healing.reminders.suppression import is_suppressed, lift, strike, suppress
from tests.factories import make_person

State, Reason = Delivery.State, Delivery.Reason
BOUNCED, COMPLAINED = Suppression.Reason.BOUNCED, Suppression.Reason.COMPLAINED
MARA = "mara@example.org"


def test_an_address_is_suppressed_alone_and_however_it_is_written(db, due):
    suppress("Mara@Example.org ", COMPLAINED, due)

    assert is_suppressed("mara@EXAMPLE.org")
    assert not is_suppressed("theo@example.org")


def test_the_list_holds_no_address(db, due):
    suppress(MARA, BOUNCED, due)

    (row,) = Suppression.objects.values()
    assert "mara" not in str(row)
    assert len(row["digest"]) == 64


def test_suppressing_again_keeps_the_first_moment(db, due):
    suppress(MARA, BOUNCED, due)
    suppress(MARA, COMPLAINED, due + timedelta(days=1))

    row = Suppression.objects.get()
    assert (row.since, row.reason) == (due, BOUNCED)


def test_a_new_secret_key_forgets_nobody_while_the_old_one_is_known(db, due, settings):
    suppress(MARA, BOUNCED, due)
    old = settings.SECRET_KEY
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "a newer one", [old]

    assert is_suppressed(MARA)
    suppress(MARA, COMPLAINED, due)
    assert Suppression.objects.count() == 1
    lift(MARA)
    assert not is_suppressed(MARA)


def test_the_third_soft_bounce_ends_the_mails_and_not_the_second(db, due):
    strike(MARA, BOUNCED, due)
    strike(MARA, BOUNCED, due + timedelta(days=1))
    assert not is_suppressed(MARA)

    strike(MARA, BOUNCED, due + timedelta(days=2))
    assert is_suppressed(MARA)
    assert Suppression.objects.get().since == due + timedelta(days=2)


def test_how_many_soft_bounces_are_too_many_is_a_setting(db, due, settings):
    settings.REMINDERS_SOFT_BOUNCES = 1
    strike(MARA, BOUNCED, due)

    assert is_suppressed(MARA)


def test_a_lift_forgets_the_strikes_too(db, due):
    for _ in range(3):
        strike(MARA, BOUNCED, due)
    lift(MARA)
    strike(MARA, BOUNCED, due)

    assert not is_suppressed(MARA)
    assert Suppression.objects.get().strikes == 1


# What waits, and the gate ------------------------------------------------------------------------


@pytest.fixture
def waiting(mara, plan_for, due) -> Delivery:
    plan_for(mara)
    claim.claim(due)
    return Delivery.objects.get()


def test_suppressing_takes_back_what_waits_of_that_address_alone(waiting, plan_for, due):
    plan_for(make_person("theo@example.org"))
    claim.claim(due)

    suppress(MARA, BOUNCED, due)

    states = Delivery.objects.order_by("pk").values_list("state", "reason")
    assert list(states) == [(State.SKIPPED, Reason.SUPPRESSED), (State.PENDING, "")]


def test_the_gate_refuses_a_suppressed_address_and_says_why(waiting, due):
    token, (held,) = dispatch.lease(due)
    Suppression.objects.create(digest=suppression.digests(MARA)[0], reason=BOUNCED, since=due)

    assert not dispatch.gate(held, token, "<x@y>", due)
    assert dispatch._held_back(held, token, due) == State.SKIPPED
    waiting.refresh_from_db()
    assert waiting.reason == Reason.SUPPRESSED


def test_an_address_listed_under_an_older_key_is_refused_too(waiting, due, settings):
    token, (held,) = dispatch.lease(due)
    Suppression.objects.create(digest=suppression.digests(MARA)[0], reason=BOUNCED, since=due)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "a newer one"

    assert not dispatch.gate(held, token, "<x@y>", due)


def test_strikes_and_other_peoples_bounces_leave_the_gate_open(waiting, due):
    token, (held,) = dispatch.lease(due)
    strike(MARA, BOUNCED, due)
    suppress("theo@example.org", BOUNCED, due)

    assert dispatch.gate(held, token, "<x@y>", due)


def test_a_mail_built_for_an_address_the_person_has_left_waits_and_is_built_anew(
    waiting, mara, due
):
    token, (held,) = dispatch.lease(due)
    mara.email = "new@example.org"
    mara.save()

    assert not dispatch.gate(held, token, "<x@y>", due)
    assert dispatch._held_back(held, token, due) == dispatch.NOT_SENT
    dispatch.release(token)
    token, (held,) = dispatch.lease(due)
    assert held.plan.owner.email == "new@example.org"
    assert dispatch.gate(held, token, "<x@y>", due)
