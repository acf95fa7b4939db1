"""Sign-in by default, nothing private in a cache or a log, and no writing lost to either."""

import logging
import traceback
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers

from healing.accounts.actions import CONSENT_VERSION, has_consent, note_visit
from healing.accounts.clock import zone_or_utc
from healing.accounts.models import Consent
from healing.accounts.refill import refilled

logger = logging.getLogger(__name__)

# Open to someone who has not agreed to storing: account, editing screens, their data and its end.
WITHOUT_CONSENT = ("/accounts/", "/cms/", "/my-data/")
CONSENT_SEEN = "consent_seen"


class PrivateResponseMiddleware:
    """Marks what must not be kept, and reports errors without a word of what was typed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if self._is_personal(request):
            add_never_cache_headers(response)
            response.headers["Cache-Control"] = "no-store, private"
        return response

    def process_view(
        self, request: Any, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        request.is_public = not getattr(view, "login_required", True)
        return None

    def process_exception(self, request: HttpRequest, problem: Exception) -> None:
        """Route, kind and place of an error: its message may quote what a person wrote."""
        if isinstance(problem, Http404 | PermissionDenied | SuspiciousOperation):
            return
        route = request.resolver_match.view_name if request.resolver_match else "no route"
        frames = traceback.extract_tb(problem.__traceback__)
        place = " < ".join(f"{frame.filename}:{frame.lineno}" for frame in reversed(frames[-6:]))
        logger.error("%s in %s at %s", type(problem).__name__, route, place)

    def _is_personal(self, request: HttpRequest) -> bool:
        session = getattr(request, "session", None)
        return (
            not getattr(request, "is_public", True)
            or bool(session is not None and session.accessed)
            or "CSRF_COOKIE_NEEDS_UPDATE" in request.META
            or settings.SESSION_COOKIE_NAME in request.COOKIES
        )


class SignInMiddleware(LoginRequiredMiddleware):
    """Every view needs a signed-in person who agreed to storing, unless it opts out by name.

    Behind it, moments are shown in the person's own time zone.
    """

    def process_view(
        self, request: HttpRequest, view_func: Any, view_args: Any, view_kwargs: Any
    ) -> HttpResponseBase | None:
        if not getattr(view_func, "login_required", True):
            return None
        if not request.user.is_authenticated:
            if request.method == "POST":
                return refilled(request, view_func, view_kwargs)
            return self.handle_no_permission(request, view_func)
        if request.POST.get("page_of", request.user.page_mark) != request.user.page_mark:
            # A page of another person, left open in this browser: their words are not this one's.
            return refilled(request, view_func, view_kwargs, of_another=True)
        timezone.activate(zone_or_utc(request.user.time_zone))
        note_visit(request.user)
        return self._consent_first(request, view_func, view_kwargs)

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        # The next request of this thread may be somebody else's.
        timezone.deactivate()
        return response

    def _consent_first(
        self, request: HttpRequest, view_func: Any, view_kwargs: Any
    ) -> HttpResponse | None:
        if request.path.startswith(WITHOUT_CONSENT) or self._agreed(request):
            return None
        if request.method == "POST":
            return refilled(request, view_func, view_kwargs, way_on="accounts:consent")
        return redirect(f"{reverse('accounts:consent')}?next={request.path}")

    def _agreed(self, request: Any) -> bool:
        version = CONSENT_VERSION[Consent.Kind.STORING]
        if request.session.get(CONSENT_SEEN) == version:
            return True
        if not has_consent(owner=request.user, kind=Consent.Kind.STORING):
            return False
        request.session[CONSENT_SEEN] = version
        return True
