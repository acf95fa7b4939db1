"""The pages of letters to oneself: written, changed before their day, read from it on, deleted."""

from collections.abc import Mapping
from datetime import date, time
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_POST, require_safe

from healing.accounts.access import PersonRequest
from healing.accounts.actions import give_consent
from healing.accounts.clock import local_today
from healing.accounts.models import Consent
from healing.accounts.refill import refills
from healing.reminders import letterbox, letters, words
from healing.reminders.actions import HourIsQuiet
from healing.reminders.forms import LetterForm
from healing.reminders.models import Plan
from healing.reminders.outlook import Outlook, outlook_of

A_PAGE = 20
# Why a letter cannot be kept as it is: the field it is said beside, and the words.
CANNOT_BE: dict[type[Exception], tuple[str | None, Any]] = {
    HourIsQuiet: ("local_time", _lazy("This lies in your quiet hours. Choose another hour.")),
    letters.DayNotPossible: (
        "on_date",
        _lazy("Choose a day from tomorrow on, within five years."),
    ),
    letters.DayHadItsMail: (
        "on_date",
        _lazy("The mail of that day has come already. Choose a later day."),
    ),
    letters.TooManyLetters: (
        None,
        _lazy("Twenty letters wait already. Delete one of them, or wait for the next to come."),
    ),
    letters.LetterHadItsDay: (None, _lazy("Its day has just come, so it stays as it was.")),
}
EVENING = time(20, 0)


@require_safe
def letter_list(request: PersonRequest) -> HttpResponse:
    """Those to come by their day, then those that came, the latest first."""
    now = timezone.now()
    found = list(letterbox.letters_of(request.user))
    coming = [one for one in found if not letterbox.has_come(one, now)]
    come = [one for one in reversed(found) if letterbox.has_come(one, now)]
    page = Paginator(come, A_PAGE).get_page(request.GET.get("page"))
    context = {"coming": coming, "page": page}
    return render(request, "reminders/letter_list.html", context)


def _refilled_letter(data: Mapping[str, Any], pk: UUID | None = None) -> LetterForm:
    return LetterForm(data, asks=[*data])


@refills(_refilled_letter)
def letter_create(request: PersonRequest) -> HttpResponse:
    outlook = outlook_of(owner=request.user, now=timezone.now())
    form = _form(request, outlook)
    if form.is_valid():
        free = letterbox.free_id(
            owner=request.user,
            letter=form.cleaned_data["form_id"],
            words=form.cleaned_data["words"],
            on_date=form.cleaned_data["on_date"],
        )
        if _write(request, free, outlook, form):
            return redirect("reminders:letter_list")
    return render(request, "reminders/letter_create.html", {"form": form})


def _form(
    request: PersonRequest, outlook: Outlook, letter: Plan | None = None, data: Any = None
) -> LetterForm:
    """The form of a letter, as it was posted, or of `data`, or as the letter stands."""
    check_in = outlook.of(Plan.Kind.CHECK_IN)
    initial: dict[str, object] = {
        "time_zone": request.user.time_zone,
        "local_time": check_in.local_time if check_in else EVENING,
    }
    if letter is not None:
        initial |= {"local_time": letter.local_time, "on_date": letter.on_date}
        initial["words"] = letterbox.words_of(letter)
        initial["opened_with"] = letterbox.mark_of(letterbox.words_of(letter), letter.on_date)
    posted = request.POST if request.method == "POST" else None
    return LetterForm(
        data or posted,
        today=_today(request, outlook),
        initial=initial,
        asks=outlook.asks,
        quiet=outlook.quiet,
    )


def _today(request: PersonRequest, outlook: Outlook) -> date:
    return local_today(outlook.zone or request.user.time_zone, timezone.now())


def _write(request: PersonRequest, letter: UUID, outlook: Outlook, form: LetterForm) -> bool:
    """Keep the letter of a valid form; False, and said beside its field, where it cannot be."""
    said = form.cleaned_data
    try:
        kept = letters.write_letter(
            owner=request.user,
            letter=letter,
            words=said["words"],
            on_date=said["on_date"],
            local_time=said["local_time"],
            time_zone=outlook.zone or said["time_zone"],
            now=timezone.now(),
        )
    except tuple(CANNOT_BE) as problem:
        field, message = CANNOT_BE[type(problem)]
        form.add_error(field, message)
        return False
    if "consent" in form.fields:
        give_consent(owner=request.user, kind=Consent.Kind.MAIL)
    when = words.day(said["on_date"], today=form.today)
    told = _("Saved and sealed. It comes on %(day)s.")
    due, end = kept.next_due_at, kept.break_until
    if due is None or (end and end > due):
        told = _("Saved and sealed. It comes once your break is over, but not before %(day)s.")
    messages.success(request, told % {"day": when})
    return True


@refills(_refilled_letter)
def letter_detail(request: PersonRequest, pk: UUID) -> HttpResponse:
    """The letter to read from its day on; before it, the form to change it."""
    letter = letterbox.letters_of(request.user).filter(pk=pk).first()
    if letter is None:
        return _gone(request)
    if letterbox.has_come(letter, timezone.now()):
        return _read(request, letter)
    outlook = outlook_of(owner=request.user, now=timezone.now())
    form = _form(request, outlook, letter)
    context = {"form": form, "letter": letter}
    if form.is_valid():
        stored = letterbox.mark_of(letterbox.words_of(letter), letter.on_date)
        wanted = letterbox.mark_of(form.cleaned_data["words"], form.cleaned_data["on_date"])
        if stored not in (form.cleaned_data["opened_with"], wanted):
            context |= _ask_again(request, outlook, letter, stored)
        elif _write(request, letter.pk, outlook, form):
            return redirect("reminders:letter_list")
    return render(request, "reminders/letter_detail.html", context)


def _gone(request: PersonRequest) -> HttpResponse:
    """What was typed into a letter that is not there, as a new one to save; raises Http404."""
    if "words" not in request.POST:
        raise Http404
    data = request.POST.copy()
    # It may be asked only now: the letter may have been all that came by mail.
    data.setdefault("time_zone", request.user.time_zone)
    form = _form(request, outlook_of(owner=request.user, now=timezone.now()), data=data)
    context = {"form": form, "gone": True}
    return render(request, "reminders/letter_create.html", context, status=404)


def _read(request: PersonRequest, letter: Plan) -> HttpResponse:
    """The page to read a letter; what was typed into an older page of it stands below.

    Opening it changes nothing: a press says that no mail needs to name it any more.
    """
    if "read" in request.POST:
        letters.note_read(owner=request.user, letter=letter.pk, now=timezone.now())
        return redirect("reminders:letter_list")
    written, typed = letterbox.words_of(letter), request.POST.get("words", "")
    if letterbox.mark_of(typed, None) == letterbox.mark_of(written, None):
        typed = ""
    may_come = letter.is_standing and letterbox.newest_mail(letter) is None
    context = {"letter": letter, "words": written, "typed": typed, "may_come": may_come}
    return render(request, "reminders/letter_detail.html", context)


def _ask_again(
    request: PersonRequest, outlook: Outlook, letter: Plan, stored: str
) -> dict[str, object]:
    """The posted words in the form, below the newer ones that they would have replaced."""
    data = request.POST.copy()
    data["opened_with"] = stored
    form = _form(request, outlook, letter, data)
    form.add_error(
        None, _("Not saved yet: you changed this in another tab. Save again to replace that.")
    )
    return {"form": form, "newer": letterbox.words_of(letter)}


def letter_delete(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Asks, then deletes at once; the page after it carries the letter for an hour of undo."""
    letter = letterbox.letters_of(request.user).filter(pk=pk).first()
    letter = letter or _deleted_just_now(request, pk)
    context = {"letter": letter, "undo": letterbox.undo_token(letter), "deleted": False}
    if request.method == "POST":
        letters.delete_letter(owner=request.user, letter=pk, now=timezone.now())
        context["deleted"] = True
    return render(request, "reminders/letter_delete.html", context)


def _deleted_just_now(request: PersonRequest, pk: UUID) -> Plan:
    """The letter that the first of two quick presses has deleted; raises Http404."""
    try:
        found = letterbox.read_undo(owner=request.user, undo=request.POST.get("undo", ""))
    except letterbox.UndoOver:
        raise Http404 from None
    letter: Plan = found.plan
    if letter.pk != pk:
        raise Http404
    letter.enclosure = found
    return letter


@require_POST
def letter_restore(request: PersonRequest) -> HttpResponse:
    try:
        undo = request.POST.get("undo", "")
        letterbox.restore_letter(owner=request.user, undo=undo, now=timezone.now())
    except letterbox.UndoOver:
        messages.info(request, _("The hour for bringing it back is over."))
    else:
        messages.success(request, _("It is back where it was."))
    return redirect("reminders:letter_list")
