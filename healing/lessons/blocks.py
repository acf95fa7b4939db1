"""What a lesson is built of, and how editors choose among exercises and sources."""

import re
from html import unescape
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.html import strip_tags
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.rich_text import RichText

from exercises.models import Exercise
from healing.cards.kinds import BY_ID as CARDS
from healing.lessons.areas import AREAS
from healing.lessons.pictures import PICTURES
from healing.sources.models import Source

# Everything to practise that the programme names. A lesson may name one that this version does not
# hold yet: its page shows a link once there is something to link to.
PRACTICES = (*(f"E{number:02}" for number in range(1, 36)), *CARDS)
RICH = ["h2", "h3", "bold", "italic", "ul", "ol", "link"]
SHORT = ["bold", "italic", "ul", "ol", "link"]
HEADING = re.compile(r"<h2[^>]*>(.*?)</h2>", re.DOTALL)
CALLOUTS = {"note": _("Good to know"), "caution": _("Take care"), "try": _("Try this")}


def exercise_choices() -> list[tuple[str, str]]:
    """Every exercise and card by its id, published or not, so that no reference gets lost."""
    titles = dict(Exercise.objects.values_list("content_id", "title"))
    titles |= {card.id: str(card.title) for card in CARDS.values()}
    ids = sorted({*PRACTICES, *titles})
    return [(one, f"{one} {titles.get(one) or _('(not here yet)')}") for one in ids]


def picture_choices() -> list[tuple[str, Any]]:
    """The shipped pictures; there is no upload."""
    return [(name, picture.label) for name, picture in PICTURES.items()]


def source_choices() -> list[tuple[str, str]]:
    """Every source by its id."""
    rows = Source.objects.order_by("content_id").only("content_id", "title")
    return [(row.content_id, f"{row.content_id} {row.title}") for row in rows]


class IdBlock(blocks.ChoiceBlock):
    """Something with a content id. Its choices come from the database, so reading must not ask."""

    def normalize_choice(self, value: Any) -> Any:
        """Content ids are texts already: Wagtail would look through all choices for each."""
        return value


class ExerciseBlock(IdBlock):
    """An exercise or card by its id; the page shows a link to it, if it is published."""

    class Meta:
        icon = "media"
        template = "lessons/_exercise.html"

    def get_context(
        self, value: str, parent_context: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """`exercise`: the published one from the page's `exercises` by id, or None; or `card`."""
        context: dict[str, Any] = super().get_context(value, parent_context)
        context["card"] = CARDS.get(value)
        context["exercise"] = context.get("exercises", {}).get(value)
        return context


class SourceBlock(IdBlock):
    """A source by its id."""

    class Meta:
        icon = "openquote"


class TextBlock(blocks.RichTextBlock):
    """Running text, whose headings can be linked to."""

    def render_basic(self, value: RichText, context: dict[str, Any] | None = None) -> str:
        anchored = RichText(HEADING.sub(_with_anchor, value.source))
        return str(super().render_basic(anchored, context))


def headings_in(html: str) -> list[tuple[str, str]]:
    """The headings of the second level as (anchor, words)."""
    return [(_anchor(found[1]), strip_tags(found[1])) for found in HEADING.finditer(html)]


def _with_anchor(found: re.Match[str]) -> str:
    return f'<h2 id="{_anchor(found[1])}">{found[1]}</h2>'


def _anchor(heading: str) -> str:
    return "on-" + slugify(unescape(strip_tags(heading)), allow_unicode=True)


class CalloutBlock(blocks.StructBlock):
    """A short text set apart: something to know, to watch out for, or to try."""

    kind = blocks.ChoiceBlock(list(CALLOUTS.items()), default="note", label=_("Kind"))
    text = blocks.RichTextBlock(features=SHORT, label=_("Text"))

    class Meta:
        icon = "info-circle"
        label = _("Box")
        template = "lessons/_callout.html"

    def get_context(
        self, value: Any, parent_context: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """`label`: the kind in words; empty in a draft where none is chosen yet."""
        context: dict[str, Any] = super().get_context(value, parent_context)
        context["label"] = CALLOUTS.get(value["kind"], "")
        return context


class ExampleBlock(blocks.StructBlock):
    """A scene from somebody's life, and which part of life it is."""

    area = blocks.ChoiceBlock(
        list(AREAS.items()),
        label=_("Where it happens"),
        help_text=_("Every lesson needs at least one that is not about love."),
    )
    text = blocks.RichTextBlock(features=SHORT, label=_("Text"))

    class Meta:
        icon = "user"
        label = _("Example")
        template = "lessons/_example.html"


class ReflectBlock(blocks.TextBlock):
    """The question to the reader. Answers are kept under the block's id."""

    class Meta:
        icon = "help"
        label = _("Question to reflect on")
        template = "lessons/_reflect.html"


class PictureBlock(blocks.StructBlock):
    """One of the shipped pictures."""

    picture = blocks.ChoiceBlock(picture_choices, label=_("Picture"))
    alt = blocks.CharBlock(
        max_length=300,
        required=False,
        label=_("What it shows"),
        help_text=_("In words, for readers who cannot see it."),
    )
    decorative = blocks.BooleanBlock(required=False, label=_("It only decorates"))

    class Meta:
        icon = "image"
        label = _("Picture")
        template = "lessons/_picture.html"

    def get_context(
        self, value: Any, parent_context: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """`picture`: file and size, or None for a name that is not shipped any more."""
        context: dict[str, Any] = super().get_context(value, parent_context)
        context["picture"] = PICTURES.get(value["picture"])
        return context

    def clean(self, value: Any) -> Any:
        """Words for what it shows, or the word that it shows nothing; raises ValidationError."""
        cleaned = super().clean(value)
        if cleaned["picture"] and bool(cleaned["alt"]) == bool(cleaned["decorative"]):
            said = ValidationError(_("Say what it shows, or tick “It only decorates”; not both."))
            raise blocks.StructBlockValidationError(block_errors={"alt": said})
        return cleaned


class SourceNoteBlock(blocks.StructBlock):
    """What one source says about the point just made."""

    source = SourceBlock(choices=source_choices, label=_("Source"))
    text = blocks.RichTextBlock(features=SHORT, label=_("Text"))

    class Meta:
        icon = "openquote"
        label = _("Source note")
        template = "lessons/_source_note.html"


class LessonBody(blocks.StreamBlock):
    """The parts of a lesson, in any order."""

    text = TextBlock(features=RICH, label=_("Text"))
    callout = CalloutBlock()
    example = ExampleBlock()
    exercise = ExerciseBlock(choices=exercise_choices, label=_("Exercise"))
    reflect = ReflectBlock(max_length=400)
    source = SourceNoteBlock()
    picture = PictureBlock()

    class Meta:
        block_counts = {"reflect": {"max_num": 1}}
