"""The tick without which nothing is erased."""

from django import forms
from django.utils.translation import gettext_lazy as _


class EraseForm(forms.Form):
    sure = forms.BooleanField(
        label=_("I want all of it erased. I know that it cannot be brought back."),
        error_messages={"required": _("Tick the box if you want to erase everything.")},
    )
