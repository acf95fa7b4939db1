"""Master keys: what they open, what they refuse, and how a wrong one is explained."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from healing.vault.keyring import (
    BadKeyring,
    Keyring,
    SealBroken,
    new_key,
    parse,
    seal,
    unseal,
)

KEYS = st.binary(min_size=32, max_size=32)


@given(KEYS, st.binary(max_size=500), st.binary(max_size=80))
def test_what_was_sealed_opens(key: bytes, plain: bytes, bound: bytes) -> None:
    assert unseal(key, seal(key, plain, bound), bound) == plain


@given(KEYS, st.binary(max_size=60), st.data())
def test_any_flipped_bit_is_noticed(key: bytes, plain: bytes, data: st.DataObject) -> None:
    sealed = bytearray(seal(key, plain, b"here"))
    at = data.draw(st.integers(0, len(sealed) * 8 - 1))
    sealed[at // 8] ^= 1 << at % 8
    with pytest.raises(SealBroken):
        unseal(key, bytes(sealed), b"here")


@given(KEYS, KEYS)
def test_another_key_or_place_does_not_open(key: bytes, other: bytes) -> None:
    sealed = seal(key, b"words", b"here")
    with pytest.raises(SealBroken):
        unseal(key, sealed, b"there")
    if other != key:
        with pytest.raises(SealBroken):
            unseal(other, sealed, b"here")


@given(st.binary(max_size=40))
def test_garbage_never_opens(garbage: bytes) -> None:
    with pytest.raises(SealBroken):
        unseal(b"k" * 32, garbage, b"here")


def test_the_newest_version_seals_and_older_ones_still_open() -> None:
    old, new = Keyring({1: b"a" * 32}), Keyring({1: b"a" * 32, 2: b"b" * 32})
    version, wrapped = old.wrap(b"d" * 32, "7")
    assert (version, new.unwrap(version, wrapped, "7")) == (1, b"d" * 32)
    assert new.wrap(b"d" * 32, "7")[0] == 2
    assert new.open_text(old.seal_text("totp", "second-factor"), "second-factor") == "totp"


def test_a_wrapped_key_is_bound_to_its_owner_and_version() -> None:
    ring = Keyring({1: b"a" * 32, 2: b"a" * 32})
    version, wrapped = ring.wrap(b"d" * 32, "7")
    with pytest.raises(SealBroken):
        ring.unwrap(version, wrapped, "8")
    with pytest.raises(SealBroken):
        ring.unwrap(1, wrapped, "7")


def test_a_missing_version_is_named() -> None:
    with pytest.raises(BadKeyring, match=r"version 3 is missing \(present: 1\)"):
        Keyring({1: b"a" * 32}).unwrap(3, b"", "7")


def test_a_made_key_can_be_read_back() -> None:
    first, second = new_key(), new_key(2)
    assert sorted(parse(f"{first},\n{second}\n").keys) == [1, 2]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no master key"),
        ("abc", "version:key"),
        ("x:" + base64.urlsafe_b64encode(b"a" * 32).decode(), "version:key"),
        ("1:tooshort", "not 32 bytes"),
        ("1:" + base64.urlsafe_b64encode(b"a" * 31).decode(), "not 32 bytes"),
        ("99999:" + base64.urlsafe_b64encode(b"a" * 32).decode(), "version:key"),
        (new_key() + "," + new_key(), "given twice"),
    ],
)
def test_a_bad_keyring_says_what_is_wrong(text: str, said: str) -> None:
    with pytest.raises(BadKeyring, match=said):
        parse(text)


@given(st.text(max_size=80))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        ring = parse(text)
    except BadKeyring:
        return
    assert all(len(key) == 32 for key in ring.keys.values())
