"""A questionnaire's posted answers."""

import uuid
from typing import Any

import pytest

ADDRESS = "/questionnaires/starting-picture/"


@pytest.fixture
def posted() -> dict[str, Any]:
    """Some answers as a browser sends them: two lines and one choice filled, the rest skipped."""
    answers = {f"q{number:02}": "" for number in range(1, 16)}
    picked = {"q01": "4", "q02": "3", "focus": ["love", "work"], "recent_loss": "no"}
    return {**answers, **picked, "in_therapy": "", "row": str(uuid.uuid4())}
