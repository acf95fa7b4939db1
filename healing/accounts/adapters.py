"""How allauth is told to keep secrets and to write mail."""

import logging
from smtplib import SMTPException
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.contrib import messages
from django.utils.translation import gettext_lazy as _

from healing.vault.keyring import SECOND_FACTOR
from healing.vault.master import keyring

logger = logging.getLogger(__name__)

MAIL_IS_DOWN = _(
    "The mail could not be sent: our mail server does not answer. In some minutes, sign in with "
    "your address and password, or ask for a new one. Then the mail is sent again."
)


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

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Sends it, or says on the next page that it could not be sent; the account stands."""
        try:
            super().send_mail(template_prefix, email, context)
        except (SMTPException, OSError) as problem:
            logger.error("%s was not sent: %s", template_prefix, type(problem).__name__)
            messages.error(self.request, MAIL_IS_DOWN)


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
