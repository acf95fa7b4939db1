"""Deleting an entry: asked first, gone at once, and an hour of undo in the page itself."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from healing.accounts.models import User
from journal.models import Entry
from tests.journal.conftest import Write


def address(entry: Entry) -> str:
    return reverse("journal:entry_delete", args=[entry.pk])


def undo_in(page: bytes) -> str:
    """The hidden value that brings the entry back."""
    found = re.search(r'name="undo" value="([^"]+)"', page.decode())
    assert found
    return found[1]


@pytest.fixture
def hers(mara: User, client_of: Callable[[User], Client]) -> Client:
    return client_of(mara)


def test_asking_deletes_nothing(hers: Client, mara: User, write: Write) -> None:
    entry = write(mara, trigger_own="the empty chair")
    page = hers.get(address(entry)).content.decode()
    assert "the empty chair" in page
    assert Entry.objects.of(mara).count() == 1


def test_it_is_gone_at_once_and_can_be_brought_back(hers: Client, mara: User, write: Write) -> None:
    entry = write(mara, trigger_own="the empty chair", strength=4, note="kept")
    answer = hers.post(address(entry))
    assert Entry.objects.count() == 0
    assert b"the empty chair" not in answer.content
    back = hers.post(reverse("journal:entry_restore"), {"undo": undo_in(answer.content)})
    assert back.headers["Location"] == reverse("journal:entry_detail", args=[entry.pk])
    again = Entry.objects.get()
    assert (again.pk, again.created, again.local_date) == (
        entry.pk,
        entry.created,
        entry.local_date,
    )
    assert again.content == entry.content


def test_two_quick_presses_end_on_the_same_page(hers: Client, mara: User, write: Write) -> None:
    entry = write(mara)
    undo = undo_in(hers.get(address(entry)).content)
    first = hers.post(address(entry), {"undo": undo})
    second = hers.post(address(entry), {"undo": undo})
    assert (first.status_code, second.status_code) == (200, 200)
    hers.post(reverse("journal:entry_restore"), {"undo": undo_in(second.content)})
    assert Entry.objects.of(mara).get().content == entry.content


def test_what_is_long_gone_is_not_found(hers: Client, mara: User, write: Write) -> None:
    entry = write(mara)
    hers.post(address(entry))
    assert hers.get(address(entry)).status_code == 404
    assert hers.post(address(entry)).status_code == 404


def test_the_undo_of_one_entry_opens_no_other(hers: Client, mara: User, write: Write) -> None:
    one, other = write(mara), write(mara)
    undo = undo_in(hers.get(address(one)).content)
    hers.post(address(other))
    assert hers.post(address(other), {"undo": undo}).status_code == 404


def test_a_stranger_cannot_delete(
    mara: User, theo: User, write: Write, client_of: Callable[[User], Client]
) -> None:
    entry = write(mara)
    stranger = client_of(theo)
    undo = undo_in(client_of(mara).get(address(entry)).content)
    assert stranger.get(address(entry)).status_code == 404
    assert stranger.post(address(entry)).status_code == 404
    assert stranger.post(address(entry), {"undo": undo}).status_code == 404
    assert Entry.objects.of(mara).count() == 1


def test_what_the_page_carries_is_sealed(hers: Client, mara: User, write: Write) -> None:
    entry = write(mara, trigger_own="secretword")
    undo = undo_in(hers.post(address(entry)).content)
    assert "secretword" not in undo
    assert "c2VjcmV0d29yZA" not in undo
