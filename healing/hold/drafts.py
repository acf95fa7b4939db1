"""Every message a person did not send: from holds, and from the wave timer's own page."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from exercises import content
from exercises.models import Exercise, Session
from healing.accounts.models import User
from healing.hold.models import Hold
from healing.hold.wave import WAVE_TIMER, unsent_keys


@dataclass(frozen=True)
class Draft:
    """One unsent message, and the row it is kept in; `key` names the note of a session."""

    row: Hold | Session
    words: str
    urge: str
    key: str = ""

    @property
    def is_left(self) -> bool:
        """Whether its hold was left in the middle."""
        return isinstance(self.row, Hold) and self.row.is_open


def wave_timer() -> dict[str, Any]:
    """The wave timer as `exercises.content` reads it: as editors have it now, or as shipped."""
    edited: Exercise | None = Exercise.objects.published().filter(content_id=WAVE_TIMER).first()
    return edited.as_row() if edited else content.shipped()[WAVE_TIMER]


def drafts_of(owner: User) -> list[Draft]:
    """All of a person's unsent messages, the newest first; rows are opened to find them."""
    found = [*_of_holds(Hold.objects.of(owner)), *_of_sessions(Session.objects.of(owner))]
    return sorted(found, key=lambda draft: (draft.row.created, draft.row.pk), reverse=True)


def draft_of(owner: User, pk: UUID) -> Draft | None:
    """The person's unsent message kept in the row of this id."""
    held = next(_of_holds(Hold.objects.of(owner).filter(pk=pk)), None)
    return held or next(_of_sessions(Session.objects.of(owner).filter(pk=pk)), None)


def _of_holds(rows: Any) -> Iterator[Draft]:
    for row in rows:
        if row.words:
            yield Draft(row, row.words, row.urge)


def _of_sessions(rows: Any) -> Iterator[Draft]:
    keys: set[str] = set()
    for row in rows:
        if row.exercise != WAVE_TIMER:
            continue
        keys = keys or unsent_keys(content.shipped()[WAVE_TIMER]) | unsent_keys(wave_timer())
        notes = {note["key"]: note["value"] for note in row.notes}
        for key in keys & notes.keys():
            yield Draft(row, notes[key], str(notes.get("urge", "")), key)
