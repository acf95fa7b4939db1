"""What someone answered to a questionnaire, and the words that editors add to a key."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any, ClassVar
from uuid import UUID

from django.core.validators import MaxValueValidator
from django.db import models
from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel

from healing.editorial.models import EditedText
from healing.editorial.panels import text_panels
from healing.editorial.text_checks import Finding, Report
from healing.questionnaires.change import Taken, asked_by
from healing.questionnaires.fhir_export import Answered
from healing.questionnaires.instrument import GENERAL, Instrument, with_range, without_words
from healing.questionnaires.instrument_folder import from_files
from healing.questionnaires.questions import questions
from healing.questionnaires.wording import HIGHEST, Wording, faults, read_lines, worded
from healing.vault.fields import SealedJSONField
from healing.vault.models import PrivateQuerySet, PrivateRecord

HAS_FILE = _("A file on the server has this questionnaire's words already, and those stand.")
NO_DAY = _("Say on which day the permission was given.")


class SubmissionQuerySet(PrivateQuerySet):
    def to(self, instrument: Instrument) -> "SubmissionQuerySet":
        """Submissions to one questionnaire, newest first."""
        return self.filter(instrument=instrument.id).order_by("-created")


class Submission(PrivateRecord):
    """One filled-in questionnaire: item keys -> steps, choice keys -> answers,
    whom it is about, the range of the steps, and the mark of words an operator added."""

    instrument = models.CharField(max_length=64)
    version = models.PositiveSmallIntegerField()
    local_date = models.DateField()
    said = SealedJSONField()

    objects: ClassVar[Any] = SubmissionQuerySet.as_manager()

    class Meta:
        verbose_name = _("filled-in questionnaire")
        verbose_name_plural = _("filled-in questionnaires")

    def __str__(self) -> str:
        return f"{self.instrument} v{self.version} of person {self.owner_id}"

    @property
    def answers(self) -> dict[str, int]:
        """Item key -> step; items that were skipped are not in it."""
        return dict(self.said["answers"])

    @property
    def choices(self) -> dict[str, str | list[str]]:
        """Choice key -> option key, or a list of them; choices that were skipped are not in it."""
        return dict(self.said["choices"])

    @property
    def target(self) -> str:
        """Whom it is about; older rows were about nobody in particular."""
        return str(self.said.get("target", GENERAL))

    def taken(self, instrument: Instrument) -> Taken:
        """What the arithmetic of change asks for; older rows were all of the instrument's range."""
        scale = instrument.scale
        lowest, highest = self.said.get("range", [scale.lowest, scale.highest])
        return Taken(
            self.instrument,
            self.version,
            lowest,
            highest,
            self.target,
            self.answers,
            self.said.get("wording", ""),
        )

    def fits(self, instrument: Instrument) -> bool:
        """Whether it was answered as `instrument` asks today: version, words and range."""
        return self.taken(instrument).asked == asked_by(instrument)

    def asked(self, instrument: Instrument) -> Instrument:
        """`instrument` as this row answered it: on its range, and without words it was not asked.

        Words of our own stay, since they change with the version alone.
        """
        taken = self.taken(instrument)
        ranged = with_range(instrument, taken.lowest, taken.highest)
        return ranged if taken.wording == instrument.wording else without_words(ranged)

    def answered(self) -> Answered:
        """As FHIR is written from it."""
        return Answered(str(self.id), self.created, self.target, self.answers, self.choices)

    def again_from(self, instrument: Instrument) -> date:
        """The first day on which doing it again says something new."""
        return self.local_date + timedelta(weeks=instrument.retake_weeks)


class Taking(PrivateRecord):
    """A questionnaire under way, with what was answered so far. One for each person and instrument.

    Its id is `private_id`. `said` holds {"row": id the submission will have, "answers",
    "choices", "target" and "wording": as in `Submission`, "passed": how many questions were gone
    through one by one}.
    """

    instrument = models.CharField(max_length=64)
    version = models.PositiveSmallIntegerField()
    local_date = models.DateField()
    said = SealedJSONField()

    class Meta:
        verbose_name = _("questionnaire under way")
        verbose_name_plural = _("questionnaires under way")

    def __str__(self) -> str:
        return f"{self.instrument} v{self.version} of person {self.owner_id}, under way"

    @property
    def row(self) -> UUID:
        return UUID(self.said["row"])

    def is_of(self, instrument: Instrument) -> bool:
        """Whether it answers `instrument` as it is worded today."""
        asked = (instrument.version, instrument.wording)
        return (self.version, self.said.get("wording", "")) == asked

    @property
    def is_empty(self) -> bool:
        return not self.said["answers"] and not self.said["choices"]


def keyed() -> list[tuple[str, str]]:
    """The questionnaires whose words an operator adds, id and title; those worded by a file too."""
    return [
        (one.id, one.title)
        for one in from_files().values()
        if one.for_people and (one.wording or not one.has_wording)
    ]


class AddedWording(EditedText):
    """The words of one questionnaire that ships as a key; people see it while they are published.

    `title` is the questionnaire's own.
    """

    instrument = models.CharField(
        _("questionnaire"),
        max_length=64,
        choices=keyed,
        unique=True,
        error_messages={"unique": _("Words for this one are here already. Edit those.")},
    )
    permission = models.CharField(
        _("permission"),
        max_length=150,
        help_text=_(
            "Who allowed you to show these words, and by what: “Letter of the publisher”. People "
            "see it beside the questionnaire. Without a permission the words are not yours to show."
        ),
    )
    permitted_on = models.DateField(
        _("permission given on"), null=True, help_text=_("The day of the letter or the licence.")
    )
    introduction = models.TextField(
        _("introduction"), blank=True, help_text=_("What a person reads first. May stay empty.")
    )
    instruction = models.TextField(
        _("instruction"),
        blank=True,
        help_text=_("How to answer, and about which time, as the publication words it."),
    )
    lowest = models.PositiveSmallIntegerField(
        _("lowest step"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(HIGHEST)],
        help_text=_("Only for another range than the publication's. Reversed items follow it."),
    )
    highest = models.PositiveSmallIntegerField(
        _("highest step"), null=True, blank=True, validators=[MaxValueValidator(HIGHEST)]
    )
    anchors = models.TextField(
        _("words of the steps"),
        help_text=_("One line for each step, the lowest first. A step without words: its number."),
    )
    items = models.TextField(
        _("items"),
        help_text=_(
            "One line for each item: its number in the publication, then its words. “1. First "
            "item”. Every item of the key, and no other. Leave reversed items as they are printed."
        ),
    )

    needs_review = False
    panels: ClassVar[list[Any]] = [
        one
        for one in text_panels(
            FieldPanel("instrument", required_on_save=True),
            FieldPanel("permission"),
            FieldPanel("permitted_on"),
            FieldPanel("introduction"),
            FieldPanel("instruction"),
            FieldPanel("lowest"),
            FieldPanel("highest"),
            FieldPanel("anchors"),
            FieldPanel("items"),
            review=None,
        )
        if getattr(one, "field_name", "") != "title"
    ]

    class Meta:
        ordering = ["title"]
        verbose_name = _("questionnaire wording")
        verbose_name_plural = _("questionnaire wordings")

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        super().clean()
        self.title = dict(keyed()).get(self.instrument, self.instrument)

    @property
    def key(self) -> Instrument | None:
        """The key these words belong to; None if there is none, or a file has its words."""
        key = from_files().get(self.instrument)
        return None if key is None or key.has_wording else key

    def faults(self) -> list[tuple[str, str]]:
        key = self.key
        if key is None:
            return [("instrument", str(HAS_FILE))]
        _texts, wrong = read_lines(self.items)
        found = [("items", fault) for fault in wrong]
        if not self.permitted_on:
            found.append(("permitted_on", str(NO_DAY)))
        for field, fault in faults(key, self._wording(key)):
            found.append(("lowest" if field == "scale" else field, fault))
        return found

    def worded(self) -> Instrument | None:
        """The questionnaire as people see it; None while something is missing."""
        key = self.key
        return worded(key, self._wording(key)) if key and not self.faults() else None

    def _wording(self, key: Instrument) -> Wording:
        given_on = f", {date_format(self.permitted_on)}" if self.permitted_on else ""
        return Wording(
            permission=f"{self.permission.strip()}{given_on}" if self.permission.strip() else "",
            lowest=key.scale.lowest if self.lowest is None else self.lowest,
            highest=key.scale.highest if self.highest is None else self.highest,
            anchors=tuple(filter(None, map(str.strip, self.anchors.splitlines()))),
            texts=read_lines(self.items)[0],
            introduction=self.introduction.strip(),
            instruction=self.instruction.strip(),
        )

    def prose(self) -> list[str]:
        """The operator's own words: those of the publication stay as they were printed."""
        return [text for text in (self.introduction, self.instruction) if text]

    def report(self) -> Report:
        """The checks of every text, and why people could not be asked this."""
        general = super().report()
        unfit = [Finding("wording", fault) for _field, fault in self.faults()]
        return replace(general, findings=[*unfit, *general.findings])

    def get_preview_template(self, request: HttpRequest, mode_name: str) -> str:
        return "questionnaires/_wording_preview.html"

    def get_preview_context(self, request: HttpRequest, mode_name: str) -> dict[str, Any]:
        """Every question as people are asked it, or what is missing."""
        instrument = self.worded()
        return {
            "request": request,
            "title": self.title,
            "instrument": instrument,
            "questions": questions(instrument) if instrument else [],
            "faults": [fault for _field, fault in self.faults()],
        }
