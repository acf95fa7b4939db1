"""The forms of an entry: one form whose pages show more or fewer of its parts."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple, Self

from django import forms
from django.forms.boundfield import BoundField
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from healing.accounts.clock import local_today
from healing.accounts.fields import LEFT_OPEN, GrowingLine, LineField, OneTimeId
from healing.taxonomy.urges import DANGER_SIGNS
from journal import picks
from journal.actions import mark_of
from journal.models import Entry
from journal.parts import BY_NAME, PARTS, PROVED, Part, Size, shown_by
from journal.practised import Practised

MOST_FEELINGS = 2
# Nobody writes about an earlier year: it is a slip of the keyboard such as 0026.
EARLIEST = date(1900, 1, 1)
# Where the day begins first. Without knowing the person, no date is refused that may be theirs.
EARLIEST_DAWN = "Pacific/Kiritimati"
# What stands above a run of questions, by the first of them.
HEADINGS: dict[str, str | Promise] = {
    "trigger": "",
    "who": _("Who and where"),
    "camera": _("Facts and guesses"),
    "state": _("Your body"),
    "did": _("What came next"),
    "story": _("The story underneath"),
    "echo": _("Then and now"),
    "left_myself": _("You, with yourself"),
    "next_if": _("Next time"),
    "note": "",
}
# Answers beside the parts that only the standard form asks for.
BESIDE = ("sessions",)
# A fear with a day to look at it, kept beside the entry (`healing.predictions`).
PREDICTION = ("fear", "likelihood", "due")
A_WEEK, TWO_YEARS = timedelta(days=7), timedelta(days=730)


class Question(NamedTuple):
    """One part on the page; `again` and `own_again` are the words its lines offer."""

    part: Part
    field: BoundField
    own: BoundField | None
    again: Sequence[str]
    own_again: Sequence[str]
    shape: str


class Section(NamedTuple):
    """Questions under one heading, which is empty for the first and the last."""

    heading: str | Promise
    questions: list[Question]


class EntryForm(forms.Form):
    """One entry. Asked for are a date and a trigger or a feeling; a danger sign alone saves too.

    A page shows the parts of one size, and carries unseen what the pages before it were told, so
    that a form grows without losing a word. `form` names the sizes seen, the one shown last.
    """

    form_id = OneTimeId()
    opened_with = forms.CharField(required=False, widget=forms.HiddenInput)
    form = forms.CharField(required=False, widget=forms.HiddenInput)
    local_date = forms.DateField(
        label=_("Which day was it?"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "invalid": _("This is not a date. Write it like 2026-03-31, or pick it."),
        },
    )
    fear = LineField(label=_("I fear that …"), longest=500, widget=GrowingLine)
    likelihood = forms.IntegerField(
        label=_("How likely is it, in per cent?"),
        help_text=_("From 0 to 100, or leave it open."),
        required=False,
        min_value=0,
        max_value=100,
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"), _("Write a number from 0 to 100, or nothing.")
        ),
    )
    due = forms.DateField(
        label=_("I will know by"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "invalid": _("This is not a date. Write it like 2026-03-31, or pick it."),
        },
    )

    def __init__(
        self,
        data: Any = None,
        *,
        today: date | None = None,
        used: Mapping[str, Sequence[str]] | None = None,
        entry: Entry | None = None,
        size: Size | None = None,
        done: Mapping[str, Practised] | None = None,
        typed: Mapping[str, Any] | None = None,
    ) -> None:
        """`used`: what `EntryQuerySet.used` gives; `entry`: the one to be changed.

        `size`: what to show, if it is not what `data` says; `done`: exercises to name, by session
        id; `typed`: what a form before this one held.
        """
        self.today = today or local_today(EARLIEST_DAWN, timezone.now())
        self.used, self.entry, self.done = used or {}, entry, done
        seen = sizes_in((data if data is not None else typed or {}).get("form", ""))
        self.seen = [one for one in seen if one is not size] + ([size] if size else [])
        self.seen = self.seen or [Size.QUICK]
        self.size = self.seen[-1]
        started = _answers(entry) if entry else {"local_date": self.today}
        named = {"form": _names(self.seen)}
        super().__init__(data, initial={**started, **(typed or {}), **named})
        self._build()

    def _build(self) -> None:
        shown = shown_by(self.size)
        for part in PARTS:
            one = part.name == "urges" and self.size is Size.QUICK
            self._add(part.name, picks.field_of(part, one=one), part in shown)
            if part.own:
                own = picks.own_field_of(part, self.used.get(part.own, ()))
                self._add(part.own, own, part in shown)
        if self.size is Size.QUICK:
            self.fields["feelings"].label = _("What did you feel? Up to two")
        picks.offer_words(self.fields["person"], "person", self.used.get("person", ()))
        if self.done is not None:
            self._add("sessions", picks.sessions_field(self.done), self.size is Size.STANDARD)
        for part in PARTS:
            if part.taxonomy:
                used, chosen = self.used.get(part.name, ()), self._chosen(part.name)
                css = picks.shape_of(part)
                picks.offer(self.fields[part.name], part.taxonomy, used, chosen, css)
        self._build_prediction()
        self.fields["local_date"].widget.attrs["max"] = self._last_day().isoformat()
        if self.size is Size.DEEP:
            self.fields["local_date"].widget = forms.HiddenInput()
        self.order_fields([*(name for name in self.fields if name != "local_date"), "local_date"])

    def _build_prediction(self) -> None:
        for name in PREDICTION:
            self._add(name, self.fields[name], self.size is Size.STANDARD)
        if self.size is Size.STANDARD:
            self.fields["due"].initial = self.today + A_WEEK

    def _add(self, name: str, field: forms.Field, is_shown: bool) -> None:
        if not is_shown:
            field.widget = field.hidden_widget()
        self.fields[name] = field

    def _chosen(self, name: str) -> list[str]:
        chosen = self[name].value() or ()
        return [chosen] if isinstance(chosen, str) else list(chosen)

    # What the page shows -------------------------------------------------------------------------

    def sections(self) -> list[Section]:
        """The questions of this size, in reading order."""
        found: list[Section] = []
        for part in shown_by(self.size):
            if part.name in HEADINGS or not found:
                is_long = self.size is not Size.QUICK
                found.append(Section(HEADINGS.get(part.name, "") if is_long else "", []))
            found[-1].questions.append(self._question(part))
        return found

    def _question(self, part: Part) -> Question:
        again = () if part.taxonomy else self.used.get(part.name, ())
        own = self[part.own] if part.own else None
        return Question(
            part, self[part.name], own, again, self.used.get(part.own, ()), picks.shape_of(part)
        )

    def carried(self) -> Iterator[BoundField]:
        """What an earlier page was told, and the day, to be sent along unseen."""
        told = {"local_date", *PREDICTION, *self._said_here()}
        for field in self.hidden_fields():
            if field.name in told and field.value():
                yield field

    def so_far(self) -> Entry:
        """What the pages before this one hold, as an entry to read; it is not stored."""
        content = dict(self.entry.content) if self.entry else {}
        for name in self._said_here():
            if (value := self[name].value()) not in (None, "", [], LEFT_OPEN):
                content[name] = value
        names = {name for part in shown_by(Size.STANDARD) for name in (part.name, part.own)}
        return Entry(owner_id=0, content={k: v for k, v in content.items() if k in names})

    def number(self, name: str) -> int | None:
        """A number of 0 to 10 as it stands in the form now, whether saved or not."""
        if self.entry and name not in self._said_here():
            return self.entry.said(name)  # type: ignore[no-any-return]
        value = str(self[name].value())
        return int(value) if value.isdecimal() else None

    def grown(self, size: Size) -> Self:
        """The same form, showing `size`, with every word in it; nothing is refused yet."""
        told = {"form_id", "opened_with", "local_date", *self._said_here()}
        typed = {name: self[name].value() for name in self.fields if name in told}
        typed |= {name: said for name in PREDICTION if (said := self[name].value())}
        typed["form"] = _names(self.seen)
        for part in PARTS:
            if (part.taxonomy or part.number) and typed.get(part.name) == LEFT_OPEN:
                typed[part.name] = None
            elif part.many and isinstance(typed.get(part.name), str):
                typed[part.name] = [typed[part.name]]
        return self._again(None, size, typed)

    def at_errors(self) -> Self:
        """This refused form, showing the page where something needs another look."""
        shown = {name for part in shown_by(self.size) for name in (part.name, part.own)}
        is_hidden = self.size is Size.DEEP and set(self.errors) - shown - {"__all__"}
        if is_hidden and Size.STANDARD in self.seen:
            return self._again(self.data, Size.STANDARD)
        return self

    def _again(self, data: Any, size: Size, typed: Mapping[str, Any] | None = None) -> Self:
        return type(self)(
            data,
            today=self.today,
            used=self.used,
            entry=self.entry,
            size=size,
            done=self.done,
            typed=typed,
        )

    # What it was told ----------------------------------------------------------------------------

    def clean_local_date(self) -> date:
        day: date | None = self.cleaned_data["local_date"]
        if day is None:
            raise forms.ValidationError(_("Choose the day, so that the entry has its place."))
        if day > self._last_day():
            raise forms.ValidationError(_("This day is still to come. Choose today or one before."))
        if day < EARLIEST:
            raise forms.ValidationError(_("Please look at the year once more."))
        return day

    def _last_day(self) -> date:
        # Who flies west over midnight is back in the day before the one they wrote on.
        return max(self.today, self.entry.local_date) if self.entry else self.today

    def clean_feelings(self) -> list[str]:
        feelings: list[str] = self.cleaned_data["feelings"]
        if self.size is Size.QUICK and len(feelings) > MOST_FEELINGS:
            raise forms.ValidationError(
                _("Choose the two that were strongest. “Add more” has room for all of them.")
            )
        return feelings

    def clean_due(self) -> date | None:
        day: date | None = self.cleaned_data["due"]
        if day is None or not self.cleaned_data.get("fear"):
            return None
        if day < self.today:
            raise forms.ValidationError(_("This day is over. Choose today or one to come."))
        if day > self.today + TWO_YEARS:
            raise forms.ValidationError(_("Choose a day within the next two years."))
        return day

    def clean(self) -> None:
        said = self.content()
        named = {"trigger", "trigger_own", "feelings", "feelings_own"} & said.keys()
        did = {*said.get("urges", ()), *said.get("did", ())}
        danger = {item.key for item in DANGER_SIGNS.items} & did
        if not named and not danger and not self.errors:
            self.add_error(
                "trigger", _("Choose what set it off, or one feeling. One of the two is enough.")
            )

    def content(self) -> dict[str, Any]:
        """What is stored: the answers given, by name; call it on a valid form.

        What no page of this form showed stays as it is in the entry.
        """
        kept = dict(self.entry.content) if self.entry else {}
        answers: dict[str, Any] = {}
        for name in self._said_here():
            kept.pop(name, None)
            answer = self.cleaned_data.get(name)
            # A hyphen in own words is a word; in a list it is "leave this open".
            left = answer == LEFT_OPEN and name in BY_NAME and BY_NAME[name].taxonomy
            if answer not in (None, "", []) and not left:
                many = name in BY_NAME and BY_NAME[name].many
                answers[name] = [answer] if many and isinstance(answer, str) else answer
        if "guess" not in {**kept, **answers}:
            kept.pop("proved", None)
        largest = max([*self.seen, *([self.entry.size] if self.entry else [])])
        return {**kept, **answers, "form": largest.name.lower()}

    def _said_here(self) -> list[str]:
        """Names of the answers that this form has a say in: a new one in all of them."""
        sizes = self.seen if self.entry else list(Size)
        parts = {part.name: part for size in sizes for part in shown_by(size)}
        names = [name for part in parts.values() for name in (part.name, part.own) if name]
        return names + [name for name in BESIDE if name in self.fields and Size.STANDARD in sizes]

    def clean_sessions(self) -> list[dict[str, str]]:
        """As an entry keeps them: see `Entry`."""
        done = self.done or {}
        chosen = [done[pk] for pk in self.cleaned_data["sessions"]]
        return [{"session": one.session, "exercise": one.exercise} for one in chosen]


class ProvedForm(forms.Form):
    """How a guess turned out; nothing takes an answer back."""

    proved = forms.ChoiceField(choices=list(PROVED.items()), required=False)


def sizes_in(names: str) -> list[Size]:
    """The sizes that a form or an address names, between spaces; unknown ones are left out."""
    known = {size.name.lower(): size for size in Size}
    return [known[name] for name in dict.fromkeys(str(names).split()) if name in known]


def _names(sizes: Sequence[Size]) -> str:
    return " ".join(size.name.lower() for size in sizes)


def _answers(entry: Entry) -> dict[str, Any]:
    """An entry as the form's initial values."""
    mark = mark_of(entry.local_date, entry.content)
    sessions = [one["session"] for one in entry.said("sessions") or []]
    said = {**entry.content, "sessions": sessions}
    return said | {"local_date": entry.local_date, "opened_with": mark}
