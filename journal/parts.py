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

    `label` is what stands beside the answer, `asks` the question of the form, `hint` a line below
    it. With `taxonomy` the answer is a key of it, or with `many` a list of keys; own words beside a
    list are stored under `own`. With `number` it is 0 to 10; else it is text, of `longest` letters.
    """

    name: str
    label: str | Promise
    asks: str | Promise
    size: Size
    taxonomy: Taxonomy | None = None
    many: bool = False
    own: str = ""
    number: bool = False
    longest: int = 2000
    hint: str | Promise = ""


PARTS = (
    Part("trigger", _("What set it off"), _("What set it off?"), Size.QUICK, TRIGGERS,
         own="trigger_own"),
    Part("strength", _("How strong"), _("How strong was it, from 0 to 10?"), Size.QUICK,
         number=True),
    Part("feelings", _("What I felt"), _("What did you feel?"), Size.QUICK, FEELINGS, many=True,
         own="feelings_own"),
    Part("urges", _("What I wanted to do"), _("What did you want to do?"), Size.QUICK, URGES,
         many=True, own="urges_own"),
    Part("who", _("Who it was about"), _("Who was it about?"), Size.STANDARD, WHO),
    Part("person", _("Nickname or initials"), _("Which person?"), Size.STANDARD, longest=60,
         hint=_("A nickname or initials are enough. Please never a full name.")),
    Part("channel", _("Where it happened"), _("Where did it happen?"), Size.STANDARD, CHANNELS),
    Part("camera", _("What a camera saw"), _("What would a camera have seen?"), Size.STANDARD,
         hint=_("Only what could be filmed or heard.")),
    Part("guess", _("What I guessed"), _("What did you guess it meant?"), Size.STANDARD),
    Part("sure", _("How sure I am of the facts"), _("How sure are you of the facts?"),
         Size.STANDARD, CERTAINTY),
    Part("state", _("The state I was in"), _("Which state were you in?"), Size.STANDARD, STATES),
    Part("reserve", _("My body’s reserve"), _("How much reserve did your body have?"),
         Size.STANDARD, RESERVES),
    Part("body", _("What my body said"), _("What did your body say?"), Size.STANDARD, BODY,
         many=True, own="body_own"),
    Part("did", _("What I did"), _("What did you do?"), Size.STANDARD, URGES, many=True,
         own="did_own"),
    Part("needs", _("What I needed"), _("What did you need?"), Size.STANDARD, NEEDS, many=True,
         own="needs_own"),
    Part("helped", _("What helped"), _("What helped?"), Size.STANDARD, HELPED, many=True,
         own="helped_own"),
    Part("after", _("How strong afterwards"), _("How strong was it afterwards, from 0 to 10?"),
         Size.STANDARD, number=True),
    Part("until", _("Until I was steady"), _("How long until you were steady?"), Size.STANDARD,
         UNTIL_STEADY),
    Part("story", _("The story my mind told"), _("What story did your mind tell?"), Size.DEEP),
    Part("sentences", _("The sentence underneath"), _("Which sentence lies underneath?"),
         Size.DEEP, SENTENCES, many=True, own="sentences_own",
         hint=_("About yourself, others or closeness. Your own words come first.")),
    Part("fairer", _("A fairer sentence"), _("What would be a fairer sentence?"), Size.DEEP,
         hint=_("One you can half believe. This page proposes none.")),
    Part("echo", _("What it reminds me of"), _("What does it remind you of?"), Size.DEEP,
         longest=200, hint=_("One line, no details.")),
    Part("protected", _("What it protected"), _("What did your reaction protect?"), Size.DEEP),
    Part("cost", _("What it cost"), _("What did it cost?"), Size.DEEP),
    Part("left_myself", _("Where I left myself"), _("Where did you leave yourself?"), Size.DEEP,
         LEFT_MYSELF, many=True, own="left_myself_own"),
    Part("stayed_by", _("I stayed with myself by"), _("I stayed with myself by …"), Size.DEEP),
    Part("next_if", _("Next time, if"), _("Next time, if …"), Size.DEEP, longest=200),
    Part("next_then", _("Then I will"), _("… then I will …"), Size.DEEP, longest=200),
    Part("kind", _("A kind sentence"), _("A kind sentence to yourself"), Size.DEEP, longest=200),
    Part("note", _("In my own words"), _("In your own words"), Size.QUICK),
)  # fmt: skip
BY_NAME = {part.name: part for part in PARTS}

# How a guess turned out.
PROVED = {
    "yes": _("yes"),
    "partly": _("partly"),
    "no": _("no"),
    "cannot_know": _("cannot know"),
}


def shown_by(size: Size) -> tuple[Part, ...]:
    """What a form shows: the deep one only its own, since it follows the standard one."""
    least = Size.DEEP if size is Size.DEEP else Size.QUICK
    return tuple(part for part in PARTS if least <= part.size <= size)
