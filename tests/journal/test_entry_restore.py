"""Bringing a deleted entry back: by its owner, within the hour, once or twice."""

import time
from collections.abc import Callable

import pytest
from django.core import signing
from django.test import Client
from django.urls import reverse

from healing.accounts.models import User
from journal.actions import undo_token
from journal.models import Entry
from tests.journal.conftest import Write

RESTORE = reverse("journal:entry_restore")


@pytest.fixture
def hers(mara: User, client_of: Callable[[User], Client]) -> Client:
    return client_of(mara)


def deleted(entry: Entry) -> str:
    undo = undo_token(entry)
    entry.delete()
    return undo


def test_looking_at_the_address_does_nothing(hers: Client) -> None:
    assert hers.get(RESTORE).status_code == 405


def test_pressing_twice_brings_back_one(hers: Client, mara: User, write: Write) -> None:
    undo = deleted(write(mara, trigger="quarrel"))
    for _ in range(2):
        assert hers.post(RESTORE, {"undo": undo}).status_code == 302
    assert Entry.objects.of(mara).get().said("trigger") == "quarrel"


def test_an_undo_never_goes_over_what_was_written_since(
    hers: Client, mara: User, write: Write
) -> None:
    entry = write(mara, trigger="quarrel", note="old")
    undo = undo_token(entry)
    entry.content = {**entry.content, "note": "new"}
    entry.save()
    hers.post(RESTORE, {"undo": undo})
    assert Entry.objects.of(mara).get().note == "new"


def aged(undo: str, minutes: int) -> str:
    """The same undo, as if its page had been opened so long ago."""

    class Earlier(signing.TimestampSigner):
        def timestamp(self) -> str:
            return signing.b62_encode(int(time.time()) - minutes * 60)

    return Earlier(salt="journal.undo").sign_object(signing.loads(undo, salt="journal.undo"))


@pytest.mark.parametrize(("minutes", "entries"), [(0, 1), (59, 1), (61, 0), (60 * 24, 0)])
def test_the_hour_ends(hers: Client, mara: User, write: Write, minutes: int, entries: int) -> None:
    undo = aged(deleted(write(mara)), minutes)
    hers.post(RESTORE, {"undo": undo})
    assert Entry.objects.of(mara).count() == entries


@pytest.mark.parametrize("undo", ["", "nonsense", "a:b:c"])
def test_what_is_no_undo_is_met_kindly(hers: Client, undo: str) -> None:
    page = hers.post(RESTORE, {"undo": undo}, follow=True).content.decode()
    assert "The hour for bringing it back is over." in page
    assert Entry.objects.count() == 0


def test_a_stranger_can_bring_back_nothing(
    mara: User, theo: User, write: Write, client_of: Callable[[User], Client]
) -> None:
    undo = deleted(write(mara))
    client_of(theo).post(RESTORE, {"undo": undo})
    assert Entry.objects.count() == 0
