"""Time zone and consent; everything else about signing in is allauth's."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from healing.accounts.access import PersonRequest
from healing.accounts.actions import give_consent
from healing.accounts.forms import ConsentForm, TimeZoneForm
from healing.accounts.models import Consent
from healing.accounts.refill import refills


@refills(TimeZoneForm)
def time_zone(request: PersonRequest) -> HttpResponse:
    form = TimeZoneForm(request.POST or None, initial={"time_zone": request.user.time_zone})
    if request.method == "POST" and form.is_valid():
        request.user.time_zone = form.cleaned_data["time_zone"]
        request.user.save(update_fields=["time_zone"])
        messages.success(request, _("Your time zone is saved."))
        return redirect("today:today")
    return render(request, "accounts/time_zone.html", {"form": form})


@refills(ConsentForm)
def consent(request: PersonRequest) -> HttpResponse:
    """Asks for the one agreement without which nothing can be kept."""
    form = ConsentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        give_consent(owner=request.user, kind=Consent.Kind.STORING)
        return redirect(_safe(request, request.GET.get("next", "")))
    return render(request, "accounts/consent.html", {"form": form})


def _safe(request: PersonRequest, address: str) -> str:
    allowed = url_has_allowed_host_and_scheme(address, {request.get_host()}, request.is_secure())
    return address if allowed and address.startswith("/") else "today:today"
