"""What the texts stand on: a publication, and what it can and cannot support."""

from collections.abc import Collection, Sequence
from typing import Any, ClassVar, Self

from django.db import models
from django.http import HttpRequest
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel

from healing.editorial.models import EditedQuerySet, EditedText
from healing.editorial.panels import text_panels

SEARCHED = ("content_id", "title", "citation", "supports", "limits")


class SourceQuerySet(EditedQuerySet):
    """Sources; `matching()` searches them."""

    def matching(self, words: Collection[str]) -> Self:
        """Rows that hold every word somewhere: in id, name, citation, or what it can and cannot."""
        found = self
        for word in words:
            places = ((f"{name}__icontains", word) for name in SEARCHED)
            found = found.filter(models.Q(*places, _connector=models.Q.OR))
        return found


class Source(EditedText):
    """One publication. `title` is its short name, first author and year."""

    class Confidence(models.TextChoices):
        SURE = "sure", _("sure")
        FAIRLY_SURE = "fairly_sure", _("fairly sure")

    class Seen(models.TextChoices):
        RECORD = "record", _("record or abstract")
        CITED = "cited", _("only as a citation in another work")
        MEMORY = "memory", _("not seen, from memory")

    citation = models.TextField(_("citation"))
    year = models.PositiveSmallIntegerField(_("year"))
    doi = models.CharField(_("DOI"), max_length=200, blank=True)
    doi_from_memory = models.BooleanField(_("DOI from memory, not opened yet"), default=False)
    group = models.CharField(
        _("group"), max_length=120, help_text=_("Letter, full stop, name: “E. Breathing”.")
    )
    core = models.BooleanField(_("core source"), default=False)
    supports = models.TextField(
        _("what it can support"), help_text=_("Keep it narrow: no text may claim more than this.")
    )
    limits = models.TextField(_("what it cannot support"))
    confidence = models.CharField(_("confidence"), max_length=16, choices=Confidence.choices)
    seen = models.CharField(_("what we have seen of it"), max_length=16, choices=Seen.choices)
    notes = models.TextField(_("notes"), blank=True)

    objects: ClassVar[Any] = SourceQuerySet.as_manager()

    cited_by: Sequence[EditedText] = ()  # the lessons that name it, where a page shows them

    panels: ClassVar[list[Any]] = text_panels(
        FieldPanel("citation"),
        FieldPanel("year"),
        FieldPanel("doi"),
        FieldPanel("doi_from_memory"),
        FieldPanel("group"),
        FieldPanel("core", help_text=_("Shown in short on the first page of the sources.")),
        FieldPanel("supports"),
        FieldPanel("limits"),
        FieldPanel(
            "confidence", help_text=_("How sure we are that the two texts above say it right.")
        ),
        FieldPanel("seen"),
        FieldPanel("notes", help_text=_("For editors. Readers do not see them.")),
        review=None,
    )
    # What has been seen of it, and how sure we are of it, stand in fields of their own.
    needs_review = False

    class Meta:
        ordering = ["group", "content_id"]
        verbose_name = _("source")
        verbose_name_plural = _("sources")

    @property
    def group_name(self) -> str:
        """The group without the letter that orders it."""
        return self.group.partition(". ")[2] or self.group

    @property
    def group_slug(self) -> str:
        """The group as it stands in addresses: `breathing-and-relaxation`."""
        return slugify(self.group_name) or "other"

    def get_absolute_url(self) -> str:
        """The full entry; `/sources/#B39` leads to the short one."""
        page = reverse("sources:source_group", args=[self.group_slug])
        return f"{page}#{self.content_id}"

    def prose(self) -> list[str]:
        """Without the citation, whose words are others', and the notes, which readers never see."""
        return [self.supports, self.limits]

    def get_preview_template(self, request: HttpRequest, mode_name: str) -> str:
        return "sources/source_group.html"

    def get_preview_context(self, request: HttpRequest, mode_name: str) -> dict[str, Any]:
        return {"sources": [self], "request": request, "signed_in": False}
