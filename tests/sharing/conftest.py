"""Rows to take along, and forms as a browser sends them."""

import html
import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from healing.accounts.models import User
from healing.checkins.actions import save_check_in
from healing.sharing import seal
from healing.sharing.actions import make_share
from healing.sharing.kinds import KINDS
from healing.sharing.models import Share
from healing.sharing.packet import Line, Packet, Row
from journal.models import Entry

DAY = date(2026, 5, 4)
PASSPHRASE = "river lamp otter bread"
PREVIEW, LINK = reverse("sharing:preview"), reverse("sharing:share_create")
Sent = dict[str, Any]
Make = Callable[..., tuple[Share, str]]


@pytest.fixture
def hers(mara: User, client_of: Callable[[User], Client]) -> Client:
    return client_of(mara)


@pytest.fixture
def visitor() -> Client:
    """A therapist: no cookie, no account, and cross-site checks as in production."""
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """A key that takes no time, for tests that try many; one test holds the real one."""
    monkeypatch.setattr(seal, "PASSES", 1)
    monkeypatch.setattr(seal, "MEMORY", 8 * seal.LANES)


@pytest.fixture
def entry(mara: User) -> Entry:
    return write(mara, DAY, note="the lamp was off", strength=7)


@pytest.fixture
def make(mara: User, quick: None) -> Make:
    """A link of hers and its token; `PASSPHRASE` opens it."""

    def made(owner: User = mara, *, days: int = 7, partial: bool = False) -> tuple[Share, str]:
        token = seal.new_token()
        share = make_share(
            owner=owner,
            form_id=uuid4(),
            label="for Dr Weiss",
            days=days,
            token=token,
            passphrase=PASSPHRASE,
            packet=packet_of("the lamp was off", partial=partial),
        )
        return share, token

    return made


def write(owner: User, day: date, **content: Any) -> Entry:
    content = {"form": "quick", **content}
    entry: Entry = Entry.objects.create(owner=owner, local_date=day, content=content)
    return entry


def check_in(owner: User, day: date, **answers: Any) -> None:
    save_check_in(owner=owner, local_date=day, answers=answers, shown={})


def packet_of(*texts: str, partial: bool = False) -> Packet:
    lines = tuple(Line(f"q{n}", f"Question {n}", text) for n, text in enumerate(texts))
    return Packet(DAY, DAY, (Row("a1", "Journal entry", DAY, lines),), partial)


def asked(first: date = DAY, last: date = DAY, *kinds: str) -> Sent:
    """The first form, as it is sent."""
    chosen = list(kinds) or [kind.slug for kind in KINDS]
    return {"first": first.isoformat(), "last": last.isoformat(), "kinds": chosen}


def hidden(page: str) -> Sent:
    """Hidden values of the page's last form, and its ticks."""
    found: Sent = {}
    form = page.split("<main", 1)[1].rsplit("<form", 1)[1]
    for tag in re.findall(r"<input[^>]+>", form):
        named = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        if named.get("type") == "hidden" or " checked" in tag:
            value = html.unescape(named.get("value", ""))
            found.setdefault(named["name"], []).append(value)
    return found


def looked(client: Client, sent: Sent, **more: Any) -> Sent:
    """What the preview sends on, once somebody looked at it."""
    answer = client.post(PREVIEW, {**sent, **more})
    assert answer.status_code == 200
    return hidden(answer.content.decode())


def main_of(page: str) -> str:
    return page.split("<main", 1)[1].split("</main>", maxsplit=1)[0]


def address(token: str) -> str:
    return reverse("sharing:share_open", args=[token])


def days_on(days: float) -> timedelta:
    return timedelta(days=days)
