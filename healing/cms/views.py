"""Screens of ours among Wagtail's: the review clock, and an editor's own settings."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin.ui.tables import Column, StatusTagColumn, Table, TitleColumn
from wagtail.admin.views.account import AccountView, BaseSettingsPanel, notifications_tab
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.admin.widgets import SwitchInput

from healing.cms.models import ReviewMail
from healing.cms.review import Entry, State, counts, entries, kinds
from healing.cms.review_mail import is_offered_to

# Address, password and second step are changed under /accounts/; nobody needs a picture.
KEPT = ("notifications", "locale", "theme")


class ReviewView(WagtailAdminTemplateMixin, TemplateView):
    """Every text that needs a review, the most urgent first; `?kind=lesson` for one kind."""

    template_name = "cms/review.html"
    page_title = _("Review")
    header_icon = "calendar-check"

    def get_breadcrumbs_items(self) -> list[Any]:
        return [*super().get_breadcrumbs_items(), {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        everything = entries(kinds(), timezone.localdate())
        named = {str(model._meta.model_name): model for model in kinds()}
        picked = named.get(self.request.GET.get("kind", ""))
        shown = [entry for entry in everything if picked is None or type(entry.text) is picked]
        return {
            **super().get_context_data(**kwargs),
            "kinds": [
                {
                    "name": model._meta.verbose_name_plural,
                    "key": key,
                    "total": sum(type(entry.text) is model for entry in everything),
                    "is_picked": model is picked,
                }
                for key, model in named.items()
            ],
            "total": len(everything),
            "picked": picked,
            "counts": counts(shown),
            "waits": any(entry.waits for entry in shown),
            "table": Table(COLUMNS, shown, attrs={"class": "listing"}) if shown else None,
        }


def _is_overdue(entry: Entry) -> bool:
    return entry.state is State.OVERDUE


COLUMNS = [
    Column("kind", label=_("Kind"), accessor=lambda entry: capfirst(entry.kind)),
    Column("id", label=_("Id"), accessor="text.content_id"),
    TitleColumn(
        "title", label=_("Title"), accessor="text.title", get_url=lambda entry: entry.address
    ),
    StatusTagColumn(
        "state", label=_("State"), accessor=lambda entry: entry.state.label, primary=_is_overdue
    ),
    Column("reviewer", label=_("Reviewed by"), accessor="text.reviewer"),
    Column("reviewed_on", label=_("Reviewed on"), accessor="text.reviewed_on"),
    Column("due", label=_("Due")),
]


class ReviewMailForm(forms.ModelForm[ReviewMail]):
    class Meta:
        model = ReviewMail
        fields = ("wanted",)
        widgets = {"wanted": SwitchInput()}


class ReviewMailPanel(BaseSettingsPanel):
    """Whether the weekly mail about reviews is wanted, for those who would get it."""

    name = "review_mail"
    title = _("Review")
    tab = notifications_tab
    order = 200

    def is_active(self) -> bool:
        return is_offered_to(self.user)

    def get_form(self) -> ReviewMailForm:
        row = ReviewMail.objects.filter(editor=self.user).first() or ReviewMail(editor=self.user)
        data = self.request.POST if self.request.method == "POST" else None
        return ReviewMailForm(data, instance=row, prefix=self.name)


class EditorAccountView(AccountView):
    """Wagtail's settings page with language, colours, and mail from workflow and review clock."""

    def get_panels(self) -> list[Any]:
        kept = [panel for panel in super().get_panels() if panel.name in KEPT]
        ours = ReviewMailPanel(self.request, self.request.user, None)
        return [*kept, ours] if ours.is_active() else kept
