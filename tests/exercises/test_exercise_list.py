"""The library, open to everyone."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from exercises.models import Exercise
from healing.accounts.models import User
from tests.exercises.conftest import ClientOf

ADDRESS = reverse("exercises:exercise_list")


pytestmark = pytest.mark.usefixtures("shipped")


def titles(response: Any) -> list[str]:
    return [exercise.title for exercise in response.context["exercises"]]


def test_it_lists_what_is_published_with_length_and_evidence(client: Client) -> None:
    shown = client.get(ADDRESS).content.decode()
    assert "Feet, seat, spine" in shown
    assert "90 seconds · Practice wisdom" in shown
    assert "3 minutes · Tested" in shown


def test_a_draft_is_not_listed(client: Client) -> None:
    Exercise.objects.filter(content_id="E02").update(live=False)
    assert "Feet, seat, spine" not in titles(client.get(ADDRESS))


def test_every_evidence_tag_is_explained(client: Client) -> None:
    shown = client.get(ADDRESS).content.decode()
    assert "Trials of this practice" in shown
    assert "Small studies" in shown
    assert "Many helpers use it" in shown


@pytest.mark.parametrize(
    ("state", "fits", "leaves_out"),
    [
        ("alarm", "Finger tracing", None),
        ("shut-down", "Feet, seat, spine", "Finger tracing"),
        ("calm", "Long out-breath", "Feet, seat, spine"),
    ],
)
def test_a_state_keeps_what_fits_it(
    client: Client, state: str, fits: str, leaves_out: str | None
) -> None:
    response = client.get(ADDRESS, {"state": state})
    assert fits in titles(response)
    assert leaves_out not in titles(response)
    assert f'href="?state={state}" aria-current="true"' in response.content.decode()


def test_an_unknown_state_shows_all(client: Client) -> None:
    assert len(titles(client.get(ADDRESS, {"state": "sideways"}))) == 35


def test_a_state_that_nothing_fits_says_so(client: Client) -> None:
    Exercise.objects.update(fits_calm=False)
    response = client.get(ADDRESS, {"state": "calm"})
    assert "None of the exercises fits all of this." in response.content.decode()


def test_a_visitor_costs_two_queries_and_gets_no_cookie(
    client: Client, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(2):  # kinds, exercises
        response = client.get(ADDRESS)
    assert not response.cookies
    assert "nothing you do here is stored" in response.content.decode()


def test_a_person_sees_their_own_header(
    mara: User, client_of: ClientOf, django_assert_num_queries: Any
) -> None:
    client = client_of(mara)
    # session, person, kinds, sessions, choices, bounds, exercises
    with django_assert_num_queries(7):
        shown = client.get(ADDRESS).content.decode()
    assert reverse("journal:entry_list") in shown
    assert "nothing you do here is stored" not in shown


# Narrowing it down --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("chosen", "fits", "leaves_out"),
    [
        ({"minutes": "2"}, "Finger tracing", "Long out-breath"),
        ({"minutes": "5"}, "Long out-breath", "Clear ask"),
        ({"minutes": "10"}, "Clear ask", "Room for the loss"),
        ({"kind": "breathing"}, "Square breath", "Finger tracing"),
        ({"tag": "tested"}, "Clear ask", "Finger tracing"),
        ({"eyes": "open"}, "Five-sense orienting", "Long out-breath"),
        ({"breath": "no"}, "Finger tracing", "Long out-breath"),
    ],
)
def test_a_choice_keeps_what_fits_it(
    client: Client, chosen: Any, fits: str, leaves_out: str
) -> None:
    response = client.get(ADDRESS, chosen)
    assert fits in titles(response)
    assert leaves_out not in titles(response)
    assert '<details class="sift" open>' in response.content.decode()


def test_choices_hold_together(client: Client) -> None:
    response = client.get(ADDRESS, {"state": "alarm", "breath": "no", "minutes": "2"})
    found = set(titles(response))
    expected = Exercise.objects.filter(fits_alarm=True, breath_focus=False, minutes__lte=2)
    assert found == set(expected.values_list("title", flat=True))
    assert "Finger tracing" in found


def test_nonsense_is_left_aside_and_the_rest_holds(client: Client) -> None:
    response = client.get(ADDRESS, {"minutes": "soon", "kind": "breathing", "eyes": "shut"})
    assert "Square breath" in titles(response)
    assert "Finger tracing" not in titles(response)


def test_a_visitor_has_no_favourites_and_puts_nothing_away(client: Client) -> None:
    response = client.get(ADDRESS, {"favourites": "on"})
    assert len(titles(response)) == 35
    html = response.content.decode()
    assert "You put" not in html
    assert "Favourites" not in html


def test_stronger_ones_say_so(client: Client) -> None:
    html = client.get(ADDRESS).content.decode()
    assert html.count("intensity: high") == 4
    assert "intensity: low" not in html


def test_each_says_how_long_it_takes(client: Client) -> None:
    html = client.get(ADDRESS).content.decode()
    for words in ("5 to 20 minutes", "3 to 10 minutes", "45 seconds", "8 minutes"):
        assert f"<small>{words} · " in html
