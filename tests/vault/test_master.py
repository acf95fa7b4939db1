"""Finding the master keys: made once, never beside rows of an older one, wrong ones explained."""

import base64
import stat
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import connection

from healing.accounts.models import User
from healing.vault.actions import data_key
from healing.vault.keyring import new_key
from healing.vault.master import check_keys, keyring
from healing.vault.models import UserKey


@pytest.fixture
def key_file(settings: Any, tmp_path: Path) -> Iterator[Path]:
    """No MASTER_KEYS, and a key file that does not exist yet."""
    settings.MASTER_KEYS = ""
    settings.MASTER_KEY_FILE = tmp_path / "var" / "master.key"
    keyring.cache_clear()
    yield settings.MASTER_KEY_FILE
    keyring.cache_clear()


@pytest.fixture
def use_keys(settings: Any) -> Iterator[Any]:
    def use(text: str) -> None:
        settings.MASTER_KEYS = text
        keyring.cache_clear()

    yield use
    keyring.cache_clear()


def key(letter: bytes, version: int) -> str:
    return f"{version}:{base64.urlsafe_b64encode(letter * 32).decode()}"


@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite gets a key made for it")
def test_a_first_key_is_made_readable_by_its_owner_alone(key_file: Path, db: None) -> None:
    made = keyring()
    assert stat.S_IMODE(key_file.stat().st_mode) == 0o600
    keyring.cache_clear()
    assert keyring() == made


@pytest.mark.skipif(connection.vendor == "sqlite", reason="a database server is needed")
def test_on_a_server_no_key_is_made(key_file: Path, db: None) -> None:
    with pytest.raises(ImproperlyConfigured, match="Set MASTER_KEYS"):
        keyring()
    assert not key_file.exists()


@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite gets a key made for it")
def test_a_lost_key_file_stops_the_start_and_makes_no_new_key(mara: User, key_file: Path) -> None:
    with pytest.raises(ImproperlyConfigured, match="is missing, and this database holds rows"):
        keyring()
    assert not key_file.exists()


def test_a_damaged_key_file_is_named(key_file: Path, db: None) -> None:
    key_file.parent.mkdir()
    key_file.write_text("1:damaged")
    with pytest.raises(ImproperlyConfigured, match=r"master\.key: Master key version 1 is not"):
        keyring()


def test_the_wrong_key_is_noticed_at_start(mara: User, use_keys: Any) -> None:
    check_keys()
    use_keys(new_key())
    with pytest.raises(ImproperlyConfigured, match="version 1 is not the key that sealed"):
        check_keys()


def test_a_missing_version_is_noticed_at_start(mara: User, use_keys: Any) -> None:
    use_keys(new_key(2))
    with pytest.raises(ImproperlyConfigured, match="version 1 is missing"):
        check_keys()


def test_rotation_rewrites_data_keys_and_second_factors(
    mara: User, theo: User, use_keys: Any, settings: Any
) -> None:
    opened = data_key(mara.pk)
    TOTP.activate(mara, "JBSWY3DPEHPK3PXP")
    codes = RecoveryCodes.activate(mara).get_unused_codes()
    use_keys(settings.MASTER_KEYS + "," + key(b"n", 2))
    said = StringIO()
    call_command("rotate_keys", stdout=said)
    assert "2 data keys and 2 second factors" in said.getvalue()
    use_keys(key(b"n", 2))
    check_keys()
    assert set(UserKey.objects.values_list("version", flat=True)) == {2}
    assert data_key(mara.pk) == opened
    row = Authenticator.objects.get(type=Authenticator.Type.RECOVERY_CODES)
    assert row.wrap().validate_code(codes[0])
    said = StringIO()
    call_command("rotate_keys", stdout=said)
    assert "0 data keys and 0 second factors" in said.getvalue()


def test_rotation_without_the_old_key_says_so_and_loses_nothing(
    mara: User, use_keys: Any, settings: Any
) -> None:
    old = settings.MASTER_KEYS
    use_keys(key(b"n", 2))
    with pytest.raises(CommandError, match="version 1 is missing"):
        call_command("rotate_keys")
    use_keys(old)
    check_keys()
