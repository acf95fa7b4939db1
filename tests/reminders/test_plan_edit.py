"""One kind of mail: its days and hour, the consent, and the exercise to practise."""

import re
from datetime import time, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from exercises.actions import choose
from exercises.models import Exercise
from healing.accounts.actions import has_consent, withdraw_consent
from healing.accounts.models import Consent
from healing.reminders import claim, dispatch
from healing.reminders.actions import choose_mail, take_break
from healing.reminders.models import Delivery, Enclosure, Plan
from tests.reminders.pages import CHECK_IN, LOOK_BACK, PAGE, PRACTICE, WANTED, OtherTab, text


@pytest.fixture
def client(client_of, mara):
    return client_of(mara)


@pytest.fixture
def plan(mara, plan_for) -> Plan:
    return plan_for(mara, now=timezone.now())


def test_saving_plans_the_next_mail_and_says_when_it_comes(client, mara):
    response = client.post(CHECK_IN, WANTED, follow=True)

    plan = Plan.objects.get()
    assert response.redirect_chain == [(PAGE, 302)]
    assert plan.owner == mara
    assert plan.kind == Plan.Kind.CHECK_IN
    assert (plan.weekdays, plan.local_time) == (0b0010101, time(20, 30))
    assert plan.next_due_at > timezone.now()
    day = plan.coming(timezone.now(), 1)[0].strftime("%A, %-d %B at 20:30")
    assert f"It comes next on {day}." in text(response)
    assert "Monday, Wednesday and Friday at 20:30" in text(response)


def test_saving_keeps_the_dated_consent_that_the_box_gave(client, mara):
    client.post(CHECK_IN, WANTED)

    consent = Consent.objects.of(mara).standing().get(kind=Consent.Kind.MAIL)
    assert timezone.now() - consent.created < timedelta(minutes=1)


def test_without_consent_nothing_is_planned_and_what_was_chosen_stays(client, mara):
    response = client.post(CHECK_IN, {**WANTED, "consent": ""})

    assert response.status_code == 200
    assert "No mail is sent without your agreement." in text(response)
    assert Plan.objects.count() == 0
    assert not has_consent(owner=mara, kind=Consent.Kind.MAIL)
    assert 'value="20:30"' in response.content.decode()
    assert len(re.findall(r'name="days"[^>]*checked', response.content.decode())) == 3


def test_whoever_has_a_plan_is_asked_for_neither_consent_nor_zone(client, plan):
    page = client.get(CHECK_IN).content.decode()
    assert 'name="consent"' not in page
    assert 'name="time_zone"' not in page
    client.post(CHECK_IN, {"days": ["1"], "local_time": "07:15"})
    plan.refresh_from_db()
    assert (plan.weekdays, plan.local_time) == (0b10, time(7, 15))
    assert plan.time_zone == "Europe/Berlin"


def test_a_posted_zone_moves_no_plan(client, plan):
    client.post(CHECK_IN, {**WANTED, "time_zone": "Asia/Tokyo"})
    plan.refresh_from_db()
    assert plan.time_zone == "Europe/Berlin"


def test_whoever_took_consent_back_is_asked_anew(client, mara, plan):
    withdraw_consent(owner=mara, kind=Consent.Kind.MAIL)
    assert 'name="consent"' in client.get(CHECK_IN).content.decode()
    client.post(CHECK_IN, {**WANTED})
    assert has_consent(owner=mara, kind=Consent.Kind.MAIL)


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
    response = client.post(CHECK_IN, {**WANTED, **wrong})

    assert response.status_code == 200
    assert says in text(response)
    assert "<title>Error: Reminders" in response.content.decode()
    assert Plan.objects.count() == 0


def test_a_mail_already_past_the_gate_is_named_when_its_hour_changes(client, mara, plan_for, due):
    plan_for(mara)
    claim.claim(due)
    token, (held,) = dispatch.lease(due)
    dispatch.gate(held, token, "<x@y>", due)
    page = client.post(CHECK_IN, {"days": ["1"], "local_time": "07:15"}, follow=True)
    assert "One mail was already on its way." in text(page)


def test_an_hour_in_the_quiet_hours_is_refused_with_the_reason(client, mara, plan):
    choose_mail(
        owner=mara, time_zone="Europe/Berlin", quiet=(time(22), time(7)), holds="action",
        now=timezone.now(),
    )  # fmt: skip
    response = client.post(LOOK_BACK, {"days": "6", "local_time": "23:00"})
    assert "This lies in your quiet hours, from 22:00 to 07:00." in text(response)
    assert not Plan.objects.filter(kind=Plan.Kind.LOOK_BACK).exists()
    client.post(LOOK_BACK, {"days": "6", "local_time": "07:00"})
    assert Plan.objects.filter(kind=Plan.Kind.LOOK_BACK).exists()


def test_quiet_hours_that_another_tab_sets_meanwhile_refuse_the_hour_and_keep_it_in_the_form(
    client, plan
):
    other = OtherTab(quiet_from=time(22), quiet_to=time(7))
    with connection.execute_wrapper(other):
        response = client.post(CHECK_IN, {**WANTED, "local_time": "23:15"})
    assert not other.changes
    assert "Not saved: a mail or your quiet hours changed in another tab" in text(response)
    assert 'value="23:15"' in response.content.decode()
    assert Plan.objects.get().local_time == plan.local_time


def test_saving_the_same_twice_is_as_good_as_once(client):
    client.post(CHECK_IN, WANTED)
    first = Plan.objects.get()
    client.post(CHECK_IN, WANTED)
    assert Plan.objects.get().pk == first.pk
    assert Plan.objects.get().next_due_at == first.next_due_at


def test_midnight_is_a_time_like_any_other(client):
    client.post(CHECK_IN, {**WANTED, "local_time": "00:00"})
    assert Plan.objects.get().local_time == time(0)


def test_a_look_back_comes_on_one_day_and_sunday_is_proposed(client, plan):
    page = client.get(LOOK_BACK).content.decode()
    assert re.findall(r'name="days" value="(\d)" checked', page) == ["6"]
    client.post(LOOK_BACK, {"days": "4", "local_time": "18:00"})
    look_back = Plan.objects.get(kind=Plan.Kind.LOOK_BACK)
    assert (look_back.weekdays, look_back.local_time) == (0b10000, time(18))
    assert look_back.time_zone == plan.time_zone
    assert re.findall(
        r'name="days" value="(\d)" checked', client.get(LOOK_BACK).content.decode()
    ) == ["4"]


def test_a_practice_keeps_its_exercise_sealed_and_shows_it_again(client, plan, content):
    client.post(PRACTICE, {"days": ["1", "3"], "local_time": "18:00", "exercise": "E08"})
    practice = Plan.objects.get(kind=Plan.Kind.PRACTICE)
    assert Enclosure.objects.get(plan=practice).said == {"exercise": "E08"}
    assert 'value="E08" selected' in client.get(PRACTICE).content.decode()
    assert "Practice of one exercise On: Tuesday and Thursday at 18:00" in text(client.get(PAGE))


def test_what_may_be_closed_or_was_put_away_is_not_offered(client, mara, content):
    choose(owner=mara, exercise="E08", as_="hidden", on=True)
    page = client.get(PRACTICE).content.decode()
    offered = set(re.findall(r'<option value="(E\d\d)"', page))
    assert "E05" in offered
    assert "E08" not in offered
    stirring = Exercise.objects.filter(intensity=Exercise.Intensity.HIGH)
    assert {"E32", "E33", "E35"} <= set(stirring.values_list("content_id", flat=True))
    assert not offered & set(stirring.values_list("content_id", flat=True))
    for exercise in ("E08", "E35", "E99", ""):
        response = client.post(PRACTICE, {**WANTED, "exercise": exercise})
        assert "Choose an exercise" in text(response)
    assert not Plan.objects.exists()


def test_a_new_mail_leaves_a_break_as_it_is(client, mara, plan):
    take_break(owner_id=mara.pk, until=None, now=timezone.now())
    page = client.post(LOOK_BACK, {"days": "6", "local_time": "18:00"}, follow=True)
    assert "You are on a break." in text(page)
    assert "Saved. It comes once your break is over." in text(page)
    assert not Plan.objects.filter(next_due_at__isnull=False).exists()


@pytest.mark.parametrize(("hour", "said"), [("20:31", "20:30"), ("20:29", "20:29")])
def test_the_next_mail_it_is_in_is_told_by_the_first_hour_of_a_date_without_one(
    client, plan, hour, said
):
    now = timezone.now()
    had = plan.coming(now, 1)[0].date()
    Delivery.objects.create(
        plan=plan, person=plan.owner_id, local_date=had, due_at=now, send_before=now,
        next_attempt_at=now, state=Delivery.State.SENT, sent_at=now,
    )  # fmt: skip
    page = client.post(LOOK_BACK, {"days": str(had.weekday()), "local_time": hour}, follow=True)
    week_later = (had + timedelta(days=7)).strftime("%A, %-d %B")
    assert f"Saved. It comes next on {week_later} at {said}." in text(page)


def test_a_stranger_changes_only_their_own(client_of, theo, mara, plan):
    client_of(theo).post(CHECK_IN, {**WANTED, "local_time": "06:00"})
    plan.refresh_from_db()
    assert plan.local_time == time(20, 30)
    assert Plan.objects.of(theo).get().local_time == time(6)


def test_opening_the_page_changes_nothing(client, plan):
    before = Plan.objects.values().get()
    client.get(CHECK_IN)
    assert Plan.objects.values().get() == before


@pytest.mark.parametrize(("address", "queries"), [(CHECK_IN, 6), (LOOK_BACK, 6), (PRACTICE, 11)])
def test_it_asks_the_database_little(
    client, plan, content, address, queries, django_assert_num_queries
):
    client.post(PRACTICE, {"days": ["1"], "local_time": "18:00", "exercise": "E08"})
    client.get(address)
    with django_assert_num_queries(queries):
        client.get(address)


@pytest.mark.parametrize("address", [CHECK_IN, LOOK_BACK, PRACTICE])
def test_a_form_sent_without_signing_in_comes_back_filled(content, address):
    sent = {**WANTED, "days": "2", "exercise": "E08"}
    response = Client().post(address, sent)

    assert response.status_code == 403
    page = response.content.decode()
    assert 'value="20:30"' in page
    assert re.search(r'name="days"[^>]*value="2"[^>]*checked', page)
    assert 'value="E08"' in page
    assert Plan.objects.count() == 0


def test_it_needs_somebody_signed_in(db):
    for address in (CHECK_IN, LOOK_BACK, PRACTICE):
        assert Client().get(address).status_code == 302
