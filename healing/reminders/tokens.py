"""The signed token behind a mail's links: it never ends, and outlives the plan it names."""

from uuid import UUID

from django.core.signing import BadSignature, Signer

from healing.reminders.models import Plan


class BadToken(ValueError):
    """Not a token of ours, or one that was altered on its way."""


def _signer() -> Signer:
    # A colon ends a link in some mail programs. Old keys come from SECRET_KEY_FALLBACKS.
    return Signer(salt="healing.reminders.stop", sep=".")


def make_token(plan: Plan) -> str:
    """A token for the links of the plan's mail.

    It names the person too: a letter may be deleted, and its mail's link must still stop them all.
    """
    return _signer().sign(f"{plan.pk.hex}-{plan.owner_id}")


def read_token(token: str) -> UUID:
    """The id of the plan the token was made for, which may be gone by now; raises BadToken."""
    return _named_by(token)[0]


def owner_of(token: str) -> int | None:
    """The id of the person whose mail it was, who may be gone by now; raises BadToken.

    The token of an older mail names the plan alone: None if that is gone.
    """
    plan_id, owner_id = _named_by(token)
    if owner_id is None:
        return Plan.objects.filter(pk=plan_id).values_list("owner_id", flat=True).first()
    return owner_id


def _named_by(token: str) -> tuple[UUID, int | None]:
    try:
        plan, _dash, owner = _signer().unsign(token).partition("-")
        return UUID(plan), int(owner) if owner else None
    except (BadSignature, ValueError) as problem:
        raise BadToken("This is not a link of ours.") from problem
