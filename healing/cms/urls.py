"""Addresses of the editing screens that are ours and stand before Wagtail's of the same name."""

from collections.abc import Callable

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponseBase
from django.urls import path
from django.views.generic import RedirectView
from wagtail.admin.auth import require_admin_access

from healing.cms.views import EditorAccountView, ReviewView


def to_accounts(name: str) -> Callable[..., HttpResponseBase]:
    """Signing in and out is allauth's, with its second step and its rate limits."""
    return login_not_required(RedirectView.as_view(pattern_name=name, query_string=True))


urlpatterns = [
    path("login/", to_accounts("account_login")),
    path("logout/", to_accounts("account_logout")),
    path("password_reset/", to_accounts("account_reset_password")),
    path("account/", require_admin_access(EditorAccountView.as_view())),
    path("review/", require_admin_access(ReviewView.as_view()), name="cms_review"),
]
