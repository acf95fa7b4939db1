"""The kinds of moments worth keeping (no Django); their keys are stored and never change."""

from django.utils.translation import gettext_lazy as _

OTHER = "other"
KINDS = {
    "someone_stayed": _("Someone stayed"),
    "i_repaired": _("I repaired"),
    "asked_and_fine": _("I asked and it was fine"),
    OTHER: _("Something else"),
}
