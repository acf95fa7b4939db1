"""What the tests of this room share: the shipped exercises, and forms as a browser sends them."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session as Cookie
from django.test import Client
from django.urls import reverse
from wagtail.models import ModelLogEntry, Revision

from exercises import content
from exercises.actions import note_safety, open_gate
from exercises.models import Exercise, Session
from healing.accounts.models import User
from healing.vault.models import PrivateRecord
from tests.put_back import PutBack

ClientOf = Callable[[User], Client]
Filled = Callable[..., dict[str, Any]]

put_back_exercises = PutBack(content.load, (Revision, Exercise, ModelLogEntry))

# Today's check before an exercise with a frame, passed.
GOOD_DAY = {"sober": "yes", "time_after": "yes", "private": "yes", "before": "4"}
# The questions about another person, answered so that E25-E28 open.
SAFE = {"could_hurt": "no", "has_hurt": "no", "respects_no": "yes"}


@pytest.fixture
def shipped(db: None) -> None:
    """The shipped exercises, without the rest of the content."""
    put_back_exercises()


@pytest.fixture
def breath(shipped: None) -> Exercise:
    """E05, a breathing exercise with a rest after it and a gentler exercise beside it."""
    return the("E05")


@pytest.fixture
def hers(mara: User, client_of: ClientOf, shipped: None) -> Client:
    """Mara, signed in, with the shipped exercises there."""
    return client_of(mara)


@pytest.fixture
def ready(mara: User) -> User:
    """Mara, to whom the exercises with a frame are open: gate and safety answer of today."""
    open_gate(owner=mara)
    note_safety(owner=mara, is_none=True)
    return mara


@pytest.fixture
def strict(mara: User, shipped: None) -> Client:
    """Mara, signed in, with CSRF checks on."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(mara, "allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture
def filled() -> Filled:
    """What a browser sends after an exercise; a field of None is left open."""

    def fields(**changed: Any) -> dict[str, Any]:
        data = {"session": str(uuid4()), "variant": "standard", "seconds": 170, "ended": "finished"}
        return {name: value for name, value in (data | changed).items() if value is not None}

    return fields


def the(content_id: str) -> Exercise:
    return Exercise.objects.get(content_id=content_id)


def address(content_id: str, name: str = "exercise_detail") -> str:
    return reverse(f"exercises:{name}", args=[the(content_id).slug])


def save(client: Client, content_id: str, **changed: Any) -> Session:
    """Sends a session as the form would, and gives its row; a field of None is left open."""
    data = {"session": str(uuid4()), "variant": "standard", "ended": "finished"} | changed
    sent = {name: value for name, value in data.items() if value is not None}
    assert client.post(address(content_id, "session_save"), sent).status_code == 302
    return Session.objects.get(pk=data["session"])


def begin(client: Client, content_id: str, **changed: Any) -> Session:
    """Passes today's check before an exercise with a frame, and gives the session begun."""
    data = GOOD_DAY | {"session": str(uuid4())} | changed
    answer = client.post(address(content_id, "day_check"), data)
    assert answer.url.startswith(f"{address(content_id)}?session={data['session']}")
    return Session.objects.get(pk=data["session"])


def moved(session: Session, *, days: int) -> Session:
    """The session as if it had been so many days ago."""
    session.local_date -= timedelta(days=days)
    session.created -= timedelta(days=days)
    session.save(update_fields=["local_date", "created"])
    return session


def kept_of(owner: User) -> str:
    """All that is stored of a person, sealed words opened, and every session of a browser."""
    private = [model for model in apps.get_models() if issubclass(model, PrivateRecord)]
    rows = [
        {field.attname: getattr(row, field.attname) for field in model._meta.concrete_fields}
        for model in private
        for row in model.objects.of(owner)
    ]
    browsers = [cookie.get_decoded() for cookie in Cookie.objects.all()]
    return json.dumps([rows, browsers], default=str)
