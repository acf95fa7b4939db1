"""Numbers to call, by country; an editor records that a number was checked."""

from typing import Any, ClassVar

from django.core.validators import RegexValidator
from django.db import models
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel

from healing.editorial.models import EditedText
from healing.editorial.panels import text_panels

DIALLED = RegexValidator(
    r"^\+?[0-9]{2,20}$", _("Digits alone, with a plus sign before them if it needs one.")
)


class CrisisLine(EditedText):
    """One number of one country. `title` is the name of who answers."""

    class Kind(models.TextChoices):
        EMERGENCY = "emergency", _("emergency number")
        LINE = "line", _("people who listen")

    country_code = models.CharField(
        _("country code"),
        max_length=2,
        validators=[RegexValidator(r"^[A-Z]{2}$", _("Two capital letters, such as IE."))],
    )
    country = models.CharField(_("country"), max_length=80)
    kind = models.CharField(_("kind"), max_length=16, choices=Kind.choices, default=Kind.LINE)
    order = models.PositiveSmallIntegerField(_("place within the country"), default=10)
    number = models.CharField(
        _("number as it is written"),
        max_length=40,
        help_text=_("As people in that country know it: “116 123”, “112 or 999”."),
    )
    tel = models.CharField(_("number to dial"), max_length=21, validators=[DIALLED])
    text_to = models.CharField(
        _("number for text messages"), max_length=21, blank=True, validators=[DIALLED]
    )
    for_whom = models.CharField(_("for whom"), max_length=200, blank=True)
    # A line's review is the check of its number; the same three fields, in these words.
    reviewer = models.CharField(
        _("checked by"),
        max_length=200,
        blank=True,
        help_text=_("Who made sure, and how. Readers see the day alone."),
    )
    reviewed_on = models.DateField(
        _("number checked on"),
        null=True,
        blank=True,
        help_text=_("The day someone made sure that this number is right and answers."),
    )
    review_due = models.DateField(
        _("check again by"),
        null=True,
        blank=True,
        help_text=_("Left empty, it is set to six months after the check."),
    )

    review_months = 6

    panels: ClassVar[list[Any]] = text_panels(
        FieldPanel("country_code"),
        FieldPanel("country"),
        FieldPanel("kind"),
        FieldPanel("order"),
        FieldPanel("number"),
        FieldPanel("tel"),
        FieldPanel("text_to"),
        FieldPanel("for_whom"),
        review=_("Check of the number"),
    )

    class Meta:
        ordering = ["country", "order", "content_id"]
        verbose_name = _("crisis line")
        verbose_name_plural = _("crisis lines")

    @classmethod
    def under_review(cls) -> set[str]:
        """Whom the number reaches, and by what digits."""
        return {"title", "country_code", "number", "tel", "text_to"}

    def get_absolute_url(self) -> str:
        return f"{reverse('safety:help')}?country={self.country_code}"

    def prose(self) -> list[str]:
        return [self.title, self.for_whom]

    def get_preview_template(self, request: HttpRequest, mode_name: str) -> str:
        return "safety/help.html"

    def get_preview_context(self, request: HttpRequest, mode_name: str) -> dict[str, Any]:
        """The help page of this line's country, with this number alone."""
        emergency = self.kind == self.Kind.EMERGENCY
        picked = {
            "code": self.country_code,
            "name": self.country,
            "emergency": [self] if emergency else [],
            "lines": [] if emergency else [self],
        }
        return {"request": request, "signed_in": False, "picked": picked, "countries": [picked]}
