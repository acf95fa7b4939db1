"""The crisis lines in the editors' screens."""

from django.utils.translation import gettext_lazy as _
from wagtail.snippets.models import register_snippet

from healing.editorial.viewsets import TextViewSet
from healing.safety.models import CrisisLine


class CrisisLineViewSet(TextViewSet):
    model = CrisisLine
    icon = "help"
    menu_label = _("Crisis lines")
    menu_order = 250
    list_display = ["title", "country", "number", "reviewed_on", "live"]
    list_filter = ["country_code", "kind", "live"]
    search_fields = ["title", "country", "number"]


register_snippet(CrisisLineViewSet)
