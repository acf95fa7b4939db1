"""What bench.insights needs of the product; importing it loads Django and makes the tables."""

from typing import Any

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import reverse  # noqa: E402

from exercises.models import Session  # noqa: E402
from healing.accounts.models import User  # noqa: E402
from healing.checkins.models import CheckIn  # noqa: E402
from healing.insights.gather import entries_of  # noqa: E402
from healing.taxonomy.feelings import FEELINGS  # noqa: E402
from healing.taxonomy.meaning import NEEDS  # noqa: E402
from healing.taxonomy.triggers import RESERVES, TRIGGERS, UNTIL_STEADY  # noqa: E402
from healing.taxonomy.urges import URGES  # noqa: E402
from healing.vault.actions import keys_kept_open  # noqa: E402
from journal.models import Entry  # noqa: E402
from tests.factories import make_person  # noqa: E402

__all__ = ["CheckIn", "Entry", "Session", "entries_of", "keys_kept_open"]

lists = {
    "trigger": list(TRIGGERS.by_key),
    "feelings": list(FEELINGS.by_key),
    "urges": list(URGES.by_key),
    "needs": list(NEEDS.by_key),
    "reserve": list(RESERVES.by_key),
    "until": list(UNTIL_STEADY.by_key),
}


def somebody() -> tuple[User, Client]:
    """A person with nothing stored yet, signed in."""
    call_command("migrate", verbosity=0)
    owner, client = make_person("mara@example.org", time_zone="Europe/Berlin"), Client()
    client.force_login(owner, "allauth.account.auth_backends.AuthenticationBackend")
    return owner, client


def get(client: Client, name: str) -> Any:
    answer = client.get(reverse(f"insights:{name}"), {"time": "12-months"})
    assert answer.status_code == 200, name
    return answer


def close() -> None:
    connection.close()
