"""Feelings (programme 6.4) and what the body says (6.5)."""

from django.utils.translation import gettext_lazy as _

from healing.taxonomy.shape import Group, Item, SafetyNote, Taxonomy

_FEELING_GROUPS = (
    Group(
        "fear",
        _("Fear family"),
        (
            Item("afraid", _("afraid")),
            Item("panicky", _("panicky")),
            Item("uneasy", _("uneasy")),
            Item("insecure", _("insecure")),
            Item("on_guard", _("on guard")),
        ),
    ),
    Group(
        "sadness",
        _("Sad family"),
        (
            Item("sad", _("sad")),
            Item("lonely", _("lonely")),
            Item("homesick_for_someone", _("homesick for someone")),
            Item("disappointed", _("disappointed")),
            Item(
                "hopeless",
                _("hopeless"),
                SafetyNote(
                    _("That is heavy to carry alone. The help link leads to people who listen."),
                ),
            ),
        ),
    ),
    Group(
        "anger",
        _("Anger family"),
        (
            Item("angry", _("angry")),
            Item("irritated", _("irritated")),
            Item("betrayed", _("betrayed")),
            Item("resentful", _("resentful")),
            Item("jealous", _("jealous")),
        ),
    ),
    Group(
        "shame",
        _("Shame family"),
        (
            Item("ashamed", _("ashamed")),
            Item("too_much", _("too much")),
            Item("not_enough", _("not enough")),
            Item("foolish", _("foolish")),
            Item("guilty", _("guilty")),
        ),
    ),
    Group(
        "shut_down",
        _("Shut-down family"),
        (
            Item("numb", _("numb")),
            Item("empty", _("empty")),
            Item("far_away", _("far away")),
            Item("tired_of_it", _("tired of it")),
            Item("indifferent", _("indifferent")),
        ),
    ),
    Group(
        "softer",
        _("Softer and hopeful"),
        (
            Item("longing", _("longing")),
            Item("tender", _("tender")),
            Item("relieved", _("relieved")),
            Item("calm", _("calm")),
            Item("hopeful", _("hopeful")),
        ),
    ),
)

FEELINGS = Taxonomy(
    _FEELING_GROUPS,
    first="afraid uneasy sad lonely angry not_enough numb longing",
)

# Said beside signals that fear and illness share.
_MAY_BE_ILLNESS = SafetyNote(
    _(
        "Chest pain, fainting, trouble breathing, or sudden weakness or numbness on one side: call "
        "the emergency number. Do not wait for it to be fear."
    ),
)

BODY = Taxonomy(
    (
        Group(
            "body",
            "",
            (
                Item("racing_heart", _("racing heart")),
                Item("tight_chest", _("tight chest"), _MAY_BE_ILLNESS),
                Item("lump_in_throat", _("lump in throat")),
                Item("knot_in_stomach", _("knot in stomach")),
                Item("nausea", _("nausea")),
                Item("no_appetite", _("no appetite")),
                Item("urge_to_eat", _("urge to eat")),
                Item("hot_face", _("hot face")),
                Item("cold_hands", _("cold hands")),
                Item("sweating", _("sweating")),
                Item("trembling", _("trembling")),
                Item("restless_legs", _("restless legs")),
                Item("clenched_jaw", _("clenched jaw")),
                Item("tight_shoulders", _("tight shoulders")),
                Item("shallow_breath", _("shallow breath"), _MAY_BE_ILLNESS),
                Item("holding_breath", _("holding breath")),
                Item("headache", _("headache")),
                Item("tears", _("tears")),
                Item("heavy_limbs", _("heavy limbs")),
                Item("numb_patches", _("numb patches"), _MAY_BE_ILLNESS),
                Item("foggy", _("foggy or unreal")),
                Item("awake_at_night", _("wide awake at night")),
            ),
        ),
    ),
    first="racing_heart tight_chest knot_in_stomach lump_in_throat hot_face tight_shoulders tears "
    "foggy",
)
