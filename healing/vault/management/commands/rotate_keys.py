"""Wraps every data key, and seals every second-factor secret, with the newest master key."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from healing.vault.actions import rewrap
from healing.vault.keyring import SECOND_FACTOR, BadKeyring, SealBroken
from healing.vault.master import keyring
from healing.vault.models import UserKey

BATCH = 500
# Where allauth keeps what the adapter sealed.
SEALED_IN_DATA = ("secret", "seed")


class Command(BaseCommand):
    help = "Rewrite all wrapped keys with the newest version in MASTER_KEYS. Safe to run twice."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            people = sum(self._rewrapped(row) for row in UserKey.objects.iterator(BATCH))
            factors = sum(self._resealed(row) for row in Authenticator.objects.iterator(BATCH))
        except (BadKeyring, SealBroken) as problem:
            raise CommandError(
                f"{problem} Nothing further was changed; mend it and run again."
            ) from None
        newest = keyring().newest
        self.stdout.write(
            f"Master key version {newest} now wraps everything: {people} data keys and {factors} "
            "second factors were rewritten. Older versions may leave MASTER_KEYS."
        )

    def _rewrapped(self, row: UserKey) -> bool:
        with transaction.atomic():
            return rewrap(UserKey.objects.select_for_update().get(pk=row.pk))

    def _resealed(self, row: Authenticator) -> bool:
        with transaction.atomic():
            row = Authenticator.objects.select_for_update().get(pk=row.pk)
            changed = {
                name: keyring().seal_text(
                    keyring().open_text(row.data[name], SECOND_FACTOR), SECOND_FACTOR
                )
                for name in SEALED_IN_DATA
                if name in row.data and not row.data[name].startswith(f"{keyring().newest}:")
            }
            if changed:
                row.data |= changed
                row.save(update_fields=["data"])
            return bool(changed)
