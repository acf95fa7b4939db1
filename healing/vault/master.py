"""Finds the master keys of this site, or stops with a sentence that says how to mend it."""

import functools
import os
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection

from healing.vault.keyring import BadKeyring, Keyring, SealBroken, new_key, parse
from healing.vault.models import UserKey


@functools.cache
def keyring() -> Keyring:
    """From MASTER_KEYS, else the key file; a first key is made only for an empty SQLite database.

    Raises ImproperlyConfigured when there is none, or when it cannot be read. Never makes a new
    key beside rows that an older one sealed.
    """
    file = Path(settings.MASTER_KEY_FILE)
    if settings.MASTER_KEYS:
        return _parsed(settings.MASTER_KEYS, "MASTER_KEYS")
    if file.exists():
        return _parsed(file.read_text(), str(file))
    if connection.vendor != "sqlite":
        raise ImproperlyConfigured(
            "There is no master key. Set MASTER_KEYS (see docs/operations.md): with a database "
            "server none is made up for you, and without it no private row can be opened."
        )
    if UserKey.objects.exists():
        raise ImproperlyConfigured(
            f"The master key file {file} is missing, and this database holds rows it sealed. "
            "Put the file back from your backup, or set MASTER_KEYS. No new key was made: it "
            "could not open them."
        )
    return _parsed(_made(file), str(file))


def check_keys() -> None:
    """Prove at start that the keys open one data key of each version in use.

    Raises ImproperlyConfigured naming the version that does not open. A database that is down is
    left alone: the help page has to start without it.
    """
    ring = keyring()
    try:
        versions = set(UserKey.objects.values_list("version", flat=True).distinct())
        rows = [UserKey.objects.filter(version=version).first() for version in versions]
    except DatabaseError:
        return
    for row in filter(None, rows):
        version = row.version
        try:
            ring.unwrap(version, bytes(row.wrapped), str(row.owner_id))
        except BadKeyring as problem:
            raise ImproperlyConfigured(str(problem)) from None
        except SealBroken:
            raise ImproperlyConfigured(
                f"Master key version {version} is not the key that sealed this database. "
                "Put the right one into MASTER_KEYS or the key file."
            ) from None


def _parsed(text: str, where: str) -> Keyring:
    try:
        return parse(text)
    except BadKeyring as problem:
        raise ImproperlyConfigured(f"{where}: {problem}") from None


def _made(file: Path) -> str:
    file.parent.mkdir(parents=True, exist_ok=True)
    text = new_key()
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as out:
        out.write(text + "\n")
    return text
