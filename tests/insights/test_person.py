"""One's own side with one person, and what stands there when fear, threat or lies were written."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from healing.accounts.models import User
from healing.vault.actions import private_id
from tests.insights.conftest import seen, write


def page_of(client: Client, owner: User, time: str = "all") -> str:
    return seen(client, "person", time, pk=private_id(owner, "insights.person", "jo"))


def test_it_counts_her_feelings_needs_and_urges_with_that_person_alone(
    hers: Client, mara: User
) -> None:
    for _ in range(5):
        write(mara, person="Jo", trigger="quarrel", feelings=["sad"], needs=["rest"],
              urges=["wait", "hurt_myself"], did=["wait"])  # fmt: skip
    write(mara, person="Anna", trigger="quarrel", feelings=["lonely"])
    page = page_of(hers, mara)
    assert "In your last 5 entries here, “sad” appeared 5 times" in page
    assert "What you needed" in page
    assert "wait before acting" in page
    assert "hurt myself" not in page
    assert "lonely" not in page
    assert "In 5 entries you took a steady step" in page


def test_the_name_is_in_no_title(hers: Client, mara: User) -> None:
    write(mara, person="Jo", trigger="quarrel")
    address = reverse("insights:person", args=[private_id(mara, "insights.person", "jo")])
    title = hers.get(address).content.decode().split("<title>")[1].split("</title>")[0]
    assert "Jo" not in title


@pytest.mark.parametrize(
    "said",
    [
        {"trigger": "felt_unsafe"},
        {"trigger": "threat_to_leave"},
        {"trigger": "dishonesty"},
        {"trigger": "quarrel", "left_myself": ["unwanted_touch"]},
    ],
)
def test_after_fear_threat_lies_or_unwanted_touch_there_is_help_and_no_pattern(
    hers: Client, mara: User, said: dict[str, Any]
) -> None:
    for _ in range(6):
        write(mara, person="Jo", trigger="quarrel", feelings=["sad"])
    assert "appeared 6 times" in page_of(hers, mara, "28-days")
    # However long ago, and under whatever spelling.
    write(mara, back=400, person=" JO", **said)
    page = page_of(hers, mara, "28-days")
    assert "appeared" not in page
    assert "/exercises/alarm-or-answer/" in page
    assert "/help/" in page.split("Something else comes first")[1]


def test_nobody_is_a_404(hers: Client, mara: User) -> None:
    write(mara, person="Jo", trigger="quarrel")
    assert hers.get(reverse("insights:person", args=[uuid4()])).status_code == 404


def test_few_entries_with_someone_are_not_counted_out(hers: Client, mara: User) -> None:
    for _ in range(4):
        write(mara, person="Jo", trigger="quarrel", feelings=["sad"])
    assert "From 5 entries on" in page_of(hers, mara)
