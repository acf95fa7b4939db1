"""What the tests of the safety question share."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from unittest.mock import patch
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from healing.accounts.models import User
from healing.checkins.actions import answer_safety
from healing.checkins.models import SafetyAnswer

SAFETY = reverse("checkins:safety")
# Answers that give each level.
NONE = {"a": "no", "b": "no"}
LOW = {"a": "came_and_went", "b": "no", "c": "no"}
HIGH = {"a": "often", "b": "thought", "c": "no"}
NOW = {"a": "often", "b": "thought", "c": "yes"}
OPEN: dict[str, str] = {}
LEVELS = {"none": NONE, "low": LOW, "high": HIGH, "now": NOW, None: OPEN}


@pytest.fixture
def hers(mara: User, client_of: Callable[[User], Client]) -> Client:
    return client_of(mara)


def give(owner: User, answers: dict[str, str], row: UUID | None = None) -> SafetyAnswer:
    """Answers the question past the page."""
    return answer_safety(owner=owner, row=row or uuid4(), answers=answers)


@contextmanager
def days_later(days: float) -> Iterator[None]:
    """The same hour, so many days on."""
    then = timezone.now() + timedelta(days=days)
    with patch("django.utils.timezone.now", return_value=then):
        yield


def main_of(page: str) -> str:
    """What stands between header and footer."""
    return page.split("<main", 1)[1].split("</main>", maxsplit=1)[0]
