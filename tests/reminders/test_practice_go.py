"""The address in a practice mail: it names no exercise, and leads to the chosen one."""

from datetime import time

import pytest
from django.test import Client
from django.utils import timezone

from exercises.models import Exercise
from healing.reminders.actions import start_plan
from healing.reminders.models import Plan

GO = "/reminders/practice/go/"


@pytest.fixture
def plan(mara, content) -> Plan:
    return start_plan(
        owner=mara, kind=Plan.Kind.PRACTICE, weekdays=frozenset([1]), local_time=time(18),
        time_zone="Europe/Berlin", now=timezone.now(), exercise="E08",
    )  # fmt: skip


def test_it_leads_to_the_exercise_and_changes_nothing(client_of, mara, plan):
    before = Plan.objects.values().get()
    assert client_of(mara).get(GO).url == "/exercises/finger-tracing/"
    assert Plan.objects.values().get() == before


def test_an_exercise_that_is_gone_leads_to_the_library(client_of, mara, plan):
    Exercise.objects.filter(content_id="E08").update(live=False)
    assert client_of(mara).get(GO).url == "/exercises/"


def test_a_stranger_and_somebody_without_a_practice_are_led_to_the_library(client_of, theo, plan):
    assert client_of(theo).get(GO).url == "/exercises/"


def test_whoever_is_not_signed_in_signs_in_first_and_arrives(plan):
    answer = Client().get(GO)
    assert answer.status_code == 302
    assert f"next={GO}" in answer.url.replace("%2F", "/")


def test_it_asks_the_database_little(client_of, mara, plan, django_assert_num_queries):
    client = client_of(mara)
    client.get(GO)
    with django_assert_num_queries(6):
        client.get(GO)
