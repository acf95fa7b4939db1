"""What the tests of this room share: the shipped exercises, and a form as a browser sends it."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from exercises import content
from exercises.models import Exercise
from healing.accounts.models import User

ClientOf = Callable[[User], Client]
Filled = Callable[..., dict[str, Any]]


@pytest.fixture
def shipped(db: None) -> None:
    """The shipped exercises, without the rest of the content."""
    content.load()


@pytest.fixture
def breath(shipped: None) -> Exercise:
    """E05, a breathing exercise with a rest after it and a gentler exercise beside it."""
    return Exercise.objects.get(content_id="E05")


@pytest.fixture
def filled() -> Filled:
    """What a browser sends after an exercise; a field of None is left open."""

    def fields(**changed: Any) -> dict[str, Any]:
        data = {"session": str(uuid4()), "variant": "standard", "seconds": 170, "ended": "finished"}
        return {name: value for name, value in (data | changed).items() if value is not None}

    return fields
