"""The editing screens that every edited text shares; each room adds its own columns."""

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from wagtail.admin.ui.components import MediaContainer
from wagtail.admin.ui.side_panels import ChecksSidePanel
from wagtail.models import Revision
from wagtail.snippets.views.snippets import (
    CreateView,
    EditView,
    HistoryView,
    RevisionsCompareView,
    SnippetViewSet,
)

from healing.editorial.models import EditedText


class WithoutStockChecks:
    """Wagtail has checks of its own, with another way to count and to measure: ours stand alone."""

    def get_side_panels(self) -> MediaContainer:
        panels = super().get_side_panels()  # type: ignore[misc]
        return MediaContainer([one for one in panels if not isinstance(one, ChecksSidePanel)])


class TextCreateView(WithoutStockChecks, CreateView):
    """The form for a new text."""


class TextEditView(WithoutStockChecks, EditView):
    """The form for a text's draft."""


class TextHistoryView(HistoryView):
    """The history, in which any two versions can be picked and compared."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """`?before=…&after=…`, the keys of two of its revisions, lead to their comparison."""
        picked = [request.GET.get(name, "") for name in ("before", "after")]
        if {str(version.pk) for version in versions(self.object)}.issuperset(picked):
            return redirect(reverse(self.revisions_compare_url_name, args=[self.pk, *picked]))
        answer: HttpResponseBase = super().get(request, *args, **kwargs)
        return answer

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "versions": versions(self.object)}


class TextCompareView(RevisionsCompareView):
    """Wagtail's comparison, which also says of what, and opens an older version in the form.

    Wagtail's history opens only what an editor saved, and never the shipped text.
    """

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        by_key = {str(version.pk): version for version in versions(self.object)}
        for word in ("live", "latest"):
            by_key[word] = by_key.get(str(getattr(self.object, f"{word}_revision_id")))
        compared = [by_key.get(key) for key in (self.revision_id_a, self.revision_id_b)]
        back = self.model.snippet_viewset.get_url_name("revisions_revert")
        for version in filter(None, compared):
            if version.pk != self.object.latest_revision_id:
                version.bring_back = reverse(back, args=[self.pk, version.pk])
        return {**super().get_context_data(**kwargs), "compared": compared}


class TextViewSet(SnippetViewSet):
    """Wagtail's screens for a snippet, in the menu, with our history and comparison."""

    add_to_admin_menu = True
    list_per_page = 100
    # The readers' index knows stems of live texts; editors look for parts of a word, drafts too.
    search_backend_name = None
    # Wagtail's form for a copy belongs to the original: what is sent to its address takes the
    # original's place, as a draft, and so off the site. Whoever may add could do that.
    copy_view_enabled = False
    add_view_class = TextCreateView
    edit_view_class = TextEditView
    history_view_class = TextHistoryView
    revisions_compare_view_class = TextCompareView


def versions(text: EditedText) -> list[Revision]:
    """Every version of the text, the newest first, each with its `number`; without content."""
    found = list(
        text.revisions.select_related("user").defer("content").order_by("created_at", "id")
    )
    for number, version in enumerate(found, start=1):
        version.number = number
    return found[::-1]
