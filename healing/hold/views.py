"""Holding an urge from its name to its end, and the words that were not sent."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from exercises import ratings
from exercises.models import Exercise
from exercises.ratings import Ended
from healing.accounts.access import PersonRequest
from healing.accounts.models import User
from healing.accounts.refill import refills
from healing.cards.beside_help import own_card
from healing.hold import actions
from healing.hold.drafts import Draft, draft_of, drafts_of, wave_timer
from healing.hold.forms import AfterForm, CloseForm, HoldForm
from healing.hold.models import Hold
from healing.hold.wave import CLEAR_ASK, WAVE_TIMER, Chosen, has_paused, wave
from journal.models import Entry

A_PAGE = 20


@refills(HoldForm)
def hold_create(request: PersonRequest) -> HttpResponse:
    """Begins a hold; with a danger sign nothing is put off, and help stands there instead."""
    lately = Hold.objects.of(request.user).lately()
    form = HoldForm(request.POST or None, used=_used(request.user, lately))
    valid = request.method == "POST" and form.is_valid()
    if valid and not form.has_danger:
        try:
            hold = actions.begin_hold(
                owner=request.user, hold=form.cleaned_data["form_id"], said=form.said()
            )
        except Hold.DoesNotExist:
            raise Http404 from None
        return redirect("hold:hold_wait", hold.pk)
    context = {
        "form": form,
        "danger": valid,
        "own": own_card(request),
        "left": next((one for one in lately if one.is_open), None),
        "not_when": wave_timer()["not_when"],
    }
    return render(request, "hold/hold_create.html", context)


def _used(owner: User, lately: list[Hold]) -> list[str]:
    """Urges held and written down up to yesterday: going back, a browser ticks by position."""
    midnight = owner.now().replace(hour=0, minute=0, second=0, microsecond=0)
    held = [key for one in lately if one.created < midnight for key in one.said["urges"]]
    return [*held, *Entry.objects.of(owner).used(before=midnight)["urges"]]


@refills(lambda data, pk: AfterForm(data))
def hold_wait(request: PersonRequest, pk: UUID) -> HttpResponse:
    """The time itself, in the player; then how it is now, and what to do. `?choose=` skips it."""
    hold = get_object_or_404(Hold.objects.of(request.user), pk=pk)
    if not hold.is_open and request.method != "POST":
        return redirect("hold:hold_end", hold.pk)
    said = {"after": hold.said["after"], "chosen": hold.said["chosen"]}
    form = AfterForm(request.POST if request.method == "POST" else None, initial=said)
    if request.method == "POST" and form.is_valid():
        shown = actions.answer_hold(hold=hold, **_answers(form))
        return redirect("hold:hold_end", shown.pk) if shown == hold else _wait(hold, shown)
    plays = "choose" not in request.GET and not form.is_bound
    context = {
        "hold": hold,
        "form": form,
        "guide": wave(wave_timer(), hold.said["minutes"]) if plays else None,
        "steady": "steady" in request.GET,
        "own": own_card(request) if "steady" in request.GET else None,
    }
    return render(request, "hold/hold_wait.html", context)


def _wait(before: Hold, again: Hold) -> HttpResponse:
    """On to the time itself once more, by way of steadying if the number asks for it."""
    before.refresh_from_db()
    address = reverse("hold:hold_wait", args=[again.pk])
    return redirect(f"{address}?steady=yes" if _answer(before, None).help else address)


def _answer(hold: Hold, ended: Ended | None) -> ratings.Answer:
    """What the rules of the exercises say to its numbers."""
    return ratings.answer(
        exercise=WAVE_TIMER,
        before=hold.said["before"],
        after=hold.said["after"],
        ended=ended or Ended.ENOUGH,
    )


def _answers(form: AfterForm) -> dict[str, Any]:
    said = {name: form.cleaned_data[name] for name in ("after", "seconds", "ended")}
    return {**said, "chosen": Chosen(form.cleaned_data["chosen"])}


@refills(lambda data, pk: CloseForm(data))
def hold_end(request: PersonRequest, pk: UUID) -> HttpResponse:
    """What fits the end of a hold; there the words are kept or deleted, and it is closed."""
    hold = get_object_or_404(Hold.objects.of(request.user), pk=pk)
    if not hold.said["chosen"]:
        return redirect("hold:hold_wait", hold.pk)
    has_words = hold.is_open and bool(hold.words)
    form = CloseForm(request.POST if request.method == "POST" else None, has_words=has_words)
    if request.method == "POST" and form.is_valid():
        actions.close_hold(
            hold=hold,
            keeps_words=form.keeps_words,
            journal=form.cleaned_data["journal"],
            with_words=form.cleaned_data.get("with_words", False),
        )
        return redirect("hold:hold_end", hold.pk)
    return render(request, "hold/hold_end.html", {"form": form, **_end(request, hold)})


def _end(request: PersonRequest, hold: Hold) -> dict[str, Any]:
    """What the end of a hold shows beside its form."""
    said, practice = hold.said, actions.practice_of(owner=request.user, hold=hold)
    ended = Ended(practice.said["ended"]) if practice else None
    answer = _answer(hold, ended)
    asked = [*answer.offers, CLEAR_ASK] if answer.help else [CLEAR_ASK]
    rows = Exercise.objects.published().filter(content_id__in=asked)
    found = {row.content_id: row for row in rows}
    needs_card = answer.help or said["chosen"] == Chosen.SOMEONE_ELSE
    return {
        "hold": hold,
        "answer": answer,
        "offers": [found[one] for one in asked if one in found and one != CLEAR_ASK],
        "clear_ask": found.get(CLEAR_ASK),
        "paused": has_paused(ended, practice.said["seconds"] if practice else None),
        "own": own_card(request) if needs_card else None,
        "entry": actions.entry_of(owner=request.user, hold=hold),
    }


def hold_delete(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Asks, then deletes one hold with its words."""
    hold = get_object_or_404(Hold.objects.of(request.user), pk=pk)
    if request.method == "POST":
        actions.delete_hold(hold=hold)
        messages.success(request, _("Deleted."))
        return redirect("hold:hold_list")
    return render(request, "hold/hold_delete.html", {"hold": hold})


@require_safe
def hold_list(request: PersonRequest) -> HttpResponse:
    rows = Hold.objects.of(request.user).newest_first()
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    return render(request, "hold/hold_list.html", {"page": page})


@require_safe
def unsent_list(request: PersonRequest) -> HttpResponse:
    """Every message that was not sent, wherever it was written."""
    page = Paginator(drafts_of(request.user), A_PAGE).get_page(request.GET.get("page"))
    return render(request, "hold/unsent_list.html", {"page": page})


@require_safe
def unsent_detail(request: PersonRequest, pk: UUID) -> HttpResponse:
    draft = _draft(request, pk)
    context = {"draft": draft, "entry": actions.draft_in_journal(owner=request.user, draft=draft)}
    return render(request, "hold/unsent_detail.html", context)


@require_POST
def unsent_keep(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Brings unsent words into the journal, once."""
    entry = actions.keep_draft_in_journal(draft=_draft(request, pk))
    messages.success(request, _("It is in your journal."))
    return redirect("journal:entry_detail", entry.pk)


def unsent_delete(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Asks, then deletes the words at once."""
    if request.method == "POST":
        # The second of two quick presses finds nothing left, and that is what was wanted.
        if draft := draft_of(request.user, pk):
            actions.delete_draft(draft=draft)
            messages.success(request, _("The words are deleted."))
        return redirect("hold:unsent_list")
    return render(request, "hold/unsent_delete.html", {"draft": _draft(request, pk)})


def _draft(request: PersonRequest, pk: UUID) -> Draft:
    draft = draft_of(request.user, pk)
    if draft is None:
        raise Http404
    return draft
