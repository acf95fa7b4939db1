"""How the editing screens look: our name and colour, and only the menus that lead somewhere."""

from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse, reverse_lazy
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.rich_text.editors.draftail.features import EntityFeature
from wagtail.admin.search import SearchArea

from healing.cms.panels import WaitingPanel

UNUSED_MENUS = {"explorer", "images", "documents", "reports", "settings", "help"}


def our_colours() -> str:
    return format_html('<link rel="stylesheet" href="{}">', static("css/cms.css"))


def keep_typed_words() -> str:
    return format_html('<script type="module" src="{}"></script>', static("js/editing.js"))


def only_used_menus(request: HttpRequest, menu_items: list[Any]) -> None:
    menu_items[:] = [item for item in menu_items if item.name not in UNUSED_MENUS]


def link_to_addresses(features: Any) -> None:
    """A link in a text is an address, of this site or another: there are no pages to choose."""
    chooser = reverse_lazy("wagtailadmin_choose_page_external_link")
    link = {
        "type": "LINK",
        "icon": "link",
        "description": _("Link"),
        "attributes": ["url"],
        "allowlist": {"href": "^(/|https:|undefined$)"},
        "chooserUrls": {"pageChooser": chooser, "externalLinkChooser": chooser},
    }
    plugin = EntityFeature(link, js=["wagtailadmin/js/page-chooser-modal.js"])
    features.register_editor_plugin("draftail", "link", plugin)


def search_lessons() -> SearchArea:
    """What the search of the menu looks through; Wagtail's own would look for pages."""
    address = reverse("wagtailsnippets_lessons_lesson:list")
    return SearchArea(_("Lessons"), address, name="lessons", icon_name="doc-full", order=1)


def review_menu() -> MenuItem:
    return MenuItem(
        _("Review"), reverse_lazy("cms_review"), name="review", icon_name="calendar-check", order=90
    )


def what_waits(request: HttpRequest, panels: list[Any]) -> None:
    """The start page: texts to review first, then what waits for an editor."""
    kept = {"workflow_objects_to_moderate", "user_objects_in_workflow_moderation"}
    panels[:] = [*(panel for panel in panels if panel.name in kept), WaitingPanel()]


hooks.register("insert_global_admin_css", our_colours)
hooks.register("insert_editor_js", keep_typed_words)
hooks.register("construct_main_menu", only_used_menus, order=1000)
hooks.register("register_admin_menu_item", review_menu)
hooks.register("construct_homepage_panels", what_waits, order=1000)
hooks.register("register_admin_search_area", search_lessons)
hooks.register("register_rich_text_features", link_to_addresses, order=10)
