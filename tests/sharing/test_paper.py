"""The packet as a page for paper."""

from django.test import Client
from django.urls import reverse

from healing.accounts.models import User
from journal.models import Entry
from tests.sharing.conftest import asked, hidden, looked, main_of
from tests.sharing.taking import holds_the_rules

PAPER = reverse("sharing:paper")


def test_it_holds_the_rules_of_taking(hers: Client, mara: User) -> None:
    holds_the_rules(hers, mara, "paper")


def test_it_is_made_of_what_was_left_and_leads_back(hers: Client, entry: Entry) -> None:
    mark = f"{entry.pk.hex}.strength"
    sent = looked(hers, asked(), out=[mark])
    page = hers.post(PAPER, sent).content.decode()
    assert "4 May 2026 to 4 May 2026" in main_of(page)
    assert "Own questions, not a test" in page
    assert looked(hers, hidden(page))["out"] == [mark]


def test_what_a_person_wrote_is_shown_as_they_wrote_it(hers: Client, mara: User) -> None:
    Entry.objects.create(
        owner=mara, local_date="2026-05-04", content={"form": "quick", "note": "<b>no</b>\nsecond"}
    )
    page = main_of(hers.post(PAPER, looked(hers, asked())).content.decode())
    assert "&lt;b&gt;no&lt;/b&gt;<br>second" in page
