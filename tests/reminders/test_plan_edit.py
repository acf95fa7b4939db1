"""The page where a person plans their mail."""

import re
from datetime import time, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from healing.accounts.actions import give_consent, has_consent, withdraw_consent
from healing.accounts.models import Consent
from healing.reminders import claim
from healing.reminders.models import Delivery, Plan

PAGE = "/reminders/"
WANTED = {
    "active": "on",
    "days": ["0", "2", "4"],
    "local_time": "20:30",
    "time_zone": "Europe/Berlin",
    "consent": "on",
}


@pytest.fixture
def client(client_of, mara):
    return client_of(mara)


def text(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def the_plan() -> Plan:
    return Plan.objects.get()


def test_nothing_is_planned_until_somebody_says_so(client, mara):
    response = client.get(PAGE)

    assert "No mail is planned." in text(response)
    assert Plan.objects.count() == 0
    assert not re.search(r'name="active"[^>]*checked', response.content.decode())


def test_the_form_proposes_the_persons_own_time_zone(client):
    assert '<option value="Europe/Berlin" selected>' in client.get(PAGE).content.decode()


def test_saving_plans_the_next_mail_and_says_when_it_comes(client, mara):
    response = client.post(PAGE, WANTED, follow=True)

    plan = the_plan()
    assert response.redirect_chain == [(PAGE, 302)]
    assert plan.owner == mara
    assert (plan.weekdays, plan.local_time) == (0b0010101, time(20, 30))
    assert plan.next_due_at > timezone.now()
    assert plan.next_local.weekday() in {0, 2, 4}
    assert (plan.next_local.hour, plan.next_local.minute) == (20, 30)
    day = plan.next_local.strftime("%A, %-d %B at 20:30")
    assert f"The next mail comes on {day}." in text(response)


def test_saving_keeps_the_dated_consent_that_the_box_gave(client, mara):
    client.post(PAGE, WANTED)

    consent = Consent.objects.of(mara).standing().get(kind=Consent.Kind.MAIL)
    assert timezone.now() - consent.created < timedelta(minutes=1)


def test_without_consent_nothing_is_planned_and_the_page_says_what_is_missing(client, mara):
    response = client.post(PAGE, {**WANTED, "consent": ""})

    assert response.status_code == 200
    assert "No mail is sent without your agreement." in text(response)
    assert Plan.objects.count() == 0
    assert not has_consent(owner=mara, kind=Consent.Kind.MAIL)
    # What was chosen is still there.
    assert 'value="20:30"' in response.content.decode()
    assert len(re.findall(r'name="days"[^>]*checked', response.content.decode())) == 3


def test_whoever_agreed_before_is_not_asked_again(client, mara):
    give_consent(owner=mara, kind=Consent.Kind.MAIL)

    assert 'name="consent"' not in client.get(PAGE).content.decode()
    client.post(PAGE, {**WANTED, "consent": ""})
    assert the_plan().is_running


def test_whoever_took_consent_back_sees_that_nothing_is_sent(client, mara):
    client.post(PAGE, WANTED)
    withdraw_consent(owner=mara, kind=Consent.Kind.MAIL)

    page = client.get(PAGE)
    assert "Nothing is sent at the moment" in text(page)
    assert 'name="consent"' in page.content.decode()


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"days": []}, "Choose at least one day."),
        ({"days": ["7"]}, "Select a valid choice"),
        ({"local_time": ""}, "Choose a time, for example 20:30."),
        ({"local_time": "half past"}, "Write the time as hours and minutes"),
        ({"time_zone": ""}, "Choose a time zone from the list"),
        ({"time_zone": "Mars/Base"}, "Choose a time zone from the list"),
    ],
)
def test_what_cannot_be_planned_is_said_beside_the_field(client, wrong, says):
    response = client.post(PAGE, {**WANTED, **wrong})

    assert response.status_code == 200
    assert says in text(response)
    assert "<title>Error: Reminders" in response.content.decode()
    assert Plan.objects.count() == 0


def test_changing_the_hour_moves_the_next_mail(client):
    client.post(PAGE, WANTED)
    client.post(PAGE, {**WANTED, "local_time": "07:15", "time_zone": "Asia/Tokyo"})

    plan = the_plan()
    assert (plan.next_local.hour, plan.next_local.minute) == (7, 15)
    assert plan.time_zone == "Asia/Tokyo"


def test_saving_the_same_twice_is_as_good_as_once(client):
    client.post(PAGE, WANTED)
    first = the_plan()
    client.post(PAGE, WANTED)

    assert the_plan().pk == first.pk
    assert the_plan().next_due_at == first.next_due_at


def test_midnight_is_a_time_like_any_other(client):
    client.post(PAGE, {**WANTED, "local_time": "00:00"})

    assert the_plan().local_time == time(0)


def test_switching_off_stops_and_keeps_the_choices_for_later(client):
    client.post(PAGE, WANTED)
    response = client.post(PAGE, {}, follow=True)

    assert "The mails are stopped." in text(response)
    assert "No mail is planned." in text(response)
    assert not the_plan().is_running
    assert the_plan().local_time == time(20, 30)
    assert 'value="20:30"' in response.content.decode()


def test_switching_off_takes_back_the_consent_and_switching_on_asks_anew(client, mara):
    client.post(PAGE, WANTED)
    client.post(PAGE, {})
    assert not has_consent(owner=mara, kind=Consent.Kind.MAIL)

    assert 'name="consent"' in client.get(PAGE).content.decode()
    client.post(PAGE, WANTED)
    assert the_plan().is_running
    assert Consent.objects.of(mara).filter(kind=Consent.Kind.MAIL).count() == 2


def test_switching_off_asks_for_nothing_else_to_be_right(client):
    client.post(PAGE, WANTED)
    client.post(PAGE, {"days": ["9"], "local_time": "never"})

    assert not the_plan().is_running


def test_switching_off_what_was_never_on_is_quiet(client):
    response = client.post(PAGE, {}, follow=True)

    assert "No mail is planned." in text(response)
    assert Plan.objects.count() == 0


def test_switching_off_says_so_if_a_mail_is_already_on_its_way(client, due):
    client.post(PAGE, WANTED)
    delivery = Delivery.for_due(the_plan())
    delivery.state, delivery.lease_until = Delivery.State.SENDING, due
    delivery.save()

    assert "already on its way" in text(client.post(PAGE, {}, follow=True))


def test_the_last_mails_are_told_in_plain_words(client, mara, plan_for, due):
    plan = plan_for(mara)
    claim.claim(due + timedelta(days=5))
    told = [
        ("sent", "", "sent at 20:31"),
        ("failed", "refused", "not sent: the mail server refused it"),
        ("skipped", "late", "not sent: it would have come too late"),
        ("uncertain", "connection_lost",
         "may have reached you: the connection broke in the middle. It was not sent twice."),
        ("pending", "", "waiting to be sent"),
        ("skipped", "paused", "not sent: you had paused these mails"),
    ]  # fmt: skip
    rows = Delivery.objects.filter(plan=plan).order_by("local_date")
    for row, (state, reason, _) in zip(rows, told, strict=True):
        row.state, row.reason = state, reason
        row.sent_at = row.due_at + timedelta(minutes=1) if state == "sent" else None
        row.save()

    page = text(client.get(PAGE))

    for row, (_, _, words) in zip(rows, told, strict=True):
        assert f"{row.local_date.strftime('%A, %-d %B')}: {words}" in page


def test_a_mail_the_server_put_off_is_told_as_waiting(client, mara, plan_for, due):
    plan_for(mara)
    claim.claim(due)
    Delivery.objects.update(attempts=1)

    assert "the mail server was not ready, it is tried again" in text(client.get(PAGE))


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


def test_a_stranger_sees_and_changes_only_their_own(client, client_of, theo, mara):
    client.post(PAGE, WANTED)
    stranger = client_of(theo)

    assert "No mail is planned." in text(stranger.get(PAGE))
    stranger.post(PAGE, {})
    assert Plan.objects.of(mara).get().is_running


def test_opening_the_page_changes_nothing(client):
    client.post(PAGE, WANTED)
    before = Plan.objects.values().get()
    client.get(PAGE)

    assert Plan.objects.values().get() == before


def test_the_page_asks_the_database_little(client, django_assert_num_queries):
    client.post(PAGE, WANTED)
    client.get(PAGE)
    with django_assert_num_queries(5):
        client.get(PAGE)


def test_a_form_sent_without_signing_in_comes_back_filled(db):
    response = Client().post(PAGE, WANTED)

    assert response.status_code == 403
    assert 'value="20:30"' in response.content.decode()
    assert Plan.objects.count() == 0


def test_it_needs_somebody_signed_in(db):
    assert Client().get(PAGE).status_code == 302
