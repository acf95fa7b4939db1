"""What is kept about someone: how, what, a copy of it, and its end."""

import logging

from allauth.account.decorators import reauthentication_required
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from healing.accounts.access import PersonRequest, person_of
from healing.accounts.refill import refills
from healing.privacy.actions import Unfinished, erase_person
from healing.privacy.export import counts, export_person
from healing.privacy.forms import EraseForm

logger = logging.getLogger(__name__)

# Says nothing about what the site is for: the file may lie in a shared folder.
FILE_NAME = "steady-ground-data.json"


@login_not_required
def about(request: HttpRequest) -> HttpResponse:
    return render(request, "privacy/about.html")


@login_not_required
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "privacy/privacy.html")


def my_data(request: PersonRequest) -> HttpResponse:
    return render(request, "privacy/my_data.html", {"counts": counts(owner=request.user)})


@require_POST
def export(request: PersonRequest) -> HttpResponse:
    response = JsonResponse(
        export_person(owner=request.user),
        encoder=DjangoJSONEncoder,
        json_dumps_params={"indent": 2, "ensure_ascii": False},
    )
    response.headers["Content-Disposition"] = f'attachment; filename="{FILE_NAME}"'
    return response


@refills(EraseForm)
def erase(request: PersonRequest) -> HttpResponse:
    form = EraseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        erased_now: HttpResponse = _erase_now(request)
        return erased_now
    context = {"form": form, "counts": counts(owner=request.user)}
    return render(request, "privacy/erase.html", context)


# allauth asks for the password, or the passkey of someone who has none, and then comes back here.
@reauthentication_required  # type: ignore[untyped-decorator]
def _erase_now(request: PersonRequest) -> HttpResponse:
    person = request.user.pk
    try:
        erase_person(owner=request.user)
    except Unfinished as problem:
        logger.error("erasing person %s stopped half-way. %s", person, problem)
        # Not logout(): it deletes the session's row, which this database may refuse as well.
        request.session = type(request.session)()
        context = {"unfinished": True, "signed_in": False}
        return render(request, "privacy/erased.html", context, status=500)
    logout(request)
    response = redirect("privacy:erased")
    response.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    return response


@login_not_required
def erased(request: HttpRequest) -> HttpResponse:
    """Goodbye. Someone who is signed in has erased nothing, and is led to their data."""
    if person_of(request):
        return redirect("privacy:my_data")
    return render(request, "privacy/erased.html")
