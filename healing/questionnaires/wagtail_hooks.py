"""Words for questionnaires that ship as keys, in the editors' screens."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import LiveStatusTagColumn
from wagtail.snippets.models import register_snippet

from healing.editorial.viewsets import TextViewSet
from healing.questionnaires.models import AddedWording


class AddedWordingViewSet(TextViewSet):
    model = AddedWording
    icon = "form"
    menu_label = _("Questionnaires")
    menu_order = 360
    list_display = ["title", "permission", "permitted_on", LiveStatusTagColumn()]


register_snippet(AddedWordingViewSet)
