"""The trigger journal: one row for each thing a person wrote down."""

from datetime import datetime
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from healing.taxonomy.shape import Item, SafetyNote
from healing.vault.fields import SealedJSONField
from healing.vault.models import PrivateQuerySet, PrivateRecord
from journal.circling import WITHIN, Moment, circling, moment
from journal.parts import BY_NAME, PARTS, Part

# Enough to know what someone uses most, and opened in a few milliseconds.
RECENT = 200
# From this rating on an exercise suggests steadying first, and so does an entry.
STRONG = 8


class EntryQuerySet(PrivateQuerySet):
    def newest_first(self) -> Self:
        """By the day it is about, then by when it was written."""
        return self.order_by("-local_date", "-created", "-id")

    def older_than(self, entry: "Entry") -> Self:
        """What stands after `entry` in `newest_first`."""
        same_day = Q(local_date=entry.local_date)
        return self.filter(
            Q(local_date__lt=entry.local_date)
            | same_day & Q(created__lt=entry.created)
            | same_day & Q(created=entry.created, id__lt=entry.pk)
        )

    def circling(self, now: datetime) -> list[Moment]:
        """Three entries of the 24 hours up to `now` that circle, the newest among them."""
        rows = self.filter(created__gt=now - WITHIN, created__lte=now).order_by("-created", "-id")
        entries = list(rows.only("owner_id", "created", "content")[:RECENT])
        return circling([moment(entry.created, entry.content) for entry in reversed(entries)])

    def used(self, before: datetime) -> dict[str, list[str]]:
        """Keys chosen in the newest 200 entries, newest first, for each of the three lists.

        `before` is the start of the person's day: the form keeps its order for a whole day. Going
        back to it, a browser ticks by position again, and would tick the wrong answer.
        """
        rows = self.filter(created__lt=before).newest_first()
        entries = list(rows.only("owner_id", "content")[:RECENT])
        return {
            "trigger": [entry.said("trigger") for entry in entries if entry.said("trigger")],
            "feelings": [key for entry in entries for key in entry.said("feelings") or []],
            "urges": [item.key for entry in entries for item in entry.urges],
        }


class Entry(PrivateRecord):
    """What set someone off, how strong, what they felt, wanted and did; empty answers are absent.

    `content` holds `form` ("quick", "standard" or "deep": the longest one it was written with) and
    the answers of journal.parts by name. `sessions` names exercises done: [{"session": id of the
    exercise session, "exercise": content id}]. `proved` says how the guess turned out (yes, partly,
    no, cannot_know).
    """

    local_date = models.DateField()
    content = SealedJSONField()

    objects: ClassVar[Any] = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("journal entry")
        verbose_name_plural = _("journal entries")
        indexes = [
            models.Index(
                fields=["owner", "-local_date", "-created", "-id"], name="journal_newest_first"
            )
        ]

    def __str__(self) -> str:
        return f"journal entry of person {self.owner_id}"

    def said(self, name: str) -> Any:
        """One answer of `content`, or None."""
        return self.content.get(name)

    def chosen(self, name: str) -> list[Item]:
        """The items of a list that were chosen, in the order they are stored in."""
        part, said = BY_NAME[name], self.said(name)
        if part.taxonomy is None or not said:
            return []
        keys = [said] if isinstance(said, str) else said
        return [part.taxonomy.by_key[key] for key in keys if key in part.taxonomy.by_key]

    def own(self, name: str) -> str:
        """What was written in own words beside a list."""
        return self.said(BY_NAME[name].own) or ""

    def text(self, name: str) -> str:
        """An answer in words, as it is shown; empty if there is none."""
        part = BY_NAME[name]
        if part.taxonomy is None:
            said = self.said(name)
            return "" if said is None else str(said)
        labels = [str(item.label) for item in self.chosen(name)]
        own = self.own(name) if part.own else ""
        return (", " if part.many else ": ").join(filter(None, [*labels, own]))

    @property
    def answers(self) -> list[tuple[Part, str]]:
        """What was answered, in reading order, each with its words."""
        found = [(part, self.text(part.name)) for part in PARTS]
        return [(part, words) for part, words in found if words]

    @property
    def trigger(self) -> Item | None:
        return next(iter(self.chosen("trigger")), None)

    @property
    def trigger_own(self) -> str:
        return self.own("trigger")

    @property
    def strength(self) -> int | None:
        strength: int | None = self.said("strength")
        return strength

    @property
    def feelings(self) -> list[Item]:
        return self.chosen("feelings")

    @property
    def urges(self) -> list[Item]:
        return self.chosen("urges")

    @property
    def note(self) -> str:
        return self.said("note") or ""

    @property
    def heading(self) -> str | Promise:
        """What the entry is called in a list."""
        if self.trigger_own:
            return self.trigger_own
        named = [item for item in (self.trigger, *self.feelings, *self.urges) if item]
        return named[0].label if named else self.own("urges") or _("In my own words")

    @property
    def undertone(self) -> str:
        """The second line of an entry in a list: feelings, then the note."""
        feelings = [str(item.label) for item in self.feelings if item.label != self.heading]
        return " · ".join(part for part in (", ".join(feelings), self.note) if part)

    @property
    def is_strong(self) -> bool:
        """Strong enough that steadying is offered first."""
        return self.strength is not None and self.strength >= STRONG

    @property
    def is_urgent(self) -> bool:
        """Whether steadying and help belong on the same screen."""
        return any(note.urgent for note in self.safety_notes)

    @property
    def safety_notes(self) -> list[SafetyNote]:
        """What is said at once, because of what the person chose."""
        chosen = [item for part in PARTS if part.taxonomy for item in self.chosen(part.name)]
        notes = dict.fromkeys(item.note for item in chosen if item.note)
        return list(notes)


class DraftQuerySet(PrivateQuerySet):
    def newest_first(self) -> Self:
        return self.order_by("-changed", "-id")


class Draft(PrivateRecord):
    """What a form holds that nobody has saved yet; its id is the form's `form_id`.

    `content` holds {"fields": {name: [values]} as posted, "entry": id of the entry that is being
    changed, or "" for a new one, "version": what the page called this state of the form}.
    """

    changed = models.DateTimeField()
    content = SealedJSONField()

    objects: ClassVar[Any] = DraftQuerySet.as_manager()

    class Meta:
        verbose_name = _("unfinished entry")
        verbose_name_plural = _("unfinished entries")
        indexes = [models.Index(fields=["owner", "-changed"], name="draft_newest_first")]

    def __str__(self) -> str:
        return f"unfinished entry of person {self.owner_id}"

    @property
    def entry(self) -> str:
        """Id of the entry that is being changed; empty for a new one."""
        entry: str = self.content["entry"]
        return entry

    @property
    def version(self) -> str:
        version: str = self.content["version"]
        return version

    def posted(self) -> QueryDict:
        """The fields as the form would post them."""
        data = QueryDict(mutable=True)
        for name, values in self.content["fields"].items():
            data.setlist(name, values)
        return data
