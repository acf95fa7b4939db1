"""The page of the reminders: what comes next, what came, and a first form for somebody new."""

import re
from datetime import date, datetime, time, timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from healing.accounts.actions import give_consent, withdraw_consent
from healing.accounts.clock import local_now
from healing.accounts.models import Consent
from healing.reminders import actions, claim
from healing.reminders.letters import write_letter
from healing.reminders.models import Delivery, Plan
from tests.reminders.pages import PAGE, text

State = Delivery.State


@pytest.fixture
def client(client_of, mara):
    return client_of(mara)


@pytest.fixture
def plan(mara, plan_for) -> Plan:
    return plan_for(mara, now=timezone.now())


def said(moment: datetime) -> str:
    return f"{moment:%A}, {moment.day} {moment:%B} at {moment:%H:%M}"


def test_somebody_new_starts_with_one_short_form(client):
    response = client.get(PAGE)
    html = response.content.decode()
    form = re.search(r'<form method="post" action="/reminders/check-in/".*?</form>', html, re.S)
    assert form
    names = set(re.findall(r'name="([a-z_]+)"', form[0]))
    assert names == {"csrfmiddlewaretoken", "days", "local_time", "time_zone", "consent"}
    assert '<option value="Europe/Berlin" selected>' in form[0]
    assert not re.search(r'name="consent"[^>]*checked', form[0])
    page = text(response)
    for other in ("Weekly look-back", "Practice of one exercise", "A letter to yourself"):
        assert other in page
    assert Plan.objects.count() == 0


def test_the_next_three_stand_there_with_what_each_holds(client, mara, plan):
    day = plan.coming(timezone.now(), 2)[1].date()
    actions.start_plan(
        owner=mara,
        kind=Plan.Kind.LOOK_BACK,
        weekdays=frozenset([day.weekday()]),
        local_time=time(8, 15),
        time_zone=plan.time_zone,
        now=timezone.now(),
    )
    page = text(client.get(PAGE))
    first, second, third = plan.coming(timezone.now(), 3)
    assert f"{said(first)} check-in" in page
    together = datetime.combine(second.date(), time(8, 15))
    assert f"{said(together)} check-in and look-back" in page
    assert f"{said(third)} check-in" in page


def test_what_was_put_off_stands_where_it_comes(client, plan):
    at = timezone.now() + timedelta(minutes=61)
    actions.snooze(plan_id=plan.pk, at=at)
    page = text(client.get(PAGE))
    assert f"{said(local_now(plan.time_zone, at))} check-in, once more as you asked" in page


def test_once_the_only_letter_has_come_no_mail_is_planned(client, mara):
    now = timezone.now()
    letter = write_letter(
        owner=mara, letter=uuid4(), words="Keep the key.", on_date=mara.today() + timedelta(days=1),
        local_time=time(9), time_zone="Europe/Berlin", now=now,
    )  # fmt: skip
    give_consent(owner=mara, kind=Consent.Kind.MAIL)
    assert "No mail is planned." not in text(client.get(PAGE))
    Plan.objects.update(on_date=mara.today(), next_local_date=mara.today(), next_due_at=now)
    claim.claim(now)
    Delivery.objects.update(state=State.SENT, sent_at=now)

    letter.refresh_from_db()
    assert letter.is_standing
    assert "No mail is planned." in text(client.get(PAGE))


def test_each_plan_is_a_row_with_days_and_hour(client, mara, plan):
    rows = text(client.get(PAGE))
    assert "Daily check-in On: every day at 20:30" in rows
    assert "Weekly look-back Three minutes a week" in rows
    actions.stop_plan(plan_id=plan.pk)
    assert "Daily check-in Off" in text(client.get(PAGE))
    assert "No mail is planned." in text(client.get(PAGE))


def test_a_letter_to_come_is_named_by_its_day_alone(client, mara, plan):
    day = mara.today() + timedelta(days=9)
    write_letter(
        owner=mara, letter=uuid4(), words="you got through it", on_date=day,
        local_time=time(9), time_zone="Europe/Berlin", now=timezone.now(),
    )  # fmt: skip
    page = text(client.get(PAGE))
    assert f"The next one comes on {day:%A}, {day.day} {day:%B}" in page
    assert "got through" not in page


@pytest.mark.parametrize("days", [3, None])
def test_on_a_break_the_page_says_so_and_offers_the_way_back(client, mara, plan, days):
    until = timezone.now() + timedelta(days=days) if days else None
    actions.take_break(owner_id=mara.pk, until=until, now=timezone.now())
    page = client.get(PAGE)
    assert "You are on a break." in text(page)
    assert 'action="/reminders/again/"' in page.content.decode()
    if until:
        back = local_now(plan.time_zone, until)
        assert f"Nothing comes before {back:%A}, {back.day} {back:%B}." in text(page)
    else:
        assert "Nothing comes until you start the mails again." in text(page)
        assert "What comes next" not in text(page)


def test_gone_quiet_the_page_says_why_without_blame_and_one_press_brings_them_back(client, plan):
    Plan.objects.update(quiet_since=timezone.now(), next_due_at=None, next_local_date=None)
    page = client.get(PAGE)
    assert "three in a row stayed without an answer" in text(page)
    assert 'action="/reminders/again/"' in page.content.decode()


def test_without_consent_nothing_is_promised(client, mara, plan):
    withdraw_consent(owner=mara, kind=Consent.Kind.MAIL)
    page = text(client.get(PAGE))
    assert "Nothing is sent at the moment: you have not agreed" in page
    assert "What comes next" not in page


def test_the_last_mails_are_told_in_plain_words(client, mara, plan_for, due):
    plan = plan_for(mara)
    claim.claim(due + timedelta(days=6))
    told = [
        (State.SENT, "", "sent at 20:31"),
        (State.FAILED, "refused", "not sent: the mail server refused it"),
        (State.SKIPPED, "late", "not sent: it would have come too late"),
        (State.UNCERTAIN, "connection_lost",
         "may have reached you: the connection broke in the middle. It was not sent twice."),
        (State.BOUNCED, "", "sent, and came back: your mailbox did not take it"),
        (State.SKIPPED, "quiet", "not sent: it would have come in your quiet hours"),
        (State.SKIPPED, "restored",
         "not sent again: the site was brought back from a copy, and it may have gone out"),
    ]  # fmt: skip
    rows = list(Delivery.objects.filter(plan=plan).order_by("local_date"))
    for row, (state, reason, _) in zip(rows, told, strict=True):
        row.state, row.reason, row.lease_until = state, reason, None
        row.sent_at = row.due_at + timedelta(minutes=1) if state == State.SENT else None
        row.save()
    page = text(client.get(PAGE))
    for row, (_, _, words) in zip(rows, told, strict=True):
        assert f"{row.local_date:%A}, {row.local_date.day} {row.local_date:%B}: {words}" in page


def test_what_shared_a_mail_is_no_second_row_and_two_missed_at_once_are_one(client, mara, plan):
    day = date(2026, 11, 23)
    other = actions.start_plan(
        owner=mara, kind=Plan.Kind.LOOK_BACK, weekdays=frozenset([0]), local_time=time(8),
        time_zone=plan.time_zone, now=timezone.now(),
    )  # fmt: skip
    common = {"person": mara.pk, "due_at": timezone.now(), "send_before": timezone.now(),
              "next_attempt_at": timezone.now(), "state": State.SKIPPED}  # fmt: skip
    for one, reason in ((plan, "break"), (other, "break")):
        Delivery.objects.create(plan=one, local_date=day, reason=reason, **common)
    later = day + timedelta(days=7)
    Delivery.objects.create(plan=other, local_date=later, reason="joined", **common)
    page = text(client.get(PAGE))
    assert page.count("Monday, 23 November:") == 1
    assert "Monday, 30 November:" not in page


def test_the_note_before_quiet_is_told_as_the_last(client, mara, plan_for, due):
    plan_for(mara)
    claim.claim(due)
    Delivery.objects.update(state=State.SENT, sent_at=due, is_last_note=True)
    assert "sent at 20:30, the last one before they went quiet" in text(client.get(PAGE))


def test_no_date_is_written_in_figures(client, mara, plan_for, due):
    plan_for(mara)
    claim.claim(due + timedelta(days=6))
    Delivery.objects.update(state=State.SENT, sent_at=due)
    page = text(client.get(PAGE))
    assert not re.search(r"\d{4}-\d\d|\b(Nov|Dec|Jan)\. ", page)


def test_without_a_mail_server_the_page_says_where_mail_goes(client, settings):
    settings.EMAIL_URL = ""
    settings.MAIL_DIR = settings.BASE_DIR / "var" / "mail"
    assert "written as a file to the folder var/mail" in text(client.get(PAGE))

    settings.EMAIL_URL = "smtp://mail.example.org"
    assert "written as a file" not in text(client.get(PAGE))


def test_a_folder_outside_is_named_without_its_place_on_the_machine(client, settings, tmp_path):
    settings.EMAIL_URL, settings.MAIL_DIR = "", tmp_path / "letters"
    page = text(client.get(PAGE))

    assert "the folder letters" in page
    assert str(tmp_path) not in page


def test_it_says_where_the_mail_goes_and_that_its_subject_is_neutral(client):
    page = text(client.get(PAGE))

    assert "It goes to mara@example.org." in page
    assert "“Two minutes to steady”" in page


def test_a_stranger_sees_nothing_of_hers(client_of, theo, plan):
    page = text(client_of(theo).get(PAGE))
    assert "A short mail, when you choose" in page
    assert "What comes next" not in page


def test_opening_the_page_changes_nothing(client, plan):
    before = Plan.objects.values().get()
    client.get(PAGE)
    assert Plan.objects.values().get() == before


def test_it_asks_the_database_little(client, mara, plan, django_assert_num_queries):
    for days in range(1, 6):
        write_letter(
            owner=mara, letter=uuid4(), words="hello", on_date=mara.today() + timedelta(days=days),
            local_time=time(9), time_zone="Europe/Berlin", now=timezone.now(),
        )  # fmt: skip
    client.get(PAGE)
    with django_assert_num_queries(7):
        client.get(PAGE)


def test_it_needs_somebody_signed_in(db):
    assert Client().get(PAGE).status_code == 302
    assert Client().get(PAGE).url.startswith("/accounts/")


# A zone that a newer table dropped ----------------------------------------------------------------


@pytest.fixture
def dropped(mara, plan) -> Plan:
    """A plan with a mail that went, paused, and in a break, so that every clock is read."""
    now = timezone.now()
    claim.claim(plan.next_due_at)
    Delivery.objects.update(state=State.SENT, sent_at=now)
    Plan.objects.update(
        time_zone="US/Pacific-New",
        paused_until=now + timedelta(days=2),
        break_until=now + timedelta(days=3),
    )
    type(mara).objects.update(time_zone="US/Pacific-New")
    return plan


@pytest.mark.parametrize("claimed", [False, True], ids=["before the claim", "after it"])
@pytest.mark.parametrize("address", [PAGE, f"{PAGE}check-in/", f"{PAGE}mail/", "/today/"])
def test_a_zone_that_was_dropped_breaks_no_page(client, dropped, address, claimed):
    if claimed:
        claim.claim(timezone.now() + timedelta(days=9))
    assert client.get(address).status_code == 200


def test_a_zone_that_was_dropped_is_told_and_another_brings_the_mails_back(client, dropped):
    claim.claim(timezone.now() + timedelta(days=9))
    page = text(client.get(PAGE))
    assert "the time zone US/Pacific-New is no longer on the world’s list" in page
    assert "Choose my time zone" in page

    said = {"days": ["0"], "local_time": "20:30", "time_zone": "America/Los_Angeles"}
    client.post(f"{PAGE}check-in/", said)

    dropped.refresh_from_db()
    assert dropped.is_running
    assert dropped.time_zone == "America/Los_Angeles"
    assert "is no longer on" not in text(client.get(PAGE))
