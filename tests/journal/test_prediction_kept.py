"""A prediction noted with an entry is kept with it, once."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from healing.accounts.models import User
from healing.predictions.models import Prediction
from journal.models import Entry
from tests.journal.conftest import Write

CREATE = reverse("journal:entry_create")


@pytest.fixture
def hers(mara: User, client_of: Callable[[User], Client]) -> Client:
    return client_of(mara)


def answers(owner: User, **more: Any) -> dict[str, Any]:
    day = owner.today().isoformat()
    said = {"form": "standard", "form_id": str(uuid4()), "local_date": day, "trigger": "quarrel"}
    return {**said, **more}


def test_a_fear_is_kept_with_its_entry_once(hers: Client, mara: User) -> None:
    due = mara.today() + timedelta(days=3)
    data = answers(mara, fear="She will leave", likelihood="80", due=due.isoformat())
    for form_id in (data["form_id"], data["form_id"], str(uuid4())):
        hers.post(CREATE, {**data, "form_id": form_id})
    entry, kept = Entry.objects.of(mara).get(), Prediction.objects.of(mara).get()
    assert (kept.due, kept.said["fear"], kept.said["likelihood"]) == (due, "She will leave", 80)
    assert kept.said["entry"] == str(entry.pk)


def test_a_change_can_add_one(hers: Client, mara: User, write: Write) -> None:
    entry = write(mara, form="standard", trigger="quarrel")
    edit = reverse("journal:entry_edit", args=[entry.pk])
    mark = hers.get(edit).content.decode().partition('name="opened_with" value="')[2][:16]
    hers.post(edit, answers(mara, opened_with=mark, fear="She will leave"))
    assert Prediction.objects.of(mara).get().said["entry"] == str(entry.pk)


@pytest.mark.parametrize(
    "more", [{"fear": ""}, {"fear": "x", "grow": "deep"}, {"trigger": "-", "fear": "x"}]
)
def test_without_a_fear_or_before_saving_there_is_none(
    hers: Client, mara: User, more: dict[str, str]
) -> None:
    hers.post(CREATE, {**answers(mara, likelihood="50"), **more})
    assert not Prediction.objects.exists()
