"""Master keys by version: they wrap each person's data key and the service keys, and never leave
the environment or the key file.

A keyring is written as `version:key`, several separated by commas; each key is 32 random bytes in
URL-safe base64. The highest version seals; the others still open, until `rotate_keys` has rewritten
what they sealed.
"""

import base64
import binascii
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32
# What the service key of TOTP secrets and recovery seeds is derived for.
SECOND_FACTOR = "second-factor"
NONCE_BYTES = 12


class BadKeyring(ValueError):
    """The master keys cannot be read, or do not open what they should."""


class SealBroken(ValueError):
    """A sealed value does not open: wrong key, or moved from its own row, owner or field."""


def seal(key: bytes, plain: bytes, bound_to: bytes) -> bytes:
    """AES-256-GCM with a fresh nonce: nonce (12 bytes), then ciphertext and tag."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, bound_to)


def unseal(key: bytes, sealed: bytes, bound_to: bytes) -> bytes:
    """The plain bytes; raises SealBroken unless key and `bound_to` are those of the sealing."""
    try:
        return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], bound_to)
    except (InvalidTag, ValueError):
        raise SealBroken("A sealed value did not open.") from None


@dataclass(frozen=True)
class Keyring:
    """Master keys by version, 32 bytes each."""

    keys: Mapping[int, bytes]

    @property
    def newest(self) -> int:
        return max(self.keys)

    def _key(self, version: int) -> bytes:
        try:
            return self.keys[version]
        except KeyError:
            have = ", ".join(str(known) for known in sorted(self.keys))
            raise BadKeyring(
                f"Master key version {version} is missing (present: {have}). "
                "Put it back into MASTER_KEYS or the key file: what it sealed opens with it alone."
            ) from None

    def wrap(self, data_key: bytes, owner: str) -> tuple[int, bytes]:
        """The version used and the wrapped data key, bound to that version and owner."""
        version = self.newest
        return version, seal(self._key(version), data_key, _wrap_bound(version, owner))

    def unwrap(self, version: int, wrapped: bytes, owner: str) -> bytes:
        return unseal(self._key(version), wrapped, _wrap_bound(version, owner))

    def seal_text(self, text: str, purpose: str) -> str:
        """`version:base64`, sealed with a service key derived for `purpose` (HKDF, RFC 5869)."""
        version = self.newest
        sealed = seal(self._service_key(version, purpose), text.encode(), purpose.encode())
        return f"{version}:{base64.urlsafe_b64encode(sealed).decode()}"

    def open_text(self, sealed: str, purpose: str) -> str:
        version, _, body = sealed.partition(":")
        key = self._service_key(int(version), purpose)
        return unseal(key, base64.urlsafe_b64decode(body), purpose.encode()).decode()

    def _service_key(self, version: int, purpose: str) -> bytes:
        return derive(self._key(version), purpose)


def derive(key: bytes, purpose: str) -> bytes:
    """A 32-byte key for one purpose, derived from `key` (HKDF-SHA256)."""
    return HKDF(hashes.SHA256(), KEY_BYTES, None, b"steady-ground/" + purpose.encode()).derive(key)


def _wrap_bound(version: int, owner: str) -> bytes:
    return f"data-key|{version}|{owner}".encode()


def parse(text: str) -> Keyring:
    """A keyring from its written form; raises BadKeyring that says what is wrong."""
    keys: dict[int, bytes] = {}
    for part in text.replace("\n", ",").split(","):
        if not part.strip():
            continue
        version, colon, body = part.strip().partition(":")
        if not colon or not version.isascii() or not version.isdigit() or int(version) > 32767:
            raise BadKeyring("Each master key is written as version:key, for example 1:AbC…")
        if int(version) in keys:
            raise BadKeyring(f"Master key version {int(version)} is given twice.")
        keys[int(version)] = _decoded(int(version), body)
    if not keys:
        raise BadKeyring("There is no master key in it.")
    return Keyring(keys)


def _decoded(version: int, body: str) -> bytes:
    try:
        key = base64.b64decode(body, altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != KEY_BYTES:
        raise BadKeyring(
            f"Master key version {version} is not {KEY_BYTES} bytes of URL-safe base64. Make one "
            'with: python -c "import base64, os; '
            'print(base64.urlsafe_b64encode(os.urandom(32)).decode())"'
        )
    return key


def new_key(version: int = 1) -> str:
    """A fresh master key in its written form."""
    return f"{version}:{base64.urlsafe_b64encode(secrets.token_bytes(KEY_BYTES)).decode()}"
