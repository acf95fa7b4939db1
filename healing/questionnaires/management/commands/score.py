"""Scores a file of answers with one of the keys, for researchers."""

import csv
import re
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Any

from django.core.management.base import BaseCommand, CommandError

from healing.editorial.shipped import BadContent
from healing.questionnaires.instrument import Instrument, with_range
from healing.questionnaires.instrument_folder import from_files
from healing.questionnaires.table import BadTable, Scorer


def span(text: str) -> tuple[int, int]:
    """`1-5` as its two ends."""
    if not (found := re.fullmatch(r"(\d{1,3})-(\d{1,3})", text)):
        raise ArgumentTypeError("a range looks like 1-5")
    return int(found[1]), int(found[2])


class Command(BaseCommand):
    help = (
        "Score the columns Q1, Q2 ... of a file with commas, semicolons or tabs: one row for each "
        "row to standard output or --to FILE, a summary to standard error."
    )
    # Reads a file and the keys; the rest of the site may be half installed.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("instrument", help="for example ecr")
        parser.add_argument("--csv", required=True, type=Path, metavar="FILE")
        parser.add_argument("--range", type=span, metavar="1-5", help="if not the instrument's own")
        parser.add_argument("--missing", default="", metavar="0", help="stands for no answer")
        parser.add_argument("--to", type=Path, metavar="FILE", help="a new file")

    def handle(self, *args: Any, **options: Any) -> None:
        instrument = _instrument(options["instrument"], options["range"])
        with ExitStack() as files:
            try:
                source = files.enter_context(
                    options["csv"].open(encoding="utf-8-sig", errors="replace", newline="")
                )
            except OSError as problem:
                raise CommandError(f"Cannot read {options['csv']}: {problem.strerror}.") from None
            rows = _rows(source)
            try:
                scorer = Scorer(instrument, next(rows, (1, [""]))[1], options["missing"])
            except ValueError as problem:
                raise CommandError(f"{options['csv']}: {problem}.") from None
            out = files.enter_context(_new(options["to"])) if options["to"] else self.stdout
            self._score(scorer, rows, csv.writer(out, lineterminator="\n"))
        if scorer.unscored:
            raise CommandError(f"{scorer.unscored} of {scorer.rows} rows were not scored.")

    def _score(self, scorer: Scorer, rows: Iterator[tuple[int, list[str]]], out: Any) -> None:
        if scorer.ignored:
            self.stderr.write(f"line 1: not of this instrument: {', '.join(scorer.ignored)}.")
        out.writerow(scorer.head())
        try:
            for line, cells in rows:
                scores, fault = scorer.score(cells)
                if fault:
                    self.stderr.write(f"line {line}: {fault}.")
                out.writerow(scores)
        except BadTable as problem:
            raise CommandError(f"{problem}.") from None
        for text in scorer.summary():
            self.stderr.write(text, self.style.SUCCESS)


def _instrument(name: str, asked: tuple[int, int] | None) -> Instrument:
    try:
        known = from_files()
    except BadContent as problem:
        raise CommandError(str(problem)) from None
    if name not in known:
        raise CommandError(f"There is no {name!r}. There are: {', '.join(sorted(known))}.")
    try:
        return with_range(known[name], *asked) if asked else known[name]
    except ValueError as problem:
        raise CommandError(f"--range: {problem}.") from None


def _rows(source: IO[str]) -> Iterator[tuple[int, list[str]]]:
    """Line number and cells of each row that is not blank; raises BadTable for what is no table."""
    head = source.readline()
    source.seek(0)
    reader = csv.reader(source, delimiter=_between(head))
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error as problem:
            raise BadTable(f"line {line}: {problem}") from None
        if cells is None:
            return
        if cells:
            yield line, cells


def _between(head: str) -> str:
    """What stands between the columns; spreadsheets of half of Europe write semicolons."""
    return "\t" if "\t" in head else max(",;", key=head.count)


def _new(file: Path) -> IO[str]:
    try:
        return file.open("x", encoding="utf-8", newline="")
    except OSError as problem:
        raise CommandError(f"Cannot make {file}: {problem.strerror}.") from None
