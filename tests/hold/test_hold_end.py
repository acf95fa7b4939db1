"""The end of a hold: a kind close, and words that go unless they are asked to stay."""

from typing import Any

import pytest
from django.test import Client

from healing.accounts.models import User
from healing.cards.actions import keep_card
from healing.cards.kinds import SAFETY
from healing.hold.models import Hold
from journal.models import Entry
from tests.hold.conftest import URGES, WORDS, answer, at, begin, close


def ended(client: Client, **said: Any) -> tuple[Hold, str]:
    """A hold that was answered, and its closing page."""
    begun = {name: said.pop(name) for name in ("before", "urges", "message") if name in said}
    hold = begin(client, **begun)
    answer(client, hold, **said)
    return hold, client.get(at("hold_end", hold.pk)).content.decode()


def test_deleting_the_words_is_what_happens_unless_asked_otherwise(hers: Client) -> None:
    hold, page = ended(hers)
    assert 'value="delete" checked' in page
    close(hers, hold)
    hold.refresh_from_db()
    assert hold.words == ""
    assert not hold.is_open
    assert "No unsent words are kept" in hers.get(at("hold_end", hold.pk)).content.decode()


def test_words_asked_to_stay_stay(hers: Client) -> None:
    hold, _page = ended(hers)
    close(hers, hold, words="keep")
    # A second press, or an old tab, takes nothing away.
    close(hers, hold, words="delete")
    hold.refresh_from_db()
    assert hold.words == WORDS
    assert at("unsent_detail", hold.pk) in hers.get(at("hold_end", hold.pk)).content.decode()


def test_the_journal_gets_it_once_and_the_words_only_if_ticked(hers: Client, mara: User) -> None:
    hold, _page = ended(hers)
    for _ in range(2):
        close(hers, hold, journal="on")
    entry = Entry.objects.of(mara).get()
    assert entry.content == {
        "form": "quick",
        "strength": 8,
        "urges": URGES,
        "did": ["let_pass"],
    }
    assert entry.local_date == hold.local_date
    hold.refresh_from_db()
    assert hold.said["entry"] == str(entry.pk)
    page = hers.get(at("hold_end", hold.pk)).content.decode()
    assert "Put this into my journal" not in page
    entry.delete()
    assert "Put this into my journal" in hers.get(at("hold_end", hold.pk)).content.decode()


def test_the_words_go_into_the_note_if_ticked(hers: Client, mara: User) -> None:
    hold, _page = ended(hers, chosen="did_it", urges=["call_again"])
    close(hers, hold, journal="on", with_words="on")
    entry = Entry.objects.of(mara).get()
    assert entry.note == WORDS
    assert entry.said("did") == ["call_again"]


def test_words_without_the_journal_ask_again_and_delete_nothing(hers: Client) -> None:
    hold, _page = ended(hers)
    page = close(hers, hold, with_words="on").content.decode()
    assert "Tick this too" in page
    hold.refresh_from_db()
    assert hold.is_open
    assert hold.words == WORDS


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"chosen": "let_go"}, "You let it go for now"),
        ({"chosen": "clear_sentence"}, "/exercises/clear-ask/"),
        ({"chosen": "someone_else"}, "people who listen"),
        ({"chosen": "did_it"}, "That happens. You paused first."),
        ({"chosen": "did_it", "ended": "stopped", "seconds": "40"}, "You paused first."),
        ({"before": "3", "after": "5"}, "That stirred things up. Let us steady first."),
        ({"before": "9", "after": "8"}, "It is still loud."),
    ],
)
def test_each_end_has_its_own_words(hers: Client, said: dict[str, str], words: str) -> None:
    assert words in ended(hers, **said)[1]


@pytest.mark.parametrize(
    "more", [{"ended": "", "seconds": ""}, {"ended": "stopped", "seconds": "3"}]
)
def test_it_is_not_said_that_someone_paused_who_did_not(hers: Client, more: dict[str, str]) -> None:
    page = ended(hers, chosen="did_it", **more)[1]
    assert "That happens." in page
    assert "You paused first" not in page


def test_what_stirred_brings_steadying_help_and_the_own_card(hers: Client, mara: User) -> None:
    keep_card(owner=mara, kind=SAFETY, answers={"alone": "count the tiles"}, opened_with="")
    page = ended(hers, before="3", after="5")[1]
    for words in (
        "/exercises/five-sense-orienting/",
        "If this is a lot right now",
        "count the tiles",
    ):
        assert words in page
    assert "count the tiles" in ended(hers, chosen="someone_else")[1]
    assert "count the tiles" not in ended(hers)[1]


def test_the_page_asks_the_database_little(hers: Client, django_assert_num_queries: Any) -> None:
    hold, _page = ended(hers)
    # session, person, hold, key, practice, exercises
    with django_assert_num_queries(6):
        hers.get(at("hold_end", hold.pk))


def test_before_anything_is_chosen_it_leads_back(hers: Client) -> None:
    hold = begin(hers)
    assert hers.get(at("hold_end", hold.pk)).url == at("hold_wait", hold.pk)


def test_it_is_nobody_elses(hers: Client, his: Client) -> None:
    hold, _page = ended(hers)
    assert his.get(at("hold_end", hold.pk)).status_code == 404
    assert close(his, hold, words="delete").status_code == 404
    hold.refresh_from_db()
    assert hold.words == WORDS
