"""Where to turn in an emergency: for everybody, with nothing between them and the numbers."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from healing.safety.directory import countries, elsewhere


@login_not_required
def help(request: HttpRequest) -> HttpResponse:
    """Reads neither session nor user, and answers while the database is down."""
    found, other, code = countries(), elsewhere(), request.GET.get("country", "")
    picked = next((country for country in found if country.code == code), None)
    context = {
        "countries": found,
        "picked": picked,
        "elsewhere": other,
        "is_elsewhere": code == other.code,
    }
    return render(request, "safety/help.html", context)
