"""The weekly look-back: what it asks, in order (no Django).

Programme 7.2. Own wording, no score, and nothing of it is compared with anybody.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

NEVER = "never"


@dataclass(frozen=True, slots=True)
class Question:
    """One question; without options it is answered in words."""

    key: str
    text: str | Promise
    options: tuple[tuple[str, str | Promise], ...] = ()
    hint: str | Promise = ""


QUESTIONS = (
    Question(
        "rang",
        _("How often did the alarm ring?"),
        (
            (NEVER, _("never")),
            ("once_or_twice", _("1 or 2 times")),
            ("few", _("3 to 5 times")),
            ("most_days", _("most days")),
            ("many_a_day", _("many times a day")),
        ),
    ),
    Question(
        "until",
        _("When it rang, how long until you were steady?"),
        (
            ("minutes", _("minutes")),
            ("an_hour", _("an hour")),
            ("half_a_day", _("half a day")),
            ("a_day", _("a day")),
            ("longer", _("longer")),
        ),
    ),
    Question(
        "compared",
        _("Compared with the week before, it was"),
        (
            ("much_harder", _("much harder")),
            ("harder", _("harder")),
            ("same", _("the same")),
            ("easier", _("easier")),
            ("much_easier", _("much easier")),
        ),
    ),
    Question("well", _("One thing I did well in closeness")),
    Question("next", _("One thing for next week")),
    Question(
        "pace",
        _("Is the pace of the programme right?"),
        (("slower", _("slower, please")), ("fine", _("it is fine")), ("faster", _("faster"))),
    ),
    Question(
        "worse",
        _("Did anything here make things worse?"),
        hint=_("This stays in your own record. You can put such an exercise away for good."),
    ),
)


def asked(*, off: frozenset[str], is_first: bool) -> list[Question]:
    """The questions to ask; the first look-back has no week before it to compare with."""
    left_out = off | ({"compared"} if is_first else set())
    return [one for one in QUESTIONS if one.key not in left_out]


def applicable(said: Mapping[str, str]) -> dict[str, str]:
    """The answers without that to a question that does not apply: how long nothing lasted."""
    return {
        key: words for key, words in said.items() if (key, said.get("rang")) != ("until", NEVER)
    }
