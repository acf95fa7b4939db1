"""Puts lessons and modules on the editing screens."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.contrib.contenttypes.models import ContentType
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin.ui.tables import LiveStatusTagColumn
from wagtail.models import Revision
from wagtail.snippets.models import register_snippet

from healing.editorial.viewsets import TextViewSet
from healing.lessons.models import Lesson, Module


class LessonViewSet(TextViewSet):
    model = Lesson
    icon = "doc-full"
    menu_order = 100
    list_display = ("content_id", "title", "module", "reviewed_on", LiveStatusTagColumn())
    list_filter = ("module", "intensity", "live")
    search_fields = ("title", "goal", "short_version")


class ModuleViewSet(TextViewSet):
    model = Module
    icon = "folder-open-inverse"
    menu_order = 110
    list_display = ("content_id", "title", "order", LiveStatusTagColumn())
    search_fields = ("title", "aim")


def keep_named_modules(request: HttpRequest, texts: Iterable[Any]) -> HttpResponse | None:
    """A module stays while any version of a lesson names it: that draft could not be opened."""
    lesson = ContentType.objects.get_for_model(Lesson)
    modules = [text.pk for text in texts if isinstance(text, Module)]
    if not Revision.objects.filter(content_type=lesson, content__module__in=modules).exists():
        return None
    messages.error(
        request,
        _("A lesson is in this module, as a draft or in its history. Unpublish it instead."),
    )
    return redirect(Module.snippet_viewset.get_url_name("list"))


register_snippet(LessonViewSet)
register_snippet(ModuleViewSet)
hooks.register("before_delete_snippet", keep_named_modules)
