"""How allauth is told to keep secrets and to write mail."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from healing.vault.keyring import SECOND_FACTOR
from healing.vault.master import keyring


class AccountAdapter(DefaultAccountAdapter):
    """allauth's own, with the site's sender and plainer words."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _(
            "Address and password do not fit together. Check both, or set a new password."
        ),
        "email_taken": _("There already is an account with this address. Sign in instead."),
        "incorrect_code": _("This code is not right. Check it, or ask for a new one."),
        "incorrect_password": _("This is not your password. Try once more."),
        "too_many_login_attempts": _(
            "Too many tries in a row. Wait a few minutes, then try again."
        ),
        "rate_limited": _("That was a lot at once. Wait a minute, then try again."),
    }

    def get_from_email(self) -> str:
        return settings.DEFAULT_FROM_EMAIL


class SecondFactorAdapter(DefaultMFAAdapter):
    """Seals TOTP secrets and recovery seeds with a service key.

    allauth's hook is given no user, so a person's own data key cannot be used here.
    """

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("This code is not right. Wait for the next one and try again."),
    }

    def encrypt(self, text: str) -> str:
        return keyring().seal_text(text, SECOND_FACTOR)

    def decrypt(self, encrypted_text: str) -> str:
        return keyring().open_text(encrypted_text, SECOND_FACTOR)

    def _get_site_name(self) -> str:
        return settings.SITE_NAME
