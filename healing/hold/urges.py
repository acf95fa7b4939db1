"""The urges a hold can be about: those that chase and those that hide; danger signs come last."""

from django.utils.translation import gettext_lazy as _

from healing.taxonomy.shape import OTHER, Group, Taxonomy
from healing.taxonomy.urges import DANGER_SIGNS, URGES

HELD_GROUPS = ("chases", "hides")
DANGER = frozenset(item.key for item in DANGER_SIGNS.items)
HELD = Taxonomy(
    (
        *(group for group in URGES.groups if group.key in HELD_GROUPS),
        Group("own", _("In your own words"), (OTHER,)),
        DANGER_SIGNS,
    ),
    first="send_many check_on_them ask_reassurance call_again test_them accuse go_silent block",
    never_first=frozenset({*DANGER, OTHER.key}),
)
