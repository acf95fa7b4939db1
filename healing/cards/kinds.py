"""The five cards: what each is for, what it asks, how long an answer may be (no Django).

Answers are kept under the names of fields, topics and questions: a reword leaves them as they are,
and a name is never used anew.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from healing.safety.own_card import FEWEST_DIGITS, digits_in

LINE, TEXT = 300, 2000  # letters


@dataclass(frozen=True)
class Field:
    """A place to write."""

    name: str
    label: str | Promise
    hint: str | Promise = ""
    longest: int = TEXT
    rated: bool = False  # seen again and rated each month

    @property
    def is_line(self) -> bool:
        return self.longest <= LINE


@dataclass(frozen=True)
class Topic:
    """Questions to tick, each under a name of its own."""

    name: str
    label: str | Promise
    questions: Mapping[str, str | Promise]


@dataclass(frozen=True)
class Kind:
    """One card. `purpose` says what it is for, `empty` what will stand on it."""

    id: str
    slug: str
    title: str | Promise
    purpose: str | Promise
    empty: str | Promise
    fields: tuple[Field, ...]
    topics: tuple[Topic, ...] = ()

    @property
    def names(self) -> list[str]:
        """The names that answers are kept under."""
        return [topic.name for topic in self.topics] + [field.name for field in self.fields]


IF_THEN = Kind(
    id="T1",
    slug="if-then-card",
    title=_("If-then card"),
    purpose=_("Small moves chosen on a calm day, for the moment when the wave comes."),
    empty=_("Up to three lines of “if this happens, then I do that”, and one kind sentence."),
    fields=(
        Field(
            "if_1",
            _("First line: if …"),
            _("A moment you would notice. “It is past ten and no answer has come.”"),
            longest=LINE,
        ),
        Field(
            "then_1",
            _("First line: then I …"),
            _("So small that you could do it half asleep. “Put the phone in the kitchen.”"),
            longest=LINE,
        ),
        Field("if_2", _("Second line: if …"), longest=LINE),
        Field("then_2", _("Second line: then I …"), longest=LINE),
        Field("if_3", _("Third line: if …"), longest=LINE),
        Field("then_3", _("Third line: then I …"), longest=LINE),
        Field(
            "kind_words",
            _("One kind sentence to myself"),
            _("What a good friend might say to you in that moment."),
            longest=LINE,
        ),
    ),
)

SAFETY = Kind(
    id="T2",
    slug="safety-card",
    title=_("Safety card"),
    purpose=_("For days when staying alive is hard, or might become so: what helps, whom to call."),
    empty=_("Your warning signs, what you can do, and people and services with their numbers."),
    fields=(
        Field(
            "warning_signs",
            _("Warning signs"),
            _("What you think, feel or do when it is getting hard. One on each line."),
        ),
        Field(
            "alone",
            _("What I can do alone"),
            _("Things that have carried you through ten minutes before. One on each line."),
        ),
        Field(
            "distraction",
            _("Places and people that take my mind off it"),
            _("They need not know why you come. A café counts, and so does a neighbour’s dog."),
        ),
        Field(
            "people",
            _("People I can ask for help"),
            _("Name and number, written out in full. One person on each line."),
        ),
        Field(
            "services",
            _("Services I can call"),
            _("A doctor, a therapist, a crisis team, a line: each with its number."),
        ),
        Field(
            "surroundings",
            _("Making my surroundings safer"),
            _("What could be locked away or handed to someone. This is best done with help."),
        ),
        Field(
            "alive",
            _("What keeps me alive"),
            _("In your own words. It may be a person, an animal, a plan, or plain stubbornness."),
        ),
    ),
)

SIGNS = Kind(
    id="T3",
    slug="signs-of-change",
    title=_("My signs of change"),
    purpose=_("Three things that you could see, looked at again each month."),
    empty=_("Three signs of your own, and what you noted about them each month."),
    fields=(
        Field(
            "sign_1",
            _("First sign"),
            _("Something that you or a friend could see. “I wait an hour before I ask again.”"),
            longest=LINE,
            rated=True,
        ),
        Field("sign_2", _("Second sign"), longest=LINE, rated=True),
        Field("sign_3", _("Third sign"), longest=LINE, rated=True),
    ),
)
# What a sign is rated with, by number.
RATINGS = (
    _("not at all"),
    _("once or twice"),
    _("now and then"),
    _("often"),
    _("nearly always"),
)

QUESTIONS = Kind(
    id="T4",
    slug="therapist-questions",
    title=_("Questions for a therapist"),
    purpose=_("For a first talk: what you want to know before you decide."),
    empty=_("The questions that you ticked, and your own."),
    topics=(
        Topic(
            "training",
            _("Training"),
            {
                "learnt": _("What did you train in, and for how long?"),
                "register": _("Are you on a register where I could look you up?"),
                "counsel": _("Is there someone with whom you talk over your work?"),
            },
        ),
        Topic(
            "experience",
            _("Experience"),
            {
                "fear": _("Have you worked with people who often fear being left?"),
                "helped": _("What have you seen help them, and what did not?"),
            },
        ),
        Topic(
            "way",
            _("Way of working"),
            {
                "hour": _("What does an hour with you look like?"),
                "between": _("Would I do something between our hours?"),
                "hurt": _("If something you say hurts me, how would we talk about it?"),
            },
        ),
        Topic(
            "goals",
            _("Goals"),
            {
                "choose": _("How would we choose what to work on?"),
                "notice": _("How would we notice that it helps, and when would we look back?"),
            },
        ),
        Topic(
            "cost",
            _("Cost"),
            {
                "price": _("What does an hour cost, and what if I have to cancel?"),
                "paid": _("Does my insurance or a public service pay for some of it?"),
                "less": _("What could we do if my money gets short?"),
            },
        ),
        Topic(
            "crisis",
            _("Crisis"),
            {
                "reach": _("Whom can I reach in a bad hour, day or night?"),
                "worry": _("If you were worried about my safety, what would you do?"),
            },
        ),
        Topic(
            "holidays",
            _("Holidays"),
            {
                "told": _("How early do you tell me when you will be away?"),
                "meanwhile": _("Who could I turn to while you are away?"),
            },
        ),
        Topic(
            "ending",
            _("Ending"),
            {
                "stop": _("What happens if one of us wants to stop?"),
                "return": _("Could I come back later?"),
            },
        ),
    ),
    fields=(Field("own", _("My own questions"), _("One on each line.")),),
)

KEEP_GOING = Kind(
    id="T5",
    slug="keep-going-card",
    title=_("Keep-going card"),
    purpose=_("For the months after the programme: what to do when a hard stretch comes."),
    empty=_("The hard seasons you expect, their first signs, and your first three moves."),
    fields=(
        Field(
            "seasons",
            _("Hard seasons that are likely"),
            _("A month, a feast, a visit, a deadline. One on each line."),
        ),
        Field(
            "early",
            _("Early signs"),
            _("What changes first: sleep, messages, food, how you speak to yourself."),
        ),
        Field(
            "moves",
            _("My first three moves"),
            _("Small enough for a tired day. One on each line."),
        ),
        Field("who", _("Who"), _("Whom you tell, and how you would say it.")),
        Field(
            "avoid",
            _("What I leave alone then"),
            _("Big decisions at night, certain pages, certain arguments."),
        ),
        Field(
            "help",
            _("When I get help"),
            _("The sign that says “now”, and whom you call. Early is better than late."),
        ),
    ),
)

KINDS = (IF_THEN, SAFETY, SIGNS, QUESTIONS, KEEP_GOING)
BY_ID = {kind.id: kind for kind in KINDS}
BY_SLUG = {kind.slug: kind for kind in KINDS}

# What the help page shows of the safety card, those to call first.
SHORT = ("people", "services", "alone", "alive")
# Where a number can be pressed.
CALLED = frozenset({"people", "services", "who", "help"})


def missing(answers: Mapping[str, Any]) -> list[str | Promise]:
    """What a safety card needs before it counts as filled (programme 5.10); empty when it does."""
    needed = (
        (_("one warning sign"), _has_words(answers, "warning_signs")),
        (_("one thing to do alone"), _has_words(answers, "alone")),
        (_("one person or service with a number"), _has_number(answers, ("people", "services"))),
    )
    return [words for words, is_there in needed if not is_there]


def is_filled(answers: Mapping[str, Any]) -> bool:
    """Whether a safety card is filled: a warning sign, a thing to do alone, a number to call."""
    return not missing(answers)


def _has_words(answers: Mapping[str, Any], name: str) -> bool:
    return bool(str(answers.get(name, "")).strip())


def _has_number(answers: Mapping[str, Any], names: Collection[str]) -> bool:
    return any(len(digits_in(str(answers.get(name, "")))) >= FEWEST_DIGITS for name in names)
