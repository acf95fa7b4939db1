"""Four calming exercises that open whatever else is down."""

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from healing.accounts.models import User
from healing.cards.actions import card_of, keep_card, mark_of
from healing.cards.kinds import IF_THEN
from healing.vault.models import UserKey
from tests.exercises.conftest import ClientOf, address, save

# Without the `db` fixture every query fails: the page opens with the database down.


def page(client: Client) -> str:
    return client.get(reverse("exercises:steady")).content.decode()


def test_it_shows_the_four_in_their_order_each_with_a_start(client: Client) -> None:
    shown = page(client)
    titles = ["Five-sense orienting", "Feet, seat, spine", "Long out-breath", "Finger tracing"]
    places = [shown.index(f">{title}</h2>") for title in titles]
    assert places == sorted(places)
    assert shown.count("data-go") == 4


def test_every_step_stands_in_the_page_with_its_seconds(client: Client) -> None:
    shown = page(client)
    assert shown.count('data-seconds="5"') == 20
    assert 'data-kind="in" data-seconds="4"' in shown
    assert 'data-kind="out" data-seconds="6"' in shown
    assert 'data-rounds="18"' in shown
    assert 'data-kind="rest" data-seconds="10"' in shown


def test_it_leads_to_help(client: Client) -> None:
    assert f'href="{reverse("safety:help")}"' in page(client)


def test_it_leaves_no_cookie_and_asks_nothing(client: Client) -> None:
    response = client.get(reverse("exercises:steady"))
    assert not response.cookies
    assert b"<form" not in response.content
    assert "no-store" not in response.headers.get("Cache-Control", "")


def test_a_session_cookie_makes_it_look_nothing_up(client: Client) -> None:
    client.cookies["sessionid"] = "left-over"
    assert "Long out-breath" in page(client)


def test_the_database_was_truly_out_of_reach(client: Client) -> None:
    with pytest.raises(RuntimeError, match="Database access not allowed"):
        connection.ensure_connection()


# For a person -------------------------------------------------------------------------------------


def own(client: Client) -> str:
    """What stands above the four."""
    shown = page(client)
    return shown[shown.index("<h1") : shown.index('<div class="cards">')]


def write_lines(owner: User, **answers: str) -> None:
    opened_with = mark_of(card_of(owner=owner, kind=IF_THEN).answers)
    assert keep_card(owner=owner, kind=IF_THEN, answers=answers, opened_with=opened_with)


def test_a_persons_own_lines_stand_above(mara: User, hers: Client) -> None:
    assert "Your own lines" not in own(hers)
    write_lines(mara, if_1="she is late", then_1="feel my feet", kind_words="I can wait")
    shown = own(hers)
    assert "If she is late" in shown
    assert "then I feel my feet" in shown
    assert "I can wait" in shown


def test_a_stranger_and_a_visitor_see_no_line_of_hers(
    mara: User, theo: User, client: Client, client_of: ClientOf, shipped: None
) -> None:
    write_lines(mara, if_1="she is late", then_1="feel my feet")
    assert "she is late" not in own(client)
    assert "she is late" not in own(client_of(theo))


def test_what_helped_stands_above_from_the_fifth_rating_on(hers: Client) -> None:
    for _ in range(4):
        save(hers, "E08", before=6, after=3)
    assert "usually fell" not in own(hers)
    save(hers, "E08", before=6, after=3)
    shown = own(hers)
    assert "your number usually fell by 3 after this one." in shown
    assert f'href="{address("E08")}"' in shown


def test_of_what_helped_only_one_of_low_intensity_is_named(hers: Client) -> None:
    for _ in range(5):
        save(hers, "E11", before=9, after=1)
    assert "usually fell" not in own(hers)
    for _ in range(5):
        save(hers, "E08", before=6, after=5)
    assert f'href="{address("E08")}"' in own(hers)


def test_what_was_put_away_is_not_named(hers: Client) -> None:
    for _ in range(5):
        save(hers, "E08", before=6, after=3)
    hers.post(address("E08", "exercise_choose"), {"as": "hidden"})
    assert "usually fell" not in own(hers)


def test_a_person_whose_words_cannot_be_opened_gets_the_four_all_the_same(
    mara: User, hers: Client
) -> None:
    write_lines(mara, if_1="she is late")
    UserKey.objects.filter(owner=mara).delete()
    assert page(hers).count("data-go") == 4
