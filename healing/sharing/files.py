"""A packet as a file: a table that spreadsheets open without harm, and plain JSON (no Django)."""

import csv
import io
import json
from collections.abc import Iterable

from healing.sharing.packet import Packet

# A spreadsheet takes a cell that begins with one of these for a formula, and runs it. Some skip
# what is invisible before it, and some take the full-width signs of East Asian keyboards.
FORMULA = tuple("=+-@\N{FULLWIDTH EQUALS SIGN}\N{FULLWIDTH PLUS SIGN}"
                "\N{FULLWIDTH HYPHEN-MINUS}\N{FULLWIDTH COMMERCIAL AT}")  # fmt: skip
HARMLESS = "'"


def guarded(cell: str) -> str:
    """The cell, behind an apostrophe if a spreadsheet could run it."""
    visible = cell.lstrip(" \t\r\n\v\f\N{NO-BREAK SPACE}\N{ZERO WIDTH NO-BREAK SPACE}\0")
    is_formula = visible.startswith(FORMULA) or cell.startswith(("\t", "\r", "\n", "\0"))
    return HARMLESS + cell if is_formula else cell


def table(packet: Packet, *, heads: Iterable[str], note: str) -> bytes:
    """CSV (RFC 4180), one line of the packet a row: date, kind, question, answer.

    UTF-8 with a byte order mark, without which Excel reads it as the old code page of its country.
    `note` stands in a last row of its own if something was left out.
    """
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerow(heads)
    for row in packet.rows:
        for line in row.lines:
            cells = (row.day.isoformat(), row.kind, line.label, line.text)
            writer.writerow(guarded(cell) for cell in cells)
    if packet.partial:
        writer.writerow(("", "", guarded(note), ""))
    return out.getvalue().encode("utf-8-sig")


def plain(packet: Packet, *, note: str) -> bytes:
    """JSON, UTF-8; `note` stands in it if something was left out."""
    data = packet.to_json()
    if data.pop("partial"):
        data["note"] = note
    return json.dumps(data, ensure_ascii=False, indent=2).encode()
