"""A packet opens with its link and its passphrase together, and with nothing less."""

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from healing.sharing import seal
from healing.sharing.seal import Sealed, heard, open_packet, seal_packet
from healing.vault.keyring import SealBroken

TOKEN = "t" * 43
WORDS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40)
alike = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)


@given(packet=st.binary(max_size=500), passphrase=WORDS)
@alike
def test_what_was_sealed_opens(quick: None, packet: bytes, passphrase: str) -> None:
    sealed = seal_packet(packet, token=TOKEN, passphrase=passphrase, row="r")
    assert open_packet(sealed, token=TOKEN, passphrase=passphrase, row="r") == packet


@given(passphrase=WORDS, other=WORDS)
@alike
def test_another_passphrase_does_not_open(quick: None, passphrase: str, other: str) -> None:
    assume(heard(passphrase) != heard(other))
    sealed = seal_packet(b"x", token=TOKEN, passphrase=passphrase, row="r")
    with pytest.raises(SealBroken):
        open_packet(sealed, token=TOKEN, passphrase=other, row="r")


@pytest.mark.parametrize(("token", "row"), [("u" * 43, "r"), (TOKEN, "s")])
def test_another_token_or_row_does_not_open(quick: None, token: str, row: str) -> None:
    sealed = seal_packet(b"x", token=TOKEN, passphrase="river lamp otter", row="r")
    with pytest.raises(SealBroken):
        open_packet(sealed, token=token, passphrase="river lamp otter", row=row)


@given(place=st.sampled_from(["salt", "wrapped", "packet"]), at=st.integers(0, 11))
@alike
def test_an_altered_byte_does_not_open(quick: None, place: str, at: int) -> None:
    sealed = seal_packet(b"x", token=TOKEN, passphrase="river lamp otter", row="r")
    parts = {name: bytearray(getattr(sealed, name)) for name in ("salt", "wrapped", "packet")}
    parts[place][at] ^= 1
    broken = Sealed(**{name: bytes(value) for name, value in parts.items()})
    with pytest.raises(SealBroken):
        open_packet(broken, token=TOKEN, passphrase="river lamp otter", row="r")


def test_the_real_parameters_are_those_of_the_standard() -> None:
    """RFC 9106, section 4, second recommended option."""
    assert (seal.PASSES, seal.MEMORY, seal.LANES, seal.SALT_BYTES) == (3, 65536, 4, 16)
    sealed = seal_packet(b"x", token=TOKEN, passphrase="river lamp otter", row="r")
    assert open_packet(sealed, token=TOKEN, passphrase="River-Lamp  otter", row="r") == b"x"
    assert len(sealed.salt) == 16


@pytest.mark.parametrize(
    "said", ["River Lamp Otter", " river  lamp otter ", "river-lamp-otter", "RIVER\tLAMP–OTTER"]
)
def test_a_passphrase_can_be_said_aloud(said: str) -> None:
    assert heard(said) == "river lamp otter"


def test_two_seals_of_one_packet_have_nothing_in_common(quick: None) -> None:
    one, two = (seal_packet(b"x", token=TOKEN, passphrase="a b c", row="r") for _ in range(2))
    assert one.salt != two.salt
    assert one.wrapped != two.wrapped
    assert one.packet != two.packet


def test_made_words_are_plain_and_hard_to_guess() -> None:
    assert len(set(seal.WORDS)) == len(seal.WORDS) > 500
    assert all(word.isascii() and word.isalpha() and word.islower() for word in seal.WORDS)
    made = {seal.new_passphrase() for _ in range(50)}
    assert len(made) == 50
    for passphrase in made:
        assert len(passphrase.split()) == 6
        assert heard(passphrase) == passphrase
        assert len(passphrase) >= seal.SHORTEST


def test_a_token_is_long_and_its_hash_another_text() -> None:
    token = seal.new_token()
    assert seal.TOKEN.fullmatch(token)
    assert token not in seal.token_hash(token)
    assert seal.new_token() != token
