"""Gives a form back filled when its session or its token has run out, so no word is lost."""

import re
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import (
    REASON_CSRF_TOKEN_MISSING,
    REASON_NO_CSRF_COOKIE,
    get_token,
)
from django.shortcuts import render
from django.urls import Resolver404, resolve

View = TypeVar("View", bound=Callable[..., HttpResponse])
# Makes a bound form from posted data and the view's URL arguments.
MakeForm = Callable[..., forms.BaseForm]

# A forged request from another site fails for other reasons, and gets no form back.
STALE_REASONS = (REASON_NO_CSRF_COOKIE, REASON_CSRF_TOKEN_MISSING, "CSRF token from POST")
NEVER_ECHOED = re.compile("csrfmiddlewaretoken|passw|code|secret|credential", re.IGNORECASE)


def refills(make_form: MakeForm) -> Callable[[View], View]:
    """Names the form of a view, for giving it back filled."""

    def mark(view: View) -> View:
        view.refill_form = make_form  # type: ignore[attr-defined]
        return view

    return mark


def refilled(
    request: HttpRequest,
    view: Any,
    kwargs: Mapping[str, Any],
    *,
    way_on: str = "account_login",
    of_another: bool = False,
) -> HttpResponse:
    """The posted form, filled, with a fresh token. Stores nothing; status 403.

    `way_on` names the page that has to be passed first, in another tab; `of_another` says that
    somebody else is signed in than the person whose page this was.
    """
    make_form: MakeForm | None = getattr(view, "refill_form", None)
    form = make_form(request.POST, **kwargs) if make_form else None
    shown = {form[name].html_name for name in form.fields} if form else set()
    carried = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name not in shown and not NEVER_ECHOED.search(name)
    ]
    get_token(request)
    context = {
        "form": form,
        "carried": carried,
        "signed_in": False,
        "way_on": "account_logout" if of_another else way_on,
        "of_another": of_another,
    }
    return render(request, "accounts/refilled.html", context, status=403)


@login_not_required
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Django's CSRF_FAILURE_VIEW: a stale form comes back filled, a forged one does not."""
    try:
        match = resolve(request.path_info)
    except Resolver404:
        match = None
    if match is None or not reason.startswith(STALE_REASONS):
        return render(request, "403.html", {"signed_in": False}, status=403)
    return refilled(request, match.func, match.kwargs)
