"""Whether an entry asks about the gentler path: once, on its day, about a fresh loss."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from exercises.actions import end_gentler_path, on_gentler_path
from healing.accounts.models import User
from journal.loss import LOSSES
from journal.models import Entry
from tests.journal.conftest import Write

PATH = reverse("exercises:gentler_path")


def asks(client: Client, entry: Entry) -> bool:
    page = client.get(reverse("journal:entry_detail", args=[entry.pk])).content.decode()
    return f'action="{PATH}"' in page


@pytest.mark.parametrize("trigger", LOSSES)
def test_a_loss_is_asked_about_until_it_is_answered(
    mara: User, client_of: Any, write: Write, trigger: str
) -> None:
    hers, entry = client_of(mara), write(mara, trigger=trigger)
    here = reverse("journal:entry_detail", args=[entry.pk])
    assert asks(hers, entry)
    assert hers.post(PATH, {"as": "on", "back": here}).url == here
    assert on_gentler_path(owner=mara)
    assert not asks(hers, entry)
    assert not asks(hers, write(mara, trigger=trigger))


def test_no_thanks_is_the_last_word(mara: User, client_of: Any, write: Write) -> None:
    end_gentler_path(owner=mara)
    assert not asks(client_of(mara), write(mara, trigger="break_up"))


def test_only_a_loss_is_asked_about(mara: User, client_of: Any, write: Write) -> None:
    assert not asks(client_of(mara), write(mara, trigger="reply_late"))
    assert not asks(client_of(mara), write(mara, note="break_up"))


def test_it_asks_about_a_fresh_loss_and_on_the_day_of_writing_alone(
    mara: User, client_of: Any, write: Write
) -> None:
    hers, today = client_of(mara), mara.today()
    for days, fresh in ((89, True), (90, False)):
        entry = write(mara, trigger="break_up", local_date=today - timedelta(days=days))
        assert asks(hers, entry) is fresh
    entry = write(mara, trigger="break_up")
    Entry.objects.filter(pk=entry.pk).update(created=entry.created - timedelta(days=1))
    assert not asks(hers, entry)
