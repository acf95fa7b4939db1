"""Keeps opened data keys for one request and no longer."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from healing.vault.actions import keys_kept_open


class OpenKeysMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with keys_kept_open():
            return self.get_response(request)
