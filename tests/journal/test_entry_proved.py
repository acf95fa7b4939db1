"""How a guess turned out: said later, changed, taken back."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from healing.accounts.models import User
from journal.models import Entry
from tests.journal.conftest import Write


def address(entry: Entry) -> str:
    return reverse("journal:entry_proved", args=[entry.pk])


@pytest.fixture
def hers(mara: User, client_of: Callable[[User], Client]) -> Client:
    return client_of(mara)


@pytest.fixture
def guess(mara: User, write: Write) -> Entry:
    return write(mara, form="standard", trigger="quarrel", guess="It is over")


def test_an_entry_with_a_guess_asks_and_one_without_does_not(
    hers: Client, mara: User, guess: Entry, write: Write
) -> None:
    asked = [
        address(entry).encode()
        in hers.get(reverse("journal:entry_detail", args=[entry.pk])).content
        for entry in (guess, write(mara))
    ]
    assert asked == [True, False]


def test_the_answer_is_kept_changed_and_taken_back(hers: Client, mara: User, guess: Entry) -> None:
    for said in ("no", "partly", "cannot_know", "yes", ""):
        page = hers.post(address(guess), {"proved": said}, follow=True).content.decode()
        assert Entry.objects.of(mara).get().content.get("proved", "") == said
        assert page.count('aria-pressed="true"') == bool(said)
    assert Entry.objects.of(mara).get().content == guess.content


def test_an_answer_no_button_gives_changes_nothing(hers: Client, mara: User, guess: Entry) -> None:
    hers.post(address(guess), {"proved": "perhaps"})
    assert Entry.objects.of(mara).get().content == guess.content


def test_without_a_guess_there_is_nothing_to_answer(hers: Client, mara: User, write: Write) -> None:
    entry = write(mara)
    hers.post(address(entry), {"proved": "yes"})
    assert Entry.objects.of(mara).get().content == entry.content


def test_looking_is_refused_and_a_stranger_finds_nothing(
    hers: Client, theo: User, guess: Entry, client_of: Callable[[User], Client]
) -> None:
    assert hers.get(address(guess)).status_code == 405
    assert client_of(theo).post(address(guess), {"proved": "yes"}).status_code == 404
    assert hers.post(reverse("journal:entry_proved", args=[uuid4()])).status_code == 404
    assert "proved" not in Entry.objects.get().content


def test_an_answer_given_while_the_entry_is_being_changed_stays(
    hers: Client, mara: User, guess: Entry
) -> None:
    edit = reverse("journal:entry_edit", args=[guess.pk])
    mark = hers.get(edit).content.decode().partition('name="opened_with" value="')[2][:16]
    hers.post(address(guess), {"proved": "no"})
    data = {**guess.content, "opened_with": mark, "local_date": guess.local_date.isoformat()}
    hers.post(edit, {**data, "guess": "It is over?"})
    kept = Entry.objects.of(mara).get().content
    assert (kept["guess"], kept["proved"]) == ("It is over?", "no")


def test_an_answer_goes_with_its_guess(hers: Client, mara: User, guess: Entry) -> None:
    hers.post(address(guess), {"proved": "no"})
    edit = reverse("journal:entry_edit", args=[guess.pk])
    mark = hers.get(edit).content.decode().partition('name="opened_with" value="')[2][:16]
    data = {**guess.content, "opened_with": mark, "local_date": guess.local_date.isoformat()}
    hers.post(edit, {**data, "guess": ""})
    assert Entry.objects.of(mara).get().content == {"form": "standard", "trigger": "quarrel"}
