"""Loads the shipped texts, or only checks their files."""

from argparse import ArgumentParser
from collections import Counter
from itertools import chain
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

from exercises import content as exercises
from healing.cards.kinds import BY_ID as CARDS
from healing.cms.actions import has_roles, make_roles
from healing.editorial.loader import Upgrade
from healing.editorial.shipped import BadContent
from healing.lessons import content as lessons
from healing.lessons.models import Lesson
from healing.reminders import content as reminders
from healing.safety import content as safety
from healing.sources import content as sources

# Each may refer to those before it.
ROOMS: dict[str, Any] = {
    "sources": sources,
    "crisis lines": safety,
    "exercises": exercises,
    "lessons": lessons,
    "mail texts": reminders,
}
NAMED = {
    Upgrade.UPDATED: "has a new text.",
    Upgrade.KEPT: "was changed here: that stays, and the shipped text waits in its history.",
    Upgrade.REFUSED: "was not loaded; the log says why.",
    Upgrade.DROPPED: "is no longer shipped, and stays as it is.",
}


class Command(BaseCommand):
    help = (
        "Load the shipped lessons, exercises, sources, crisis lines and mail texts. An editor's "
        "change is never overwritten: the shipped text then waits in its history. With --check the "
        "files are read and held against the rules, and what loading would do is said and not done."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="say what would be; store nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        loud = bool(options["verbosity"])
        try:
            if options["check"]:
                self.check_texts()
                self.rehearse(loud)
            else:
                self.load(loud)
                # Saving indexes a text; what an older version left without an index waits here.
                call_command("update_index", verbosity=0)
        except BadContent as problem:
            raise CommandError(str(problem)) from None

    def check_texts(self) -> None:
        """Read every file and hold it against the rules; raises CommandError with what to mend."""
        rows = {name: room.read() for name, room in ROOMS.items()}
        source_ids = {row["id"] for row in rows["sources"]}
        lessons.refuse_unknown(rows["lessons"], sources=source_ids)
        found = [
            f"{place}: {finding}"
            for place, finding in chain(
                lessons.findings(rows["lessons"], sources=source_ids),
                *(room.findings(rows[name]) for name, room in ROOMS.items() if room is not lessons),
            )
        ]
        if found:
            raise CommandError("\n".join(["To mend:", *found]))
        said = ", ".join(f"{len(read)} {name}" for name, read in rows.items())
        self.stdout.write(f"Read and sound: {said}.")
        here = {row["id"] for row in rows["exercises"]} | CARDS.keys()
        missing = lessons.not_here_yet(rows["lessons"], exercises=here)
        if missing:
            named = ", ".join(sorted(missing))
            self.stdout.write(f"Named in lessons, and not part of this version: {named}.")

    def rehearse(self, loud: bool) -> None:
        """Load, say what became of each text, and take it all back."""
        if Lesson._meta.db_table not in connection.introspection.table_names():
            self.stdout.write("There is no database yet: every text would be created.")
            return
        with transaction.atomic():
            self.load(loud)
            transaction.set_rollback(True)
        self.stdout.write("Nothing was stored.")

    def load(self, loud: bool) -> None:
        for name, room in ROOMS.items():
            became: dict[str, Upgrade] = room.load()
            if loud:
                counts = sorted(Counter(became.values()).items())
                said = ", ".join(f"{number} {what}" for what, number in counts)
                self.stdout.write(f"{name}: {said or 'nothing shipped'}")
                self.name(became)
        if has_roles():
            make_roles()  # an upgrade may have brought a kind of text that the roles do not know

    def name(self, became: dict[str, Upgrade]) -> None:
        """The texts that an editor should look at, one by one."""
        for content_id, what in became.items():
            if what in NAMED:
                self.stdout.write(f"  {content_id} {NAMED[what]}")
