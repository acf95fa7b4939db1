"""Cronbach's alpha against an independent implementation: pingouin's, recorded and live."""

import json
import runpy
from dataclasses import replace
from math import isclose
from pathlib import Path

import pytest

from healing.questionnaires.instrument import Item
from healing.questionnaires.instrument_folder import from_files
from healing.questionnaires.table import Scorer

RECORDED = json.loads((Path(__file__).parent / "data" / "alpha.json").read_text())
# The two differ by the rounding of floats alone.
ROUNDING = 1e-12


def scorer_of(items):
    """Scores one scale of so many items on 1 to 7, every second one reversed."""
    key = from_files()["ecr-s"]
    keys = tuple(f"q{number:02}" for number in range(1, items + 1))
    one = replace(key.subscales[0], items=keys, reversed=frozenset(keys[1::2]))
    lines = tuple(Item(number, name, "") for number, name in enumerate(keys, start=1))
    instrument = replace(key, items=lines, subscales=(one,))
    return Scorer(instrument, [f"Q{number}" for number in range(1, items + 1)])


def our_alpha(table):
    """Alpha of a table of keyed answers, which people gave as the items were printed."""
    scorer = scorer_of(len(table[0]))
    for row in table:
        printed = [
            "" if step is None else str(8 - step if place % 2 else step)
            for place, step in enumerate(row)
        ]
        _found, fault = scorer.score(printed)
        assert fault == ""
    whole = sum(None not in row for row in table)
    assert scorer.tallies[0].complete == whole
    return scorer.tallies[0].alpha()


@pytest.mark.parametrize("number", range(len(RECORDED["figures"])))
def test_alpha_is_pingouins(number):
    one = RECORDED["figures"][number]
    assert isclose(our_alpha(one["table"]), one["alpha"], rel_tol=0, abs_tol=ROUNDING)


def test_the_recorded_figures_say_something():
    alphas = [one["alpha"] for one in RECORDED["figures"]]
    assert len({round(alpha, 3) for alpha in alphas}) == len(alphas) >= 8
    assert min(alphas) < 0.5 < 0.9 < max(alphas)
    holed = [any(None in row for row in one["table"]) for one in RECORDED["figures"]]
    assert holed.count(True) >= 6
    assert RECORDED["by"]["pingouin"] == "0.7.0"


def test_pingouin_itself_says_so_where_it_is_installed():
    pytest.importorskip("pingouin", reason="576 MB; docs/questionnaires.md says how to run it")
    figures = runpy.run_path(str(Path(__file__).parents[2] / "bench" / "alpha.py"))["figures"]()
    assert figures == RECORDED["figures"]
    for one in figures:
        assert isclose(our_alpha(one["table"]), one["alpha"], rel_tol=0, abs_tol=ROUNDING)
