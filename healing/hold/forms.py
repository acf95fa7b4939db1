"""The forms of a hold: what it is about, how it is afterwards, and what becomes of the words."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from exercises.ratings import HIGHEST, Ended
from healing.accounts.fields import GrowingLine, LineField, NumberedField, OneTimeId
from healing.hold.urges import DANGER, HELD
from healing.hold.wave import USUAL, WAYS, Chosen
from healing.taxonomy.shape import OTHER

LONGEST_MESSAGE = 20_000  # characters
LONGEST_PLAYED = 4 * 3600  # seconds
KEEP, DELETE = "keep", "delete"


class PickUrges(forms.CheckboxSelectMultiple):
    """Gives the template the taxonomy's item behind each choice."""

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option: dict[str, Any] = super().create_option(name, value, *args, **kwargs)
        option["item"] = HELD.by_key.get(str(value))
        return option


class HoldForm(forms.Form):
    """Names the urge, rates it, takes the message in, and asks for how long. All may stay open."""

    form_id = OneTimeId()
    urges = forms.MultipleChoiceField(
        label=_("What do you want to do?"),
        required=False,
        widget=PickUrges,
        error_messages={"invalid_choice": _("Choose from the list, or use your own words.")},
    )
    own = LineField(label=_("What is it, in your words?"), longest=200)
    before = NumberedField(
        label=_("How strong is it, from 0 to 10?"),
        choices=[(number, number) for number in range(HIGHEST + 1)],
        leave_open=_("skip"),
        css="compact",
    )
    message = LineField(
        label=_("What you want to say"),
        help_text=_("It cannot be sent from here. It is kept sealed until you close this."),
        longest=LONGEST_MESSAGE,
        widget=GrowingLine,
    )
    minutes = forms.TypedChoiceField(
        label=_("How many minutes can it wait?"),
        choices=[(minutes, minutes) for minutes in WAYS],
        coerce=int,
        required=False,
        initial=USUAL,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("Choose 2, 5, 10 or 20 minutes.")},
    )

    def __init__(self, data: Any = None, *, used: Iterable[str] = ()) -> None:
        """`used`: keys the person chose lately, the newest first."""
        super().__init__(data)
        first = [*HELD.shown_first(used), OTHER]
        rest = [
            (group.label, [(one.key, one.label) for one in group.items if one not in first])
            for group in HELD.groups
        ]
        field: Any = self.fields["urges"]
        field.choices = [
            *((one.key, one.label) for one in first),
            *((label, left) for label, left in rest if left),
        ]

    def clean_minutes(self) -> int:
        return self.cleaned_data["minutes"] or USUAL

    @property
    def has_danger(self) -> bool:
        """Whether a danger sign is among them: then nothing is put off. Call it on a valid form."""
        return bool(DANGER.intersection(self.cleaned_data["urges"]))

    def said(self) -> dict[str, Any]:
        """What was said, by the names that a `Hold` stores it under; call it on a valid form."""
        names = ("own", "before", "minutes", "message")
        urges = [key for key in self.cleaned_data["urges"] if key != OTHER.key]
        return {"urges": urges, **{name: self.cleaned_data[name] for name in names}}


class AfterForm(forms.Form):
    """How strong it is afterwards, what somebody chose to do, and what the player measured."""

    seconds = forms.IntegerField(
        widget=forms.HiddenInput, required=False, min_value=0, max_value=LONGEST_PLAYED
    )
    ended = forms.TypedChoiceField(
        choices=[(ended.value, ended.value) for ended in Ended],
        coerce=Ended,
        empty_value=None,
        required=False,
        widget=forms.HiddenInput,
    )
    after = NumberedField(
        label=_("How strong is it now?"),
        choices=[(number, number) for number in range(HIGHEST + 1)],
        leave_open=_("skip"),
        css="compact",
    )
    chosen = forms.ChoiceField(
        label=_("What will you do?"),
        choices=[
            (Chosen.LET_GO, _("Let it go for now")),
            (Chosen.CLEAR_SENTENCE, _("Send one clear sentence")),
            (Chosen.SOMEONE_ELSE, _("Call someone else")),
            (Chosen.WAIT, _("Wait once more")),
            (Chosen.DID_IT, _("I did it anyway")),
        ],
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose one, so that this can go on. None of them is wrong."),
            "invalid_choice": _("Choose one from the list."),
        },
    )


class CloseForm(forms.Form):
    """What becomes of the unsent words, and whether it goes into the journal."""

    words = forms.ChoiceField(
        label=_("Your unsent words"),
        choices=[(DELETE, _("Delete them")), (KEEP, _("Keep them here, unsent"))],
        required=False,
        initial=DELETE,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("Choose whether to keep or to delete them.")},
    )
    journal = forms.BooleanField(label=_("Put this into my journal"), required=False)
    with_words = forms.BooleanField(label=_("and the unsent words with it"), required=False)

    def __init__(self, data: Any = None, *, has_words: bool = True) -> None:
        super().__init__(data)
        if not has_words:
            del self.fields["words"], self.fields["with_words"]

    def clean(self) -> None:
        if self.cleaned_data.get("with_words") and not self.cleaned_data.get("journal"):
            said = _("Tick this too, so that the words can go there. Or leave both open.")
            self.add_error("journal", said)

    @property
    def keeps_words(self) -> bool:
        return self.cleaned_data.get("words") == KEEP
