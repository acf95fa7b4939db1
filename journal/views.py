"""The journal's pages: read, write, change, delete, bring back."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from healing.accounts.access import PersonRequest
from healing.accounts.models import User
from healing.accounts.refill import refills
from journal import actions
from journal.forms import EntryForm
from journal.loss import asks_after
from journal.models import Entry, EntryQuerySet

PAGE = 20


def entry_list(request: PersonRequest) -> HttpResponse:
    entries = Entry.objects.of(request.user)
    last_seen = _named(entries, request.GET.get("before", ""))
    older = entries.older_than(last_seen) if last_seen else entries
    page = list(older.newest_first()[: PAGE + 1])
    context = {
        "entries": page[:PAGE],
        "older_than": page[PAGE - 1].pk if len(page) > PAGE else None,
        "is_start": last_seen is None,
    }
    return render(request, "journal/entry_list.html", context)


def _named(entries: EntryQuerySet, pk: str) -> Entry | None:
    """The entry a page link names; None, and so the first page, if it is gone."""
    try:
        return entries.filter(pk=UUID(pk)).defer("content").first()
    except ValueError:
        return None


@refills(EntryForm)
def entry_create(request: PersonRequest) -> HttpResponse:
    used = _used(request.user)
    form = EntryForm(request.POST or None, today=request.user.today(), used=used)
    if request.method == "POST" and form.is_valid():
        entry = actions.record_entry(
            owner=request.user,
            form_id=form.cleaned_data["form_id"],
            local_date=form.cleaned_data["local_date"],
            content=form.content(),
        )
        messages.success(request, _("Saved."))
        return redirect("journal:entry_detail", entry.pk)
    return render(request, "journal/entry_create.html", {"form": form})


def _used(owner: User) -> dict[str, list[str]]:
    """What the person chose up to yesterday."""
    midnight = owner.now().replace(hour=0, minute=0, second=0, microsecond=0)
    used: dict[str, list[str]] = Entry.objects.of(owner).used(before=midnight)
    return used


def entry_detail(request: PersonRequest, pk: UUID) -> HttpResponse:
    entry = get_object_or_404(Entry.objects.of(request.user), pk=pk)
    context = {"entry": entry, "path": asks_after(entry, owner=request.user)}
    return render(request, "journal/entry_detail.html", context)


@refills(lambda data, pk: EntryForm(data))
def entry_edit(request: PersonRequest, pk: UUID) -> HttpResponse:
    entry = Entry.objects.of(request.user).filter(pk=pk).first()
    if entry is None:
        return _gone(request)
    used = _used(request.user)
    form = EntryForm(request.POST or None, today=request.user.today(), used=used, entry=entry)
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
        return redirect("journal:entry_detail", kept.pk)
    return render(request, "journal/entry_edit.html", {"form": form, "entry": entry})


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
    return redirect("journal:entry_detail", entry.pk)
