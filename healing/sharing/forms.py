"""What goes into a packet, and what a link for it is to be."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from healing.accounts.fields import LineField, OneTimeId
from healing.sharing import seal
from healing.sharing.kinds import KINDS

MONTH = timedelta(days=29)
DAYS = (1, 7, 14, 30)
LONGEST_LABEL, LONGEST_PASSPHRASE = 100, 200


class DayField(forms.DateField):
    """A day, in the browser's own calendar."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    default_error_messages = {
        "required": _("Choose a day, for example 2026-05-31."),
        "invalid": _("Choose a day, for example 2026-05-31."),
    }


class Marks(forms.MultipleChoiceField):
    """Whatever was ticked: a mark of a row that is gone strikes nothing."""

    widget = forms.MultipleHiddenInput

    def valid_value(self, value: Any) -> bool:
        return True


class PacketForm(forms.Form):
    """Days and kinds; and, hidden, what was struck and seen so far.

    `out` are the ticks of one page of the preview, `left` the marks of all others, parted by
    spaces. `page` is the page to show next, `seen` the mark of what the preview showed.
    """

    first = DayField(label=_("From"))
    last = DayField(label=_("To"))
    kinds = forms.MultipleChoiceField(
        label=_("What to take"),
        choices=[(kind.slug, kind.plural) for kind in KINDS],
        widget=forms.CheckboxSelectMultiple(attrs={"class": "words"}),
        error_messages={
            "required": _("Choose at least one kind."),
            "invalid_choice": _("Choose from the list."),
        },
    )
    out = Marks(required=False)
    left = forms.CharField(required=False, widget=forms.HiddenInput)
    page = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    @classmethod
    def empty(cls, today: date) -> "PacketForm":
        """The last thirty days, and every kind."""
        everything = [kind.slug for kind in KINDS]
        return cls(initial={"first": today - MONTH, "last": today, "kinds": everything})

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, last = data.get("first"), data.get("last")
        if first and last and first > last:
            self.add_error("last", _("This day is before the first one. Choose a later one."))
        return data


class ShareForm(PacketForm):
    """How long the link lives, and its passphrase; the packet travels along unseen.

    The token is made with the empty form, like the id: the form sent twice shows the same link.
    """

    label = LineField(label=_("A name for this link, for you alone"),
                      longest=LONGEST_LABEL)  # fmt: skip
    days = forms.TypedChoiceField(
        label=_("How long it opens"),
        choices=[
            (1, _("1 day")),
            (7, _("7 days")),
            (14, _("14 days")),
            (30, _("30 days")),
        ],
        coerce=int,
        widget=forms.RadioSelect(attrs={"class": "words"}),
        error_messages={
            "required": _("Choose how long it opens."),
            "invalid_choice": _("Choose how long it opens."),
        },
    )
    passphrase = forms.CharField(
        label=_("Passphrase"),
        help_text=_(
            "We picked these words. Keep them, or write your own: 12 letters or more. Capitals, "
            "spaces and hyphens make no difference."
        ),
        # Six words are wider than a phone.
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": _("Write a passphrase of 12 letters or more.")},
    )
    form_id = OneTimeId()
    token = forms.RegexField(seal.TOKEN, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in PacketForm.base_fields:
            field = self.fields[name]
            field.widget = field.hidden_widget()

    @classmethod
    def fresh(cls, packet: dict[str, Any]) -> "ShareForm":
        """A form with a new token and words, for the packet that these hidden values name."""
        made = {"token": seal.new_token(), "passphrase": seal.new_passphrase(), "days": 7}
        return cls(initial={**packet, **made})

    def clean_passphrase(self) -> str:
        passphrase = " ".join(self.cleaned_data["passphrase"].split())
        length = len(seal.heard(passphrase))
        if length < seal.SHORTEST:
            raise forms.ValidationError(
                _("This is too easy to guess. Make it 12 letters or longer: a few words will do.")
            )
        if length > LONGEST_PASSPHRASE:
            raise forms.ValidationError(_("Shorten it to 200 letters."))
        return passphrase


class PassphraseForm(forms.Form):
    """What a visitor with a link writes."""

    passphrase = forms.CharField(
        label=_("Passphrase"),
        strip=False,
        help_text=_("Capitals, spaces and hyphens make no difference."),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
        error_messages={"required": _("Write the passphrase you were given.")},
    )

    def clean_passphrase(self) -> str:
        passphrase: str = self.cleaned_data["passphrase"]
        if len(passphrase) > LONGEST_PASSPHRASE * 2:
            raise forms.ValidationError(_("This is longer than any passphrase here. Try again."))
        return passphrase
