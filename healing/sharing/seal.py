"""Seals a shared packet so that only link and passphrase together open it (no Django).

The packet is sealed with AES-256-GCM under a random key. That key is wrapped by one that Argon2id
makes of the passphrase and the token of the link. The token is 32 random bytes and is nowhere
stored, so whoever has all the rest still has nothing to try passphrases on.
"""

import hashlib
import hmac
import os
import re
import secrets
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from argon2.low_level import Type, hash_secret_raw

from healing.vault.keyring import KEY_BYTES, seal, unseal

TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
# RFC 9106, section 4, second recommended option, for machines that have other things to do: 3
# passes over 64 MiB, 4 lanes, a salt of 16 bytes. A try costs no more memory than a sign-in here.
PASSES, MEMORY, LANES, SALT_BYTES = 3, 64 * 1024, 4, 16
# Plain words that can be said aloud.
WORDS = tuple((Path(__file__).parent / "words.txt").read_text(encoding="utf-8").split())
# Six of more than 500 are over 53 bits. At the link there are 20 tries.
WORDS_IN_ALL = 6
SHORTEST = 12


@dataclass(frozen=True)
class Sealed:
    """What is stored: the salt, the wrapped key, the sealed packet."""

    salt: bytes
    wrapped: bytes
    packet: bytes


def new_token() -> str:
    """43 letters of an address: 32 random bytes."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """What is stored of a token; nobody can try all of 2^256, so it needs no salt."""
    return hashlib.sha256(f"healing.sharing|{token}".encode()).hexdigest()


def new_passphrase() -> str:
    """Plain words to say aloud."""
    return " ".join(secrets.choice(WORDS) for _word in range(WORDS_IN_ALL))


def heard(passphrase: str) -> str:
    """A passphrase as it counts: spoken or written, capitals, hyphens and spaces are no matter."""
    plain = unicodedata.normalize("NFKC", passphrase).casefold()
    return " ".join(re.sub(r"[\s\-\N{NON-BREAKING HYPHEN}\N{EN DASH}]+", " ", plain).split())


def seal_packet(packet: bytes, *, token: str, passphrase: str, row: str) -> Sealed:
    """Seal it for whoever has both; `row` is the id that it is bound to."""
    key, salt = os.urandom(KEY_BYTES), os.urandom(SALT_BYTES)
    wrapped = seal(_key(token, passphrase, salt), key, _bound("key", row))
    return Sealed(salt, wrapped, seal(key, packet, _bound("packet", row)))


def open_packet(sealed: Sealed, *, token: str, passphrase: str, row: str) -> bytes:
    """The packet; raises SealBroken for a wrong passphrase or token, or another row."""
    key = unseal(_key(token, passphrase, sealed.salt), sealed.wrapped, _bound("key", row))
    return unseal(key, sealed.packet, _bound("packet", row))


def try_in_vain(*, token: str, passphrase: str) -> None:
    """Takes as long as a try, so that a link that is gone answers no faster than a living one."""
    _key(token, passphrase, bytes(SALT_BYTES))


def _key(token: str, passphrase: str, salt: bytes) -> bytes:
    both = hmac.new(token.encode(), heard(passphrase).encode(), hashlib.sha256).digest()
    return hash_secret_raw(both, salt, PASSES, MEMORY, LANES, KEY_BYTES, Type.ID)


def _bound(what: str, row: str) -> bytes:
    return f"healing.sharing|{what}|{row}".encode()
