"""The exercises that editors keep, and what a person noted about doing one."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.core.validators import RegexValidator
from django.db import models
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.search.index import FilterField, Indexed

from exercises.blocks import Ways, variant_of
from exercises.guide import guide
from exercises.ratings import Ended, rose
from exercises.screens import ALARM_OR_ANSWER
from healing.editorial.models import EditedText
from healing.editorial.panels import address_panel, text_panels
from healing.editorial.stems import StemField
from healing.vault.fields import SealedJSONField
from healing.vault.models import PrivateQuerySet, PrivateRecord

EXERCISE_ID = r"E\d{2}"
SOURCE_IDS = r"B\d{2,3}(, B\d{2,3})*"
# The states an exercise can fit, as shipped files and addresses write them.
STATES = ("alarm", "shut-down", "calm")
# What has to happen around the steps, and how often they may be done.
LIMITS = ("frame", "requires_safety_screen", "max_per_week")
# How many sessions are opened to find the last of one exercise: months of daily practice.
LOOK_BACK = 200
# The exercise, and the step of it, that asks for a sentence one would like to hear.
SOMEONE_IN_MY_CORNER, KIND_SENTENCE = "E11", "kind-sentence"


class Exercise(Indexed, EditedText):
    """One exercise: what it is for, how it goes, who leaves it out, what is known about it."""

    class Intensity(models.TextChoices):
        LOW = "low", _("low")
        MEDIUM = "medium", _("medium")
        HIGH = "high", _("high")

    class Evidence(models.TextChoices):
        TESTED = "tested", _("Tested")
        PROMISING = "promising", _("Promising")
        PRACTICE_WISDOM = "practice_wisdom", _("Practice wisdom")

    class Eyes(models.TextChoices):
        OPEN = "open", _("stay open")
        CHOICE = "choice", _("open or closed, as one likes")

    class Frame(models.TextChoices):
        NONE = "", _("none")
        INNER_CHILD = "inner_child", _("inner child: check, arrival, return")

    slug = models.SlugField(_("address"), max_length=80, unique=True)
    kind = models.CharField(_("kind"), max_length=60)
    minutes = models.DecimalField(_("minutes"), max_digits=4, decimal_places=1)
    minutes_to = models.DecimalField(
        _("minutes at most"), max_digits=4, decimal_places=1, null=True, blank=True
    )
    eyes = models.CharField(_("eyes"), max_length=8, choices=Eyes.choices, default=Eyes.OPEN)
    breath_focus = models.BooleanField(_("looks at the breath"), default=False)
    intensity = models.CharField(_("intensity"), max_length=8, choices=Intensity.choices)
    fits_alarm = models.BooleanField(_("fits high alarm"), default=False)
    fits_shut_down = models.BooleanField(_("fits shut-down"), default=False)
    fits_calm = models.BooleanField(_("fits calm"), default=False)
    purpose = models.TextField(_("purpose"), help_text=_("One sentence."))
    intro = models.TextField(
        _("before the start"),
        help_text=_("Two or three short sentences: how to sit, when to stop."),
    )
    how = models.TextField(_("how to do it"), blank=True, help_text=_("One sentence a line."))
    ways = StreamField(Ways(), verbose_name=_("ways of doing it"))
    rest_after = models.PositiveSmallIntegerField(_("rest at the end, seconds"), default=0)
    rest_text = models.TextField(_("words for the rest"), blank=True)
    not_when = models.TextField(_("who should leave it out"), help_text=_("One caution a line."))
    gentler = models.TextField(_("the gentler way, in words"))
    gentler_exercise = models.CharField(
        _("exercise to take instead"),
        max_length=3,
        blank=True,
        validators=[RegexValidator(f"^{EXERCISE_ID}$")],
        help_text=_("Its id, such as E08."),
    )
    evidence_tag = models.CharField(_("evidence"), max_length=16, choices=Evidence.choices)
    evidence_note = models.TextField(_("what is known"))
    sources = models.CharField(
        _("sources"),
        max_length=200,
        validators=[RegexValidator(f"^{SOURCE_IDS}$")],
        help_text=_("Their ids, such as “B45, B48”."),
    )
    frame = models.CharField(
        _("frame around the steps"),
        max_length=16,
        choices=Frame.choices,
        default=Frame.NONE,
        blank=True,
        help_text=_("The readiness check comes before any exercise with a frame."),
    )
    requires_safety_screen = models.BooleanField(
        _("asks first whether the other person is safe"), default=False
    )
    max_per_week = models.PositiveSmallIntegerField(
        _("at most so often in seven days"),
        default=0,
        help_text=_("0 for no limit. Exercises with a frame share one count."),
    )

    panels: ClassVar[list[Any]] = text_panels(
        FieldRowPanel(
            [
                address_panel(),
                FieldPanel("kind", help_text=_("In a word or two, such as “grounding”.")),
            ]
        ),
        FieldRowPanel([FieldPanel("minutes"), FieldPanel("minutes_to"), FieldPanel("intensity")]),
        FieldRowPanel([FieldPanel("eyes"), FieldPanel("breath_focus")]),
        FieldRowPanel([FieldPanel(f"fits_{name}") for name in ("alarm", "shut_down", "calm")]),
        MultiFieldPanel([FieldPanel(name) for name in LIMITS], heading=_("Around the steps")),
        FieldPanel("purpose"),
        FieldPanel("intro"),
        FieldPanel("how"),
        FieldPanel("ways"),
        FieldRowPanel(
            [FieldPanel("rest_after", help_text=_("0 for none.")), FieldPanel("rest_text")]
        ),
        MultiFieldPanel(
            [FieldPanel("not_when"), FieldPanel("gentler"), FieldPanel("gentler_exercise")],
            heading=_("When not, and what instead"),
        ),
        MultiFieldPanel(
            [FieldPanel("evidence_tag"), FieldPanel("evidence_note"), FieldPanel("sources")],
            heading=_("Evidence"),
        ),
    )
    search_fields: ClassVar[list[Any]] = [
        StemField("title", boost=10),
        StemField("purpose", boost=2),
        StemField("open_text"),
        FilterField("live"),
    ]

    class Meta:
        ordering = ["content_id"]
        verbose_name = _("exercise")
        verbose_name_plural = _("exercises")

    def get_absolute_url(self) -> str:
        return reverse("exercises:exercise_detail", args=[self.slug])

    def open_text(self) -> list[str]:
        """What a search looks through and shows: purpose, intro, and the words of every way."""
        row = self.as_row()
        # What something has to be asked before stands on no open page.
        steps = [] if self.is_screened else _steps_in(row)
        return [row["purpose"], row["intro"], *row["how"], *steps]

    @property
    def is_screened(self) -> bool:
        """Whether something has to be asked before its steps are shown."""
        asks = self.requires_safety_screen or self.content_id == ALARM_OR_ANSWER
        return bool(self.frame) or asks

    def prose(self) -> list[str]:
        row = self.as_row()
        ways = [way[name] for way in row["variants"] for name in ("label", "note")]
        plain = [row[name] for name in ("title", "purpose", "intro", "rest_text", "gentler")]
        return [
            *plain,
            *row["how"],
            *ways,
            *_steps_in(row),
            *row["not_when"],
            row["evidence"]["note"],
        ]

    def get_preview_template(self, request: HttpRequest, mode_name: str) -> str:
        return "exercises/exercise_detail.html"

    def get_preview_context(self, request: HttpRequest, mode_name: str) -> dict[str, Any]:
        chosen = guide(self.as_row(), request.GET.get("variant", ""))
        return {"exercise": self, "guide": chosen, "request": request, "stage": {"name": "steps"}}

    @property
    def seconds(self) -> int:
        """How long the standard way takes."""
        return guide(self.as_row()).plan.seconds

    def as_row(self) -> dict[str, Any]:
        """The exercise as shipped files write it, once read: see `exercises.content`."""
        fits = (self.fits_alarm, self.fits_shut_down, self.fits_calm)
        plain = (
            "slug title kind minutes minutes_to intensity eyes breath_focus purpose intro "
            "rest_after rest_text gentler"
        )
        return {
            "id": self.content_id,
            **{name: getattr(self, name) for name in plain.split()},
            "fits_state": [state for state, fit in zip(STATES, fits, strict=True) if fit],
            "how": _lines(self.how),
            "variants": [variant_of(block) for block in self.ways],
            "not_when": _lines(self.not_when),
            "gentler_exercise": self.gentler_exercise,
            "evidence": {
                "tag": self.evidence_tag,
                "note": self.evidence_note,
                "sources": self.sources.split(", "),
            },
            **{name: getattr(self, name) for name in LIMITS},
        }


def _steps_in(row: Mapping[str, Any]) -> list[str]:
    """Every word of the steps of all ways."""
    steps = [step for way in row["variants"] for step in way.get("steps", ())]
    return [
        words for step in steps for words in (step["say"], step["text"], *step.get("options", ()))
    ]


def _lines(text: str) -> list[str]:
    """The lines of a field that holds one sentence a line, empty ones left out."""
    return [line.strip() for line in text.splitlines() if line.strip()]


class SessionQuerySet(PrivateQuerySet):
    """Sessions of one person."""

    def practised(self) -> "SessionQuerySet":
        """Those that came to an end, however early; a rating alone is no practice."""
        return self.filter(state=Session.State.DONE)

    def lately(self) -> "list[Session]":
        """The newest `LOOK_BACK` practised sessions, the oldest first.

        Which exercise a row is about is sealed, so rows are opened to find out.
        """
        return list(self.practised().order_by("-created", "-id")[:LOOK_BACK])[::-1]

    def kind_sentence(self) -> str:
        """The newest sentence that the person would like to hear, in one line; empty for none."""
        for row in self.order_by("-created", "-id"):
            for note in row.notes if row.exercise == SOMEONE_IN_MY_CORNER else ():
                if note["key"] == KIND_SENTENCE:
                    return " ".join(str(note["value"]).split())
        return ""


class Session(PrivateRecord):
    """One time of doing an exercise.

    `said` holds {"exercise": content id, "variant": name, "before": 0-10 or null, "after": 0-10 or
    null, "seconds": played or null, "ended": see `ratings.Ended`, or null, "noted": see
    `forms.SessionForm.noted`, "framed": whether the check of the day came before it, "aftercare":
    how the rest of that day was, or null}.
    """

    class State(models.TextChoices):
        BEGUN = "begun", _("begun")
        DONE = "done", _("done")

    local_date = models.DateField(editable=False)
    state = models.CharField(max_length=8, choices=State.choices, editable=False)
    said = SealedJSONField()

    objects: ClassVar[Any] = SessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("exercise session")
        verbose_name_plural = _("exercise sessions")
        indexes = [models.Index(fields=["owner", "state", "created"], name="sessions_of_a_person")]

    def __str__(self) -> str:
        return f"exercise session of person {self.owner_id}"

    @property
    def exercise(self) -> str:
        return str(self.said["exercise"])

    @property
    def notes(self) -> list[dict[str, Any]]:
        """What was noted in the steps: see `forms.SessionForm.noted`."""
        return list(self.said["noted"])

    @property
    def finished(self) -> bool:
        """Whether it reached the end, or was enough after half of the time."""
        return self.said["ended"] in {Ended.FINISHED, Ended.ENOUGH}

    @property
    def rose(self) -> bool:
        """Whether the distress was two or more higher afterwards."""
        return rose(self.said["before"], self.said["after"])


class Taste(PrivateRecord):
    """Which exercises a person likes, and which they put away. At most one row for each person.

    Its id is `private_id`. `said` holds {"favourites": content ids, "hidden": content ids,
    "again": {content id: ISO date since when it may be suggested again}}.
    """

    said = SealedJSONField()

    class Meta:
        verbose_name = _("choice of exercises")
        verbose_name_plural = _("choices of exercises")

    def __str__(self) -> str:
        return f"choice of exercises of person {self.owner_id}"


class Bounds(PrivateRecord):
    """What higher rooms and a person's own answers opened or closed. At most one row each.

    Its id is `private_id`. `said` holds ISO dates or null: "gate_opened", "gate_asked" (when the
    readiness check was last answered in vain), "safety_asked" (when the safety question last had
    the level “none”), "high_rests_until" and "frame_rests_until" (the first day open again),
    "gentler_until" (the first day after the gentler path) and "gentler_asked"; and "framed_gone",
    the days of deleted sessions with a frame, which still count for their week, or null.
    """

    said = SealedJSONField()

    class Meta:
        verbose_name = _("what is open in the exercises")
        verbose_name_plural = _("what is open in the exercises")

    def __str__(self) -> str:
        return f"open and closed exercises of person {self.owner_id}"


class Other(PrivateRecord):
    """Somebody a person named in an exercise. At most one row for each name.

    Its id is `private_id` of the name. `said` holds {"name": as it was written, "rests_since": ISO
    date or null, "starts": {exercise content id: ISO dates of the last two weeks}}.
    """

    said = SealedJSONField()

    class Meta:
        verbose_name = _("person named in exercises")
        verbose_name_plural = _("people named in exercises")

    def __str__(self) -> str:
        return f"somebody named by person {self.owner_id}"
