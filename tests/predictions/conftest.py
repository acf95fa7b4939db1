"""Predictions for the tests of their pages."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from healing.accounts.models import User
from healing.predictions.actions import predict, resolve
from healing.predictions.models import Prediction
from healing.predictions.outcomes import Outcome

FEAR = "She will “forget” <b>me</b> by Sunday, 她会忘"
Fear = Callable[..., Prediction]


@pytest.fixture
def hers(mara: User, client_of: Callable[[User], Client]) -> Client:
    return client_of(mara)


@pytest.fixture
def fear() -> Fear:
    """Keeps a prediction of a person, due today; answered if an outcome is given."""

    def kept(owner: User, *, due: date | None = None, outcome: str = "", **more: Any) -> Prediction:
        words = {"fear": FEAR, "likelihood": 60, "entry": None}
        answer = {name: more.pop(name) for name in ("told", "unsafe") if name in more}
        row = predict(
            owner=owner, prediction=uuid4(), due=due or owner.today(), **{**words, **more}
        )
        if outcome:
            row = resolve(owner=owner, prediction=row.pk, outcome=Outcome(outcome), **answer)
        return row

    return kept


def main_of(page: str) -> str:
    """What stands between header and footer."""
    return page.split("<main", 1)[1].split("</main>", maxsplit=1)[0]
