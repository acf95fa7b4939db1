"""Help by country, whatever the database does."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from itertools import groupby

from django.db import Error

from healing.safety.content import read, read_elsewhere
from healing.safety.models import CrisisLine

logger = logging.getLogger(__name__)

ELSEWHERE = "ZZ"


@dataclass(frozen=True)
class Country:
    """The numbers of one country, in the order to show them."""

    code: str
    name: str
    emergency: list[CrisisLine]
    lines: list[CrisisLine]


@dataclass(frozen=True)
class Elsewhere:
    """What to do in a country that is not listed."""

    code: str
    name: str
    advice: list[str]


# What this process read last; shown while the database does not answer.
_last_read: list[Country] = []


def countries() -> list[Country]:
    """Every country by name: from the database, else as last read, else as shipped. One query."""
    try:
        found = _by_country(CrisisLine.objects.published())
    except Error as problem:
        logger.warning("crisis lines shown from memory: %s", type(problem).__name__)
        return list(_last_read) or shipped()
    _last_read[:] = found
    return found or shipped()


@cache
def shipped() -> list[Country]:
    """The numbers that come with the program, checked by nobody here."""
    rows = [{name: value for name, value in row.items() if name != "id"} for row in read()]
    return _by_country(CrisisLine(**row) for row in rows)


@cache
def elsewhere() -> Elsewhere:
    name, advice = read_elsewhere()
    return Elsewhere(ELSEWHERE, name, advice)


def _by_country(rows: Iterable[CrisisLine]) -> list[Country]:
    """Countries by name; their rows by the place an editor gave them."""
    ordered = sorted(rows, key=lambda row: (row.country_code, row.order, row.title))
    found = [
        _country(code, list(group))
        for code, group in groupby(ordered, key=lambda row: row.country_code)
    ]
    return sorted(found, key=lambda country: country.name)


def _country(code: str, rows: list[CrisisLine]) -> Country:
    emergency = [row for row in rows if row.kind == CrisisLine.Kind.EMERGENCY]
    lines = [row for row in rows if row.kind != CrisisLine.Kind.EMERGENCY]
    return Country(code, rows[0].country, emergency, lines)
