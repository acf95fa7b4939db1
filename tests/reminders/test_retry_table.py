"""The table of answers in docs/operations.md, each cell against the real server."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as django_settings

from healing.reminders import claim, dispatch, suppression, transport
from healing.reminders.models import Delivery, Suppression
from healing.reminders.transport import SmtpTransport
from tests.reminders.conftest import MailServer

State, Reason = Delivery.State, Delivery.Reason
DOCUMENT = Path(django_settings.BASE_DIR) / "docs/operations.md"
STEPS = ("mail", "rcpt", "data", "message", "dot")
NOT_CODES = {"hangs up": MailServer.DROP, "says nothing": MailServer.STALL}
MARA = "mara@example.org"


def cells() -> list[tuple[str, str, str]]:
    """(answer, step, what it means) of every cell of the table that says something."""
    table = DOCUMENT.read_text().partition("| The server |")[2].partition("\n\n")[0]
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()[2:]
    ]
    return [
        (answer, step, means)
        for answer, *meanings in rows
        for step, means in zip(STEPS, meanings, strict=True)
        if means != "-"
    ]


def test_the_table_names_every_answer_at_every_step():
    named = {(answer, step) for answer, step, _ in cells()}
    codes = {"250", "421", "450", "451", "452", "454", "550", "554"}
    assert named == {
        *((code, step) for code in codes for step in STEPS if step != "message"),
        *((answer, step) for answer in NOT_CODES for step in STEPS),
    }


@pytest.fixture
def waiting(mara, plan_for, due) -> Delivery:
    plan_for(mara)
    claim.claim(due)
    return Delivery.objects.get()


@pytest.fixture
def drain(moment_at, smtp_server, settings, monkeypatch):
    settings.EMAIL_TIMEOUT = 0.5
    monkeypatch.setattr(transport, "FINAL_ANSWER_SECONDS", 0.5)

    def run(now):
        moment = moment_at(now)
        return dict(dispatch.drain(SmtpTransport(), clock=moment.now, pause=moment.wait))

    return run


@pytest.mark.parametrize("pipelining", [True, False], ids=["pipelining", "one by one"])
@pytest.mark.parametrize(("answer", "step", "means"), cells())
def test_an_answer_means_what_the_document_says(
    waiting, drain, smtp_server, due, pipelining, answer, step, means
):
    smtp_server.pipelining = pipelining
    smtp_server.replies[step] = NOT_CODES.get(answer, f"{answer} said so")
    ended = drain(due)
    smtp_server.replies.clear()
    waiting.refresh_from_db()
    later = max(waiting.next_attempt_at, due + timedelta(minutes=30))
    dispatch.tick(later)
    again = drain(later)
    waiting.refresh_from_db()

    found = {
        (State.SENT, None): "sent",
        (State.PENDING, State.SENT): "again later",
        (State.FAILED, None): "refused",
        (State.UNCERTAIN, None): "uncertain",
    }[(*ended, *again, None)[:2]]
    assert found == ("sent" if means == "goes on" else means)
    assert len(smtp_server.accepted) == (found in {"sent", "again later"})
    assert (waiting.reason == Reason.REFUSED) == (found == "refused")
    assert (waiting.reason == Reason.CONNECTION_LOST) == (found == "uncertain")
    assert waiting.lease_until is None


# What a refusal says of the address ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("reply", "ended", "strikes"),
    [
        *((f"550 {code} nobody", True, 0) for code in ("5.1.1", "5.1.3", "5.1.6", "5.1.10")),
        ("553 5.1.2 no such domain", True, 0),
        ("550 5.2.1 switched off", False, 1),
        ("552 5.2.2 mailbox full", False, 1),
        ("550 no such person", False, 0),
        ("553 sorry", False, 0),
        ("554 5.7.1 relay access denied", False, 0),
        ("550 5.7.26 not signed", False, 0),
        ("550 5.1.8 your own address is wrong", False, 0),
        ("554 5.4.14 a loop", False, 0),
        ("550 blocked, ask 5.1.1.9", False, 0),
        ("450 4.1.1 not just now", False, 0),
    ],
)
@pytest.mark.parametrize("step", ["rcpt", "dot"])
def test_only_what_is_certainly_about_the_mailbox_is_held_against_it(
    waiting, drain, smtp_server, due, step, reply, ended, strikes
):
    smtp_server.replies[step] = reply
    drain(due)

    assert suppression.is_suppressed(MARA) is ended
    assert sum(Suppression.objects.values_list("strikes", flat=True)) == strikes


def test_the_document_names_the_codes_that_end_an_address():
    said = re.search(r"With ([\d., or\n]+) in\s+the answer nobody is there", DOCUMENT.read_text())
    assert set(re.findall(r"5\.1\.\d+", said[1])) == suppression_codes()


def suppression_codes() -> set[str]:
    return {f"5.1.{n}" for n in range(20) if suppression.nobody_there(f"550 5.1.{n} x")}
