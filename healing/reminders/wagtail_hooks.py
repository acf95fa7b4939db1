"""The mail texts in the editors' screens, and how the sending stands for admins."""

from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.snippets.models import register_snippet

from healing.editorial.viewsets import TextViewSet
from healing.reminders.models import MailText
from healing.reminders.status_screen import StatusView


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


class StatusItem(MenuItem):
    """In the menu of those who may open the screen."""

    def is_shown(self, request: HttpRequest) -> bool:
        return bool(request.user.is_superuser)


def status_item() -> StatusItem:
    return StatusItem(
        _("Sending of mail"),
        reverse_lazy("reminders_status"),
        name="reminders_status",
        icon_name="mail",
        order=910,
    )


def status_address() -> list[URLPattern]:
    return [path("reminders/", StatusView.as_view(), name="reminders_status")]


register_snippet(MailTextViewSet)
hooks.register("register_admin_urls", status_address)
hooks.register("register_admin_menu_item", status_item)
