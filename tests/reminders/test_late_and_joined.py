"""What had joined a mail that became too late comes, whoever finds that out, and whoever dies."""

from datetime import time, timedelta

import pytest

from healing.reminders import dispatch
from healing.reminders.models import Delivery, Plan
from healing.reminders.transport import SmtpTransport

State, Reason = Delivery.State, Delivery.Reason
GRACE = timedelta(hours=3)
SECOND = timedelta(seconds=1)

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair(mara, plan_for, due) -> None:
    """A mail that waits, and one that joined it."""
    plan_for(mara)
    plan_for(mara, kind=Plan.Kind.LOOK_BACK, local_time=time(23, 15))
    dispatch.tick(due)
    dispatch.tick(due + GRACE - 10 * SECOND)


def test_a_drain_that_finds_a_mail_too_late_leaves_the_date_to_the_joined(pair, due, smtp_server):
    dispatch.drain(SmtpTransport(), clock=lambda: due + GRACE + 5 * SECOND)

    dispatch.tick(due + GRACE + 20 * SECOND)
    dispatch.drain(SmtpTransport(), clock=lambda: due + GRACE + 20 * SECOND)
    left = Delivery.objects.order_by("due_at").values_list("state", "reason")
    assert list(left) == [(State.SKIPPED, Reason.LATE), (State.SENT, "")]
    assert len(smtp_server.accepted) == 1


def test_a_worker_that_dies_in_between_skips_none(pair, due, monkeypatch):
    def die(*_rows):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(dispatch, "_leave_to_the_joined", die)
        with pytest.raises(KeyboardInterrupt):
            dispatch.tick(due + GRACE + SECOND)

    dispatch.tick(due + GRACE + 20 * SECOND)
    left = Delivery.objects.order_by("due_at").values_list("state", "reason")
    assert list(left) == [(State.SKIPPED, Reason.LATE), (State.PENDING, "")]
