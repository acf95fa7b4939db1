"""What someone practised, and what their numbers say of it."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from exercises.models import Exercise, Session
from exercises.views import A_PAGE
from healing.accounts.models import User
from tests.exercises.conftest import ClientOf, moved, save

ADDRESS = reverse("exercises:session_list")


def shown(client: Client, **query: Any) -> str:
    return client.get(ADDRESS, query).content.decode()


def row_of(html: str, title: str) -> str:
    """The words of an exercise's line in the table, a space between cells."""
    found = re.search(rf'<tr><th scope="row">{title}</th>(.*?)</tr>', html)
    return re.sub(r"(<[^>]+>)+", " ", found[1]).strip() if found else ""


def test_without_any_it_says_so_and_shows_no_table(hers: Client) -> None:
    html = shown(hers)
    assert "Nothing yet." in html
    assert "<table" not in html
    assert "What seems to work for you" not in html


def test_the_newest_stands_first_with_day_and_ratings(hers: Client) -> None:
    older = moved(save(hers, "E05", before=6, after=3), days=1)
    newer = save(hers, "E08")
    html = shown(hers)
    assert html.index(str(newer.pk)) < html.index(str(older.pk))
    day = older.local_date
    assert f"{day.day} {day:%B %Y} · 6 before, 3 after" in html
    assert f'href="{reverse("exercises:session_detail", args=[newer.pk])}"' in html


def test_half_a_rating_is_not_told(hers: Client) -> None:
    save(hers, "E05", after=3)
    assert "before," not in shown(hers)


def test_notes_are_named_and_not_shown(hers: Client) -> None:
    save(hers, "E17", **{"note-echo": "the empty hallway"})
    html = shown(hers)
    assert "· with your notes" in html
    assert "the empty hallway" not in html


def test_a_rating_alone_is_no_practice(hers: Client) -> None:
    save(hers, "E05", before=5, ended=None)
    assert "Nothing yet." in shown(hers)


def test_four_ratings_are_too_few_to_say_and_five_say_something(hers: Client) -> None:
    for _ in range(4):
        save(hers, "E05", before=6, after=4)
    assert row_of(shown(hers), "Long out-breath") == "4 times too few to say"
    save(hers, "E05", before=6, after=4)
    expected = "5 times usually fell by 2; between −2 and −2"
    assert row_of(shown(hers), "Long out-breath") == expected


def test_the_middle_may_have_its_half_and_a_rise_is_called_one(hers: Client) -> None:
    for after in (4, 4, 4, 5, 5, 5):
        save(hers, "E05", before=6, after=after)
        save(hers, "E08", before=3, after=after)
        save(hers, "E01", before=4, after=4)
    html = shown(hers)
    assert row_of(html, "Long out-breath") == "6 times usually fell by 1.5; between −2 and −1"
    assert row_of(html, "Finger tracing") == "6 times usually rose by 1.5; between +1 and +2"
    expected = "6 times usually stayed the same; between 0 and 0"
    assert row_of(html, "Five-sense orienting") == expected


def test_the_limits_of_such_numbers_are_said(hers: Client) -> None:
    save(hers, "E05", before=6, after=4)
    html = shown(hers)
    assert "It cannot show causes" in html
    assert "Fewer than 5 ratings are too few to say anything." in html


def test_without_two_ratings_there_is_nothing_to_say(hers: Client) -> None:
    save(hers, "E05", before=6)
    html = shown(hers)
    assert "There is nothing to say yet." in html
    assert "<table" not in html


def test_an_exercise_that_is_gone_keeps_its_times(hers: Client) -> None:
    save(hers, "E05", before=6, after=4)
    Exercise.objects.filter(content_id="E05").update(live=False)
    html = shown(hers)
    assert "<b>E05</b>" in html
    assert "<table" not in html


def test_a_full_page_leads_to_the_older_ones(mara: User, hers: Client) -> None:
    first = moved(save(hers, "E05"), days=1)
    for _ in range(A_PAGE):
        save(hers, "E08")
    html = shown(hers)
    assert str(first.pk) not in html
    assert 'href="?page=2"' in html
    second = shown(hers, page="2")
    assert str(first.pk) in second
    assert 'href="?page=1"' in second


@pytest.mark.parametrize("page", ["99", "0", "x"])
def test_a_page_that_is_none_shows_one_that_is(hers: Client, page: str) -> None:
    save(hers, "E05")
    assert "Long out-breath" in shown(hers, page=page)


def test_a_stranger_sees_none_of_it(theo: User, hers: Client, client_of: ClientOf) -> None:
    save(hers, "E05", before=6, after=3)
    assert "Nothing yet." in shown(client_of(theo))


def test_a_visitor_is_asked_to_sign_in(client: Client, shipped: None) -> None:
    assert client.get(ADDRESS).url == f"{reverse('account_login')}?next={ADDRESS}"


def test_title_and_headers_give_nothing_away(hers: Client) -> None:
    save(hers, "E35", variant="gentle")
    response = hers.get(ADDRESS)
    assert "<title>Practised - Steady Ground</title>" in response.content.decode()
    assert "no-store" in response.headers["Cache-Control"]


def test_it_costs_six_queries_however_many_there_are(
    mara: User, hers: Client, django_assert_num_queries: Any
) -> None:
    for _ in range(A_PAGE + 5):
        save(hers, "E05", before=5, after=4)
    assert Session.objects.of(mara).count() == A_PAGE + 5
    with django_assert_num_queries(6):  # session, person, sessions, key, choices, titles
        hers.get(ADDRESS)
