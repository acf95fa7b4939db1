"""Puts the sources on the editing screens."""

from wagtail.admin.ui.tables import LiveStatusTagColumn
from wagtail.snippets.models import register_snippet

from healing.editorial.viewsets import TextViewSet
from healing.sources.models import Source


class SourceViewSet(TextViewSet):
    model = Source
    icon = "openquote"
    menu_order = 300
    list_display = ("content_id", "title", "group", "confidence", "seen", LiveStatusTagColumn())
    list_filter = ("core", "confidence", "seen", "doi_from_memory", "live")
    search_fields = ("title", "citation", "supports")


register_snippet(SourceViewSet)
