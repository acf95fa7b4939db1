"""A folder of lesson files that a test may change between two loadings."""

from collections.abc import Callable
from pathlib import Path

import pytest

MODULE = """
- id: M1
  slug: a-first-module
  order: 1
  title: A first module
  aim: Begin.
  intensity: low
  optional: false
"""
LESSON = """---
id: M1.1
slug: a-first-lesson
module: M1
order: 1
title: A first lesson
minutes: 6
goal: Know what this is.
intensity: low
content_note: ""
short_version: A calmer body first.
practise: []
sources: []
---

{text}

::: reflect first-sign
What is the first sign?
:::

::: note
A **short** note.
:::
"""


@pytest.fixture
def ship(tmp_path: Path) -> Callable[[str], Path]:
    """Writes a lesson with this text, and answers with the folder it lies in."""
    (tmp_path / "modules.yaml").write_text(MODULE)
    (tmp_path / "m1").mkdir()

    def write(text: str) -> Path:
        (tmp_path / "m1" / "m1-1.md").write_text(LESSON.format(text=text))
        return tmp_path

    return write
