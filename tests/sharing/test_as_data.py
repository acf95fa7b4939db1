"""The packet as data for other programs."""

from django.test import Client
from django.urls import reverse

from healing.accounts.models import User
from journal.models import Entry
from tests.sharing.conftest import asked, looked
from tests.sharing.taking import holds_the_rules


def test_it_holds_the_rules_of_taking(hers: Client, mara: User) -> None:
    holds_the_rules(hers, mara, "as_data")


def test_it_has_a_plain_name_and_no_id(hers: Client, entry: Entry) -> None:
    answer = hers.post(reverse("sharing:as_data"), looked(hers, asked()))
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="notes.json"'
    assert answer.json()["rows"][0]["kind"] == "Journal entry"
    assert entry.pk.hex not in answer.content.decode().replace("-", "")
