"""Psychoeducation: modules, their lessons, and a person's own notes on a lesson."""

import json
from typing import Any, ClassVar

from django import forms
from django.db import models
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.search.index import FilterField, Indexed

from exercises.models import Exercise
from healing.cards.kinds import BY_ID as CARDS
from healing.editorial.models import EditedText
from healing.editorial.panels import address_panel, text_panels
from healing.editorial.stems import StemField
from healing.editorial.text_checks import Report
from healing.lessons.blocks import (
    ExerciseBlock,
    LessonBody,
    SourceBlock,
    exercise_choices,
    headings_in,
    source_choices,
)
from healing.lessons.checks import Known, Text, check, remembered
from healing.sources.models import Source
from healing.vault.fields import SealedJSONField
from healing.vault.models import PrivateRecord

IN_ORDER = ("content_id", "slug", "title", "module_id", "gated")


class Intensity(models.TextChoices):
    """How much a text may stir up."""

    LOW = "low", _("low")
    MEDIUM = "medium", _("medium")
    HIGH = "high", _("high")


class Module(EditedText):
    """A chapter of the programme."""

    slug = models.SlugField(_("address"), unique=True)
    order = models.PositiveSmallIntegerField(_("place in the programme"))
    aim = models.TextField(_("aim"))
    intensity = models.CharField(_("intensity"), max_length=8, choices=Intensity.choices)
    optional = models.BooleanField(_("optional"), default=False)

    needs_review = False
    panels: ClassVar[list[Any]] = text_panels(
        address_panel(),
        FieldPanel("order", help_text=_("1 comes first.")),
        FieldPanel("aim", help_text=_("A sentence or two below its name in the list of lessons.")),
        FieldPanel("intensity", help_text=_("How much its lessons may stir up.")),
        FieldPanel("optional", help_text=_("Readers are told that they can leave it out.")),
        review=None,
    )

    class Meta:
        ordering = ["order"]
        verbose_name = _("module")
        verbose_name_plural = _("modules")

    def get_absolute_url(self) -> str:
        return f"{reverse('lessons:lesson_list')}#{self.slug}"

    def prose(self) -> list[str]:
        return [self.title, self.aim]

    def get_preview_template(self, request: HttpRequest, mode_name: str) -> str:
        return "cms/_module.html"

    def get_preview_context(self, request: HttpRequest, mode_name: str) -> dict[str, Any]:
        """Its part of the list of lessons, with the lessons that are published."""
        lessons = Lesson.objects.published().filter(module=self.pk)
        return {"module": self, "lessons": lessons, "request": request, "signed_in": False}


class Lesson(Indexed, EditedText):
    """One lesson: five to eight minutes of reading, a question, something to practise."""

    slug = models.SlugField(_("address"), max_length=80, unique=True)
    module = models.ForeignKey(
        Module, models.PROTECT, related_name="lessons", verbose_name=_("module")
    )
    order = models.PositiveSmallIntegerField(_("place in the module"))
    minutes = models.PositiveSmallIntegerField(_("minutes of reading"))
    goal = models.TextField(_("goal"))
    intensity = models.CharField(_("intensity"), max_length=8, choices=Intensity.choices)
    content_note = models.TextField(
        _("content note"), blank=True, help_text=_("What may stir a reader up. Shown at the top.")
    )
    gated = models.BooleanField(
        _("opens after the readiness check"),
        default=False,
        help_text=_("Only for texts that may stir up much. The page then shows its title alone."),
    )
    short_version = models.TextField(_("short version"))
    body = StreamField(LessonBody(), verbose_name=_("text"))
    practise = StreamField(
        [("exercise", ExerciseBlock(choices=exercise_choices, label=_("Exercise")))],
        blank=True,
        verbose_name=_("to practise"),
    )
    sources = StreamField(
        [("source", SourceBlock(choices=source_choices, label=_("Source")))],
        blank=True,
        verbose_name=_("sources"),
    )

    why = ""  # why it is suggested to someone; `actions.next_lesson` says it

    panels: ClassVar[list[Any]] = text_panels(
        address_panel(),
        FieldPanel("module", widget=forms.Select),
        FieldPanel("order", help_text=_("1 comes first.")),
        FieldPanel("minutes"),
        FieldPanel(
            "goal", help_text=_("One sentence, shown where the lesson is offered as the next step.")
        ),
        FieldPanel("intensity", help_text=_("How much it may stir up.")),
        FieldPanel("content_note"),
        FieldPanel("gated"),
        FieldPanel("short_version", help_text=_("Two sentences at the top of the page.")),
        FieldPanel(
            "body",
            help_text=_(
                "A plus sign adds a part. A lesson needs one question to reflect on, an example "
                "that is not about love, and a box “Try this” at its end."
            ),
        ),
        FieldPanel("practise", help_text=_("Offered below the text.")),
        FieldPanel(
            "sources", help_text=_("Every source that the text cites, such as [B48], and no other.")
        ),
    )
    search_fields: ClassVar[list[Any]] = [
        StemField("title", boost=10),
        StemField("goal", boost=2),
        StemField("open_text"),
        FilterField("live"),
    ]

    class Meta:
        ordering = ["module__order", "order"]
        verbose_name = _("lesson")
        verbose_name_plural = _("lessons")

    @property
    def question(self) -> Any:
        """The block that holds the question to the reader, with `id` and `value`; or None."""
        return next((block for block in self.body if block.block_type == "reflect"), None)

    @property
    def practise_ids(self) -> list[str]:
        return [block.value for block in self.practise]

    @property
    def source_ids(self) -> list[str]:
        return [block.value for block in self.sources]

    @property
    def exercises_inside(self) -> set[str]:
        """Ids of the exercises and cards that the text itself links to."""
        return {block.value for block in self.body if block.block_type == "exercise"}

    def get_absolute_url(self) -> str:
        return reverse("lessons:lesson_detail", args=[self.slug])

    def get_preview_template(self, request: HttpRequest, mode_name: str) -> str:
        return "lessons/lesson_detail.html"

    def get_preview_context(self, request: HttpRequest, mode_name: str) -> dict[str, Any]:
        return {**self.page(), "request": request, "signed_in": False}

    def text(self) -> Text:
        """The lesson as the rules of `checks` look at it."""
        return Text(
            content_id=self.content_id,
            short_version=self.short_version,
            words=[self.title, self.goal, self.content_note, self.short_version],
            sources=self.source_ids,
            blocks=list(self.body.raw_data),
        )

    def open_text(self) -> list[str]:
        """What a search may look through and show, piece by piece; of a gated lesson its goal."""
        if self.gated:
            return [self.goal]
        body = remembered(self.content_id, json.dumps(list(self.body.raw_data)))
        return [self.goal, self.short_version, *body.paragraphs]

    def report(self) -> Report:
        """What the rules of a lesson say, among them those that `load_content --check` holds."""
        text = self.text()
        return Report(text.count, text.grade, check(text, self.known()))

    def known(self) -> Known:
        """What it may refer to, and the other lessons as readers have them (2 queries).

        Its own older version is none of them: a draft may repeat what it replaces.
        """
        others = Lesson.objects.published().exclude(pk=self.pk)
        rows = others.order_by().values_list("content_id", "slug", "body")
        return Known(
            slugs={self.slug, *(slug for _id, slug, _body in rows)},
            sources=set(Source.objects.published().values_list("content_id", flat=True)),
            others=[remembered(one, json.dumps(list(body.raw_data))) for one, _slug, body in rows],
        )

    def page(self) -> dict[str, Any]:
        """What its page shows beside the text: what it names, and where it stands (3 queries)."""
        order = list(Lesson.objects.published().values(*IN_ORDER))
        ids = [row["content_id"] for row in order]
        beside = [row["content_id"] for row in order if row["module_id"] == self.module_id]
        here = ids.index(self.content_id) if self.content_id in ids else None
        inside, after = self.exercises_inside, self.practise_ids
        named = Exercise.objects.published().filter(content_id__in=[*inside, *after])
        exercises = {exercise.content_id: exercise for exercise in named}
        texts = [block.value.source for block in self.body if block.block_type == "text"]
        return {
            "lesson": self,
            "headings": [heading for text in texts for heading in headings_in(text)],
            "number": beside.index(self.content_id) + 1 if self.content_id in beside else None,
            "of": len(beside),
            "previous": order[here - 1] if here else None,
            "next": order[here + 1] if here is not None and here + 1 < len(order) else None,
            "exercises": exercises,
            "open_instead": [
                row for row in order if row["module_id"] == self.module_id and not row["gated"]
            ],
            "practise": [exercises[one] for one in after if one in exercises and one not in inside],
            "cards": [CARDS[one] for one in after if one in CARDS and one not in inside],
            "sources": Source.objects.published().filter(content_id__in=self.source_ids),
        }


class LessonNote(PrivateRecord):
    """What a person did with one lesson. At most one row for each: its id is `private_id`.

    `said` holds {"lesson": content id, "read_on": ISO date or null, "aside": true or false,
    "answers": {block id of the question: {"question": its words when it was answered, "answer":
    text}}}.
    """

    said = SealedJSONField()

    def __str__(self) -> str:
        return f"lesson note of person {self.owner_id}"


class Way(PrivateRecord):
    """How a person wants to go through the programme. At most one row: its id is `private_id`.

    `said` holds {"pace": a value of `path.Pace`}.
    """

    said = SealedJSONField()

    def __str__(self) -> str:
        return f"way of person {self.owner_id}"
