"""Puts the exercises on the editing screens."""

from wagtail.snippets.models import register_snippet

from exercises.models import Exercise
from healing.editorial.viewsets import TextViewSet


class ExerciseViewSet(TextViewSet):
    model = Exercise
    icon = "media"
    menu_order = 200
    list_display = ["content_id", "title", "kind", "intensity", "live"]
    list_filter = ["intensity", "evidence_tag", "live"]
    search_fields = ["title", "purpose"]


register_snippet(ExerciseViewSet)
