"""Where to turn in an emergency: for everybody, with nothing between them and the numbers."""

import logging
from collections.abc import Callable

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from healing.safety.directory import countries, elsewhere
from healing.safety.own_card import OwnCard

logger = logging.getLogger(__name__)

# Looks up the card of whoever is signed in. Cards stand above this room, so `healing.urls`, which
# is above both, hands the question in.
AskOwnCard = Callable[[HttpRequest], OwnCard | None]


def nobodys_card(request: HttpRequest) -> OwnCard | None:
    return None


@login_not_required
def help(request: HttpRequest, own_card: AskOwnCard = nobodys_card) -> HttpResponse:
    """Touches no visitor's session, and answers while the database is down."""
    found, other, code = countries(), elsewhere(), request.GET.get("country", "")
    picked = next((country for country in found if country.code == code), None)
    context = {
        "countries": found,
        "picked": picked,
        "elsewhere": other,
        "is_elsewhere": code == other.code,
        "own": _own(request, own_card),
    }
    return render(request, "safety/help.html", context)


def _own(request: HttpRequest, own_card: AskOwnCard) -> OwnCard | None:
    """The card, or None: whatever goes wrong with it, the numbers are shown."""
    try:
        return own_card(request)
    except Exception as problem:
        logger.warning("help shown without the card: %s", type(problem).__name__)
        return None
