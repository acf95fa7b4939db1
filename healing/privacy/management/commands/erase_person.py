"""Erases one person for good, after asking; finishes an erasure that stopped half-way."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from healing.accounts.models import User
from healing.privacy.actions import Unfinished, erase_person
from healing.privacy.export import counts


class Command(BaseCommand):
    help = "Erase everything stored about one person. It cannot be brought back."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--yes", action="store_true", help="do not ask")

    def handle(self, *args: Any, **options: Any) -> None:
        owner = User.objects.filter(email__iexact=options["email"]).first()
        if owner is None:
            raise CommandError("There is no person with that address.")
        for name, number in counts(owner=owner):
            self.stdout.write(f"{number:>6}  {name}")
        if not options["yes"] and not self._agreed(owner.email):
            raise CommandError("Nothing was erased.")
        try:
            erase_person(owner=owner)
        except Unfinished as problem:
            raise CommandError(f"The key is erased. {problem} Run this again.") from problem
        self.stdout.write("Erased. Backups keep older copies until they expire.")

    def _agreed(self, email: str) -> bool:
        """Whether the address is typed once more; a closed input counts as no."""
        try:
            return input(f"Type {email} to erase all of it: ").strip().lower() == email
        except EOFError:
            return False
