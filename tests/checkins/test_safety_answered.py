"""What follows from an answer to the safety question, on the screen that comes at once."""

import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from healing.accounts.models import User
from healing.cards.actions import keep_card, mark_of
from healing.cards.kinds import SAFETY as SAFETY_CARD
from healing.checkins.models import SafetyAnswer
from tests.checkins.conftest import HIGH, LEVELS, LOW, NONE, NOW, days_later, give, main_of

pytestmark = pytest.mark.usefixtures("content")

SIGNS = {"alone": "Walk the dog, slowly", "people": "Jonas 0151 2345 6789"}
LINES = '<div class="numbers">'
CARE = "This is care, not a penalty."
MEDICAL = (
    "If you are injured or have taken something, get medical help now, even if you feel all right."
)
PROFESSIONAL = "Speak with a professional today"
UNANSWERED = (
    "If a line does not answer, that is about the line and not about you: try the next one, or go "
    "to the nearest emergency department."
)


def address(answer: SafetyAnswer) -> str:
    return reverse("checkins:safety_answered", args=[answer.pk])


def screen(client: Client, owner: User, answers: dict[str, str]) -> str:
    return main_of(client.get(address(give(owner, answers))).content.decode())


def in_order(page: str, *words: str) -> bool:
    places = [page.index(one) for one in words]
    return places == sorted(places)


@pytest.fixture
def card(mara: User) -> None:
    keep_card(owner=mara, kind=SAFETY_CARD, answers=SIGNS, opened_with=mark_of({}))


def test_low_is_thanked_sees_the_own_card_and_the_lines_and_keeps_the_lessons(
    hers: Client, mara: User, card: None
) -> None:
    page = screen(hers, mara, LOW)
    assert in_order(
        page,
        "Thank you for saying so",
        "Telling one person you trust",
        SIGNS["alone"],
        LINES,
        CARE,
        "All else stays open: the other lessons and exercises, cards, steadying and help.",
    )
    assert 'href="tel:015123456789"' in page
    assert PROFESSIONAL not in page
    assert MEDICAL not in page


def test_high_sees_lines_and_the_own_card_before_anything_else(
    hers: Client, mara: User, card: None
) -> None:
    page = screen(hers, mara, HIGH)
    assert in_order(
        page, "Please do not stay alone with this", LINES, SIGNS["alone"], PROFESSIONAL, CARE
    )
    assert "Ask someone to stay with you" in page
    assert MEDICAL not in page


def test_now_is_help_and_offers_no_exercise(hers: Client, mara: User, card: None) -> None:
    whole = hers.get(address(give(mara, NOW))).content.decode()
    page = main_of(whole)
    assert in_order(
        page,
        "Please let someone be with you now",
        LINES,
        "Call someone to be with you.",
        "Move away from anything you could use, or ask someone to take it.",
        UNANSWERED,
        SIGNS["alone"],
        CARE,
    )
    assert 'href="/exercises/' not in page
    assert f'href="{reverse("exercises:steady")}"' in whole.split("<main")[0]  # in the header
    assert 'href="/today/?stay=yes"' in page  # never a trap


@pytest.mark.parametrize(
    "answers",
    [{"b": "did"}, {"a": "no", "b": "did", "c": "no"}, {"a": "often", "b": "did", "c": "yes"}],
)
def test_who_did_it_is_told_to_get_medical_help_now(
    hers: Client, mara: User, answers: dict[str, str]
) -> None:
    page = screen(hers, mara, answers)
    assert MEDICAL in page
    assert in_order(page, LINES, MEDICAL, CARE)


def test_none_closes_nothing_and_says_so(hers: Client, mara: User, card: None) -> None:
    page = screen(hers, mara, NONE)
    assert "Nothing else follows from it." in page
    for words in (LINES, CARE, SIGNS["alone"], MEDICAL, PROFESSIONAL):
        assert words not in page


@pytest.mark.parametrize("answers", [{}, {"a": "no"}, {"b": "no", "c": "rather_not"}])
def test_without_a_level_the_help_link_is_shown(
    hers: Client, mara: User, answers: dict[str, str]
) -> None:
    page = screen(hers, mara, answers)
    assert "You left this open, and nothing follows from it." in page
    assert '<a href="/help/">Get help now</a>' in page
    assert CARE not in page


@pytest.mark.parametrize("name", LEVELS)
def test_every_screen_says_that_nobody_is_alerted_and_lets_a_wrong_tap_be_put_right(
    hers: Client, mara: User, name: str | None
) -> None:
    answer = give(mara, LEVELS[name])
    page = hers.get(address(answer)).content.decode()
    assert "No one is alerted by what you answer here." in page
    assert f'href="/look-back/safety/?again={answer.pk}"' in page
    assert "<title>Thank you - Steady Ground</title>" in page


def test_an_older_answer_can_be_read_and_no_more_be_changed(hers: Client, mara: User) -> None:
    old, new = give(mara, LOW), give(mara, HIGH)
    assert "?again=" not in hers.get(address(old)).content.decode()
    assert "?again=" in hers.get(address(new)).content.decode()
    with days_later(1.1):
        assert "?again=" not in hers.get(address(new)).content.decode()


@pytest.mark.parametrize(
    ("zone", "opened"),
    [("Europe/Berlin", ["Germany"]), ("Europe/Dublin", ["Ireland"]), ("UTC", [])],
)
def test_the_numbers_of_the_country_of_the_time_zone_stand_open(
    client_of: Callable[[User], Client], mara: User, zone: str, opened: list[str]
) -> None:
    mara.time_zone = zone
    mara.save()
    page = screen(client_of(mara), mara, HIGH)
    names = re.findall(r"<details( open)?>\s*<summary>([^:]+):", page)
    assert [name for is_open, name in names if is_open] == opened
    assert len(names) == 10  # every other country is one press away
    assert "The help page, with what to do anywhere else" in page


def test_a_strangers_answer_is_not_found(hers: Client, theo: User) -> None:
    assert hers.get(address(give(theo, HIGH))).status_code == 404
    assert hers.get(reverse("checkins:safety_answered", args=[uuid4()])).status_code == 404


def test_someone_not_signed_in_is_sent_to_sign_in(client: Client, mara: User) -> None:
    assert client.get(address(give(mara, HIGH))).status_code == 302


def test_no_browser_keeps_the_screen_and_it_takes_few_queries(
    hers: Client, mara: User, django_assert_max_num_queries: Any
) -> None:
    where = address(give(mara, HIGH))
    hers.get(where)
    with django_assert_max_num_queries(9):
        answer = hers.get(where)
    assert answer.headers["Cache-Control"] == "no-store, private"
