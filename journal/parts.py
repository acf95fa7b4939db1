"""What an entry can hold, in reading order: the one list behind form, page, search and packet."""

from dataclasses import dataclass
from enum import IntEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from healing.taxonomy.feelings import BODY, FEELINGS
from healing.taxonomy.meaning import HELPED, NEEDS, SENTENCES
from healing.taxonomy.shape import Taxonomy
from healing.taxonomy.triggers import (
    CERTAINTY,
    CHANNELS,
    RESERVES,
    STATES,
    TRIGGERS,
    UNTIL_STEADY,
    WHO,
)
from healing.taxonomy.urges import LEFT_MYSELF, URGES


class Size(IntEnum):
    """The three forms (programme 6.1); each holds all of the one before it."""

    QUICK = 1
    STANDARD = 2
    DEEP = 3


@dataclass(frozen=True, slots=True)
class Part:
    """One answer of an entry, stored in `Entry.content` under its name.

    `label` is what stands beside the answer. With `taxonomy` the answer is a key of it, or with
    `many` a list of keys; own words beside a list are stored under `own`. With `number` it is 0 to
    10; else it is text.
    """

    name: str
    label: str | Promise
    size: Size
    taxonomy: Taxonomy | None = None
    many: bool = False
    own: str = ""
    number: bool = False


PARTS = (
    Part("trigger", _("What set it off"), Size.QUICK, TRIGGERS, own="trigger_own"),
    Part("strength", _("How strong"), Size.QUICK, number=True),
    Part("feelings", _("What I felt"), Size.QUICK, FEELINGS, many=True, own="feelings_own"),
    Part("urges", _("What I wanted to do"), Size.QUICK, URGES, many=True, own="urges_own"),
    Part("who", _("Who it was about"), Size.STANDARD, WHO),
    Part("person", _("Nickname or initials"), Size.STANDARD),
    Part("channel", _("Where it happened"), Size.STANDARD, CHANNELS),
    Part("camera", _("What a camera saw"), Size.STANDARD),
    Part("guess", _("What I guessed"), Size.STANDARD),
    Part("sure", _("How sure I am of the facts"), Size.STANDARD, CERTAINTY),
    Part("state", _("The state I was in"), Size.STANDARD, STATES),
    Part("reserve", _("My body’s reserve"), Size.STANDARD, RESERVES),
    Part("body", _("What my body said"), Size.STANDARD, BODY, many=True, own="body_own"),
    Part("did", _("What I did"), Size.STANDARD, URGES, many=True, own="did_own"),
    Part("needs", _("What I needed"), Size.STANDARD, NEEDS, many=True, own="needs_own"),
    Part("helped", _("What helped"), Size.STANDARD, HELPED, many=True, own="helped_own"),
    Part("after", _("How strong afterwards"), Size.STANDARD, number=True),
    Part("until", _("Until I was steady"), Size.STANDARD, UNTIL_STEADY),
    Part("story", _("The story my mind told"), Size.DEEP),
    Part("sentences", _("The sentence underneath"), Size.DEEP, SENTENCES, many=True,
         own="sentences_own"),
    Part("fairer", _("A fairer sentence"), Size.DEEP),
    Part("echo", _("What it reminds me of"), Size.DEEP),
    Part("protected", _("What it protected"), Size.DEEP),
    Part("cost", _("What it cost"), Size.DEEP),
    Part("left_myself", _("Where I left myself"), Size.DEEP, LEFT_MYSELF, many=True,
         own="left_myself_own"),
    Part("stayed_by", _("I stayed with myself by"), Size.DEEP),
    Part("next_if", _("Next time, if"), Size.DEEP),
    Part("next_then", _("Then I will"), Size.DEEP),
    Part("kind", _("A kind sentence"), Size.DEEP),
    Part("note", _("In my own words"), Size.QUICK),
)  # fmt: skip
BY_NAME = {part.name: part for part in PARTS}
