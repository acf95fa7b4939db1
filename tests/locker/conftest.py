"""Moments for the tests of their pages."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from healing.accounts.models import User
from healing.locker.actions import keep_moment
from healing.locker.models import Moment

WORDS = "She stayed & made <b>tea</b>, 她留下了"
Keep = Callable[..., Moment]


@pytest.fixture
def hers(mara: User, client_of: Callable[[User], Client]) -> Client:
    return client_of(mara)


@pytest.fixture
def keep() -> Keep:
    """Keeps a moment of a person."""

    def kept(owner: User, **more: Any) -> Moment:
        return keep_moment(
            owner=owner, moment=uuid4(), **{"words": WORDS, "kind": "someone_stayed", **more}
        )

    return kept
