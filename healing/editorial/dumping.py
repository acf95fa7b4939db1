"""Gathers live texts for the files that ship: which fit there, and why the others do not."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from itertools import takewhile
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from healing.editorial.shipped import BadContent, short

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Aside:
    """A live text that no shipped file can take: why, and its words if they can be written."""

    why: str
    text: str = ""
    ending: str = ".yaml"


@dataclass
class Dump:
    """What one room's live texts become.

    `files` are whole files by their path from the project's folder. `aside` holds texts that fit
    into none, and `noted` what else there is to say, both by content id.
    """

    files: dict[str, str] = field(default_factory=dict)
    aside: dict[str, Aside] = field(default_factory=dict)
    noted: dict[str, str] = field(default_factory=dict)

    def put(self, file: Path, text: str, *, same: bool) -> None:
        """Write a YAML file; one that says the `same` as it shipped comes back byte for byte."""
        shipped = file.read_text(encoding="utf-8")
        self.files[short(file)] = shipped if same else _head(shipped) + text


def settle(
    dump: Dump,
    *,
    shipped: Mapping[str, Row],
    live: Mapping[str, Row],
    read: Callable[[Row], Row],
    together: Callable[[Collection[Row]], Any],
    write: Callable[[Row], str],
) -> dict[str, Row]:
    """The live rows that can take the place of shipped ones, as their files will be read.

    All arguments hold rows as the room's `read` gives them, by content id. `read` puts one row
    through its file's form and back, and `together` looks at all rows of the room; both raise
    BadContent. What does not fit goes to `dump.aside` in the words of `write`.
    """
    kept: dict[str, Row] = {}
    for one, row in live.items():
        try:
            if one not in shipped:
                raise BadContent(_("was added here. To ship, it needs an id and a place."))
            kept[one] = read(row)
        except BadContent as problem:
            dump.aside[one] = _aside(problem, row, write)
    if _misfit({**shipped, **kept}, together) is None:
        return kept
    fitting: dict[str, Row] = {}
    for one, row in kept.items():
        if misfit := _misfit({**shipped, **fitting, one: row}, together):
            dump.aside[one] = _aside(misfit, live[one], write)
        else:
            fitting[one] = row
    return fitting


def _head(text: str) -> str:
    """The comment at the top of a file."""
    return "".join(takewhile(lambda line: line.startswith("#"), text.splitlines(keepends=True)))


def _misfit(
    rows: Mapping[str, Row], together: Callable[[Collection[Row]], Any]
) -> BadContent | None:
    try:
        together(list(rows.values()))
    except BadContent as problem:
        return problem
    return None


def _aside(problem: BadContent, row: Row, write: Callable[[Row], str]) -> Aside:
    try:
        return Aside(str(problem), write(row))
    except BadContent:
        return Aside(str(problem))
