"""A card as it prints."""

from collections.abc import Callable
from datetime import date
from html import unescape

import pytest
from django.test import Client

from healing.accounts.models import User
from healing.cards.kinds import IF_THEN, KEEP_GOING, KINDS, QUESTIONS, SAFETY, SIGNS, Kind
from healing.cards.models import Card
from tests.cards.conftest import FILLED, Write, address

VIOLENCE = "This is not a plan for violence at home."


def page_of(client: Client, kind: Kind) -> str:
    return unescape(client.get(address(kind, "card_detail")).content.decode())


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.id)
def test_an_empty_card_says_what_will_stand_on_it_and_makes_no_row(
    hers: Client, kind: Kind
) -> None:
    page = page_of(hers, kind)
    assert str(kind.empty) in page
    assert f'href="{address(kind)}"' in page
    assert address(kind, "card_delete") not in page
    assert not Card.objects.exists()


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.id)
def test_every_written_answer_stands_on_it(
    hers: Client, mara: User, write: Write, kind: Kind
) -> None:
    said = {field.name: f"words for {field.name}" for field in kind.fields}
    ticks = {topic.name: list(topic.questions) for topic in kind.topics}
    write(mara, kind, **said, **ticks)
    page = page_of(hers, kind)
    for words in said.values():
        assert words in page
    for topic in kind.topics:
        for question in topic.questions.values():
            assert str(question) in page


def test_lines_stand_one_below_the_other_and_numbers_can_be_pressed(
    hers: Client, mara: User, write: Write
) -> None:
    write(mara, SAFETY, **{**FILLED, "alone": "tea\r\n\r\nthe jumper, 123456"})
    page = page_of(hers, SAFETY)
    assert "<li>tea</li><li>the jumper, 123456</li>" in page
    assert 'Jonas <a href="tel:015123456789">0151 2345 6789</a>' in page


def test_what_is_still_open_is_named_until_it_is_filled(
    hers: Client, mara: User, write: Write
) -> None:
    write(mara, SAFETY, people="Jonas, by the bins")
    assert "one person or service with a number" in page_of(hers, SAFETY)
    write(mara, SAFETY, **FILLED)
    assert "Still open" not in page_of(hers, SAFETY)


def test_an_if_then_card_leaves_out_the_lines_that_are_empty(
    hers: Client, mara: User, write: Write
) -> None:
    write(mara, IF_THEN, if_2="It is past ten", then_3="breathe", kind_words="You may rest.")
    page = page_of(hers, IF_THEN)
    assert page.count("<b>If</b>") == page.count("<b>then I</b>") == 1
    assert "You may rest." in page


def test_only_ticked_questions_stand_on_it(hers: Client, mara: User, write: Write) -> None:
    write(mara, QUESTIONS, cost=["price"])
    page = page_of(hers, QUESTIONS)
    assert "What does an hour cost" in page
    assert "my insurance" not in page
    assert "Training" not in page


def test_signs_show_their_months_in_order_and_no_total(
    hers: Client, mara: User, write: Write
) -> None:
    card = write(mara, SIGNS, {"sign_1": 1}, sign_1="I wait an hour", sign_2="I sleep")
    earlier = {"on": "2025-03-04", "rating": 4, "sign": "I wait a while"}
    card.said = {
        **card.said,
        "ratings": {"sign_1": [earlier, *card.said["ratings"]["sign_1"]]},
    }
    card.save()
    page = page_of(hers, SIGNS)
    assert page.index("March 2025") < page.index(f"{mara.today():%B %Y}")
    assert "4, nearly always" in page
    assert "1, once or twice" in page
    assert "The sign was: I wait a while" in page
    assert page.count("The sign was:") == 1
    assert "Not rated yet." in page
    assert "otal" not in page


def test_it_says_when_its_words_were_last_changed(hers: Client, mara: User, write: Write) -> None:
    card = write(mara, KEEP_GOING, who="Aunt Reyhan")
    card.said = {**card.said, "changed": date(2025, 3, 4).isoformat()}
    card.save()
    assert "Last changed on 4 March 2025." in page_of(hers, KEEP_GOING)


def test_the_safety_card_says_what_it_is_not_and_who_has_not_looked_at_it(
    hers: Client, mara: User, write: Write
) -> None:
    for _ in range(2):
        page = page_of(hers, SAFETY)
        assert VIOLENCE in page
        assert "No clinician has looked at this card yet." in page
        write(mara, SAFETY, **FILLED)
    assert VIOLENCE not in page_of(hers, IF_THEN)


def test_only_the_safety_card_offers_a_copy_on_the_device_and_says_who_could_read_it(
    hers: Client, mara: User, write: Write
) -> None:
    write(mara, SAFETY, **FILLED)
    write(mara, IF_THEN, if_1="It is past ten")
    page = page_of(hers, SAFETY)
    assert "Anyone who can open this browser on this device could then read your card" in page
    # Without a script nothing of it is shown: nothing could keep the copy.
    assert "data-written aria-labelledby" in page
    assert "data-copy" not in page_of(hers, IF_THEN)


def test_its_title_is_neutral_and_no_cache_may_keep_it(
    hers: Client, mara: User, write: Write
) -> None:
    write(mara, SAFETY, **FILLED)
    answer = hers.get(address(SAFETY, "card_detail"))
    assert "<title>Card - Steady Ground</title>" in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]


def test_markup_in_words_stays_words(hers: Client, mara: User, write: Write) -> None:
    write(mara, SAFETY, people="<b>Jonas</b> <script>1</script> 112")
    page = hers.get(address(SAFETY, "card_detail")).content.decode()
    assert "&lt;b&gt;Jonas" in page
    assert "<script>1" not in page


def test_a_stranger_sees_his_own_empty_card(
    mara: User, theo: User, write: Write, client_of: Callable[[User], Client]
) -> None:
    write(mara, SAFETY, **FILLED)
    page = page_of(client_of(theo), SAFETY)
    assert "Jonas" not in page
    assert str(SAFETY.empty) in page


def test_there_is_no_sixth_card(hers: Client) -> None:
    assert hers.get("/cards/another-card/").status_code == 404


def test_looking_is_all_it_does(hers: Client) -> None:
    assert hers.post(address(SAFETY, "card_detail")).status_code == 405
