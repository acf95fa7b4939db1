"""Bringing unsent words into the journal, once."""

from django.test import Client
from django.urls import reverse

from healing.accounts.models import User
from journal.models import Entry
from tests.hold.conftest import URGES, WORDS, answer, at, begin, close, kept_with_exercise


def test_words_of_a_hold_become_one_entry(hers: Client, mara: User) -> None:
    hold = begin(hers)
    urls = {hers.post(at("unsent_keep", hold.pk)).url for _ in range(2)}
    entry = Entry.objects.of(mara).get()
    assert urls == {reverse("journal:entry_detail", args=[entry.pk])}
    assert (entry.note, entry.said("urges"), entry.said("did")) == (WORDS, URGES, None)
    page = hers.get(at("unsent_detail", hold.pk)).content.decode()
    assert "It is in your journal." in page
    hold.refresh_from_db()
    assert hold.words == WORDS


def test_they_join_the_entry_that_was_made_without_them(hers: Client, mara: User) -> None:
    hold = begin(hers)
    answer(hers, hold)
    close(hers, hold, words="keep", journal="on")
    entry = Entry.objects.of(mara).get()
    entry.content = {**entry.content, "note": "later: it was nothing", "trigger": "quarrel"}
    entry.save(update_fields=["content"])
    for _ in range(2):
        hers.post(at("unsent_keep", hold.pk))
    entry = Entry.objects.of(mara).get()
    assert entry.note == f"later: it was nothing\n\n{WORDS}"
    assert entry.said("trigger") == "quarrel"


def test_words_of_the_wave_timer_become_one_entry_that_has_a_name(hers: Client, mara: User) -> None:
    session = kept_with_exercise(mara)
    for _ in range(2):
        hers.post(at("unsent_keep", session.pk))
    entry = Entry.objects.of(mara).get()
    assert entry.note == "kept with the timer"
    assert "Something else" in hers.get(reverse("journal:entry_list")).content.decode()
    session.refresh_from_db()
    assert len(session.notes) == 2


def test_looking_is_not_enough_and_nobody_else_can(hers: Client, his: Client) -> None:
    hold = begin(hers)
    assert hers.get(at("unsent_keep", hold.pk)).status_code == 405
    assert his.post(at("unsent_keep", hold.pk)).status_code == 404
    assert Entry.objects.count() == 0
