"""Exports and imports questionnaires and answers as FHIR resources, for operators."""

import json
import os
import re
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from healing.accounts.models import User
from healing.editorial.shipped import BadContent
from healing.questionnaires import instruments
from healing.questionnaires.fhir import fault_of, read
from healing.questionnaires.fhir_export import RELEASES, bundle, questionnaire
from healing.questionnaires.fhir_form import (
    BadFhir,
    Checked,
    Form,
    instrument_of,
    read_answers,
    read_form,
    recompute,
)
from healing.questionnaires.instrument import Instrument
from healing.questionnaires.instrument_dump import dump
from healing.questionnaires.instrument_folder import from_files
from healing.questionnaires.submissions import address_of, submissions_as_fhir
from healing.vault.actions import keys_kept_open


class Command(BaseCommand):
    help = "Export a questionnaire as FHIR (R5 or R4B), or read one, or answers to one."

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        export = verbs.add_parser(
            "export", help="one Questionnaire, or with what a person answered"
        )
        export.add_argument("instrument", help="for example starting-picture")
        export.add_argument("--person", metavar="EMAIL", help="add this person's answers, opened")
        export.add_argument("--release", choices=RELEASES, default="R5")
        export.add_argument("--to", required=True, type=Path, metavar="FILE", help="a new file")
        get = verbs.add_parser("import", help="a Questionnaire, or a QuestionnaireResponse")
        get.add_argument("file", type=Path)
        get.add_argument("--of", metavar="NAME", help="answers: an instrument or its FHIR file")
        get.add_argument("--to", type=Path, metavar="FILE", help="write NAME.yaml, which scores")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["verb"] == "export":
                self._export(options)
            else:
                self._import(options)
        except BadFhir as problem:
            raise CommandError(str(problem)) from None

    def _export(self, options: dict[str, Any]) -> None:
        instrument, release = _known(options["instrument"]), options["release"]
        url = address_of(instrument)
        resource = questionnaire(instrument, release, url)
        count = 0
        if options["person"]:
            with keys_kept_open():
                fit, left = submissions_as_fhir(_owner(options["person"]), instrument, url)
            count, resource = len(fit), bundle([resource, *fit])
            if left:
                self.stderr.write(f"{left} of another version or range were left out.")
        if fault := fault_of(resource, release):
            raise fault
        _write(options["to"], json.dumps(resource, indent=2, ensure_ascii=False) + "\n")
        self.stdout.write(f"Wrote {options['to']} as {release}, with {count} responses.")

    def _import(self, options: dict[str, Any]) -> None:
        data, release = read(_text(options["file"]))
        self.stdout.write(f"{data['resourceType']}, read as {release}.")
        if data["resourceType"] == "Questionnaire":
            self._import_form(read_form(data), options["to"])
        elif options["of"]:
            self._import_answers(data, options["of"])
        else:
            raise CommandError("Say with --of which questionnaire these are answers to.")

    def _import_form(self, form: Form, to: Path | None) -> None:
        name = to.stem if to else "imported"
        if not re.fullmatch(r"[a-z0-9-]+", name):
            raise CommandError("--to must be named like my-scale.yaml.")
        instrument = instrument_of(form, name)
        scale, (total,) = instrument.scale, instrument.subscales
        self.stdout.write(
            f"{form.title}: {len(form.questions)} items of {scale.lowest} to {scale.highest} "
            f"count, {total.minimum_answered} must be answered; totals stated: {len(form.totals)}."
        )
        for item, question in zip(instrument.items, form.questions, strict=True):
            self.stdout.write(f"  Q{item.number} {question.link_id}: {question.text}")
        if to:
            try:
                _write(to, dump(instrument))
            except ValueError as problem:
                raise CommandError(f"Cannot write {to}: {problem}.") from None
            self.stdout.write(f"Wrote {to}. Put it into INSTRUMENTS_DIR.")

    def _import_answers(self, data: dict[str, Any], name: str) -> None:
        # A file is read without asking the database.
        if own := name in _from_files():
            instrument = _known(name)
            form = read_form(questionnaire(instrument, "R4B", address_of(instrument)))
        else:
            form = read_form(read(_text(Path(name)))[0])
            instrument = instrument_of(form, "imported")
        checked = recompute(form, instrument, read_answers(form, data), own=own)
        for one in checked:
            self.stdout.write(_said(one))
        if any(one.agrees is False for one in checked):
            raise CommandError("A stated total disagrees with the answers.")


def _said(one: Checked) -> str:
    value, subscale = one.score.value, one.score.subscale
    found = "not enough answers" if value is None else f"{float(value):.6g}"
    text = f"{subscale.title}: {found} ({one.score.answered} of {len(subscale.items)} answered)"
    if one.stated is None:
        return f"{text}; no total stated."
    return f"{text}; stated {one.stated}, which {'agrees' if one.agrees else 'DISAGREES'}."


def _from_files() -> dict[str, Instrument]:
    try:
        return from_files()
    except BadContent as problem:
        raise CommandError(str(problem)) from None


def _known(name: str) -> Instrument:
    """The questionnaire with the words that are published for it."""
    known = _from_files()
    if name not in known:
        raise CommandError(f"There is no {name!r}. There are: {', '.join(sorted(known))}.")
    return instruments.every()[name]


def _owner(email: str) -> User:
    owner: User | None = User.objects.filter(email__iexact=email).first()
    if owner is None:
        raise CommandError("There is no person with that address.")
    return owner


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as problem:
        raise CommandError(f"Cannot read {file}: {problem}.") from None


def _write(file: Path, text: str) -> None:
    """Into a new file that its maker alone can read."""
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as problem:
        raise CommandError(f"Cannot make {file}: {problem.strerror}.") from None
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        out.write(text)
