"""What the tests of this room share: Mara with the shipped texts, and holds as forms send them."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from exercises.models import Session
from healing.accounts.models import User
from healing.hold.models import Hold

ClientOf = Callable[[User], Client]
CREATE = reverse("hold:hold_create")
WORDS = "她没回 – <b>why</b> do you never write?\r\nI saw you were online."
URGES = ["check_on_them", "call_again"]


@pytest.fixture
def hers(mara: User, client_of: ClientOf, content: None) -> Client:
    return client_of(mara)


@pytest.fixture
def his(theo: User, client_of: ClientOf, content: None) -> Client:
    return client_of(theo)


def answers(**more: Any) -> dict[str, Any]:
    """What a browser sends from /hold/."""
    data = {"form_id": str(uuid4()), "urges": URGES, "before": "8", "minutes": "2"}
    return {**data, "message": WORDS, **more}


def begin(client: Client, **more: Any) -> Hold:
    data = answers(**more)
    answer = client.post(CREATE, data)
    assert answer.headers["Location"] == at("hold_wait", data["form_id"])
    return Hold.objects.get(pk=data["form_id"])


def answer(client: Client, hold: Hold, **more: Any) -> Any:
    """Sends how it is afterwards; let go, after the whole time, unless said otherwise."""
    data = {"after": "5", "chosen": "let_go", "seconds": "120", "ended": "finished", **more}
    return client.post(at("hold_wait", hold.pk), data)


def close(client: Client, hold: Hold, **ticks: Any) -> Any:
    return client.post(at("hold_end", hold.pk), {"words": "delete", **ticks})


def at(name: str, pk: Any) -> str:
    return reverse(f"hold:{name}", args=[pk])


def kept_with_exercise(owner: User, words: str = "kept with the timer", **said: Any) -> Session:
    """A time of the wave timer whose words somebody asked to keep, on its own page."""
    noted = [
        {"key": "urge", "say": "What is the urge?", "kind": "choice", "value": "Something else"},
        {"key": "message", "say": "The message, not sent", "kind": "writing", "value": words},
    ]
    row: Session = Session.objects.create(
        owner=owner,
        local_date=owner.today(),
        state=Session.State.DONE,
        said={
            "exercise": "E12",
            "variant": "standard",
            "before": 6,
            "after": 4,
            "seconds": 600,
            "ended": "finished",
            "framed": None,
            "aftercare": None,
            "noted": noted,
            **said,
        },
    )
    return row
