"""The editing form of a text, as far as its review goes: who read it, when, and when again."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm

from healing.editorial.clock import latest_today, months_later


class TextForm(WagtailAdminModelForm):
    """Sees to it that a review is complete, and remembers which words it was about.

    A review is about the words it is recorded with. Words that change later are not covered until
    a later day is entered, or the box is ticked.
    """

    covers_all = forms.BooleanField(
        label=_("This review covers everything that stands here now"),
        required=False,
        help_text=_("For words that changed after the review and were read again."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.reviewed_on and not self.instance.is_reviewed:
            self.fields["covers_all"].help_text = _(
                "The words have changed since this review, and readers are told so. Tick the box "
                "once they have been read again, or enter the day of a new review."
            )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean()
        if "reviewed_on" in self.fields and not {"reviewed_on", "review_due"} & self.errors.keys():
            self._check_review(data)
        return data

    def _post_clean(self) -> None:
        """A draft may be half typed; what goes to a reviewer or to readers has no fault."""
        super()._post_clean()
        if self.is_deferred_validation:
            return
        # An empty field has been named by the form already.
        named = set(self.errors)
        for field, fault in self.instance.faults():
            if field not in named:
                self.add_error(field, fault)

    def save(self, commit: bool = True) -> Any:
        if not self.instance.reviewed_on:
            self.instance.reviewed_digest = ""
        elif self._is_new_review() or self.cleaned_data["covers_all"]:
            self.instance.reviewed_digest = self.instance.review_digest()
        return super().save(commit=commit)

    def get_field_updates_for_resave(self) -> list[tuple[str, Any]]:
        """What Wagtail, which saves while somebody types, writes back into the open form."""
        updates: list[tuple[str, Any]] = super().get_field_updates_for_resave()
        due = self.cleaned_data.get("review_due")
        return [*updates, (self.add_prefix("review_due"), due.isoformat())] if due else updates

    def _check_review(self, data: dict[str, Any]) -> None:
        who, when, due = data.get("reviewer"), data["reviewed_on"], data["review_due"]
        if when and not who:
            self.add_error("reviewer", _("Say who did this review, or leave its day empty too."))
        if who and not when:
            self.add_error("reviewed_on", _("Say on which day, or leave the name empty too."))
        if not when:
            return
        if when > latest_today(timezone.now()):
            self.add_error("reviewed_on", _("This day is still to come. Enter the day it was."))
        elif not due or (self._is_new_review() and "review_due" not in self.changed_data):
            data["review_due"] = months_later(when, self.instance.review_months)
        elif due < when:
            self.add_error("review_due", _("This is before the review. Enter a later day."))

    def _is_new_review(self) -> bool:
        """Whether this form records a review that the version it was opened with did not have."""
        before, now = self.initial.get("reviewed_on"), self.cleaned_data.get("reviewed_on")
        return bool(now and (before is None or now > before))
