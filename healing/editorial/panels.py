"""Parts of the editing form that every edited text shares."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, Panel, PublishingPanel


class ChecksPanel(Panel):
    """What the checks say about the draft as it was opened; nothing yet about a new text."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"heading": _("Checks"), "icon": "check", **kwargs})

    class BoundPanel(Panel.BoundPanel):
        template_name = "cms/_checks_panel.html"

        def is_shown(self) -> bool:
            return self.instance.pk is not None

        def get_context_data(
            self, parent_context: Mapping[str, Any] | None = None
        ) -> dict[str, Any]:
            return {**super().get_context_data(parent_context), "report": self.instance.report()}


def address_panel() -> FieldPanel:
    """The part of the page's address that is the text's own."""
    said = _("The end of the page's web address. Leave it once readers have it: links lead there.")
    return FieldPanel("slug", help_text=said)


BY_CLINICIAN = _("Review by a clinician")
REVIEW = ("reviewer", "reviewed_on", "review_due", "covers_all")


def review_panel(heading: Any) -> MultiFieldPanel:
    """Who reviewed the text, when, and when it should be reviewed again."""
    return MultiFieldPanel([FieldPanel(name) for name in REVIEW], heading=heading)


def text_panels(*fields: Any, review: Any = BY_CLINICIAN) -> list[Any]:
    """`panels` of an edited text: checks, title, its own fields, review and publishing.

    `review` is the heading of its review; None for a text that nobody reviews.
    """
    reviewed = [review_panel(review)] if review else []
    return [ChecksPanel(), FieldPanel("title"), *fields, *reviewed, PublishingPanel()]
