"""What can become of a fear once its day has come, and which triggers make numbers misleading."""

from collections.abc import Collection
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

# Keys of healing.taxonomy.triggers: where someone lied, threatened or frightened, an alarm may be
# an answer to something real.
UNEASY_TRIGGERS = frozenset({"dishonesty", "threat_to_leave", "felt_unsafe"})


class Outcome(StrEnum):
    """The four answers to “What happened?”, by the name they are stored under."""

    HAPPENED = "happened"
    PARTLY = "partly"
    DID_NOT = "did_not"
    CANNOT_KNOW = "cannot_know"


LABELS = {
    Outcome.HAPPENED: _("it happened"),
    Outcome.PARTLY: _("partly"),
    Outcome.DID_NOT: _("it did not happen"),
    Outcome.CANNOT_KNOW: _("I cannot know"),
}


def is_uneasy(triggers: Collection[str]) -> bool:
    """Whether one of the triggers' keys tells of a lie, a threat or being frightened."""
    return not UNEASY_TRIGGERS.isdisjoint(triggers)
