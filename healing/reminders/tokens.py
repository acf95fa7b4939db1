"""The signed token behind a mail's stop link: it never ends, and outlives the plan it names."""

from uuid import UUID

from django.core.signing import BadSignature, Signer

from healing.reminders.models import Plan


class BadToken(ValueError):
    """Not a token of ours, or one that was altered on its way."""


def _signer() -> Signer:
    # A colon ends a link in some mail programs. Old keys come from SECRET_KEY_FALLBACKS.
    return Signer(salt="healing.reminders.stop", sep=".")


def make_token(plan: Plan) -> str:
    """A token for the plan's stop link."""
    return _signer().sign(plan.pk.hex)


def read_token(token: str) -> UUID:
    """The id of the plan the token was made for, which may be gone by now; raises BadToken."""
    try:
        return UUID(_signer().unsign(token))
    except (BadSignature, ValueError) as problem:
        raise BadToken("This is not a stop link of ours.") from problem
