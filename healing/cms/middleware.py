"""The content policy of each page, and who may enter which editing screen."""

import re
from collections.abc import Callable
from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from csp.constants import HEADER
from csp.middleware import CSPMiddleware, PolicyParts
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

EDITORS = "/cms/"
# Wagtail brings more screens than we use: pages, pictures, documents, reports, groups. Some of
# them list accounts. What is not named here does not exist; `users` is `healing.cms.users`.
OPEN = re.compile(
    r"(account|block-preview|bulk/(exercises|lessons|questionnaires|reminders|safety|sources)"
    r"|choose-external-link|dismissibles|editing-sessions|jsi18n|login|logout"
    r"|password_reset|reminders|review|snippets|sprite|users/(results|edit))/.*|users/|"
)


class PolicyMiddleware(CSPMiddleware):
    """django-csp's, choosing the policy by path."""

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        parts = super().get_policy_parts(request, response, report_only)
        if request.path.startswith(EDITORS) and not report_only:
            parts.config = settings.EDITOR_CONTENT_SECURITY_POLICY
        return parts

    def process_response(self, request: HttpRequest, response: Any) -> Any:
        if request.path.startswith(EDITORS):
            # A preview has been through all middleware once already, as if it were a public page.
            response.headers.pop(HEADER, None)
        response = super().process_response(request, response)
        response.headers.setdefault(
            "Permissions-Policy",
            "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
        )
        return response


class EditorMiddleware:
    """Closes the editing screens to everyone but editors, and the screens we do not use to all."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        """None lets the request through; someone without a role is told nothing, not even no."""
        if not request.path.startswith(EDITORS):
            return None
        if not OPEN.fullmatch(request.path.removeprefix(EDITORS)):
            raise Http404
        if not getattr(view, "login_required", True):
            return None
        if not request.user.has_perm("wagtailadmin.access_admin"):
            raise Http404
        if settings.EDITORS_NEED_SECOND_FACTOR and not is_mfa_enabled(request.user):
            messages.info(
                request,
                _("Editors sign in with a second step. Set up a passkey or a code app first."),
            )
            return redirect("mfa_index")
        return None
