"""The journal with 10,000 entries of one person: its list, and searches that find nothing.

Runs on a database of its own (see bench/site.py). Prints medians, and the ratio of a long list to a
short one, measured by turns, so that other work on the machine spoils it least. Ends with 1 if a
limit is passed. Of each search the quickest round counts, since other work can only add to it.
"""

import random
import sys
from collections.abc import Callable
from datetime import timedelta
from statistics import median
from time import perf_counter
from typing import Any

from django.db import connection
from django.test import Client
from django.utils import timezone

from bench import site  # noqa: F401 - starts Django
from journal.models import Entry
from tests.factories import make_person

MANY, FEW = 10_000, 100
RATIO, SEARCH_MS = 1.5, 300
ROUNDS = 15
SAID = (
    "he said he would call and the phone stayed dark so I walked round the kitchen again and "
    "thought of the summer when nobody came to the station then I made tea and waited"
)
# Each of them looks through all rows.
SEARCHES: dict[str, dict[str, str]] = {
    "a word that is nowhere": {"words": "zeppelin"},
    "with accents": {"words": "Zeppélin ’"},
    "a word of another alphabet": {"words": "жизнь"},
    "a word that stands in every row, but was not written": {"words": "feelings"},
    "an answer nobody gave": {"trigger": "goodbye"},
}


def content(place: int, chance: random.Random) -> dict[str, Any]:
    """An entry of middle size; every other one has letters beyond ASCII."""
    words = SAID.split()
    said = " ".join(chance.choices(words, k=60))
    return {
        "form": "standard",
        "trigger": "quarrel",
        "strength": place % 11,
        "feelings": ["afraid", "sad"],
        "urges": ["send_many"],
        "person": "M.",
        "guess": " ".join(chance.choices(words, k=20)),
        "note": said if place % 2 else said.replace("he", "é’").replace("tea", "thé"),
    }


def person_with(number: int) -> Client:
    """A signed-in client of somebody with so many entries."""
    user = make_person(f"with-{number}@example.org")
    chance, now = random.Random(number), timezone.now()
    Entry.objects.bulk_create(
        (
            Entry(
                owner=user,
                local_date=user.today() - timedelta(days=place // 4),
                created=now - timedelta(hours=place * 6),
                content=content(place, chance),
            )
            for place in range(number)
        ),
        batch_size=500,
    )
    client = Client()
    client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
    return client


def milliseconds(work: Callable[..., Any], *arguments: Any) -> float:
    start = perf_counter()
    answer = work(*arguments)
    took = (perf_counter() - start) * 1000
    assert answer.status_code == 200
    return took


def main() -> int:
    few, many = person_with(FEW), person_with(MANY)
    rounds = [[milliseconds(one.get, "/journal/") for one in (few, many)] for _ in range(ROUNDS)]
    short, long = (median(times) for times in zip(*rounds, strict=True))
    print(f"on {connection.vendor}")
    print(f"list of {FEW}: {short:.1f} ms, of {MANY}: {long:.1f} ms")
    print(f"ratio: {long / short:.2f} (limit {RATIO})")
    slowest = 0.0
    for name, asked in SEARCHES.items():
        took = min(milliseconds(many.post, "/journal/", asked) for _ in range(ROUNDS))
        slowest = max(slowest, took)
        print(f"{name}: {took:.0f} ms (limit {SEARCH_MS})")
    return int(long / short > RATIO or slowest > SEARCH_MS)


if __name__ == "__main__":
    sys.exit(main())
