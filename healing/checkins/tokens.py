"""The signed token behind a mail's check-in link: one person, one date, for a day and a half."""

from datetime import date, timedelta

from django.core.signing import BadSignature, SignatureExpired, TimestampSigner

LIFETIME = timedelta(hours=36)


class BadToken(ValueError):
    """Not a token of ours, or one that was altered on its way."""


class ExpiredToken(BadToken):
    """A token of ours whose time is over."""


def _signer() -> TimestampSigner:
    # A colon ends a link in some mail programs. Old keys come from SECRET_KEY_FALLBACKS.
    return TimestampSigner(salt="healing.checkins.link", sep=".")


def make_token(user_id: int, local_date: date) -> str:
    """A token that lets whoever holds it answer that person's check-in of that date."""
    return _signer().sign_object([user_id, local_date.isoformat()])


def read_token(token: str) -> tuple[int, date]:
    """(user id, local date); raises ExpiredToken after 36 hours, BadToken for anything else."""
    try:
        user_id, local_date = _signer().unsign_object(token, max_age=LIFETIME)
        return int(user_id), date.fromisoformat(local_date)
    except SignatureExpired as problem:
        raise ExpiredToken("This check-in link is older than 36 hours.") from problem
    except (BadSignature, ValueError, TypeError) as problem:
        raise BadToken("This is not a check-in link of ours.") from problem
