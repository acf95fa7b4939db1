"""Words for what the loader writes into a text's history, and how versions are compared."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.compare import register_comparison_class
from wagtail.fields import StreamField

from healing.editorial.comparing import WordsComparison
from healing.editorial.loader import SHIPPED


def name_shipped_texts(actions: Any) -> None:
    actions.register_action(
        SHIPPED,
        _("Receive a new shipped text"),
        _("A new shipped text came with an upgrade. Yours stands; compare them in this history."),
    )


hooks.register("register_log_actions", name_shipped_texts)
register_comparison_class(StreamField, comparison_class=WordsComparison)
