"""The base of every text that editors may change: drafts, preview, review, history."""

import uuid
from collections.abc import Collection
from decimal import Decimal
from typing import Any, ClassVar, Self

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from wagtail.models import (
    DraftStateMixin,
    LockableMixin,
    PreviewableMixin,
    RevisionMixin,
    WorkflowMixin,
)

from healing.editorial import text_checks
from healing.editorial.digest import digest_of
from healing.editorial.forms import TextForm
from healing.editorial.text_checks import Report

# What belongs to a text as a whole, and not to one of its versions: publishing an old version or a
# scheduled draft must not bring an old value of these back.
OF_THE_WHOLE = ("content_id", "shipped_digest")


CHECKS = "checks"


class EditedQuerySet(models.QuerySet[Any]):
    """Texts; `published()` is all that a reader may see."""

    def published(self) -> Self:
        """Rows whose live text is public; drafts on top of them stay with the editors."""
        return self.filter(live=True)


class EditedText(
    WorkflowMixin,
    DraftStateMixin,
    LockableMixin,
    RevisionMixin,
    PreviewableMixin,
    models.Model,
):
    """A shipped text with an id that never changes; the row is the live text, revisions the rest.

    `content_id` and `shipped_digest` belong to `editorial.loader`, `reviewed_digest` says which
    words a review has seen; no form shows them.
    """

    content_id = models.CharField(_("id"), max_length=32, unique=True, editable=False)
    title = models.CharField(_("title"), max_length=200)
    shipped_digest = models.CharField(max_length=64, editable=False, blank=True)
    reviewer = models.CharField(
        _("reviewed by"),
        max_length=200,
        blank=True,
        help_text=_("Name and profession of the clinician who read this text. Readers see it."),
    )
    reviewed_on = models.DateField(
        _("reviewed on"),
        null=True,
        blank=True,
        help_text=_("Leave empty until a clinician has read the text as it stands here."),
    )
    review_due = models.DateField(
        _("review again by"),
        null=True,
        blank=True,
        help_text=_("Left empty, it is set from the day of the review."),
    )
    reviewed_digest = models.CharField(max_length=64, editable=False, blank=True)

    # Whether a clinician is to read it; a text of a few words in a list may do without.
    needs_review: ClassVar[bool] = True
    # How many months a review holds.
    review_months: ClassVar[int] = 12

    base_form_class = TextForm

    preview_modes: ClassVar[list[Any]] = [("", _("As readers see it")), (CHECKS, _("Checks"))]

    objects = EditedQuerySet.as_manager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.content_id} {self.title}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Saves; a text that editors add has an id of its own, which no shipped text can have."""
        if not self.content_id:
            self.content_id = f"own-{uuid.uuid4().hex[:12]}"
        super().save(*args, **kwargs)

    @property
    def is_reviewed(self) -> bool:
        """Whether a review on record has seen what this version says."""
        recorded = bool(self.reviewer and self.reviewed_on)
        return recorded and self.reviewed_digest == self.review_digest()

    @classmethod
    def words(cls) -> set[str]:
        """Names of the fields that hold what the text says; all others keep books about it."""
        own, kept = (
            {field.name for field in model._meta.concrete_fields} for model in (cls, EditedText)
        )
        return {"title", *(own - kept - {"id"})}

    @classmethod
    def under_review(cls) -> set[str]:
        """Names of the fields that a review is about."""
        return cls.words()

    def review_digest(self) -> str:
        """What a review of this version would have seen, as `reviewed_digest` keeps it."""
        return self.digest(self.under_review())

    def digest(self, names: Collection[str]) -> str:
        """SHA-256 of what these fields say; see `editorial.digest`."""
        written = self.serializable_data().items()
        return digest_of(
            {name: self._as_stored(name, part) for name, part in written if name in names}
        )

    def _as_stored(self, name: str, value: Any) -> Any:
        """A form's 5 and the database's 5.0 are one number."""
        field = self._meta.get_field(name)
        if isinstance(field, models.DecimalField) and isinstance(value, Decimal):
            return value.quantize(Decimal(1).scaleb(-field.decimal_places))
        return value

    def faults(self) -> list[tuple[str, str]]:
        """Why this text cannot be published, though it may wait as a draft: field and sentence."""
        return []

    def prose(self) -> list[str]:
        """The words that readers get, part by part: what the general checks look at."""
        return [self.title]

    def report(self) -> Report:
        """What the checks say about this text as it stands here, draft or live."""
        return text_checks.report(self.prose())

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """The page as readers see it, or what the checks say about it."""
        if mode_name == CHECKS:
            context = {"text": self, "report": self.report()}
            return TemplateResponse(request, "cms/_checks_page.html", context)
        page: HttpResponse = super().serve_preview(request, mode_name)
        return page

    def with_content_json(self, content: dict[str, Any]) -> Self:
        """The text as one revision holds it; what belongs to the whole comes from the row."""
        version: Self = super().with_content_json(content)
        for name in OF_THE_WHOLE:
            setattr(version, name, getattr(self, name))
        return version
