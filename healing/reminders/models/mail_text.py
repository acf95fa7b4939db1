"""The words of the mails, as editors write them."""

from dataclasses import replace
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, HelpPanel

from healing.editorial.models import EditedText
from healing.editorial.panels import text_panels
from healing.editorial.text_checks import Finding, Report
from healing.reminders.models.plans import Plan
from healing.reminders.wording import (
    BLANK_LINES,
    IN_BRACES,
    LINE,
    MAILS,
    SITE,
    SUBJECT,
    THING,
    Placeholder,
    Wording,
    as_text,
    faults,
    filled,
    lines_of,
    tidy,
)

SUBJECT_LENGTH = 60  # more than a phone shows of it

# What stands in the mail beside its links, by the person's choice.
CHOSEN: dict[str, Placeholder] = {
    Plan.Holds.BARE: SUBJECT,
    Plan.Holds.ACTION: THING,
    Plan.Holds.LINE: LINE,
}


class MailText(EditedText):
    """The words of one mail; `content_id` says of which, `title` names it for editors."""

    subject = models.CharField(
        _("subject"),
        max_length=SUBJECT_LENGTH,
        help_text=_("Others may see it on a locked screen. It never says what this is about."),
    )
    body = models.TextField(
        _("text"),
        help_text=_("Plain text; an empty line begins a new paragraph. Placeholders: see above."),
    )
    things = models.TextField(
        _("small things"), blank=True, help_text=_("One a line. Each day brings the next of them.")
    )

    needs_review = False
    preview_modes: ClassVar[list[Any]] = [
        ("", _("With a small thing")),
        (Plan.Holds.LINE.value, _("With a line of their own")),
        (Plan.Holds.BARE.value, _("With neither")),
        EditedText.preview_modes[-1],
    ]
    panels: ClassVar[list[Any]] = text_panels(
        FieldPanel("subject"),
        HelpPanel(template="reminders/_placeholders.html", heading=_("Placeholders")),
        FieldPanel("body"),
        FieldPanel("things"),
        review=None,
    )

    class Meta:
        ordering = ["content_id"]
        verbose_name = _("mail text")
        verbose_name_plural = _("mail texts")

    @property
    def placeholders(self) -> tuple[Placeholder, ...]:
        """What this mail fills in; nothing for a mail that is no longer sent."""
        return MAILS.get(self.content_id, ())

    @property
    def wording(self) -> Wording:
        return Wording(self.subject, self.body, self.things)

    def clean(self) -> None:
        """No text that could not be sent is kept, not even as a draft."""
        super().clean()
        if self.content_id not in MAILS:
            raise ValidationError(_("The site sends no such mail."))
        self.body, self.things = tidy(self.body), tidy(self.things)
        found: dict[str, list[str]] = {}
        for field, fault in faults(self.content_id, self.wording):
            found.setdefault(field, []).append(fault)
        if found:
            raise ValidationError(found)

    def prose(self) -> list[str]:
        parts = [self.subject, *BLANK_LINES.split(tidy(self.body)), *lines_of(self.things)]
        return [words for part in parts if (words := IN_BRACES.sub("", part).strip())]

    def report(self) -> Report:
        """The checks of every text, and why this one could not be sent."""
        general = super().report()
        found = faults(self.content_id, self.wording) if self.placeholders else []
        unfit = [Finding("mail", sentence) for _field, sentence in found]
        return replace(general, findings=[*unfit, *general.findings])

    def _as_stored(self, name: str, value: Any) -> Any:
        """Where a line of a mail ends is part of what it says."""
        stored = super()._as_stored(name, value)
        return tidy(stored).split("\n") if name in {"body", "things"} else stored

    def get_preview_template(self, request: HttpRequest, mode_name: str) -> str:
        return "reminders/_mail_preview.html"

    def get_preview_context(self, request: HttpRequest, mode_name: str) -> dict[str, Any]:
        """Both parts of the mail, as somebody with every plan would get it today."""
        chosen = CHOSEN.get(mode_name, THING)
        left_out = {one.name: "" for one in (SUBJECT, THING, LINE) if one is not chosen}
        values = {one.name: self._sample(one) for one in self.placeholders} | left_out
        paragraphs = filled(self.body, self.placeholders, values)
        return {
            "request": request,
            "subject": self.subject,
            "paragraphs": paragraphs,
            "plain": as_text(paragraphs),
        }

    def _sample(self, one: Placeholder) -> str:
        if one is THING:
            return self.wording.thing_on(timezone.localdate())
        if one is SUBJECT:
            return self.subject
        if one is SITE:
            return settings.SITE_NAME
        return settings.SITE_URL + one.sample if one.label else one.sample
