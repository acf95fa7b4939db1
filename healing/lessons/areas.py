"""Where in life a scene happens: so that not every example is about a partner."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

LOVE = "love"
AREAS: dict[str, Promise | str] = {
    LOVE: _("Love"),
    "friends": _("Friends"),
    "family": _("Family"),
    "work": _("Work"),
    "group": _("A group"),
    "alone": _("Being alone"),
}
