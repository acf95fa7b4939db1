"""What every template may ask: the site's name and ways out, and whether someone is signed in."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, Any]:
    return {
        "site_name": settings.SITE_NAME,
        "exit_url": settings.EXIT_URL,
        "operator_contact": settings.OPERATOR_CONTACT,
        "csrf_cookie_name": settings.CSRF_COOKIE_NAME,
        "mail_is_real": bool(settings.EMAIL_URL),
    }


def person(request: HttpRequest) -> dict[str, Any]:
    """Whether someone is signed in, without touching the session.

    Behind a private view someone always is. On a public page a session cookie is a hint, enough to
    lead them back to where they came from.
    """
    return {
        "signed_in": not getattr(request, "is_public", True),
        "has_session": settings.SESSION_COOKIE_NAME in request.COOKIES,
    }
