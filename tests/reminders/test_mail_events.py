"""What a mail provider posts, as providers post it: signed or with a password, over HTTP."""

import hashlib
import hmac
import json
from base64 import b64encode
from datetime import time, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from healing.reminders import dispatch, letters, mail
from healing.reminders.models import Delivery, Suppression
from healing.reminders.suppression import is_suppressed
from healing.reminders.transport import Reply
from tests.factories import make_person

State = Delivery.State
MARA = "mara@example.org"
ADDRESS = "/mail-events/"
PASSWORD = "steady:a long walk"
KEY = "key-of-the-operator"


@pytest.fixture
def postmark(settings):
    settings.MAIL_WEBHOOK, settings.ANYMAIL = "postmark", {"WEBHOOK_SECRET": PASSWORD}


@pytest.fixture
def mailgun(settings):
    settings.MAIL_WEBHOOK = "mailgun"
    settings.ANYMAIL = {"MAILGUN_WEBHOOK_SIGNING_KEY": KEY}


@pytest.fixture
def sent(mara, plan_for) -> Delivery:
    return sent_mail(plan_for(mara), days_ago=0)


def sent_mail(plan, days_ago: int, state: str = State.SENT) -> Delivery:
    """A mail of the plan that the server took an hour ago, or the same hour some days before."""
    moment = timezone.now() - timedelta(days=days_ago, hours=1)
    row = Delivery(
        plan=plan, person=plan.owner_id, local_date=moment.date(), due_at=moment,
        send_before=moment, next_attempt_at=moment, state=state, server_reply="250 OK",
        sent_at=moment,
    )  # fmt: skip
    row.message_id = mail.message_id_of(row, "steady.example.org")
    row.save()
    return row


def post(body: dict[str, Any], password: str | None = PASSWORD) -> int:
    """Posts from outside: no cookie, no CSRF token; the status of the answer."""
    login = {"HTTP_AUTHORIZATION": f"Basic {b64encode((password or '').encode()).decode()}"}
    client = Client(enforce_csrf_checks=True)
    answer = client.post(
        ADDRESS, json.dumps(body), "application/json", **(login if password else {})
    )
    assert not answer.cookies
    return answer.status_code


def from_postmark(kind: str, **fields: Any) -> dict[str, Any]:
    """A bounce as Postmark's documentation shows it."""
    return {
        "RecordType": "Bounce", "MessageStream": "outbound", "ID": 4323372036854775807,
        "Type": kind, "TypeCode": 1, "Name": "Hard bounce", "Tag": "",
        "MessageID": "883953f4-6105-42a2-a16a-77a8eac79483", "Metadata": {}, "ServerID": 23,
        "Description": "The server was unable to deliver your message", "Email": MARA,
        "Details": "smtp;550 5.1.1 The email account that you tried to reach does not exist.",
        "From": "hello@steady.example.org", "BouncedAt": timezone.now().isoformat(),
        "DumpAvailable": True, "Inactive": True, "CanActivate": True, "Subject": "Two minutes",
    } | fields  # fmt: skip


def from_mailgun(event: str, message_id: str, key: str = KEY, **fields: Any) -> dict[str, Any]:
    """An event as Mailgun's documentation shows it, signed."""
    stamp, token = str(int(timezone.now().timestamp())), "a8ce0edb2dd8301dee6c2405235584e45aa"
    signature = hmac.new(key.encode(), f"{stamp}{token}".encode(), hashlib.sha256).hexdigest()
    return {
        "signature": {"token": token, "timestamp": stamp, "signature": signature},
        "event-data": {
            "event": event, "id": "G9Bn5sl1TC6nu79C8C0bwg", "severity": "permanent",
            "timestamp": float(stamp), "recipient": MARA, "recipient-domain": "example.org",
            "reason": "bounce", "log-level": "error", "tags": [], "user-variables": {},
            "message": {"headers": {"to": MARA, "message-id": message_id.strip("<>"),
                                    "from": "hello@steady.example.org", "subject": "Two minutes"}},
            "delivery-status": {"code": 550, "message": "5.1.1 no such account",
                                "description": "", "attempt-no": 1},
        } | fields,
    }  # fmt: skip


# Who may speak -----------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["get", "post", "head", "options"])
def test_without_the_setting_there_is_no_such_page(db, method):
    assert getattr(Client(), method)(ADDRESS).status_code == 404


@pytest.mark.parametrize("method", ["get", "head", "put", "options"])
def test_only_a_post_is_heard(postmark, db, method):
    assert getattr(Client(), method)(ADDRESS).status_code == 405


@pytest.mark.parametrize("password", [None, "steady:a short walk", "steady", "x"])
def test_a_wrong_password_changes_nothing(postmark, sent, password):
    assert post(from_postmark("HardBounce"), password) == 400

    sent.refresh_from_db()
    assert sent.state == State.SENT
    assert not Suppression.objects.exists()


def test_a_wrong_signature_changes_nothing(mailgun, sent):
    assert post(from_mailgun("complained", sent.message_id, key="guessed"), None) == 400
    assert post({"event-data": {}}, None) == 400

    sent.refresh_from_db()
    assert sent.state == State.SENT
    assert not Suppression.objects.exists()


def test_nobody_has_to_be_signed_in_and_no_cookie_is_set(postmark, sent):
    assert post(from_postmark("HardBounce")) == 200


# What it means -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "state", "ended"),
    [
        (from_postmark("HardBounce"), State.BOUNCED, True),
        (from_postmark("SpamComplaint", RecordType="SpamComplaint"), State.COMPLAINED, True),
        (from_postmark("SpamNotification"), State.COMPLAINED, True),
        (from_postmark("BadEmailAddress", Details=""), State.BOUNCED, True),
        (from_postmark("SoftBounce"), State.BOUNCED, False),
        (from_postmark("Blocked", Details="554 5.7.1 listed"), State.BOUNCED, False),
        (from_postmark("Transient"), State.SENT, False),
        (from_postmark("AutoResponder"), State.SENT, False),
        ({"RecordType": "Delivery", "Recipient": MARA}, State.SENT, False),
        ({"RecordType": "Open", "Recipient": MARA}, State.SENT, False),
        ({"RecordType": "SomethingNew", "Recipient": MARA}, State.SENT, False),
        ({"RecordType": "SubscriptionChange", "Recipient": MARA, "SuppressSending": True,
          "SuppressionReason": "ManualSuppression"}, State.COMPLAINED, True),
        ({"RecordType": "SubscriptionChange", "Recipient": MARA, "SuppressSending": False},
         State.SENT, False),
    ],
    ids=lambda one: f"{one['RecordType']} {one.get('Type', '')}" if isinstance(one, dict) else None,
)  # fmt: skip
def test_what_postmark_says(postmark, sent, said, state, ended):
    assert post(said) == 200

    sent.refresh_from_db()
    assert (sent.state, is_suppressed(MARA)) == (state, ended)


@pytest.mark.parametrize(
    ("event", "fields", "state", "ended"),
    [
        ("failed", {}, State.BOUNCED, True),
        ("complained", {}, State.COMPLAINED, True),
        ("unsubscribed", {}, State.COMPLAINED, True),
        ("failed", {"severity": "temporary"}, State.SENT, False),
        ("failed", {"delivery-status": {"code": 552, "message": "5.2.2 mailbox full"}},
         State.BOUNCED, False),
        ("failed", {"delivery-status": {"code": 550, "message": "5.7.1 we take no bulk mail"}},
         State.BOUNCED, False),
        ("failed", {"reason": "old"}, State.BOUNCED, False),
        ("delivered", {}, State.SENT, False),
        ("opened", {}, State.SENT, False),
    ],
    ids=str,
)  # fmt: skip
def test_what_mailgun_says(mailgun, sent, event, fields, state, ended):
    assert post(from_mailgun(event, sent.message_id, **fields), None) == 200

    sent.refresh_from_db()
    assert (sent.state, is_suppressed(MARA)) == (state, ended)


@pytest.mark.parametrize(
    ("provider", "secret", "said", "ended"),
    [
        ("brevo", "WEBHOOK_SECRET", {"event": "hard_bounce", "email": MARA}, True),
        ("brevo", "WEBHOOK_SECRET", {"event": "soft_bounce", "email": MARA}, False),
        ("mailersend", "MAILERSEND_SIGNING_SECRET",
         {"type": "activity.hard_bounced", "data": {"type": "hard_bounced", "email": {
             "recipient": {"email": MARA}}}}, True),
        ("mailersend", "MAILERSEND_SIGNING_SECRET",
         {"type": "activity.soft_bounced", "data": {"type": "soft_bounced", "email": {
             "recipient": {"email": MARA}}}}, False),
    ],
    ids=["brevo hard", "brevo soft", "mailersend hard", "mailersend soft"],
)  # fmt: skip
def test_what_others_say(settings, sent, provider, secret, said, ended):
    settings.MAIL_WEBHOOK, settings.ANYMAIL = provider, {secret: PASSWORD}
    body = json.dumps(said).encode()
    answer = Client().post(
        ADDRESS,
        body,
        "application/json",
        HTTP_AUTHORIZATION=f"Basic {b64encode(PASSWORD.encode()).decode()}",
        HTTP_SIGNATURE=hmac.new(PASSWORD.encode(), body, hashlib.sha256).hexdigest(),
    )

    assert answer.status_code == 200
    sent.refresh_from_db()
    assert (sent.state, is_suppressed(MARA)) == (State.BOUNCED, ended)


def test_a_bounce_that_comes_twice_counts_once(postmark, sent):
    said = from_postmark("SoftBounce")
    for _ in range(5):
        assert post(said) == 200

    assert Suppression.objects.get().strikes == 1


def test_the_third_soft_bounce_of_three_mails_ends_them(postmark, sent, mara):
    plan = sent.plan
    for days_ago in (2, 1):
        row = sent_mail(plan, days_ago)
        post(from_postmark("SoftBounce", BouncedAt=(row.sent_at + timedelta(hours=1)).isoformat()))
        assert not is_suppressed(MARA)
    post(from_postmark("SoftBounce"))

    assert is_suppressed(MARA)
    assert set(Delivery.objects.values_list("state", flat=True)) == {State.BOUNCED}


def test_blocks_that_are_about_us_are_not_held_against_an_address(mailgun, sent):
    refused = {"code": 550, "message": "5.7.26 unauthenticated mail"}
    for days_ago in range(1, 5):
        row = sent_mail(sent.plan, days_ago)
        post(from_mailgun("failed", row.message_id, **{"delivery-status": refused}), None)
        row.refresh_from_db()
        assert (row.state, row.server_reply) == (State.BOUNCED, "5.7.26")

    assert not Suppression.objects.exists()


# Which mail it was -------------------------------------------------------------------------------


def test_the_message_id_finds_the_very_mail(mailgun, sent):
    older = sent_mail(sent.plan, days_ago=3)
    post(from_mailgun("failed", older.message_id), None)

    sent.refresh_from_db()
    older.refresh_from_db()
    assert (sent.state, older.state) == (State.SENT, State.BOUNCED)


def test_without_one_it_is_the_newest_mail_to_that_address_before_the_event(
    postmark, sent, plan_for
):
    others = sent_mail(plan_for(make_person("theo@example.org")), days_ago=0)
    older, oldest = (sent_mail(sent.plan, days_ago) for days_ago in (1, 2))
    post(from_postmark("HardBounce", BouncedAt=(older.sent_at + timedelta(hours=1)).isoformat()))

    for row, state in ((others, State.SENT), (sent, State.SENT), (older, State.BOUNCED),
                       (oldest, State.SENT)):  # fmt: skip
        row.refresh_from_db()
        assert row.state == state


def test_a_mail_of_last_week_is_left_alone_and_the_address_is_not(postmark, mara, plan_for):
    old = sent_mail(plan_for(mara), days_ago=8)
    post(from_postmark("HardBounce"))

    old.refresh_from_db()
    assert old.state == State.SENT
    assert is_suppressed(MARA)


def test_a_bounce_of_somebody_erased_is_remembered(postmark, db):
    assert post(from_postmark("HardBounce", Email="Gone@example.org")) == 200
    assert is_suppressed("gone@example.org")


def test_an_event_without_an_address_is_taken_and_ignored(postmark, db):
    assert post({"RecordType": "Bounce", "Type": "HardBounce"}) == 200
    assert not Suppression.objects.exists()


def test_a_bounce_that_overtakes_the_servers_last_answer_stands(mailgun, mara, plan_for, due):
    plan_for(mara)
    dispatch.tick(due)
    token, (held,) = dispatch.lease(due)
    message_id = mail.message_id_of(held, "x.test")
    assert dispatch.gate(held, token, message_id, due)
    post(from_mailgun("failed", message_id), None)

    assert dispatch._answered(held, token, Reply(250, "OK"), due) == dispatch.NOT_SENT
    held.refresh_from_db()
    assert held.state == State.BOUNCED


# What is kept ------------------------------------------------------------------------------------


def test_of_the_payload_nothing_is_kept_or_logged_but_codes(postmark, sent, caplog):
    with caplog.at_level("DEBUG"):
        post(from_postmark("HardBounce", Details="smtp;550 5.1.1 <mara@example.org> SECRET"))
        post(from_postmark("HardBounce", Details="SECRET"), "wrong:password")

    sent.refresh_from_db()
    assert sent.server_reply == "5.1.1"
    ours = [record for record in caplog.records if record.name != "django.db.backends"]
    said = " ".join(record.getMessage() for record in ours)
    assert "SECRET" not in said
    assert "mara" not in said


def test_what_was_waiting_is_not_sent_after_a_complaint(postmark, sent, due):
    waiting = sent_mail(sent.plan, days_ago=-1, state=State.PENDING)
    post(from_postmark("SpamComplaint", RecordType="SpamComplaint"))

    waiting.refresh_from_db()
    assert (waiting.state, waiting.reason) == (State.SKIPPED, Delivery.Reason.SUPPRESSED)


@pytest.mark.django_db
def test_the_mail_of_a_letter_that_was_deleted_is_found_by_its_id(mailgun, mara, plan_for):
    check_in, now = plan_for(mara), timezone.now()
    letter = letters.write_letter(
        owner=mara, letter=uuid4(), words="Hello", on_date=now.date() + timedelta(days=3),
        local_time=time(20, 30), time_zone="Europe/Berlin", now=now,
    )  # fmt: skip
    named, newer = sent_mail(letter, days_ago=2), sent_mail(check_in, days_ago=0)
    letters.delete_letter(owner=mara, letter=letter.pk, now=now)

    post(from_mailgun("failed", named.message_id), None)

    named.refresh_from_db()
    newer.refresh_from_db()
    assert (named.state, newer.state) == (State.BOUNCED, State.SENT)
