"""The cards' pages: look at them, write, delete, and a copy for a device without a connection."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from healing.accounts.access import PersonRequest
from healing.accounts.refill import refills
from healing.cards import actions
from healing.cards.forms import CardForm, refilled_card
from healing.cards.kinds import BY_SLUG, SAFETY, Kind


@require_safe
def card_list(request: PersonRequest) -> HttpResponse:
    return render(request, "cards/card_list.html", {"cards": actions.cards_of(owner=request.user)})


@require_safe
def card_detail(request: PersonRequest, slug: str) -> HttpResponse:
    """The card as it prints."""
    card = actions.card_of(owner=request.user, kind=_kind(slug))
    return render(request, "cards/card_detail.html", {"card": card, "safety": SAFETY})


@refills(refilled_card)
def card_edit(request: PersonRequest, slug: str) -> HttpResponse:
    kind = _kind(slug)
    card = actions.card_of(owner=request.user, kind=kind)
    form = CardForm(request.POST or None, kind=kind, card=card, today=request.user.today())
    context = {"form": form, "kind": kind, "safety": SAFETY}
    if request.method == "POST" and form.is_valid():
        if _keep(request, form):
            messages.success(request, _("Saved."))
            return redirect("cards:card_detail", slug)
        context |= _ask_again(request, kind)
    return render(request, "cards/card_edit.html", context)


def _keep(request: PersonRequest, form: CardForm) -> bool:
    return actions.keep_card(
        owner=request.user,
        kind=form.kind,
        answers=form.answers(),
        opened_with=form.cleaned_data["opened_with"],
        ratings=form.ratings(),
    )


def _ask_again(request: PersonRequest, kind: Kind) -> dict[str, object]:
    """The posted words in the form, below the newer ones that they would have replaced."""
    newer = actions.card_of(owner=request.user, kind=kind)
    data = request.POST.copy()
    data["opened_with"] = actions.mark_of(newer.answers)
    form = CardForm(data, kind=kind, card=newer, today=request.user.today())
    said = _("Not saved yet: you saved this card in another tab. Save again to replace that.")
    form.add_error(None, said)
    return {"form": form, "newer": newer}


def card_delete(request: PersonRequest, slug: str) -> HttpResponse:
    """Asks, then deletes."""
    card = actions.card_of(owner=request.user, kind=_kind(slug))
    if request.method == "POST":
        actions.delete_card(owner=request.user, kind=card.kind)
        messages.success(request, _("The card is deleted."))
    if request.method == "POST" or not card.answers:
        return redirect("cards:card_detail", slug)
    return render(request, "cards/card_delete.html", {"card": card})


@require_safe
def card_copy(request: PersonRequest) -> HttpResponse:
    """The safety card as a page of its own, which a script keeps on the device when asked to.

    Says whose it is, so that the script takes the copy of somebody else away.
    """
    card = actions.card_of(owner=request.user, kind=SAFETY)
    if not card.answers:
        raise Http404
    response = render(request, "cards/card_copy.html", {"card": card})
    response.headers["X-Page-Of"] = request.user.page_mark
    return response


def _kind(slug: str) -> Kind:
    """The kind at this address; raises Http404."""
    try:
        return BY_SLUG[slug]
    except KeyError:
        raise Http404 from None
