"""allauth's sign-up form, saved whole or not at all.

It stands apart from `forms`: allauth's form inherits from `forms.BeforeYouStartForm`, which must be
loaded before it.
"""

from typing import Any

from allauth.account.forms import SignupForm
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class SignUpForm(SignupForm):
    """Person, data key and consents are made in one transaction."""

    field_order = ["email", "password1", "time_zone", "adult", "storing", "mail"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = {
            "email": _("Type your email address, such as name@example.org."),
            "password1": _("Choose a password of at least 10 characters."),
        }
        for name in asked.keys() & self.fields.keys():
            self.fields[name].error_messages["required"] = asked[name]

    def try_save(self, request: HttpRequest) -> Any:
        """Takes as long for a known address as for a new one: hashing is what can be measured."""
        if self.account_already_exists:
            make_password(self.cleaned_data.get("password1"))
        return super().try_save(request)

    @transaction.atomic
    def save(self, request: HttpRequest) -> Any:
        return super().save(request)
