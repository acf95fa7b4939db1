"""Four calming exercises that open whatever else is down."""

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

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
