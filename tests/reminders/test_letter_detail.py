"""One letter: changed before its day, read from its day on."""

from datetime import time, timedelta
from uuid import UUID

import pytest
from django.test import Client
from django.utils import timezone

from healing.accounts.clock import local_today
from healing.reminders.letterbox import letters_of, mark_of, words_of
from healing.reminders.letters import delete_letter, write_letter
from healing.reminders.models import Delivery, Plan
from tests.reminders.pages import LETTERS, text

PK = UUID(int=7)
State = Delivery.State
DAY = timedelta(days=1)
PAGE = f"/reminders/letters/{PK}/"


@pytest.fixture
def client(client_of, mara):
    return client_of(mara)


@pytest.fixture
def letter(mara, plan_for) -> Plan:
    """For ten days from now, beside a check-in mail."""
    plan_for(mara, now=timezone.now())
    return write_letter(
        owner=mara, letter=PK, words="Keep the key.", local_time=time(9),
        on_date=mara.today() + timedelta(days=10), time_zone="Europe/Berlin", now=timezone.now(),
    )  # fmt: skip


@pytest.fixture
def come(mara, letter) -> Plan:
    Plan.objects.filter(pk=PK).update(on_date=mara.today())
    return Plan.objects.get(pk=PK)


def sent(letter: Plan, **changes) -> dict[str, str]:
    return {
        "opened_with": mark_of("Keep the key.", letter.on_date),
        "words": "Keep the key, and the map.",
        "on_date": letter.on_date.isoformat(),
        "local_time": "09:00",
        **changes,
    }


def kept(mara) -> str:
    return words_of(letters_of(mara).get())


def test_before_its_day_it_stands_in_the_form(client, letter):
    page = client.get(PAGE).content.decode()
    assert "Keep the key." in page
    assert f'value="{letter.on_date.isoformat()}"' in page
    assert "data-guard" in page


def test_it_is_changed_with_its_day_and_hour(client, mara, letter):
    later = letter.on_date + timedelta(days=5)
    client.post(PAGE, sent(letter, on_date=later.isoformat(), local_time="11:45"))
    assert kept(mara) == "Keep the key, and the map."
    plan = Plan.objects.get(pk=PK)
    assert (plan.on_date, plan.local_time) == (later, time(11, 45))
    assert plan.next_local_date == later


def test_what_another_tab_changed_is_not_overwritten_unasked(client, mara, letter):
    client.post(PAGE, sent(letter, words="From the other tab."))
    response = client.post(PAGE, sent(letter))
    assert "you changed this in another tab" in text(response)
    assert "From the other tab." in text(response)
    assert "Keep the key, and the map." in response.content.decode()
    assert kept(mara) == "From the other tab."
    newer = mark_of("From the other tab.", letter.on_date)
    assert f'value="{newer}"' in response.content.decode()
    client.post(PAGE, sent(letter, opened_with=newer))
    assert kept(mara) == "Keep the key, and the map."


def test_words_typed_into_one_that_was_deleted_can_be_saved_as_a_new_one(client, mara, letter):
    data = sent(letter, form_id=str(UUID(int=42)))
    delete_letter(owner=mara, letter=PK, now=timezone.now())
    response = client.post(PAGE, data)
    page = response.content.decode()
    assert response.status_code == 404
    assert "This letter was deleted meanwhile. Nothing is saved yet" in text(response)
    assert "Keep the key, and the map." in page
    assert f'action="{LETTERS}new/"' in page
    assert 'data-guard="changed"' in page
    assert str(UUID(int=42)) in page
    assert not letters_of(mara).exists()

    client.post(f"{LETTERS}new/", data)
    assert kept(mara) == "Keep the key, and the map."


def test_where_the_deleted_one_was_all_the_zone_is_asked_and_filled_in(client, mara, letter):
    data = sent(letter)
    Plan.objects.all().delete()
    page = client.post(PAGE, data).content.decode()
    assert "Keep the key, and the map." in page
    assert f'value="{mara.time_zone}" selected' in page


def test_a_page_that_is_gone_is_not_found_where_nothing_was_typed(client, mara, letter):
    delete_letter(owner=mara, letter=PK, now=timezone.now())
    assert client.get(PAGE).status_code == 404
    assert client.post(PAGE, {"read": "yes"}).status_code == 404


def test_the_same_words_twice_are_no_conflict(client, letter):
    for _ in range(2):
        assert client.post(PAGE, sent(letter)).status_code == 302


@pytest.mark.parametrize(
    ("wrong", "says"),
    [({"words": ""}, "Write a line or more"), ({"on_date": "2020-01-01"}, "from tomorrow on")],
)
def test_what_cannot_be_is_said_and_nothing_changes(client, mara, letter, wrong, says):
    assert says in text(client.post(PAGE, sent(letter, **wrong)))
    assert kept(mara) == "Keep the key."


def test_from_its_day_on_it_is_read(client, come):
    page = client.get(PAGE)
    assert "A letter from you" in text(page)
    assert "Keep the key." in text(page)
    assert "<textarea" not in page.content.decode()


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago"])
def test_its_day_begins_by_the_clock_of_its_plan(client, letter, zone):
    there = local_today(zone, timezone.now())
    for day, heading in ((there, "A letter from you"), (there + DAY, "Change this letter")):
        Plan.objects.filter(pk=PK).update(on_date=day, time_zone=zone)
        assert heading in text(client.get(PAGE))


def test_what_was_typed_into_an_old_page_of_it_is_shown_to_be_copied(client, mara, come):
    response = client.post(PAGE, sent(come))
    assert "Its day has come, so it stays as it was." in text(response)
    assert "Keep the key, and the map." in text(response)
    assert kept(mara) == "Keep the key."


def test_reading_changes_nothing_and_a_press_says_that_no_mail_needs_to_come(client, come):
    before = Plan.objects.filter(pk=PK).values().get()
    page = text(client.get(PAGE))
    assert Plan.objects.filter(pk=PK).values().get() == before
    assert "No mail has brought you here yet." in page
    client.post(PAGE, {"read": "yes"})
    assert not Plan.objects.get(pk=PK).is_standing
    assert "No mail has brought you here yet." not in text(client.get(PAGE))


@pytest.mark.parametrize(
    ("state", "says"), [(State.SENT, False), (State.SENDING, False), (State.FAILED, True)]
)
def test_who_comes_by_its_mail_does_not_read_that_none_came(client, come, state, says):
    now = timezone.now()
    row = Delivery(
        plan=come, person=come.owner_id, local_date=come.on_date, due_at=now, send_before=now,
        next_attempt_at=now, state=state,
    )  # fmt: skip
    row.lease_until = now if state == State.SENDING else None
    row.save()
    assert ("No mail has brought you here yet." in text(client.get(PAGE))) is says


def test_a_stranger_finds_nothing(client_of, theo, mara, letter):
    stranger = client_of(theo)
    assert stranger.get(PAGE).status_code == 404
    assert stranger.post(PAGE, sent(letter)).status_code == 404
    assert kept(mara) == "Keep the key."


def test_a_plan_that_is_no_letter_is_not_found(client, mara, letter):
    check_in = Plan.objects.of(mara).get(kind=Plan.Kind.CHECK_IN)
    assert client.get(f"/reminders/letters/{check_in.pk}/").status_code == 404


def test_words_come_back_after_the_session_ended(mara, letter):
    response = Client().post(PAGE, sent(letter))
    assert response.status_code == 403
    assert "Keep the key, and the map." in response.content.decode()
    assert kept(mara) == "Keep the key."


def test_it_needs_somebody_signed_in(letter):
    assert Client().get(PAGE).status_code == 302


def test_it_asks_the_database_little(client, letter, django_assert_num_queries):
    client.get(PAGE)
    with django_assert_num_queries(8):
        client.get(PAGE)
