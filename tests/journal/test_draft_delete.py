"""A draft is deleted when its person says so, and only then."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from healing.accounts.models import User
from journal.models import Draft, Entry
from tests.journal.conftest import Write


@pytest.fixture
def hers(mara: User, client_of: Callable[[User], Client]) -> Client:
    return client_of(mara)


def begun(owner: User, entry: Entry | None = None) -> Draft:
    draft: Draft = Draft.objects.create(
        owner=owner,
        changed=timezone.now(),
        content={
            "fields": {"note": ["half"]},
            "entry": str(entry.pk) if entry else "",
            "version": "",
        },
    )
    return draft


def address(draft: Draft) -> str:
    return reverse("journal:draft_delete", args=[draft.pk])


def test_it_goes_and_the_others_stay(hers: Client, mara: User) -> None:
    draft, other = begun(mara), begun(mara)
    answer = hers.post(address(draft), follow=True)
    assert answer.redirect_chain[0][0] == reverse("journal:entry_create")
    assert "The draft is deleted." in answer.content.decode()
    assert list(Draft.objects.all()) == [other]


def test_from_a_change_it_leads_back_to_the_entry(hers: Client, mara: User, write: Write) -> None:
    entry = write(mara)
    answer = hers.post(address(begun(mara, entry)))
    assert answer["Location"] == reverse("journal:entry_edit", args=[entry.pk])
    assert Entry.objects.of(mara).get() == entry


def test_from_the_change_of_an_entry_that_is_gone_it_leads_to_a_new_one(
    hers: Client, mara: User, write: Write
) -> None:
    entry = write(mara)
    draft = begun(mara, entry)
    entry.delete()
    assert hers.post(address(draft))["Location"] == reverse("journal:entry_create")


def test_looking_deletes_nothing(hers: Client, mara: User) -> None:
    draft = begun(mara)
    assert hers.get(address(draft)).status_code == 405
    assert Draft.objects.get() == draft


def test_a_stranger_finds_nothing(
    mara: User, theo: User, client_of: Callable[[User], Client]
) -> None:
    draft = begun(mara)
    assert client_of(theo).post(address(draft)).status_code == 404
    assert Draft.objects.get() == draft
