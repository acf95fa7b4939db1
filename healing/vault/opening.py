"""Opens many rows of one person quickly, to look through them in memory.

The seal is checked as everywhere: key, model, field, owner and row id have to be those it was made
with. What is saved is making a model instance for each row, and asking for the key each time.
"""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from healing.vault.actions import data_key
from healing.vault.fields import SEAL_VERSION, bound_to
from healing.vault.keyring import NONCE_BYTES, SealBroken

# Few enough that a page found at once reads little more than it shows.
CHUNK = 500
BODY = len(SEAL_VERSION) + NONCE_BYTES


def open_rows(
    rows: Any, owner: Any, field: str, *clear: str
) -> Iterator[tuple[UUID, bytes, *tuple[Any, ...]]]:
    """(row id, opened bytes) of a sealed column, in the order of `rows`; UTF-8, unparsed.

    `clear` names columns whose values follow. `rows` is a queryset of `owner`'s rows. Raises
    SealBroken at a row that does not open.
    """
    opener = AESGCM(data_key(owner.pk))
    bound = bound_to(rows.model, field, owner.pk, "")
    for pk, sealed, *rest in rows.values_list("pk", field, *clear).iterator(chunk_size=CHUNK):
        if sealed[:1] != SEAL_VERSION:
            raise SealBroken("A sealed value has an unknown version.")
        try:
            words = opener.decrypt(sealed[1:BODY], sealed[BODY:], bound + str(pk).encode())
        except (InvalidTag, ValueError):
            raise SealBroken("A sealed value did not open.") from None
        yield pk, words, *rest
