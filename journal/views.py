"""The journal's pages: read, write, change, delete, bring back."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.forms.utils import ErrorDict
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from healing.accounts.access import PersonRequest
from healing.accounts.models import User
from healing.accounts.refill import refills
from healing.accounts.reopening import opened_again, spare_next_opening
from journal import actions, drafts, pages
from journal.find_form import FindForm
from journal.forms import EntryForm
from journal.models import Draft, Entry, EntryQuerySet

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
    used = _used(request.user)
    draft = _draft(request)
    data = request.POST or (draft and draft.posted())
    form = EntryForm(data, today=request.user.today(), used=used)
    if request.method == "POST" and form.is_valid():
        entry = actions.record_entry(
            owner=request.user,
            form_id=form.cleaned_data["form_id"],
            local_date=form.cleaned_data["local_date"],
            content=form.content(),
        )
        messages.success(request, _("Saved."))
        return _to(request, entry)
    context = {"form": form, **_begun(request, form, draft)}
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


def _used(owner: User) -> dict[str, list[str]]:
    """What the person chose up to yesterday."""
    midnight = owner.now().replace(hour=0, minute=0, second=0, microsecond=0)
    used: dict[str, list[str]] = Entry.objects.of(owner).used(before=midnight)
    return used


def entry_detail(request: PersonRequest, pk: UUID) -> HttpResponse:
    entry = get_object_or_404(Entry.objects.of(request.user), pk=pk)
    context = {"entry": entry, "again": opened_again(request, _page_of(entry))}
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


@refills(lambda data, pk: EntryForm(data))
def entry_edit(request: PersonRequest, pk: UUID) -> HttpResponse:
    entry = Entry.objects.of(request.user).filter(pk=pk).first()
    if entry is None:
        return _gone(request)
    used = _used(request.user)
    draft = _draft(request, entry)
    data = request.POST or (draft and draft.posted())
    form = EntryForm(data, today=request.user.today(), used=used, entry=entry)
    if request.method == "POST" and form.is_valid():
        try:
            kept = _change(entry, form)
        except Entry.DoesNotExist:
            return _gone(request)
        if kept == entry:
            messages.success(request, _("Saved."))
        else:
            both = _("This entry had been changed in another tab. Both versions are kept.")
            messages.info(request, both)
        return _to(request, kept)
    context = {"form": form, "entry": entry, **_begun(request, form, draft, entry)}
    return render(request, "journal/entry_edit.html", context)


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
    form = EntryForm(request.POST, today=request.user.today(), used=_used(request.user))
    context = {"form": form, "gone": True}
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
