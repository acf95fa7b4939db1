"""Writes the live texts back as the files that ship, so that editors' work can return to them."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from exercises import content as exercises
from healing.editorial.dumping import Dump
from healing.lessons import content as lessons
from healing.reminders import content as reminders
from healing.safety import content as safety
from healing.sources import content as sources

ASIDE = "aside"


class Command(BaseCommand):
    help = (
        "Write the published lessons, modules, exercises, sources, crisis lines and mails into a "
        "new folder, laid out like this project: `cp -r FOLDER/. .` puts them over the shipped "
        "files. Drafts stay here, and so does who reviewed or checked a text. What no shipped file "
        "can take is named with the reason; its words lie under `aside/`, which nothing reads."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("dir", type=Path, nargs="?", help="a new or empty folder")
        parser.add_argument(
            "--tidy",
            action="store_true",
            help="no dump: bring the shipped lesson files themselves into their one form",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        folder, tidy = options["dir"], options["tidy"]
        if bool(folder) == tidy:
            raise CommandError("Name a folder to write to, or give --tidy and no folder.")
        try:
            if tidy:
                self.tidy()
            else:
                self.dump(folder)
        except OSError as problem:
            raise CommandError(f"{problem.filename}: {problem.strerror}.") from None

    def dump(self, folder: Path) -> None:
        """Gather everything first, so that a folder is written whole or not begun."""
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise CommandError(f"{folder} is not empty. Name a new folder; nothing was written.")
        source_ids = {row["id"] for row in sources.read()}
        dumps = {
            "sources": sources.dump(),
            "crisis lines": safety.dump(),
            "exercises": exercises.dump(),
            "lessons": lessons.dump(sources=source_ids),
            "mail texts": reminders.dump(),
        }
        for name, dumped in dumps.items():
            for path, text in dumped.files.items():
                write(folder / path, text)
            self.stdout.write(f"{name}: {len(dumped.files)} files")
            self.name(dumped, folder)

    def name(self, dumped: Dump, folder: Path) -> None:
        """What somebody has to look at, text by text."""
        for content_id, aside in sorted(dumped.aside.items()):
            self.stdout.write(f"  {content_id} is not in them: {aside.why}")
            if aside.text:
                write(folder / ASIDE / f"{content_id}{aside.ending}", aside.text)
        for content_id, said in sorted(dumped.noted.items()):
            self.stdout.write(f"  {content_id} {said}")

    def tidy(self) -> None:
        for file in sorted(lessons.FOLDER.glob("*/*.md")):
            text = lessons.canonical(file)
            if text != file.read_text(encoding="utf-8"):
                write(file, text)
                self.stdout.write(f"{file.relative_to(lessons.FOLDER)} has its one form now.")


def write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8", newline="\n")
