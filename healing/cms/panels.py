"""The start page of the editing screens: which texts wait for someone."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils import timezone
from wagtail.admin.ui.components import Component
from wagtail.models import ModelLogEntry

from healing.cms.review import LACKING, entries, kinds, screen
from healing.editorial.loader import SHIPPED
from healing.editorial.models import EditedText


@dataclass(frozen=True)
class Waiting:
    """One kind of text: how many there are, how many lack a review, and where to find both."""

    name: str
    total: int
    address: str
    lacking: int
    review_address: str


@dataclass(frozen=True)
class Arrived:
    """A shipped text that came with an upgrade and was kept below an editor's own."""

    text: EditedText
    address: str


class WaitingPanel(Component):
    """Shipped texts to compare, and texts without a review."""

    name = "waiting"
    order = 300
    template_name = "cms/_waiting.html"

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        return {"arrived": arrived(), "kinds": [_waiting(model) for model in kinds()]}


def arrived() -> list[Arrived]:
    """Texts whose newest shipped version came after an editor last published; newest first."""
    found: dict[str, Arrived] = {}
    entries = ModelLogEntry.objects.filter(action=SHIPPED).order_by("-timestamp")
    for entry in entries.select_related("content_type"):
        model = entry.content_type.model_class()
        text = model.objects.filter(pk=entry.object_id).first() if model else None
        if text is None or str(text) in found:
            continue
        if text.last_published_at is None or text.last_published_at < entry.timestamp:
            found[str(text)] = Arrived(text, screen(model, "history", text.pk))
    return list(found.values())


def _waiting(model: type[EditedText]) -> Waiting:
    found = entries([model], timezone.localdate())
    return Waiting(
        name=str(model._meta.verbose_name_plural),
        total=len(found),
        address=screen(model, "list"),
        lacking=sum(entry.state in LACKING for entry in found),
        review_address=f"{reverse('cms_review')}?kind={model._meta.model_name}",
    )
