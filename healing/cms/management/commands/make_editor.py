"""Makes someone a writer, a reviewer or an admin of the texts."""

import sys
from argparse import ArgumentParser
from getpass import getpass
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email

from healing.accounts.models import User
from healing.cms.actions import Role, make_editor


class Command(BaseCommand):
    help = (
        "Give someone a role in the editing screens at /cms/. A writer drafts and submits, a "
        "reviewer publishes, an admin may do everything. Whoever has no account yet gets one; "
        "its password is asked for, or read from the input with --password-stdin."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--role", required=True, choices=[role.value for role in Role])
        parser.add_argument("--password-stdin", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        email, password = options["email"], None
        try:
            validate_email(email)
            if not User.objects.filter(email__iexact=email).exists():
                password = self.read_password(options["password_stdin"])
                validate_password(password, User(email=email))
        except ValidationError as problem:
            raise CommandError(" ".join(problem.messages)) from None
        user = make_editor(email=email, role=Role(options["role"]), password=password)
        made = "has an account now and" if password else "keeps their account and"
        self.stdout.write(f"{user.email} {made} is {options['role']}. They sign in at /cms/.")

    def read_password(self, from_input: bool) -> str:
        """From one line of the input, or twice from the terminal."""
        if from_input:
            return sys.stdin.readline().rstrip("\r\n")
        if not sys.stdin.isatty():
            raise CommandError("There is no terminal to ask for a password: use --password-stdin.")
        password = getpass("Password for the new account: ")
        if password != getpass("Once more: "):
            raise CommandError("These were two different passwords. Nothing was changed.")
        return password
