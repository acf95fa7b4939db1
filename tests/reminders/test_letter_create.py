"""Writing a letter to oneself: sealed, once, and nothing lost on the way."""

import re
from datetime import time, timedelta
from uuid import UUID

import pytest
from django.test import Client
from django.utils import timezone

from healing.accounts.actions import has_consent
from healing.accounts.models import Consent
from healing.reminders.actions import choose_mail, take_break
from healing.reminders.letterbox import letters_of, words_of
from healing.reminders.models import Enclosure, Plan
from tests.reminders.pages import LETTERS, text

NEW = f"{LETTERS}new/"
FORM = UUID(int=42)


@pytest.fixture
def client(client_of, mara):
    return client_of(mara)


def sent(mara, **changes) -> dict[str, str]:
    return {
        "form_id": str(FORM),
        "words": "Dear me,\nyou got through it.",
        "on_date": (mara.today() + timedelta(days=10)).isoformat(),
        "local_time": "09:00",
        "time_zone": "Europe/Berlin",
        "consent": "on",
        **changes,
    }


def test_it_is_sealed_and_comes_on_its_day(client, mara):
    page = client.post(NEW, sent(mara), follow=True)
    plan = Plan.objects.get()
    day = mara.today() + timedelta(days=10)
    assert f"Saved and sealed. It comes on {day:%A}, {day.day} {day:%B}." in text(page)
    assert (plan.kind, plan.on_date, plan.local_time) == ("letter", day, time(9))
    assert plan.next_local_date == day
    assert Enclosure.objects.get().said == {"words": "Dear me,\nyou got through it."}
    assert has_consent(owner=mara, kind=Consent.Kind.MAIL)


def test_a_day_far_away_is_told_with_its_year(client, mara):
    day = mara.today() + timedelta(days=700)
    page = client.post(NEW, sent(mara, on_date=day.isoformat()), follow=True)
    assert f"It comes on {day:%A}, {day.day} {day:%B} {day.year}." in text(page)


@pytest.mark.parametrize(("days", "waits"), [(None, True), (20, True), (5, False)])
def test_a_break_that_may_hold_it_back_is_told(client, mara, plan_for, days, waits):
    now = timezone.now()
    plan_for(mara, now=now)
    take_break(owner_id=mara.pk, until=now + timedelta(days=days) if days else None, now=now)
    page = text(client.post(NEW, sent(mara), follow=True))
    told = "It comes once your break is over, but not before" if waits else "It comes on"
    day = mara.today() + timedelta(days=10)
    assert f"Saved and sealed. {told} {day:%A}, {day.day} {day:%B}." in page


def test_pressing_save_twice_makes_one_letter(client, mara):
    for _ in range(2):
        client.post(NEW, sent(mara))
    assert Plan.objects.count() == 1


def test_other_words_from_the_same_form_overwrite_nothing(client, mara):
    client.post(NEW, sent(mara))
    client.post(NEW, sent(mara, words="Something else."))
    client.post(NEW, sent(mara, words="Something else."))
    assert sorted(map(words_of, letters_of(mara))) == [
        "Dear me,\nyou got through it.", "Something else.",
    ]  # fmt: skip


def test_going_back_again_overwrites_nothing_that_was_changed_since(client, mara):
    client.post(NEW, sent(mara, words="One."))
    client.post(NEW, sent(mara, words="Two."))
    second = Plan.objects.exclude(pk=FORM).get()
    page = f"{LETTERS}{second.pk}/"
    mark = re.findall(r'name="opened_with" value="([^"]*)"', client.get(page).content.decode())[0]
    client.post(page, sent(mara, words="Two, and much more.", opened_with=mark))
    for _press in range(2):
        client.post(NEW, sent(mara, words="Two."))

    kept = sorted(words_of(letter) for letter in letters_of(mara))
    assert kept == ["One.", "Two, and much more.", "Two."]


def test_an_id_of_somebody_else_takes_nothing_of_theirs(client_of, mara, theo):
    client_of(theo).post(NEW, sent(theo, words="Theo's own."))
    client_of(mara).post(NEW, sent(mara))
    assert list(map(words_of, letters_of(theo))) == ["Theo's own."]
    assert list(map(words_of, letters_of(mara))) == ["Dear me,\nyou got through it."]


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"words": "  "}, "Write a line or more to yourself."),
        ({"words": "x" * 20_001}, "Shorten it to 20000 letters."),
        ({"on_date": ""}, "Choose the day on which it comes."),
        ({"on_date": "soon"}, "This is not a date."),
        ({"local_time": ""}, "Choose a time"),
        ({"consent": ""}, "No mail is sent without your agreement."),
    ],
)
def test_what_is_missing_is_said_and_the_words_stay(client, mara, wrong, says):
    data = sent(mara, **wrong)
    response = client.post(NEW, data)
    assert response.status_code == 200
    assert says in text(response)
    assert Plan.objects.count() == 0
    assert data["words"].strip().split("\n")[-1] in response.content.decode()


@pytest.mark.parametrize("days", [0, -1, 5 * 365 + 1])
def test_a_day_that_cannot_be_is_said(client, mara, days):
    day = mara.today() + timedelta(days=days)
    response = client.post(NEW, sent(mara, on_date=day.isoformat()))
    assert "Choose a day from tomorrow on, within five years." in text(response)
    assert Plan.objects.count() == 0


def test_the_furthest_day_can_be(client, mara):
    day = mara.today() + timedelta(days=5 * 365)
    client.post(NEW, sent(mara, on_date=day.isoformat()))
    assert Plan.objects.get().on_date == day


def test_an_hour_in_the_quiet_hours_is_refused_with_the_reason(client, mara, plan_for):
    plan_for(mara, now=timezone.now())
    choose_mail(
        owner=mara, time_zone="Europe/Berlin", quiet=(time(22), time(9, 30)), holds="action",
        now=timezone.now(),
    )  # fmt: skip
    assert "This lies in your quiet hours" in text(client.post(NEW, sent(mara)))
    assert not Plan.objects.filter(kind=Plan.Kind.LETTER).exists()


def test_the_twenty_first_is_refused_and_not_lost(client, mara):
    for number in range(20):
        client.post(NEW, sent(mara, form_id=str(UUID(int=number + 100))))
    response = client.post(NEW, sent(mara))
    assert "Twenty letters wait already." in text(response)
    assert "you got through it." in response.content.decode()
    assert Plan.objects.count() == 20


def test_whoever_has_a_plan_is_asked_for_neither_consent_nor_zone(client, mara, plan_for):
    plan_for(mara, now=timezone.now())
    page = client.get(NEW).content.decode()
    assert 'name="consent"' not in page
    assert 'name="time_zone"' not in page
    assert 'value="20:30"' in page


def test_words_that_only_arrived_after_the_session_ended_come_back(mara):
    response = Client().post(NEW, sent(mara))
    assert response.status_code == 403
    page = response.content.decode()
    assert "you got through it." in page
    assert "data-guard" in page
    assert str(FORM) in page
    assert Plan.objects.count() == 0


def test_it_warns_before_the_page_is_left(client):
    assert '<form method="post" class="flow" novalidate data-guard>' in (
        client.get(NEW).content.decode()
    )


def test_it_asks_the_database_little(client, django_assert_num_queries):
    client.get(NEW)
    with django_assert_num_queries(4):
        client.get(NEW)


def test_it_needs_somebody_signed_in(db):
    assert Client().get(NEW).status_code == 302
