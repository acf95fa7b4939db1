"""Cronbach's alpha of made-up tables by pingouin: the figures our own is held against.

pingouin brings 576 MB of other packages, so it is no requirement of the tests. Run this apart from
the project, in a virtual environment of its own (docs/questionnaires.md has the two lines). It
imports nothing of ours, and writes the tables with the figures for tests/questionnaires.
"""

import json
import random
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pandas
import pingouin

FIGURES = Path(__file__).parent.parent / "tests" / "questionnaires" / "data" / "alpha.json"
SEED = 20261128
# People, items, highest step, how far an answer strays from the person, share of empty cells.
SHAPES = [
    (60, 6, 7, 1.2, 0.0),
    (60, 6, 7, 1.2, 0.05),
    (200, 12, 5, 1.0, 0.02),
    (200, 18, 7, 2.5, 0.03),
    (35, 9, 4, 0.3, 0.1),
    (500, 3, 7, 6.0, 0.01),
    (12, 5, 5, 1.0, 0.15),
    (40, 2, 7, 1.5, 0.2),
]


def tables() -> list[list[list[int | None]]]:
    """Rows of answers, None where one is missing; the same at every run."""
    chance = random.Random(SEED)
    return [[_row(chance, *shape) for _person in range(shape[0])] for shape in SHAPES]


def _row(
    chance: random.Random, _people: int, items: int, highest: int, stray: float, holes: float
) -> list[int | None]:
    middle = chance.gauss((1 + highest) / 2, highest / 5)
    row = []
    for _item in range(items):
        step = min(highest, max(1, round(middle + chance.gauss(0, stray))))
        row.append(None if chance.random() < holes else step)
    return row


def figures() -> list[dict[str, Any]]:
    """Each table with pingouin's alpha over its complete cases."""
    found = []
    for table in tables():
        alpha, _interval = pingouin.cronbach_alpha(
            data=pandas.DataFrame(table, dtype=float), nan_policy="listwise"
        )
        found.append({"alpha": float(alpha), "table": table})
    return found


if __name__ == "__main__":
    by = {name: version(name) for name in ("pingouin", "pandas", "numpy", "scipy")}
    written = json.dumps({"by": by, "seed": SEED, "figures": figures()}, separators=(",", ":"))
    FIGURES.write_text(written + "\n", encoding="utf-8")
    sys.stdout.write(f"{len(SHAPES)} tables written to {FIGURES}, by {by}.\n")
