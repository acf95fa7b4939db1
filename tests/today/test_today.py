"""/today/: one next step and why, from what the person has done."""

from collections.abc import Callable
from datetime import time
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from healing.accounts.models import User
from healing.lessons.actions import keep_note
from healing.lessons.models import Lesson
from healing.reminders.actions import start_plan


def test_a_new_person_is_steadied_first(
    client_of: Callable[[User], Client], mara: User, content: None
) -> None:
    page = client_of(mara).get(reverse("today:today")).content.decode()
    assert page.count('class="btn"') == 1
    assert "/exercises/long-out-breath/?variant=gentle" in page
    assert "Not now" in page


def test_not_now_shows_the_step_behind_it_and_keeps_nothing(
    client_of: Callable[[User], Client], mara: User, content: None
) -> None:
    client = client_of(mara)
    second = client.get(reverse("today:today"), {"after": "steady_first"}).content.decode()
    assert "/questionnaires/starting-picture/" in second.split("Something else")[0]
    again = client.get(reverse("today:today")).content.decode()
    assert "variant=gentle" in again


def test_the_lesson_step_names_the_lesson_and_why(
    client_of: Callable[[User], Client], mara: User, content: None
) -> None:
    page = client_of(mara).get(reverse("today:today"), {"after": "check_in"}).content.decode()
    assert "Why we begin with steadiness" in page
    assert "This is where the programme begins." in page
    for lesson in Lesson.objects.published():
        keep_note(owner=mara, lesson=lesson, read=True)
    page = client_of(mara).get(reverse("today:today"), {"after": "check_in"}).content.decode()
    assert "Why we begin with steadiness" not in page


def test_another_persons_reading_is_not_mine(
    client_of: Callable[[User], Client], mara: User, theo: User, content: None
) -> None:
    keep_note(owner=theo, lesson=Lesson.objects.get(content_id="M1.1"), read=True)
    page = client_of(mara).get(reverse("today:today"), {"after": "check_in"}).content.decode()
    assert "Why we begin with steadiness" in page


def test_it_asks_the_database_a_fixed_number_of_times(
    client_of: Callable[[User], Client],
    mara: User,
    content: None,
    django_assert_max_num_queries: Any,
) -> None:
    client = client_of(mara)
    client.get(reverse("today:today"))
    with django_assert_max_num_queries(14):
        client.get(reverse("today:today"))


# Somewhere between the first and the last zone on earth the date always differs.
@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago", "Europe/Berlin"])
def test_day_and_mail_are_told_on_the_persons_own_clock(
    client_of: Callable[[User], Client], mara: User, content: None, zone: str
) -> None:
    mara.time_zone = zone
    mara.save()
    plan = start_plan(
        owner=mara,
        weekdays=frozenset(range(7)),
        local_time=time(20, 15),
        time_zone=zone,
        now=timezone.now(),
    )
    page = client_of(mara).get(reverse("today:today")).content.decode()
    assert f'<p class="quiet">{mara.today():%A}, ' in page
    assert plan.next_local is not None
    assert f"{plan.next_local:%A}, {plan.next_local.day} {plan.next_local:%B} at 20:15" in page
    assert timezone.get_current_timezone_name() == "UTC"


def test_a_visitor_is_asked_to_sign_in(client: Client, db: None) -> None:
    assert client.get(reverse("today:today")).status_code == 302
