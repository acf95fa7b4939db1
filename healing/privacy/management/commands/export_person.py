"""Writes everything stored about one person into a file that its maker alone can read."""

import json
import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.core.serializers.json import DjangoJSONEncoder

from healing.accounts.models import User
from healing.privacy.export import export_person
from healing.vault.actions import keys_kept_open


class Command(BaseCommand):
    help = "Write everything stored about one person, opened, into a new file (mode 0600)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--to", required=True, type=Path, metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        owner = User.objects.filter(email__iexact=options["email"]).first()
        if owner is None:
            raise CommandError("There is no person with that address.")
        with keys_kept_open():
            data = export_person(owner=owner)
        text = json.dumps(data, cls=DjangoJSONEncoder, indent=2, ensure_ascii=False)
        try:
            handle = os.open(options["to"], os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except OSError as problem:
            raise CommandError(f"Cannot make {options['to']}: {problem.strerror}.") from None
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            out.write(text + "\n")
        rows = sum(len(kind) for kind in data["records"].values())
        self.stdout.write(f"Wrote {rows} rows to {options['to']}. The file is not sealed.")
