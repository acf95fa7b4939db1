"""Who is asking, for views that anyone may open and for those that need a person."""

from django.conf import settings
from django.http import HttpRequest

from healing.accounts.models import User


class PersonRequest(HttpRequest):
    """A request that the sign-in middleware has let through: its user is a person."""

    user: User


def person_of(request: HttpRequest) -> User | None:
    """The signed-in person of a page that is open to all, or None.

    Without a session cookie nobody can be signed in, so a visitor's session is never touched.
    """
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return None
    return request.user if isinstance(request.user, User) else None
