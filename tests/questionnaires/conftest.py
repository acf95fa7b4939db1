"""A questionnaire's posted answers, and the wording an operator adds."""

import uuid
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
import yaml

ADDRESS = "/questionnaires/starting-picture/"


@pytest.fixture
def posted() -> dict[str, Any]:
    """Some answers as a browser sends them: two lines and one choice filled, the rest skipped."""
    answers = {f"q{number:02}": "" for number in range(1, 16)}
    picked = {"q01": "4", "q02": "3", "focus": ["love", "work"], "recent_loss": "no"}
    return {**answers, **picked, "in_therapy": "", "row": str(uuid.uuid4())}


@pytest.fixture
def wording(tmp_path: Path) -> Callable[..., Path]:
    """Makes a folder with the wording of one instrument, every line in made-up words."""

    def make(slug: str, *, numbers: Iterable[int], steps: int, **more: Any) -> Path:
        data = {
            "id": slug,
            "version": 1,
            "permission": "Letter of the authors, for the tests alone",
            "scale": {"min": 1, "max": steps, "anchors": [f"step {n}" for n in range(steps)]},
            "items": {number: f"Agreed wording {number}." for number in numbers},
        }
        (tmp_path / f"{slug}.yaml").write_text(yaml.safe_dump({**data, **more}))
        return tmp_path

    return make
