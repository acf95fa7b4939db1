"""The locker's pages: moments that held, read, written, changed, deleted."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from healing.accounts.access import PersonRequest
from healing.accounts.refill import refills
from healing.locker import actions
from healing.locker.forms import MomentForm
from healing.locker.models import Moment

PAGE = 20


def moment_list(request: PersonRequest) -> HttpResponse:
    rows = Moment.objects.of(request.user).order_by("-created", "-id")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    return render(request, "locker/moment_list.html", {"page": page})


@refills(MomentForm)
def moment_create(request: PersonRequest) -> HttpResponse:
    form = MomentForm(request.POST or None, today=request.user.today())
    if request.method == "POST" and form.is_valid():
        form_id = form.cleaned_data["form_id"]
        actions.add_moment(owner=request.user, form_id=form_id, answers=form.answers())
        messages.success(request, _("Saved."))
        return redirect("locker:moment_list")
    return render(request, "locker/moment_create.html", {"form": form})


@refills(lambda data, pk: MomentForm(data))
def moment_edit(request: PersonRequest, pk: UUID) -> HttpResponse:
    moment = _mine(request, pk)
    form = MomentForm(request.POST or None, today=request.user.today(), moment=moment)
    context = {"form": form, "moment": moment}
    if request.method == "POST" and form.is_valid():
        opened_with = form.cleaned_data["opened_with"]
        try:
            actions.change_moment(
                owner=request.user, moment=pk, opened_with=opened_with, answers=form.answers()
            )
        except actions.ChangedMeanwhile:
            context |= _ask_again(request, pk)
        else:
            messages.success(request, _("Saved."))
            return redirect("locker:moment_list")
    return render(request, "locker/moment_edit.html", context)


def _ask_again(request: PersonRequest, pk: UUID) -> dict[str, object]:
    """The posted words in the form, below the newer ones that they would have replaced."""
    newer = _mine(request, pk)
    data = request.POST.copy()
    data["opened_with"] = actions.mark_of(newer)
    form = MomentForm(data, today=request.user.today(), moment=newer)
    said = _("Not saved yet: you changed this in another tab. Save again to replace that.")
    form.add_error(None, said)
    return {"form": form, "newer": newer}


def moment_delete(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Asks, then deletes."""
    moment = _mine(request, pk)
    if request.method == "POST":
        moment.delete()
        messages.success(request, _("Deleted."))
        return redirect("locker:moment_list")
    return render(request, "locker/moment_delete.html", {"moment": moment})


def _mine(request: PersonRequest, pk: UUID) -> Moment:
    found: Moment = get_object_or_404(Moment.objects.of(request.user), pk=pk)
    return found
