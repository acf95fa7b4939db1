"""What sign-up asks beyond address and password, and the form for the time zone."""

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from healing.accounts.actions import give_consent
from healing.accounts.clock import zone_names
from healing.accounts.models import Consent, User


class TimeZoneField(forms.ChoiceField):
    """Every zone of the time-zone table; a script proposes the device's own."""

    def __init__(self, **kwargs: Any) -> None:
        names = [(name, name.replace("_", " ")) for name in zone_names()]
        super().__init__(
            label=_("Your time zone"),
            choices=names,
            widget=forms.Select(attrs={"data-guess": ""}),
            error_messages={
                "invalid_choice": _("Choose a time zone from the list, for example Europe/Berlin."),
                "required": _("Choose the time zone you live in, so that “today” is your today."),
            },
            **kwargs,
        )


class ConsentForm(forms.Form):
    """Age by their own word and the agreement to storing: at sign-up, or later if missing."""

    adult = forms.BooleanField(
        label=_("I am 18 or older."),
        error_messages={"required": _("This is for adults. Tick the box if you are 18 or older.")},
    )
    storing = forms.BooleanField(
        label=_("I agree that what I write here is stored, sealed with a key of my own."),
        help_text=_(
            "It can be about feelings, health and people close to you. You can take it all with "
            "you or erase it at any time."
        ),
        error_messages={
            "required": _(
                "Without this there is nowhere to keep what you write. The steadying exercises "
                "stay open without an account."
            )
        },
    )


class BeforeYouStartForm(ConsentForm):
    """What sign-up asks beyond address and password."""

    mail = forms.BooleanField(
        label=_("I agree to get reminder mail, once I have chosen days and an hour."),
        help_text=_("You can leave this open and decide later."),
        required=False,
    )
    time_zone = TimeZoneField(initial="UTC")

    def signup(self, request: HttpRequest, user: User) -> None:
        """Called by allauth once the account exists, in the same transaction."""
        user.time_zone = self.cleaned_data["time_zone"]
        user.save(update_fields=["time_zone"])
        give_consent(owner=user, kind=Consent.Kind.STORING)
        if self.cleaned_data["mail"]:
            give_consent(owner=user, kind=Consent.Kind.MAIL)


class TimeZoneForm(forms.Form):
    """Changes the time zone later."""

    time_zone = TimeZoneField()
