"""The mail texts in the editors' screens."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.snippets.models import register_snippet

from healing.editorial.viewsets import TextViewSet
from healing.reminders.models import MailText


class OnlyWords(ModelPermissionPolicy):
    """Which mails there are, the program decides; editors decide what they say."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action != "add" and super().user_has_permission(user, action)


class MailTextViewSet(TextViewSet):
    model = MailText
    icon = "mail"
    menu_label = _("Mail texts")
    menu_order = 350
    list_display = ["title", "subject", "live"]

    @property
    def permission_policy(self) -> OnlyWords:
        return OnlyWords(self.model)


register_snippet(MailTextViewSet)
