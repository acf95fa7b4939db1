"""Makes, opens and destroys a person's data key."""

import hashlib
import hmac
import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any
from uuid import UUID

from django.core.exceptions import ImproperlyConfigured

from healing.vault.keyring import KEY_BYTES, derive
from healing.vault.master import keyring
from healing.vault.models import UserKey

# Opened keys of the request or task under way; never longer, never shared.
_opened: ContextVar[dict[int, bytes] | None] = ContextVar("opened_data_keys", default=None)


@contextmanager
def keys_kept_open() -> Iterator[None]:
    """Within it each data key is unwrapped once; at its end they are forgotten."""
    token = _opened.set({})
    try:
        yield
    finally:
        _opened.reset(token)


def create_key(owner: Any) -> None:
    """Make the data key of a new person; call it in the transaction that makes the person."""
    version, wrapped = keyring().wrap(os.urandom(KEY_BYTES), str(owner.pk))
    UserKey.objects.create(owner=owner, version=version, wrapped=wrapped)


def data_key(owner_id: int) -> bytes:
    """The person's opened data key; raises ImproperlyConfigured if they have none."""
    kept = _opened.get()
    if kept is not None and owner_id in kept:
        return kept[owner_id]
    row = UserKey.objects.filter(owner_id=owner_id).first()
    if row is None:
        raise ImproperlyConfigured(
            f"Person {owner_id} has no data key. It is made with the person and never later: "
            "restore the vault_userkey table from the same backup as the rest."
        )
    key = keyring().unwrap(row.version, bytes(row.wrapped), str(owner_id))
    if kept is not None:
        kept[owner_id] = key
    return key


def destroy_key(owner: Any) -> None:
    """Delete the data key: from here on nothing the person wrote can be opened by anyone."""
    UserKey.objects.filter(owner_id=owner.pk).delete()
    if (kept := _opened.get()) is not None:
        kept.pop(owner.pk, None)


def private_id(owner: Any, *parts: str) -> UUID:
    """A row id that always comes out the same for these parts, and tells nobody what they are.

    For "at most one row of this kind for this person" where the kind itself is private: the id
    is an HMAC under the person's data key, so a double submit meets its own row.
    """
    key = derive(data_key(owner.pk), "row-id")
    digest = hmac.new(key, "|".join(parts).encode(), hashlib.sha256).digest()
    return UUID(bytes=digest[:16], version=4)


def rewrap(row: UserKey) -> bool:
    """Wrap one data key with the newest master key; False if it already is."""
    ring = keyring()
    if row.version == ring.newest:
        return False
    key = ring.unwrap(row.version, bytes(row.wrapped), str(row.owner_id))
    row.version, row.wrapped = ring.wrap(key, str(row.owner_id))
    row.save(update_fields=["version", "wrapped"])
    return True
