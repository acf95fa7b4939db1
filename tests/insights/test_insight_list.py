"""The first page of the room: a sentence for what is there, and the way to each page."""

from django.test import Client
from django.urls import reverse

from healing.accounts.models import User
from healing.insights.shown import PAGES
from tests.insights.conftest import check_in, seen, write


def test_it_leads_to_every_page_and_keeps_the_time(hers: Client) -> None:
    page = seen(hers, "insight_list", "28-days")
    for name, _title, _words in PAGES:
        assert f"{reverse(f'insights:{name}')}?time=28-days" in page
    assert "From 5 entries on" in page
    assert "You came to look" in page


def test_it_tells_what_is_there_in_a_sentence_each(hers: Client, mara: User) -> None:
    for _ in range(5):
        write(mara, trigger="quarrel", strength=6, after=3, person="Jo",
              urges=["send_many"], did=["wait"])  # fmt: skip
    check_in(mara, steady=3)
    page = seen(hers, "insight_list")
    assert "In your last 5 entries, “Quarrel” appeared most often: 5 times." in page
    assert "it was lower afterwards in 5 of 5" in page
    assert "Of 5 urges to chase or hide, you did not act on 5." in page
    assert "You named 1 person by a nickname." in page
    assert "Jo" not in page
    assert "You checked in on 1 day." in page


def test_heavier_weeks_are_told_here_too(hers: Client, mara: User, content: None) -> None:
    for back in range(4):
        check_in(mara, back=back, steady=0, left_worry=4, urge_pull=4)
        check_in(mara, back=back + 14, steady=4, left_worry=0, urge_pull=0)
    assert "The last weeks look heavier" in seen(hers, "insight_list")


def test_a_visitor_is_asked_to_sign_in() -> None:
    for name, _title, _words in (*PAGES, ("insight_list", "", "")):
        assert Client().get(reverse(f"insights:{name}")).status_code == 302


def test_the_third_look_at_one_page_offers_a_pause_and_the_page_stays(
    hers: Client, mara: User, content: None
) -> None:
    for _ in range(5):
        write(mara, trigger="quarrel")
    for _ in range(2):
        assert "A pause, before you read on" not in seen(hers, "triggers")
        seen(hers, "triggers", "28-days")
    page = seen(hers, "triggers")
    assert "A pause, before you read on" in page
    assert "“Quarrel” appeared 5 times" in page
    assert "A pause, before you read on" not in seen(hers, "course")
