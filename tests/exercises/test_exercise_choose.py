"""A favourite, put away, or suggested again: what the buttons below an exercise do."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from exercises.actions import practice
from exercises.models import Session, Taste
from healing.accounts.models import User
from tests.exercises.conftest import ClientOf, address, save, the

LIBRARY = reverse("exercises:exercise_list")


def choose(client: Client, content_id: str, as_: str) -> Any:
    return client.post(address(content_id, "exercise_choose"), {"as": as_})


def titles(client: Client, **query: str) -> list[str]:
    return [one.title for one in client.get(LIBRARY, query).context["exercises"]]


def shown(client: Client, content_id: str) -> str:
    return client.get(address(content_id)).content.decode()


def test_a_favourite_is_marked_and_can_be_listed_alone(hers: Client) -> None:
    assert "?favourites=on" not in hers.get(LIBRARY).content.decode()
    assert choose(hers, "E08", "favourite").url == address("E08")
    assert "No favourite any more" in shown(hers, "E08")
    assert "Mark as a favourite" in shown(hers, "E05")
    html = hers.get(LIBRARY).content.decode()
    assert html.count("· a favourite") == 1
    assert 'href="?favourites=on"' in html
    assert titles(hers, favourites="on") == ["Finger tracing"]


def test_favourites_and_another_filter_hold_together(hers: Client) -> None:
    choose(hers, "E08", "favourite")
    choose(hers, "E05", "favourite")
    assert titles(hers, favourites="on", state="calm") == ["Long out-breath"]


def test_a_favourite_can_be_taken_back(hers: Client) -> None:
    choose(hers, "E08", "favourite")
    choose(hers, "E08", "not-favourite")
    assert "Mark as a favourite" in shown(hers, "E08")
    assert "· a favourite" not in hers.get(LIBRARY).content.decode()


def test_what_was_put_away_is_not_listed_and_can_be_found_again(hers: Client) -> None:
    assert choose(hers, "E05", "hidden").url == LIBRARY
    assert "Long out-breath" not in titles(hers)
    html = hers.get(LIBRARY).content.decode()
    assert "You put one away." in html
    assert titles(hers, away="on") == ["Long out-breath"]
    assert "Bring it back" in shown(hers, "E05")
    assert choose(hers, "E05", "not-hidden").url == address("E05")
    assert "Long out-breath" in titles(hers)
    assert titles(hers, away="on") == []


def test_what_was_put_away_opens_all_the_same(hers: Client) -> None:
    choose(hers, "E05", "hidden")
    assert '<ol class="phases"' in shown(hers, "E05")


def test_a_favourite_that_was_put_away_is_not_listed(hers: Client) -> None:
    choose(hers, "E05", "favourite")
    choose(hers, "E05", "hidden")
    assert titles(hers, favourites="on") == []


def test_what_was_put_away_is_not_suggested(mara: User, hers: Client) -> None:
    for _ in range(5):
        save(hers, "E05", before=6, after=2)
    assert [one.exercise for one in practice(owner=mara).helpful] == ["E05"]
    choose(hers, "E05", "hidden")
    known = practice(owner=mara)
    assert known.helpful == []
    assert not known.may_suggest("E05")
    assert known.may_suggest("E08")


# After two rises ----------------------------------------------------------------------------------


def test_one_rise_stops_nothing_and_two_stop_the_suggestion(mara: User, hers: Client) -> None:
    save(hers, "E05", before=2, after=4)
    assert practice(owner=mara).may_suggest("E05")
    assert "It may be suggested again" not in shown(hers, "E05")
    save(hers, "E05", before=2, after=4)
    assert not practice(owner=mara).may_suggest("E05")
    html = shown(hers, "E05")
    assert "Twice your number was higher after this one, so it is not suggested" in html
    assert "It may be suggested again" in html
    assert '<ol class="phases"' in html
    assert "Long out-breath" in titles(hers)


def test_a_rise_of_one_does_not_count(mara: User, hers: Client) -> None:
    for _ in range(3):
        save(hers, "E05", before=2, after=3)
    assert practice(owner=mara).may_suggest("E05")


def test_rises_of_two_exercises_do_not_add_up(mara: User, hers: Client) -> None:
    save(hers, "E05", before=2, after=4)
    save(hers, "E08", before=2, after=4)
    known = practice(owner=mara)
    assert known.may_suggest("E05")
    assert known.may_suggest("E08")


def test_a_fall_in_between_does_not_take_a_rise_back(mara: User, hers: Client) -> None:
    for before, after in ((2, 4), (8, 1), (2, 4)):
        save(hers, "E05", before=before, after=after)
    assert not practice(owner=mara).may_suggest("E05")


def test_it_may_be_suggested_again_until_two_more_rises(mara: User, hers: Client) -> None:
    for _ in "ab":
        save(hers, "E05", before=2, after=4)
    assert choose(hers, "E05", "again").url == address("E05")
    assert practice(owner=mara).may_suggest("E05")
    assert "Twice your number" not in shown(hers, "E05")
    save(hers, "E05", before=2, after=4)
    assert practice(owner=mara).may_suggest("E05")
    save(hers, "E05", before=2, after=4)
    assert not practice(owner=mara).may_suggest("E05")


def test_again_speaks_of_one_exercise_alone(mara: User, hers: Client) -> None:
    for content_id in ("E05", "E08"):
        for _ in "ab":
            save(hers, content_id, before=2, after=4)
    choose(hers, "E05", "again")
    known = practice(owner=mara)
    assert known.may_suggest("E05")
    assert not known.may_suggest("E08")


def test_rises_before_the_moment_kept_do_not_count(mara: User, hers: Client) -> None:
    choose(hers, "E05", "again")
    for _ in "ab":
        row = save(hers, "E05", before=2, after=4)
        Session.objects.filter(pk=row.pk).update(created=row.created - timedelta(days=1))
    assert practice(owner=mara).may_suggest("E05")


# What is kept, and by whom ------------------------------------------------------------------------


def test_choosing_twice_keeps_it_once(mara: User, hers: Client) -> None:
    for _ in "ab":
        choose(hers, "E05", "favourite")
    choose(hers, "E08", "hidden")
    row = Taste.objects.of(mara).get()
    assert row.said == {"favourites": ["E05"], "hidden": ["E08"], "again": {}}
    assert {field.name for field in Taste._meta.fields} == {"id", "owner", "created", "said"}


def test_taking_back_what_was_never_chosen_does_no_harm(mara: User, hers: Client) -> None:
    choose(hers, "E05", "not-favourite")
    assert Taste.objects.of(mara).get().said["favourites"] == []


def test_a_stranger_sees_nothing_of_it(theo: User, hers: Client, client_of: ClientOf) -> None:
    choose(hers, "E05", "hidden")
    choose(hers, "E08", "favourite")
    his = client_of(theo)
    assert "Long out-breath" in titles(his)
    assert "Mark as a favourite" in shown(his, "E08")


@pytest.mark.parametrize("as_", ["", "best", "favourites"])
def test_a_choice_that_no_button_makes_is_refused(hers: Client, as_: str) -> None:
    assert choose(hers, "E05", as_).status_code == 400
    assert not Taste.objects.exists()


def test_opening_the_address_is_refused(hers: Client) -> None:
    assert hers.get(address("E05", "exercise_choose")).status_code == 405


def test_a_draft_is_not_found(hers: Client) -> None:
    at = address("E05", "exercise_choose")
    exercise = the("E05")
    exercise.live = False
    exercise.save()
    assert hers.post(at, {"as": "hidden"}).status_code == 404


def test_an_expired_session_keeps_nothing_and_carries_the_choice(
    client: Client, shipped: None
) -> None:
    response = choose(client, "E05", "hidden")
    assert response.status_code == 403
    assert 'name="as" value="hidden"' in response.content.decode()
    assert not Taste.objects.exists()


def test_a_stale_token_keeps_nothing_and_carries_the_choice(strict: Client) -> None:
    response = choose(strict, "E05", "favourite")
    assert response.status_code == 403
    assert 'name="as" value="favourite"' in response.content.decode()
    assert not Taste.objects.exists()


def test_it_costs_a_known_number_of_queries(hers: Client, django_assert_num_queries: Any) -> None:
    choose(hers, "E05", "favourite")
    at = address("E08", "exercise_choose")
    # session, person, exercise, savepoint, key, row, update, release, three for the message
    with django_assert_num_queries(11):
        hers.post(at, {"as": "favourite"})
