"""Makes the people and things of the tests; each takes what matters and fills in the rest."""

from datetime import date
from typing import Any

from allauth.account.models import EmailAddress

from healing.accounts.actions import give_consent
from healing.accounts.models import Consent, User
from healing.editorial.models import EditedText

PASSWORD = "a long walk by the river"


def make_person(email: str, *, mail: bool = False, **fields: Any) -> User:
    """Someone who has signed up, confirmed their address and agreed to storing."""
    user = User.objects.create_user(email, PASSWORD, **fields)
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    give_consent(owner=user, kind=Consent.Kind.STORING)
    if mail:
        give_consent(owner=user, kind=Consent.Kind.MAIL)
    return user


def record_review(
    text: EditedText, *, on: date, due: date | None = None, by: str = "Dr Ines Roth, psychologist"
) -> None:
    """Publish the text as it stands, as reviewed on that day."""
    text.reviewer, text.reviewed_on, text.review_due = by, on, due
    text.reviewed_digest = text.review_digest()
    text.save_revision().publish()
    text.refresh_from_db()
