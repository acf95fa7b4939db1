"""One page of the journal: the newest entries, or the newest of those that are looked for."""

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from healing.vault.opening import open_rows
from journal.finding import Wanted
from journal.models import Entry, EntryQuerySet

PAGE = 20


@dataclass(frozen=True)
class Page:
    """Entries of one page, newest first.

    `older_than` is the entry after which the next page begins, None on the last. `looked` is how
    many entries were opened to find these, and `back_to` the day of the oldest of them; it is None
    where all were looked through, down to the end.
    """

    entries: list[Entry]
    older_than: Entry | None
    looked: int = 0
    back_to: date | None = None


def newest(rows: EntryQuerySet) -> Page:
    found = list(rows.newest_first()[: PAGE + 1])
    return _page(found)


def found(rows: EntryQuerySet, *, owner: Any, wanted: Wanted) -> Page:
    """Opens `owner`'s rows, newest first, until a page is full and one more shows that it goes on.

    Nothing can be sorted out in the database, since it cannot read what is sealed.
    """
    matching, looked = [], 0
    for pk, opened in open_rows(rows.newest_first(), owner, "content"):
        looked += 1
        if wanted.may_match(opened) and wanted.matches(json.loads(opened)):
            matching.append(pk)
            if len(matching) > PAGE:
                break
    entries = list(rows.filter(pk__in=matching).newest_first()) if matching else []
    return _page(entries, looked)


def _page(entries: list[Entry], looked: int = 0) -> Page:
    if len(entries) <= PAGE:
        return Page(entries, None, looked)
    return Page(entries[:PAGE], entries[PAGE - 1], looked, entries[PAGE].local_date)
