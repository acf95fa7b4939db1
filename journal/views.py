"""The journal's pages: read, write, change, delete, bring back."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.forms.utils import ErrorDict
from django.http import Http404, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from exercises.actions import on_gentler_path
from healing.accounts.access import PersonRequest
from healing.accounts.models import User
from healing.accounts.refill import refills
from healing.accounts.reopening import opened_again, spare_next_opening
from healing.locker.actions import moments_like
from healing.predictions.actions import mark_uneasy, predict
from healing.vault.actions import private_id
from journal import actions, drafts, pages
from journal.calm import Why, why_not_deep
from journal.find_form import FindForm
from journal.forms import EntryForm, ProvedForm, sizes_in
from journal.loss import asks_after
from journal.models import Draft, Entry, EntryQuerySet
from journal.parts import PROVED, Size
from journal.practised import Practised, practised

# What a form posts beside its answers.
NOT_KEPT = {"csrfmiddlewaretoken", "page_of", "draft_version", "draft_after"}


@refills(FindForm)
def entry_list(request: PersonRequest) -> HttpResponse:
    """Newest first. What is looked for is posted, since a word in an address would be kept by it.

    That POST stores nothing, and answers with the page.
    """
    asked = request.POST if request.method == "POST" else request.GET
    rows = Entry.objects.of(request.user)
    last_seen = _named(rows, asked.get("before", ""))
    rows = rows.older_than(last_seen) if last_seen else rows
    form = FindForm(request.POST or None)
    context = {"form": form, "is_start": last_seen is None}
    if form.is_valid() and form.filled:
        page = pages.found(form.within(rows), owner=request.user, wanted=form.wanted())
        context["finding"] = ", ".join(form.in_words())
    else:
        page = pages.newest(rows)
    return render(request, "journal/entry_list.html", {**context, "page": page})


def _named(entries: EntryQuerySet, pk: str) -> Entry | None:
    """The entry a page link names; None, and so the first page, if it is gone."""
    try:
        return entries.filter(pk=UUID(pk)).defer("content").first()
    except ValueError:
        return None


@refills(EntryForm)
def entry_create(request: PersonRequest) -> HttpResponse:
    draft = _draft(request)
    size = _asked_size(request, largest=Size.STANDARD)
    form = _form(request, size, data=draft.posted() if draft and not request.POST else None)
    if request.method == "POST" and "grow" not in request.POST and form.is_valid():
        entry = actions.record_entry(
            owner=request.user,
            form_id=form.cleaned_data["form_id"],
            local_date=form.cleaned_data["local_date"],
            content=form.content(),
        )
        _keep_prediction(request.user, entry, form)
        messages.success(request, _("Saved."))
        return _to(request, entry)
    context = _page(request, form) | _begun(request, form, draft)
    context["circling"] = Entry.objects.of(request.user).circling(timezone.now())
    return render(request, "journal/entry_create.html", context)


def _draft(request: PersonRequest, entry: Entry | None = None) -> Draft | None:
    """The draft to go on with, or the one of the form that was posted."""
    pk = request.POST.get("form_id") or request.GET.get("draft", "")
    return drafts.draft_named(owner=request.user, pk=pk, entry=entry)


def _begun(
    request: PersonRequest, form: EntryForm, draft: Draft | None, entry: Entry | None = None
) -> dict[str, Any]:
    """Drafts to offer beside an empty form; what one of them filled is not judged yet."""
    if request.method == "POST":
        return {"draft": draft}
    if draft is not None:
        form._errors = ErrorDict()  # type: ignore[attr-defined]
        return {"draft": draft}
    return {"drafts": drafts.drafts_of(owner=request.user, entry=entry)}


def _keep_prediction(person: User, entry: Entry, form: EntryForm) -> None:
    """Keep a fear noted with an entry; the same words again meet the same prediction.

    An entry about a lie or a threat lets the ledger say nothing that reassures.
    """
    if fear := form.cleaned_data["fear"]:
        predict(
            owner=person,
            prediction=private_id(person, "journal.prediction", str(entry.pk), fear),
            fear=fear,
            likelihood=form.cleaned_data["likelihood"],
            due=form.cleaned_data["due"],
            entry=entry.pk,
        )
    mark_uneasy(owner=person, entry=entry.pk, triggers=entry.trigger_keys)


def _asked_size(request: PersonRequest, *, largest: Size, least: Size = Size.QUICK) -> Size:
    """The form an address asks for, within these bounds."""
    asked = sizes_in(request.GET.get("form", ""))
    return min(largest, max([*asked, least]))


def _form(
    request: PersonRequest, size: Size, entry: Entry | None = None, data: QueryDict | None = None
) -> EntryForm:
    """The form as it was posted, or holding other `data`, or an empty one of this size."""
    person, told = request.user, data or request.POST
    size = max([size, *sizes_in(told.get("form", ""))])
    return EntryForm(
        told or None,
        today=person.today(),
        used=_used(person),
        entry=entry,
        size=None if told else size,
        done=_done(person, told, entry) if size > Size.QUICK or "grow" in told else None,
    )


def _used(owner: User) -> dict[str, list[str]]:
    """What the person chose up to yesterday, and their own words up to now."""
    midnight = owner.now().replace(hour=0, minute=0, second=0, microsecond=0)
    used: dict[str, list[str]] = Entry.objects.of(owner).used(before=midnight)
    return used


def _done(owner: User, told: QueryDict, entry: Entry | None) -> dict[str, Practised]:
    """The exercises that an entry can name."""
    day = _date(told.get("local_date", "")) or (entry.local_date if entry else owner.today())
    return practised(
        owner=owner,
        day=day,
        posted=told.getlist("sessions"),
        kept=(entry and entry.said("sessions")) or (),
    )


def _date(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


def _page(request: PersonRequest, form: EntryForm) -> dict[str, Any]:
    """What the page of a form shows: grown, if that was asked for and nothing speaks against it."""
    grows = sizes_in(request.POST.get("grow", ""))
    wanted = grows[-1] if grows else form.size
    why = _why_not_deep(request.user, form) if wanted > Size.QUICK else None
    if grows:
        form = form.grown(Size.STANDARD if why and wanted is Size.DEEP else wanted)
    elif form.is_bound:
        form = form.at_errors()
    return {"form": form, "why_not_deep": why, "has_grown": bool(grows)}


def _why_not_deep(person: User, form: EntryForm) -> Why | None:
    return why_not_deep(
        strength=form.number("strength"),
        after=form.number("after"),
        hour=person.now().hour,
        gentler=on_gentler_path(owner=person),
    )


def entry_detail(request: PersonRequest, pk: UUID) -> HttpResponse:
    entry = get_object_or_404(Entry.objects.of(request.user), pk=pk)
    sessions = entry.said("sessions")
    context = {
        "entry": entry,
        "done": practised(owner=request.user, kept=sessions).values() if sessions else (),
        "next_size": _next_size(request.user, entry),
        "proved_choices": PROVED.items(),
        "path": asks_after(entry, owner=request.user),
        "again": opened_again(request, _page_of(entry)),
        "moment": next(iter(moments_like(owner=request.user, triggers=entry.trigger_keys)), None),
    }
    circling = Entry.objects.of(request.user).circling(timezone.now())
    # The page of the third one says it, and no other entry's.
    context["circling"] = circling if circling and circling[-1].at == entry.created else []
    return render(request, "journal/entry_detail.html", context)


def _page_of(entry: Entry) -> str:
    return f"entry {entry.pk}"


def _to(request: PersonRequest, entry: Entry) -> HttpResponse:
    """The way from a form to the page of its entry, which does not count as looking again."""
    spare_next_opening(request, _page_of(entry))
    return redirect("journal:entry_detail", entry.pk)


def _next_size(person: User, entry: Entry) -> str:
    """The name of the form that an entry can grow into now; empty for none."""
    if entry.size is Size.QUICK:
        return "standard"
    why = why_not_deep(
        strength=entry.strength,
        after=entry.said("after"),
        hour=person.now().hour,
        gentler=on_gentler_path(owner=person),
    )
    return "" if why else "deep"


@require_POST
def entry_proved(request: PersonRequest, pk: UUID) -> HttpResponse:
    entry = get_object_or_404(Entry.objects.of(request.user), pk=pk)
    form = ProvedForm(request.POST)
    if form.is_valid() and entry.said("guess"):
        actions.prove_guess(entry=entry, proved=form.cleaned_data["proved"])
        messages.success(request, _("Saved.") if form.cleaned_data["proved"] else _("Left open."))
    return _to(request, entry)


@refills(lambda data, pk: EntryForm(data))
def entry_edit(request: PersonRequest, pk: UUID) -> HttpResponse:
    entry = Entry.objects.of(request.user).filter(pk=pk).first()
    if entry is None:
        return _gone(request)
    draft = _draft(request, entry)
    data = draft.posted() if draft and not request.POST else None
    form = _form(request, _size_to_edit(request, entry), entry, data)
    if request.method == "POST" and "grow" not in request.POST and form.is_valid():
        try:
            kept = _change(entry, form)
        except Entry.DoesNotExist:
            return _gone(request)
        _keep_prediction(request.user, kept, form)
        if kept == entry:
            messages.success(request, _("Saved."))
        else:
            both = _("This entry had been changed in another tab. Both versions are kept.")
            messages.info(request, both)
        return _to(request, kept)
    context = _page(request, form) | _begun(request, form, draft, entry)
    return render(request, "journal/entry_edit.html", {**context, "entry": entry})


def _size_to_edit(request: PersonRequest, entry: Entry) -> Size:
    """Never less than the entry was written with, and the deep form only if it was asked for."""
    asked = _asked_size(request, largest=Size.DEEP, least=min(entry.size, Size.STANDARD))
    is_offered = _next_size(request.user, entry) == "deep" if asked is Size.DEEP else True
    return asked if is_offered else Size.STANDARD


def _change(entry: Entry, form: EntryForm) -> Entry:
    return actions.change_entry(
        entry=entry,
        form_id=form.cleaned_data["form_id"],
        opened_with=form.cleaned_data["opened_with"],
        local_date=form.cleaned_data["local_date"],
        content=form.content(),
    )


def _gone(request: PersonRequest) -> HttpResponse:
    """What was typed into an entry that is not there, as a new one to save; raises Http404."""
    if request.method != "POST":
        raise Http404
    form = _form(request, Size.QUICK)
    context = {**_page(request, form), "gone": True}
    return render(request, "journal/entry_create.html", context, status=404)


@require_POST
def draft_save(request: PersonRequest) -> HttpResponse:
    """Keeps what a form holds, while someone writes; 200 says that exactly this is kept.

    409 says that it is not: with a `form_id` to send it under instead, or without one if the entry
    has been changed since the form was opened.
    """
    asked = request.POST.get("form_id", ""), request.GET.get("entry") or None
    try:
        form_id, entry = UUID(asked[0]), asked[1] and UUID(asked[1])
    except ValueError:
        return JsonResponse({}, status=400)
    kept = drafts.keep_draft(
        owner=request.user,
        form_id=form_id,
        entry=entry or None,
        fields={name: said for name, said in request.POST.lists() if name not in NOT_KEPT},
        version=request.POST.get("draft_version", ""),
        after=request.POST.get("draft_after", "").split(),
    )
    if kept is drafts.Kept.TAKEN:
        return JsonResponse({"form_id": uuid4()}, status=409)
    return JsonResponse({}, status=200 if kept is drafts.Kept.YES else 409)


@require_POST
def draft_delete(request: PersonRequest, pk: UUID) -> HttpResponse:
    draft = get_object_or_404(Draft.objects.of(request.user), pk=pk)
    changes = draft.entry
    draft.delete()
    messages.success(request, _("The draft is deleted."))
    if changes and Entry.objects.of(request.user).filter(pk=changes).exists():
        return redirect("journal:entry_edit", changes)
    return redirect("journal:entry_create")


def entry_delete(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Asks, then deletes at once; the page after it carries the entry for an hour of undo."""
    rows = Entry.objects.of(request.user).filter(pk=pk)
    entry = rows.first() or _deleted_just_now(request, pk)
    context = {"entry": entry, "undo": actions.undo_token(entry), "deleted": False}
    if request.method == "POST":
        rows.delete()
        context["deleted"] = True
    return render(request, "journal/entry_delete.html", context)


def _deleted_just_now(request: PersonRequest, pk: UUID) -> Entry:
    """The entry that the first of two quick presses has deleted; raises Http404."""
    try:
        entry = actions.read_undo(owner=request.user, undo=request.POST.get("undo", ""))
    except actions.UndoOver:
        raise Http404 from None
    if entry.pk != pk:
        raise Http404
    return entry


@require_POST
def entry_restore(request: PersonRequest) -> HttpResponse:
    try:
        entry = actions.restore_entry(owner=request.user, undo=request.POST.get("undo", ""))
    except actions.UndoOver:
        messages.info(request, _("The hour for bringing it back is over."))
        return redirect("journal:entry_list")
    messages.success(request, _("It is back where it was."))
    return _to(request, entry)
