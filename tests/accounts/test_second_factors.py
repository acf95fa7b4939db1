"""TOTP secrets and recovery seeds are sealed, and still work."""

from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.db import connection

from healing.accounts.models import User


def test_a_secret_is_sealed_in_the_database_and_opens_through_the_adapter(mara: User) -> None:
    TOTP.activate(mara, "JBSWY3DPEHPK3PXP")
    codes = RecoveryCodes.activate(mara).get_unused_codes()
    with connection.cursor() as cursor:
        cursor.execute("SELECT data FROM mfa_authenticator")
        stored = " ".join(str(row[0]) for row in cursor.fetchall())
    assert "JBSWY3DPEHPK3PXP" not in stored
    assert not any(code in stored for code in codes)
    row = Authenticator.objects.get(type=Authenticator.Type.TOTP)
    assert row.data["secret"].startswith("1:")
    assert get_adapter().decrypt(row.data["secret"]) == "JBSWY3DPEHPK3PXP"
    wrapped: Any = Authenticator.objects.get(type=Authenticator.Type.RECOVERY_CODES).wrap()
    assert wrapped.validate_code(codes[0])
