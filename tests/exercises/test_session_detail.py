"""The screen that answers a session, with help on it when it is loud."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from exercises.models import Exercise
from healing.accounts.models import User
from tests.exercises.conftest import ClientOf, Filled


@pytest.fixture
def answered(
    mara: User, client_of: ClientOf, breath: Exercise, filled: Filled
) -> Callable[..., str]:
    """Saves a session of E05, or of the named exercise, and gives the page that answers it."""

    def save(slug: str = breath.slug, **changed: Any) -> str:
        address = reverse("exercises:session_save", args=[slug])
        response = client_of(mara).post(address, filled(**changed), follow=True)
        assert response.redirect_chain
        return response.content.decode()

    return save


def has_help(html: str) -> bool:
    return 'id="help-now"' in html and f'href="{reverse("safety:help")}"' in html


def offers(html: str, slug: str) -> bool:
    return f'href="/exercises/{slug}/"' in html[html.index("<h1") : html.index("Saved, sealed")]


def test_the_end_is_enough(answered: Callable[..., str]) -> None:
    html = answered(before=5, after=4)
    assert "<h1>That is enough.</h1>" in html
    assert "You noted 5 before and 4 after." in html
    assert "You have practised once." in html
    assert not has_help(html)


def test_stopping_is_fine_with_one_grounding(answered: Callable[..., str]) -> None:
    html = answered(ended="stopped")
    assert "<h1>That is fine.</h1>" in html
    assert offers(html, "feet-seat-spine")
    assert not offers(html, "five-sense-orienting")
    assert not has_help(html)


def test_a_rise_steadies_first_with_help_on_the_same_screen(answered: Callable[..., str]) -> None:
    html = answered(before=3, after=5)
    assert "<h1>That stirred things up. Let us steady first.</h1>" in html
    assert offers(html, "five-sense-orienting")
    assert offers(html, "here-and-now-facts")
    assert has_help(html)


def test_still_loud_says_so_with_help_on_the_same_screen(answered: Callable[..., str]) -> None:
    html = answered(before=8, after=8)
    assert "<h1>It is still loud. You do not have to carry it alone.</h1>" in html
    assert offers(html, "five-sense-orienting")
    assert offers(html, "here-and-now-facts")
    assert has_help(html)


def test_help_comes_even_if_the_exercises_are_gone(answered: Callable[..., str]) -> None:
    Exercise.objects.exclude(content_id="E05").update(live=False)
    html = answered(after=9)
    assert has_help(html)
    assert not offers(html, "here-and-now-facts")


def test_no_rating_is_named_where_none_was_given(answered: Callable[..., str]) -> None:
    assert "You noted" not in answered()


def test_title_and_address_hold_nothing_private(
    mara: User, client_of: ClientOf, breath: Exercise, filled: Filled
) -> None:
    data = filled(after=9)
    address = reverse("exercises:session_save", args=[breath.slug])
    response = client_of(mara).post(address, data, follow=True)
    assert response.redirect_chain[-1][0] == f"/exercises/done/{data['session']}/"
    assert "<title>Practised - Steady Ground</title>" in response.content.decode()
    assert "no-store" in response.headers["Cache-Control"]


def test_a_stranger_and_a_rating_alone_are_not_found(
    mara: User, theo: User, client_of: ClientOf, breath: Exercise, filled: Filled
) -> None:
    address = reverse("exercises:session_save", args=[breath.slug])
    done, begun = filled(after=9), filled(before=9, ended=None, seconds=None)
    for data in (done, begun):
        client_of(mara).post(address, data)
    assert client_of(theo).get(f"/exercises/done/{done['session']}/").status_code == 404
    assert client_of(mara).get(f"/exercises/done/{begun['session']}/").status_code == 404


def test_a_visitor_is_asked_to_sign_in(
    client: Client, mara: User, client_of: ClientOf, breath: Exercise, filled: Filled
) -> None:
    data = filled()
    client_of(mara).post(reverse("exercises:session_save", args=[breath.slug]), data)
    address = f"/exercises/done/{data['session']}/"
    assert client.get(address).url == f"{reverse('account_login')}?next={address}"


def test_it_costs_six_queries(
    mara: User,
    client_of: ClientOf,
    breath: Exercise,
    filled: Filled,
    django_assert_num_queries: Any,
) -> None:
    client, data = client_of(mara), filled(after=9)
    client.post(reverse("exercises:session_save", args=[breath.slug]), data)
    with django_assert_num_queries(6):  # session, person, row, data key, exercises, count
        client.get(f"/exercises/done/{data['session']}/")
