"""What a person may note about one time of doing an exercise; all of it can be left open."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from exercises import screens
from exercises.guide import guide
from exercises.models import Exercise
from exercises.ratings import HIGHEST, Ended
from exercises.timeline import Ask
from healing.accounts.fields import LEAVE_OPEN, LEFT_OPEN, LineField, OneTimeId, YesNoField

LONGEST = 4 * 3600  # seconds
LONGEST_NOTE = 20_000  # characters
SCALE_WORDS = {
    "distress": _("0 is none, 10 is the most you can imagine. You can leave this open."),
    "truth": _("0 is not true at all, 10 is fully true. You can leave this open."),
}


class RatingField(forms.TypedChoiceField):
    """Distress from 0 to 10 as a row of numbers, or None."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            choices=[(number, str(number)) for number in range(HIGHEST + 1)],
            coerce=int,
            empty_value=None,
            required=False,
            widget=forms.RadioSelect(attrs={"class": "compact"}),
            error_messages={"invalid_choice": _("Choose a number from 0 to 10, or none.")},
            **{"help_text": SCALE_WORDS["distress"], **kwargs},
        )


class PercentField(forms.IntegerField):
    """How likely, how true or how uneasy something is, 0 to 100, or None."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            min_value=0,
            max_value=100,
            required=False,
            help_text=_("From 0, not at all, to 100, fully. You can leave this open."),
            error_messages={
                "invalid": _("Write a whole number from 0 to 100, or leave it open."),
                "min_value": _("Write a number from 0 to 100."),
                "max_value": _("Write a number from 0 to 100."),
            },
            **kwargs,
        )


class SessionForm(forms.Form):
    """The ratings before and after, what was noted in the steps, and what the player measured.

    All under one id. The fields of the steps are named `note-<key>`, as the way in hand asks.
    """

    session = forms.UUIDField(widget=forms.HiddenInput)
    variant = forms.SlugField(widget=forms.HiddenInput, required=False, max_length=31)
    seconds = forms.IntegerField(
        widget=forms.HiddenInput, required=False, min_value=0, max_value=LONGEST
    )
    before = RatingField(label=_("How strong is the distress right now?"))
    after = RatingField(label=_("How strong is the distress now?"))
    ended = forms.TypedChoiceField(
        choices=[(ended.value, ended.value) for ended in Ended],
        coerce=Ended,
        empty_value=None,
        required=False,
        widget=forms.HiddenInput,
    )

    def __init__(self, *args: Any, asks: Iterable[Mapping[str, Any]] = (), **kwargs: Any) -> None:
        """`asks`: the steps that ask for something, as `exercises.content` reads them."""
        super().__init__(*args, **kwargs)
        self.asks = list(asks)
        for step in self.asks:
            self.fields[note_name(step["key"])] = note_field(step)
            if step.get("unsent"):
                self.fields[note_name(step["key"], keep=True)] = forms.BooleanField(
                    label=_("Keep these words with my exercises"),
                    required=False,
                    help_text=_("They are never sent. Without this they are deleted."),
                )

    @property
    def drops_words(self) -> bool:
        """Whether words are in it that nobody asked to keep: only this page holds them."""
        data = self.cleaned_data
        keys = [step["key"] for step in self.asks if step.get("unsent")]
        return any(data[note_name(key)] and not data[note_name(key, keep=True)] for key in keys)

    @property
    def noted(self) -> list[dict[str, Any]]:
        """What was noted, in order: {"key", "say", "kind", "value"}; nothing for what is left open.

        The words of the step stay with the note: an editor may change them later.
        """
        found = []
        for step in self.asks:
            value = self.cleaned_data.get(note_name(step["key"]))
            kept = self.cleaned_data.get(note_name(step["key"], keep=True), True)
            if value not in (None, "", [], LEFT_OPEN) and kept:
                found.append(
                    {"key": step["key"], "say": step["say"], "kind": step["kind"], "value": value}
                )
        return found


def note_name(key: str, *, keep: bool = False) -> str:
    """The field of one step, or the box that says whether its words are kept."""
    return f"keep-{key}" if keep else f"note-{key}"


def note_field(step: Mapping[str, Any]) -> forms.Field:
    """The field for a step that asks for something; each can be left open."""
    label = step["say"]
    match step["kind"]:
        case Ask.RATING if step["scale"] == "percent":
            return PercentField(label=label)
        case Ask.RATING:
            return RatingField(label=label, help_text=SCALE_WORDS[step["scale"]])
        case Ask.CHOICE if step["many"]:
            return forms.MultipleChoiceField(
                label=label,
                choices=[(one, one) for one in step["options"]],
                required=False,
                widget=forms.CheckboxSelectMultiple,
                error_messages={"invalid_choice": _("Choose from the list, or nothing.")},
            )
        case Ask.CHOICE:
            return forms.ChoiceField(
                label=label,
                choices=[*((one, one) for one in step["options"]), LEAVE_OPEN],
                required=False,
                widget=forms.RadioSelect,
                error_messages={"invalid_choice": _("Choose one from the list, or none.")},
            )
        case Ask.LIST:
            words = _("One on a line. You can leave this open.")
            return _text_field(label, min(step["count"], 8), words)
        case _:
            return _text_field(label, 3, _("For you alone. You can leave this open."))


def _text_field(label: str, rows: int, words: Any) -> LineField:
    return LineField(
        label=label,
        longest=LONGEST_NOTE,
        help_text=words,
        widget=forms.Textarea(attrs={"rows": rows, "autocomplete": "off"}),
        error_messages={
            "max_length": _(
                "This is longer than fits here: %(show_value)s characters, and %(limit_value)s fit."
            )
        },
    )


class NicknameField(LineField):
    """Whom an exercise is about, in one line."""

    def __init__(self, help_text: Any) -> None:
        super().__init__(
            label=_("Who is it about?"),
            help_text=help_text,
            longest=60,
            widget=forms.TextInput(attrs={"autocomplete": "off"}),
        )


class PersonForm(forms.Form):
    """Whom E25-E28 are about, and whether that is safe; no answer is kept."""

    name = NicknameField(_("A nickname or an initial is enough. It is kept sealed."))
    nobody = forms.BooleanField(
        label=_("Nobody in particular, I want to practise the words"), required=False
    )
    could_hurt = YesNoField(
        _("Could this person hurt you, or make you pay for it, if you do this?")
    )
    has_hurt = YesNoField(
        _("Has this person hurt, threatened, followed or controlled you?"),
        help_text=_("Your answers are not kept. An open question counts as not sure."),
    )
    respects_no = YesNoField(_("Do they mostly respect my no?"))

    def __init__(self, *args: Any, exercise: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.exercise = exercise
        if exercise not in screens.ASKS_RESPECT:
            del self.fields[screens.RESPECTS_NO]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and bool(data["name"]) == data["nobody"]:
            said = _("Write a nickname or an initial, or choose “nobody in particular”.")
            self.add_error("name", said)
        return data

    @property
    def is_safe(self) -> bool:
        """Whether the exercise may open; where it is about nobody there is nothing to ask."""
        data = self.cleaned_data
        return data["nobody"] or screens.person_is_safe(self.exercise, data)

    @property
    def rests(self) -> bool:
        """Whether E25-E28 rest for this person from now on."""
        return not self.cleaned_data["nobody"] and screens.person_rests(self.cleaned_data)


class AlarmForm(forms.Form):
    """The safety questions of E30. The ticks are never kept."""

    ticks = forms.MultipleChoiceField(
        label=_("Tick what fits. These ticks are never kept."),
        choices=[
            ("afraid", _("I am afraid of this person")),
            ("hurt", _("They hurt me, or threatened to hurt me, themselves, a child or an animal")),
            ("pressed", _("I was pressed into sex or touch")),
            ("control", _("They control my money, phone, papers or contacts")),
            ("follow", _("They follow, track or watch me")),
            (screens.NONE_OF_THESE, _("None of these")),
            ("unsure", _("Not sure")),
        ],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    name = NicknameField(_("A nickname or an initial, if you like. It is kept sealed."))

    @property
    def is_safe(self) -> bool:
        return screens.alarm_is_safe(self.cleaned_data["ticks"])


class WhomForm(forms.Form):
    """Whom E18 is about; it may stay open."""

    name = NicknameField(_("A nickname or an initial. You may leave it open. It is kept sealed."))


class DayForm(forms.Form):
    """Today's check before an exercise with a frame; of it only the rating is kept."""

    session = OneTimeId()
    sober = YesNoField(_("Are you sober right now?"), unsure=False)
    time_after = YesNoField(_("Do you have time for yourself afterwards?"), unsure=False)
    private = YesNoField(_("Are you somewhere private?"), unsure=False)
    before = RatingField(
        label=_("How strong is the distress right now?"),
        help_text=_("0 is none, 10 is the most you can imagine. This one needs a number."),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and data["before"] is None:
            self.add_error("before", _("Choose a number from 0 to 10."))
        return data

    @property
    def is_right(self) -> bool:
        return screens.day_is_right(self.cleaned_data)


class LibraryForm(forms.Form):
    """What of the library to show; every field can be left open, and nonsense counts as open."""

    state = forms.ChoiceField(
        label=_("How you are now"),
        required=False,
        choices=[
            ("", _("Any")),
            ("alarm", _("In high alarm")),
            ("shut-down", _("Shut down or numb")),
            ("calm", _("Fairly calm")),
        ],
    )
    minutes = forms.ChoiceField(
        label=_("Time"),
        required=False,
        choices=[
            ("", _("Any")),
            ("2", _("Two minutes or less")),
            ("5", _("Five minutes or less")),
            ("10", _("Ten minutes or less")),
        ],
    )
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    tag = forms.ChoiceField(
        label=_("How well tested"),
        required=False,
        choices=[("", _("Any")), *Exercise.Evidence.choices],
    )
    eyes = forms.ChoiceField(
        label=_("Eyes"), required=False, choices=[("", _("Any")), ("open", _("Eyes stay open"))]
    )
    breath = forms.ChoiceField(
        label=_("Breath"),
        required=False,
        choices=[("", _("Any")), ("no", _("Leaves the breath alone"))],
    )
    favourites = forms.BooleanField(required=False, widget=forms.HiddenInput)
    away = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = Exercise.objects.published().order_by("kind").values_list("kind", flat=True)
        named = [(one, one.capitalize()) for one in kinds.distinct()]
        self.fields["kind"].choices = [("", _("Any")), *named]  # type: ignore[attr-defined]

    @cached_property
    def chosen(self) -> dict[str, Any]:
        """What was chosen, without what was left open or makes no sense."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    def filtered(self, exercises: "QuerySet[Exercise]") -> "QuerySet[Exercise]":
        """Those of the exercises that fit everything chosen."""
        for name, value in self.chosen.items():
            match name:
                case "state":
                    exercises = exercises.filter(**{f"fits_{value.replace('-', '_')}": True})
                case "minutes":
                    exercises = exercises.filter(minutes__lte=value)
                case "kind":
                    exercises = exercises.filter(kind=value)
                case "tag":
                    exercises = exercises.filter(evidence_tag=value)
                case "eyes":
                    exercises = exercises.filter(eyes=Exercise.Eyes.OPEN)
                case "breath":
                    exercises = exercises.filter(breath_focus=False)
        return exercises


def refilled_session(data: QueryDict, slug: str) -> SessionForm:
    """The form as it was posted, with the steps of the exercise and way it was posted for."""
    exercise = Exercise.objects.published().filter(slug=slug).first()
    asks = guide(exercise.as_row(), data.get("variant", "")).plan.asks if exercise else ()
    return SessionForm(data, asks=asks)


def refilled_person(data: QueryDict, slug: str) -> PersonForm:
    """The questions about a person as they were answered; each exercise has its own set."""
    exercise = Exercise.objects.published().filter(slug=slug).first()
    return PersonForm(data, exercise=exercise.content_id if exercise else "")


def refilled_alarm(data: QueryDict, slug: str) -> AlarmForm:
    return AlarmForm(data)


def refilled_whom(data: QueryDict, slug: str) -> WhomForm:
    return WhomForm(data)


def refilled_day(data: QueryDict, slug: str) -> DayForm:
    return DayForm(data)
