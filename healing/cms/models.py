"""What the weekly mail about reviews needs to know of an editor, and no more."""

from datetime import date
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class ReviewMailQuerySet(models.QuerySet["ReviewMail"]):
    """Rows of editors; a week is named by its Monday."""

    def open(self, week: date) -> Self:
        """Editors who want the mail and have not had that of this week, or of a later one."""
        return self.filter(Q(last_week=None) | Q(last_week__lt=week), wanted=True)

    def claim(self, week: date) -> bool:
        """Whether the week's mail is the caller's to send, and nobody else's from now on.

        One conditional update: of two workers that ask at once, the database tells one yes.
        """
        return self.open(week).update(last_week=week) == 1


class ReviewMail(models.Model):
    """One editor's: whether they want the mail, and the Monday of the last week they had it."""

    editor = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    wanted = models.BooleanField(
        _("weekly mail about reviews"),
        default=True,
        help_text=_("On Mondays, and only when a text waits for a review."),
    )
    last_week = models.DateField(null=True, editable=False)

    objects: ClassVar[ReviewMailQuerySet] = ReviewMailQuerySet.as_manager()  # type: ignore[assignment]

    def __str__(self) -> str:
        return f"review mail of editor {self.editor_id}"
