"""Writing on a card: sealed, every answer open, and nothing overwritten unseen."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from html import unescape
from typing import Any
from unittest.mock import patch

import pytest
from django.db import connection
from django.test import Client

from healing.accounts.models import User
from healing.cards.actions import card_of
from healing.cards.kinds import IF_THEN, KINDS, QUESTIONS, SAFETY, SIGNS, Kind
from healing.cards.models import Card
from tests.cards.conftest import FILLED, Write, address, opened, tab

OTHER_TAB = "Not saved yet: you saved this card in another tab."


def answers(person: User, kind: Kind) -> dict[str, Any]:
    return card_of(owner=person, kind=kind).answers


def box(page: str, name: str) -> str:
    """What stands in one text of the form."""
    found = re.search(rf'<textarea name="{name}"[^>]*>\s?(.*?)</textarea>', page, re.DOTALL)
    assert found
    return unescape(found[1])


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.id)
def test_what_is_written_is_kept_sealed_and_stands_in_the_form_again(
    hers: Client, mara: User, kind: Kind
) -> None:
    said = {field.name: f"secretword {field.name}" for field in kind.fields}
    ticks = {topic.name: [next(iter(topic.questions))] for topic in kind.topics}
    answer = hers.post(address(kind), {**said, **ticks, **tab(hers, kind)})
    assert answer.headers["Location"] == address(kind, "card_detail")
    assert answers(mara, kind) == {**said, **ticks}
    page = hers.get(address(kind)).content.decode()
    for name, words in said.items():
        assert box(page, name) == words
    for (one,) in ticks.values():
        assert re.search(rf'value="{one}"[^>]*checked', page)
    with connection.cursor() as cursor:
        cursor.execute("select id, said from cards_card")
        (row,) = cursor.fetchall()
    assert b"secretword" not in bytes(row[1])
    assert kind.id.encode() not in bytes(row[1])


def test_opening_the_form_makes_no_row(hers: Client) -> None:
    hers.get(address(SAFETY))
    assert not Card.objects.exists()


def test_two_cards_are_two_rows_and_one_saved_twice_is_one(hers: Client, mara: User) -> None:
    data = {"if_1": "It is past ten", **tab(hers, IF_THEN)}
    for _ in range(2):
        assert hers.post(address(IF_THEN), data).status_code == 302
    hers.post(address(SAFETY), {"alone": "tea", **tab(hers, SAFETY)})
    assert Card.objects.of(mara).count() == 2
    assert answers(mara, IF_THEN) == {"if_1": "It is past ten"}


def test_every_answer_may_stay_open_and_an_emptied_card_keeps_no_row(
    hers: Client, mara: User, write: Write
) -> None:
    assert hers.post(address(IF_THEN), tab(hers, IF_THEN)).status_code == 302
    assert not Card.objects.exists()
    write(mara, IF_THEN, if_1="It is past ten")
    assert hers.post(address(IF_THEN), {"if_1": " ", **tab(hers, IF_THEN)}).status_code == 302
    assert not Card.objects.exists()


def test_the_same_card_of_two_people_is_two_rows(
    hers: Client, theo: User, mara: User, write: Write
) -> None:
    write(theo, SAFETY, alone="the river")
    page = hers.get(address(SAFETY)).content.decode()
    assert "the river" not in page
    hers.post(address(SAFETY), {"alone": "tea", **opened(page)})
    assert answers(theo, SAFETY) == {"alone": "the river"}
    assert answers(mara, SAFETY) == {"alone": "tea"}


def test_a_text_that_is_too_long_comes_back_whole_with_the_rest(hers: Client) -> None:
    long = "word " * 401
    assert "maxlength" not in hers.get(address(SAFETY)).content.decode()
    data = {"alone": long, "people": "Jonas 112", **tab(hers, SAFETY)}
    page = hers.post(address(SAFETY), data).content.decode()
    assert "<title>Error:" in page
    assert "longer than there is room for" in page
    assert long.strip() in box(page, "alone")
    assert box(page, "people") == "Jonas 112"
    assert not Card.objects.exists()


def test_an_expired_session_gives_the_words_back(client: Client, mara: User, write: Write) -> None:
    write(mara, SAFETY, **FILLED)
    answer = client.post(address(SAFETY), {"alone": "much longer words", "people": "Jonas"})
    page = answer.content.decode()
    assert answer.status_code == 403
    assert box(page, "alone") == "much longer words"
    assert box(page, "people") == "Jonas"
    assert "Pepper" not in page
    assert answers(mara, SAFETY) == FILLED


def test_a_stale_token_gives_the_words_back(mara: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(mara, "allauth.account.auth_backends.AuthenticationBackend")
    answer = strict.post(address(IF_THEN), {"if_1": "It is past ten"})
    assert answer.status_code == 403
    assert box(answer.content.decode(), "if_1") == "It is past ten"
    assert not Card.objects.exists()


def test_a_form_given_back_after_signing_in_again_still_knows_what_it_was_opened_with(
    hers: Client, mara: User, write: Write
) -> None:
    write(mara, IF_THEN, if_1="first")
    data = {"if_1": "second", **tab(hers, IF_THEN)}
    given_back = Client().post(address(IF_THEN), data)
    assert given_back.status_code == 403
    again = {"if_1": "second", **opened(given_back.content.decode())}
    assert hers.post(address(IF_THEN), again).status_code == 302
    assert answers(mara, IF_THEN) == {"if_1": "second"}


# Two tabs -----------------------------------------------------------------------------------------


def test_words_of_two_tabs_are_both_shown_and_saving_again_decides(
    hers: Client, mara: User, write: Write
) -> None:
    write(mara, IF_THEN, if_1="first")
    stale = tab(hers, IF_THEN)
    hers.post(address(IF_THEN), {"if_1": "from the other tab", **tab(hers, IF_THEN)})
    answer = hers.post(address(IF_THEN), {"if_1": "from this tab", **stale})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert OTHER_TAB in page
    assert "<title>Error:" in page
    newer, _form = page.split("<form method", 1)
    assert "from the other tab" in newer
    assert box(page, "if_1") == "from this tab"
    assert answers(mara, IF_THEN) == {"if_1": "from the other tab"}
    assert hers.post(address(IF_THEN), {"if_1": "from this tab", **opened(page)}).status_code == 302
    assert answers(mara, IF_THEN) == {"if_1": "from this tab"}


def test_a_third_version_in_between_is_not_overwritten_either(
    hers: Client, mara: User, write: Write
) -> None:
    stale = tab(hers, IF_THEN)
    write(mara, IF_THEN, if_1="second")
    page = hers.post(address(IF_THEN), {"if_1": "mine", **stale}).content.decode()
    write(mara, IF_THEN, if_1="third")
    assert (
        OTHER_TAB in hers.post(address(IF_THEN), {"if_1": "mine", **opened(page)}).content.decode()
    )
    assert answers(mara, IF_THEN) == {"if_1": "third"}


def test_a_stale_tab_that_changed_nothing_changes_nothing(
    hers: Client, mara: User, write: Write
) -> None:
    write(mara, SAFETY, alone="tea\nthe jumper")
    stale = tab(hers, SAFETY)
    write(mara, SAFETY, alone="the river")
    # A browser sends its own line ends.
    answer = hers.post(address(SAFETY), {"alone": "tea\r\nthe jumper", **stale})
    assert answer.status_code == 302
    assert answers(mara, SAFETY) == {"alone": "the river"}


def test_a_form_that_does_not_say_what_it_opened_overwrites_nothing(
    hers: Client, mara: User, write: Write
) -> None:
    write(mara, IF_THEN, if_1="first")
    assert OTHER_TAB in hers.post(address(IF_THEN), {"if_1": "second"}).content.decode()
    assert OTHER_TAB in hers.post(address(IF_THEN), {"then_1": ""}).content.decode()
    assert answers(mara, IF_THEN) == {"if_1": "first"}


def test_words_for_a_card_deleted_meanwhile_are_kept(
    hers: Client, mara: User, write: Write
) -> None:
    write(mara, IF_THEN, if_1="first")
    stale = tab(hers, IF_THEN)
    hers.post(address(IF_THEN, "card_delete"))
    assert hers.post(address(IF_THEN), {"if_1": "first", **stale}).status_code == 302
    assert answers(mara, IF_THEN) == {"if_1": "first"}


# The safety card ----------------------------------------------------------------------------------


def test_it_says_what_it_is_not_before_anything_is_written(hers: Client) -> None:
    page = hers.get(address(SAFETY)).content.decode()
    assert page.index("This is not a plan for violence at home.") < page.index("<textarea")


def test_a_ticked_line_is_written_below_the_persons_own_services(
    hers: Client, mara: User, content: None
) -> None:
    page = hers.get(address(SAFETY)).content.decode()
    line = "Samaritans (Ireland): 116 123"
    assert f'value="{line}"' in page
    data = {"services": "Dr Adeyemi 030 555 0199", "lines": line}
    hers.post(address(SAFETY), {**data, **opened(page)})
    assert answers(mara, SAFETY) == {"services": f"Dr Adeyemi 030 555 0199\r\n{line}"}
    # Ticked again, it is not written twice.
    hers.post(address(SAFETY), {**answers(mara, SAFETY), "lines": line, **tab(hers, SAFETY)})
    assert answers(mara, SAFETY)["services"].count("Samaritans") == 1


def test_a_line_that_is_named_by_its_number_names_it_once(hers: Client, content: None) -> None:
    page = hers.get(address(SAFETY)).content.decode()
    assert 'value="988 Suicide and Crisis Lifeline (United States)"' in page


def test_a_line_that_fits_no_more_is_said_and_nothing_is_lost(hers: Client, content: None) -> None:
    services = "x" * 1990
    data = {"services": services, "lines": "Samaritans (Ireland): 116 123", **tab(hers, SAFETY)}
    page = hers.post(address(SAFETY), data).content.decode()
    assert "longer than there is room for" in page
    assert box(page, "services") == services
    assert re.search(r'value="Samaritans \(Ireland\): 116 123"[^>]*checked', page)
    assert not Card.objects.exists()


def test_a_line_that_is_no_longer_there_loses_no_word(hers: Client, content: None) -> None:
    data = {"alone": "tea", "lines": "Nobody: 000", **tab(hers, SAFETY)}
    page = hers.post(address(SAFETY), data).content.decode()
    assert "A number in this list has changed" in page
    assert box(page, "alone") == "tea"


# Signs of change ----------------------------------------------------------------------------------


@contextmanager
def at(moment: str) -> Iterator[None]:
    with patch("django.utils.timezone.now", return_value=datetime.fromisoformat(moment)):
        yield


def rate(client: Client, **data: Any) -> Any:
    return client.post(address(SIGNS), {**data, **tab(client, SIGNS)})


def numbers(person: User, name: str = "sign_1") -> list[tuple[str, int]]:
    ratings = card_of(owner=person, kind=SIGNS).ratings_of(name)
    return [(one.on.isoformat(), one.number) for one in ratings]


def test_a_second_rating_in_a_month_changes_the_first_and_the_next_month_adds_one(
    hers: Client, mara: User, client_of: Callable[[User], Client]
) -> None:
    sign = {"sign_1": "I wait an hour"}
    with at("2026-03-03T12:00+00:00"):
        rate(hers, **sign, sign_1_rating="1")
        rate(hers, **sign, sign_1_rating="2")
        assert "This month you said 2, now and then." in hers.get(address(SIGNS)).content.decode()
    # Berlin is in April already.
    with at("2026-03-31T23:00+00:00"):
        later = client_of(mara)
        page = later.get(address(SIGNS)).content.decode()
        assert "4 nearly always" in page
        assert "This month you said" not in page
        rate(later, **sign, sign_1_rating="4")
    assert numbers(mara) == [("2026-03-03", 2), ("2026-04-01", 4)]


def test_saving_without_a_rating_leaves_those_that_are_there(hers: Client, mara: User) -> None:
    rate(hers, sign_1="I wait an hour", sign_1_rating="0")
    for skipped in ({}, {"sign_1_rating": "-"}):
        rate(hers, sign_1="I wait two hours", **skipped)
    (only,) = card_of(owner=mara, kind=SIGNS).ratings_of("sign_1")
    assert (only.number, only.sign) == (0, "I wait an hour")


def test_a_sign_taken_out_takes_its_ratings_with_it(hers: Client, mara: User) -> None:
    rate(hers, sign_1="I wait", sign_1_rating="3", sign_2="I sleep", sign_2_rating="1")
    rate(hers, sign_1="", sign_2="I sleep")
    said = Card.objects.of(mara).get().said
    assert said["answers"] == {"sign_2": "I sleep"}
    assert list(said["ratings"]) == ["sign_2"]


def test_a_rating_without_a_sign_says_how_to_mend_it(hers: Client) -> None:
    page = rate(hers, sign_1="", sign_1_rating="3").content.decode()
    assert "Write the sign that you rated, or leave both open." in page
    assert re.search(r'name="sign_1_rating" value="3"[^>]*checked', page)
    assert not Card.objects.exists()


@pytest.mark.parametrize("rating", ["5", "-1", "often"])
def test_a_rating_is_one_of_five(hers: Client, rating: str) -> None:
    assert rate(hers, sign_1="I wait", sign_1_rating=rating).status_code == 200
    assert not Card.objects.exists()


# Questions ----------------------------------------------------------------------------------------


def test_the_order_in_which_ticks_arrive_is_no_change(
    hers: Client, mara: User, write: Write
) -> None:
    write(mara, QUESTIONS, way=["hurt", "hour"])
    stale = tab(hers, QUESTIONS)
    write(mara, QUESTIONS, way=["between"])
    assert hers.post(address(QUESTIONS), {"way": ["hour", "hurt"], **stale}).status_code == 302
    assert answers(mara, QUESTIONS) == {"way": ["between"]}


def test_a_stranger_writes_on_his_own_card(
    hers: Client, mara: User, theo: User, write: Write, client_of: Callable[[User], Client]
) -> None:
    write(mara, SAFETY, **FILLED)
    stranger = client_of(theo)
    stranger.post(address(SAFETY), {"alone": "the river", **tab(hers, SAFETY)})
    assert answers(mara, SAFETY) == FILLED
    assert answers(theo, SAFETY) == {"alone": "the river"}


@pytest.mark.parametrize("signed_in", [True, False])
def test_there_is_no_sixth_card_to_write_on(client: Client, hers: Client, signed_in: bool) -> None:
    who = hers if signed_in else client
    assert who.post("/cards/another-card/edit/", {"alone": "tea"}).status_code == 404
