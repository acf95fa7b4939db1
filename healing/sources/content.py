"""The shipped sources: reads, checks, loads and writes back `content/sources.yaml`."""

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

from healing.editorial import loader
from healing.editorial.dumping import Dump, settle
from healing.editorial.shipped import Fields, read_list, refuse_doubles
from healing.editorial.text_checks import Finding
from healing.editorial.writing import Prose, yaml_of
from healing.sources.models import Source

FOLDER = Path(__file__).parent / "content"
SOURCE_ID = r"B\d{2,3}"
PROSE = ("citation", "supports", "limits", "notes")
# As its file orders them.
FIELDS = (
    *("citation", "year", "doi", "doi_from_memory", "group", "core"),
    *("supports", "limits", "confidence", "seen", "notes", "title"),
)


def read(folder: Path = FOLDER) -> list[dict[str, Any]]:
    """Every shipped source, checked; raises BadContent naming file and field."""
    rows = [
        _source(Fields(entry, place))
        for file in sorted(folder.glob("*.yaml"))
        for entry, place in read_list(file)
    ]
    refuse_doubles(rows, "id")
    return rows


def load() -> dict[str, loader.Upgrade]:
    """Bring the shipped sources into the database."""
    return loader.load(Source, read(), _fill)


def findings(rows: Collection[loader.Row]) -> Iterator[tuple[str, Finding]]:
    """What is to be mended in what `read` has read, each with its id."""
    return loader.findings(Source, rows, _fill)


def dump() -> Dump:
    """The live sources as the shipped file; one that is not published stays as it shipped."""
    dumped, file = Dump(), FOLDER / "sources.yaml"
    shipped = {row["id"]: row for row in read()}
    live = {source.content_id: _row_of(source) for source in Source.objects.published()}
    kept = settle(
        dumped,
        shipped=shipped,
        live=live,
        read=lambda row: _source(Fields(_entry(row), row["id"])),
        together=lambda rows: refuse_doubles(rows, "id"),
        write=lambda row: yaml_of([_entry(row)]),
    )
    rows = shipped | kept
    entries = [_entry(row) for row in rows.values()]
    dumped.put(file, yaml_of(entries), same=rows == shipped)
    return dumped


def _source(fields: Fields) -> dict[str, Any]:
    row = {
        "id": fields.match("id", SOURCE_ID),
        "citation": fields.text("citation", 2000),
        "year": fields.number("year", 1850, 2100),
        "doi": _doi(fields),
        "doi_from_memory": fields.yes_no("doi_from_memory"),
        "group": fields.match("group", r"[A-Z]\. .+"),
        "core": fields.yes_no("core"),
        "supports": fields.text("supports", 2000),
        "limits": fields.text("limits", 2000),
        "confidence": fields.choice("confidence", Source.Confidence.values),
        "seen": fields.choice("seen", Source.Seen.values),
        "notes": fields.text("notes", 2000, empty=True),
    }
    # Only where it is not what the citation begins with.
    row["title"] = fields.text("title", 200) if "title" in fields.left else _short_name(row)
    fields.done()
    return row


def _doi(fields: Fields) -> str:
    """The DOI, or an empty text where the file says null: books often have none."""
    if fields.left.get("doi", "") is None:
        del fields.left["doi"]
        return ""
    return fields.match("doi", r"10\.\d{4,9}/\S+")


def _short_name(row: loader.Row) -> str:
    """First author and year."""
    return f"{row['citation'].partition('. ')[0]}, {row['year']}"[:200]


def _row_of(source: Source) -> dict[str, Any]:
    return {"id": source.content_id, **{name: getattr(source, name) for name in FIELDS}}


def _entry(row: loader.Row) -> dict[str, Any]:
    """The source as its file writes it."""
    entry = {**row, "doi": row["doi"] or None}
    if row["title"] == _short_name(row):
        del entry["title"]
    return {name: Prose(entry[name]) if name in PROSE else entry[name] for name in entry}


def _fill(source: Source, row: loader.Row) -> None:
    for name in row.keys() - {"id"}:
        setattr(source, name, row[name])
