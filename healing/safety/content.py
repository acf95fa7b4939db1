"""The shipped crisis lines: reads, checks, loads and writes back `content/crisis.yaml`."""

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

from django.utils.text import slugify
from django.utils.translation import gettext as _

from healing.editorial import loader
from healing.editorial.dumping import Dump, settle
from healing.editorial.shipped import (
    BadContent,
    Fields,
    read_yaml,
    refuse_doubles,
    short,
)
from healing.editorial.text_checks import Finding
from healing.editorial.writing import Inline, sentence, yaml_of
from healing.safety.models import CrisisLine

FILE = Path(__file__).parent / "content" / "crisis.yaml"
DIALLED = r"\+?[0-9]{2,20}"
ID_LENGTH = 32


def read(file: Path = FILE) -> list[dict[str, Any]]:
    """Every shipped number, checked as all of the file is; raises BadContent naming the field."""
    read_elsewhere(file)
    return _rows(_top(file))


def _rows(top: Fields) -> list[dict[str, Any]]:
    rows = [row for part in _parts(top, "countries") for row in _country(part)]
    top.part("elsewhere")
    top.done()
    refuse_doubles(rows, "id")
    return rows


def read_elsewhere(file: Path = FILE) -> tuple[str, list[str]]:
    """What to call "another country", and the advice for it."""
    fields = _top(file).part("elsewhere")
    fields.match("code", "ZZ")
    name, advice = fields.text("name", 80), fields.take("advice", list, "a list")
    if not advice or not all(isinstance(line, str) for line in advice):
        raise fields.fail("advice", "must be a list of texts.")
    fields.done()
    return name, [line.strip() for line in advice]


def load(file: Path = FILE) -> dict[str, loader.Upgrade]:
    """Bring the shipped numbers into the database."""
    return loader.load(CrisisLine, read(file), _fill)


def findings(rows: Collection[loader.Row]) -> Iterator[tuple[str, Finding]]:
    """What is to be mended in what `read` has read, each with its id."""
    return loader.findings(CrisisLine, rows, _fill)


def dump() -> Dump:
    """The live numbers as the shipped file; one that is not published stays as it shipped.

    Who checked a number, and when, stays here: whoever runs another site checks it again.
    """
    dumped = Dump()
    shipped = {row["id"]: row for row in read()}
    names = [*next(iter(shipped.values())).keys() - {"id"}]
    live = {
        line.content_id: {"id": line.content_id, **{name: getattr(line, name) for name in names}}
        for line in CrisisLine.objects.published()
    }
    kept = settle(
        dumped,
        shipped=shipped,
        live=live,
        read=lambda row: row,
        together=_together,
        write=lambda row: yaml_of([dict(row)]),
    )
    rows = shipped | kept
    dumped.put(FILE, yaml_of(_document(rows.values())), same=rows == shipped)
    return dumped


def _together(rows: Collection[loader.Row]) -> None:
    """Raise BadContent unless all numbers can be read back from one file as they are here."""
    again = {row["id"]: row for row in _rows(Fields(_document(rows), short(FILE)))}
    for row in rows:
        # Their order is counted anew.
        if {**row, "order": 0} != {**again.get(row["id"], {}), "order": 0}:
            raise BadContent(_("does not fit among the numbers of its country."))


def _document(rows: Collection[loader.Row]) -> dict[str, Any]:
    """All of the file, from the numbers of every country; the words for elsewhere are shipped."""
    by_code: dict[str, list[loader.Row]] = {}
    for row in sorted(rows, key=lambda row: int(row["order"])):
        by_code.setdefault(row["country_code"], []).append(row)
    codes = dict.fromkeys(row["country_code"] for row in rows)
    name, advice = read_elsewhere()
    elsewhere = {"code": "ZZ", "name": name, "advice": [sentence(line) for line in advice]}
    return {"countries": [_as_country(by_code[code]) for code in codes], "elsewhere": elsewhere}


def _as_country(rows: list[loader.Row]) -> dict[str, Any]:
    emergency = [row for row in rows if row["kind"] == CrisisLine.Kind.EMERGENCY]
    return {
        "code": rows[0]["country_code"],
        "name": (emergency or rows)[0]["country"],
        "emergency": Inline(*(_as_number(row, label=row["title"]) for row in emergency[:1])),
        "lines": [_as_line(row) for row in rows if row not in emergency],
    }


def _as_line(row: loader.Row) -> dict[str, Any]:
    known = row["id"] == _line_id(row["country_code"], row["title"])
    return {**({} if known else {"id": row["id"]}), "name": row["title"], **_as_number(row)}


def _as_number(row: loader.Row, **more: str) -> dict[str, Any]:
    names = ("number", "tel", "text_to", "for_whom")
    return {**{name: row[name] for name in names if row[name]}, **more}


def _top(file: Path) -> Fields:
    return Fields(read_yaml(file.read_text(encoding="utf-8"), file), short(file))


def _parts(fields: Fields, name: str) -> list[Fields]:
    entries = fields.take(name, list, "a list")
    if not entries:
        raise fields.fail(name, "is empty.")
    place = f"{fields.place}, field {name}"
    return [Fields(entry, f"{place}, entry {n}") for n, entry in enumerate(entries, start=1)]


def _country(fields: Fields) -> list[dict[str, Any]]:
    """The emergency number of one country, then its lines."""
    code, name = fields.match("code", r"[A-Z]{2}"), fields.text("name", 80)
    if code == "ZZ":
        raise fields.fail("code", "ZZ stands for another country: see `elsewhere`.")
    country = {"country_code": code, "country": name}
    emergency = _number(fields.part("emergency"), "label")
    rows = [{"id": f"{code}-emergency", "kind": CrisisLine.Kind.EMERGENCY, **country, **emergency}]
    for part in _parts(fields, "lines"):
        given = part.match("id", rf"{code}-[a-z0-9-]+") if "id" in part.left else ""
        line = _number(part, "name")
        line_id = given or _line_id(code, line["title"])
        rows.append({"id": line_id, "kind": CrisisLine.Kind.LINE, **country, **line})
    fields.done()
    return [{**row, "order": 10 * place} for place, row in enumerate(rows, start=1)]


def _line_id(code: str, title: str) -> str:
    """Named after who answers: a line put between two others must not take over their checks.

    One that was given another name keeps its id, and its entry says so.
    """
    return f"{code}-{slugify(title)}"[:ID_LENGTH].strip("-")


def _number(fields: Fields, title: str) -> dict[str, Any]:
    row = {
        "title": fields.text(title, 200),
        "number": fields.text("number", 40),
        "tel": fields.match("tel", DIALLED),
        "text_to": fields.match("text_to", DIALLED) if "text_to" in fields.left else "",
        "for_whom": fields.text("for_whom", 200) if "for_whom" in fields.left else "",
    }
    fields.done()
    return row


def _fill(line: CrisisLine, row: loader.Row) -> None:
    for name in row.keys() - {"id"}:
        setattr(line, name, row[name])
