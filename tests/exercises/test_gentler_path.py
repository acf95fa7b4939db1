"""The gentler path after a loss: what rests, what opens short, and how it begins and ends."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from exercises.actions import (
    AFTER_LOSS,
    begin_gentler_path,
    bounds,
    end_gentler_path,
    gentler_path,
    on_gentler_path,
)
from exercises.models import Bounds
from healing.accounts.models import User
from tests.exercises.conftest import ClientOf, address
from tests.exercises.test_exercise_detail import hours_away

AT = reverse("exercises:gentler_path")
LIBRARY = reverse("exercises:exercise_list")
DEEP = {"Loop map", "Room for the loss"}


def titles(client: Client) -> set[str]:
    return {one.title for one in client.get(LIBRARY).context["exercises"]}


def shown(client: Client, content_id: str) -> str:
    return client.get(address(content_id)).content.decode()


def begun(owner: User, *, days_ago: int) -> None:
    """The path, begun so many days ago."""
    begin_gentler_path(owner=owner)
    row = Bounds.objects.of(owner).get()
    until = owner.today() + AFTER_LOSS - timedelta(days=days_ago)
    row.said = row.said | {"gentler_until": until.isoformat()}
    row.save()


def test_it_lasts_ninety_days_and_ends_by_itself(mara: User) -> None:
    assert gentler_path(owner=mara).until is None
    begun(mara, days_ago=89)
    assert on_gentler_path(owner=mara)
    assert gentler_path(owner=mara).until == mara.today() + timedelta(days=1)
    begun(mara, days_ago=90)
    assert not on_gentler_path(owner=mara)
    assert gentler_path(owner=mara).asked


def test_to_decline_or_end_it_is_an_answer_and_touches_nothing_else(mara: User) -> None:
    assert not gentler_path(owner=mara).asked
    end_gentler_path(owner=mara)
    assert gentler_path(owner=mara).asked
    assert {name for name, day in bounds(owner=mara).items() if day} == {"gentler_asked"}


def test_two_exercises_leave_the_library_and_say_why(hers: Client) -> None:
    assert titles(hers) >= DEEP
    assert "The gentler path is on" not in hers.get(LIBRARY).content.decode()
    hers.post(AT, {"as": "on"})
    assert not titles(hers) & DEEP
    assert "The gentler path is on until" in hers.get(LIBRARY).content.decode()
    for content_id in ("E20", "E35"):
        html = shown(hers, content_id)
        assert "You are on the gentler path after a loss" in html
        assert 'class="phases"' not in html
        assert address("E29") in html
        assert reverse("lessons:lesson_list") in html
        assert AT in html


def test_it_can_be_ended_early_and_the_gate_still_stands(hers: Client) -> None:
    hers.post(AT, {"as": "on"})
    assert "End it now" in hers.get(AT).content.decode()
    hers.post(AT, {"as": "off"})
    assert titles(hers) >= DEEP
    assert 'class="phases"' in shown(hers, "E20")
    assert "It opens after a short check." in shown(hers, "E35")


@pytest.mark.parametrize(
    ("content_id", "short", "usual"),
    [
        ("E16", "<b>Short form</b>", "<b>The whole chain</b>"),
        ("E23", "<b>Three sentences from a referee</b>", "<b>A letter</b>"),
    ],
)
def test_longer_writing_opens_in_its_short_form(
    mara: User, hers: Client, content_id: str, short: str, usual: str
) -> None:
    hours_away(mara, hour=12)
    assert usual in shown(hers, content_id)
    hers.post(AT, {"as": "on"})
    html = shown(hers, content_id)
    assert short in html
    assert "so the short form comes first" in html
    assert "comes first" not in shown(hers, "E17")


def test_an_answer_leads_back_to_the_page_it_was_given_on(hers: Client) -> None:
    here = reverse("journal:entry_list")
    assert hers.post(AT, {"as": "no", "back": here}).url == here
    for elsewhere in ("https://example.org/", "//example.org/", "today:today", ""):
        assert hers.post(AT, {"as": "on", "back": elsewhere}).url == AT


def test_declined_it_is_off_and_not_offered_with_no_again(mara: User, hers: Client) -> None:
    assert "No, thanks" in hers.get(AT).content.decode()
    hers.post(AT, {"as": "no"})
    html = hers.get(AT).content.decode()
    assert "No, thanks" not in html
    assert "Switch it on" in html
    assert not on_gentler_path(owner=mara)


def test_a_press_that_is_none_and_a_mere_look_change_nothing(mara: User, hers: Client) -> None:
    assert hers.post(AT, {"as": "sideways"}).status_code == 400
    assert hers.get(AT).status_code == 200
    assert not Bounds.objects.exists()


def test_it_is_each_persons_own(theo: User, hers: Client, client_of: ClientOf) -> None:
    hers.post(AT, {"as": "on"})
    assert titles(client_of(theo)) >= DEEP
    assert Client().get(AT).status_code == 302


def test_a_visitor_is_not_asked(client: Client, shipped: None) -> None:
    assert AT not in client.get(LIBRARY).content.decode()


def test_it_asks_the_database_little(hers: Client, django_assert_num_queries: Any) -> None:
    hers.post(AT, {"as": "on"}, follow=True)
    with django_assert_num_queries(6):  # session, person, what rests, what is short, bounds, key
        hers.get(AT)
