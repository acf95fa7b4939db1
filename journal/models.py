"""The trigger journal: one row for each thing a person wrote down."""

from collections.abc import Iterable
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
from journal.calm import STRONG
from journal.circling import WITHIN, Moment, circling, moment
from journal.parts import BY_NAME, PARTS, PROVED, Part, Size

# Enough to know what someone uses most, and opened in a few milliseconds.
RECENT = 200
# How many of their own words a field offers again, and the fields that do.
FEW = 8
OFFERED_AGAIN = ("person", *(part.own for part in PARTS if part.own))
# What somebody chose, wanted or did, so that the safety question is offered (programme 6.6).
ASKS_ABOUT_SAFETY = frozenset({"hurt_myself", "say_hurt_myself"})


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
        """What the newest 200 entries hold, the newest first: keys by list, own words by field.

        Keys are those of before `before`, the start of the person's day, as often as chosen: the
        form keeps its order for a whole day. Going back to it, a browser ticks by position again,
        and would tick the wrong answer. Own words, and nicknames, stand once each.
        """
        rows = self.newest_first().only("owner_id", "content", "created")
        entries = list(rows[:RECENT])
        earlier = [entry for entry in entries if entry.created < before]
        keys = {
            part.name: [item.key for entry in earlier for item in entry.chosen(part.name)]
            for part in PARTS
            if part.taxonomy
        }
        words = {name: _latest(entry.said(name) for entry in entries) for name in OFFERED_AGAIN}
        return keys | words


def _latest(words: Iterable[str | None]) -> list[str]:
    """The first few different ones."""
    return list(dict.fromkeys(filter(None, words)))[:FEW]


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
    def size(self) -> Size:
        """The longest form it was written with."""
        return Size[self.content["form"].upper()]

    @property
    def proved(self) -> str | Promise:
        """How the guess turned out, in words; empty as long as nothing was said."""
        return PROVED.get(self.said("proved"), "")

    @property
    def trigger(self) -> Item | None:
        return next(iter(self.chosen("trigger")), None)

    @property
    def trigger_keys(self) -> list[str]:
        """What set it off, as the rooms below know it."""
        return [item.key for item in self.chosen("trigger")]

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
    def guess(self) -> str:
        return self.said("guess") or ""

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
    def offers_safety_question(self) -> bool:
        keys = {item.key for name in ("urges", "did") for item in self.chosen(name)}
        return bool(keys & ASKS_ABOUT_SAFETY)

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
