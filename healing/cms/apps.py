"""Registers the room with Django, and Wagtail's user screens in our shape."""

from django.apps import AppConfig
from wagtail.users.apps import WagtailUsersAppConfig


class CmsConfig(AppConfig):
    name = "healing.cms"
    default = True


class EditorsConfig(WagtailUsersAppConfig):
    """Wagtail's user screens, which list editors and nobody else."""

    user_viewset = "healing.cms.users.EditorViewSet"
