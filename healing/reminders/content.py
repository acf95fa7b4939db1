"""The words of the mails: reads, loads and writes `content/mails.yaml`; says what stands now."""

import logging
from collections.abc import Collection, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from healing.editorial import loader
from healing.editorial.dumping import Dump, settle
from healing.editorial.shipped import BadContent, Fields, read_list, refuse_doubles, short
from healing.editorial.text_checks import Finding
from healing.editorial.writing import Prose, sentence, yaml_of
from healing.reminders.models import SUBJECT_LENGTH, MailText
from healing.reminders.wording import MAILS, Wording, faults

logger = logging.getLogger(__name__)

FILE = Path(__file__).parent / "content" / "mails.yaml"


def read(file: Path = FILE) -> list[dict[str, Any]]:
    """Every shipped mail text, checked; raises BadContent naming file and field."""
    rows = [_mail(Fields(entry, place)) for entry, place in read_list(file)]
    refuse_doubles(rows, "id")
    if missing := MAILS.keys() - {row["id"] for row in rows}:
        raise BadContent(f"{short(file)}: {', '.join(sorted(missing))} is missing.")
    return rows


def load(file: Path = FILE) -> dict[str, loader.Upgrade]:
    """Bring the shipped mail texts into the database."""
    return loader.load(MailText, read(file), _fill)


def findings(rows: Collection[loader.Row]) -> Iterator[tuple[str, Finding]]:
    """What is to be mended in what `read` has read, each with its id."""
    return loader.findings(MailText, rows, _fill)


def dump() -> Dump:
    """The live mail texts as the shipped file; one that is not published stays as it shipped."""
    dumped = Dump()
    shipped = {row["id"]: row for row in read()}
    names = ("title", "subject", "body", "things")
    live = {
        mail.content_id: {"id": mail.content_id, **{name: getattr(mail, name) for name in names}}
        for mail in MailText.objects.published()
    }
    kept = settle(
        dumped,
        shipped=shipped,
        live=live,
        read=lambda row: _mail(Fields(_entry(row), row["id"])),
        together=lambda rows: refuse_doubles(rows, "id"),
        write=lambda row: yaml_of([_entry(row)]),
    )
    rows = shipped | kept
    entries = [_entry(row) for row in rows.values()]
    dumped.put(FILE, yaml_of(entries), same=rows == shipped)
    return dumped


def _entry(row: loader.Row) -> dict[str, Any]:
    """The mail as its file writes it."""
    entry = {**row, "body": Prose(f"{row['body']}\n")}
    entry["things"] = [sentence(thing) for thing in row["things"].splitlines() if thing.strip()]
    if not entry["things"]:
        del entry["things"]
    return entry


@cache
def shipped() -> dict[str, Wording]:
    """The words that come with the program, by mail."""
    return {row["id"]: Wording(row["subject"], row["body"], row["things"]) for row in read()}


def wordings() -> dict[str, Wording]:
    """The words of every mail as they stand now. One query.

    They are an editor's where those are published and sound, else the shipped ones: nobody's mail
    is lost over a text.
    """
    texts = MailText.objects.published().filter(content_id__in=MAILS)
    stored = texts.values_list("content_id", "subject", "body", "things")
    edited = {content_id: Wording(*words) for content_id, *words in stored}
    for content_id, wording in list(edited.items()):
        if found := faults(content_id, wording):
            fields = ", ".join(sorted({field for field, _ in found}))
            logger.error("%s is sent in its shipped words: see its %s.", content_id, fields)
            del edited[content_id]
    return shipped() | edited


def _mail(fields: Fields) -> dict[str, Any]:
    row = {
        "id": fields.choice("id", MAILS),
        "title": fields.text("title", 200),
        "subject": fields.text("subject", SUBJECT_LENGTH),
        "body": fields.text("body", 4000),
        "things": _things(fields) if "things" in fields.left else "",
    }
    fields.done()
    for name, fault in faults(row["id"], Wording(row["subject"], row["body"], row["things"])):
        raise fields.fail(name, fault)
    return row


def _things(fields: Fields) -> str:
    things = fields.take("things", list, "a list")
    if not all(isinstance(thing, str) and "\n" not in thing.strip() for thing in things):
        raise fields.fail("things", "must be a list of texts of one line.")
    return "\n".join(thing.strip() for thing in things)


def _fill(text: MailText, row: loader.Row) -> None:
    for name in row.keys() - {"id"}:
        setattr(text, name, row[name])
