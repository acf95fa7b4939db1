"""The daily check-in, on its page and behind a mail's link; and the safety question."""

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from healing.accounts.access import PersonRequest
from healing.accounts.actions import has_consent
from healing.accounts.clock import country_of
from healing.accounts.models import Consent, User
from healing.accounts.refill import refills
from healing.cards.beside_help import own_card
from healing.checkins import actions
from healing.checkins.burden import Message
from healing.checkins.forms import CheckInForm, ItemsForm, SafetyForm, day_on_page
from healing.checkins.items import is_low
from healing.checkins.models import CheckIn, SafetyAnswer, SafetyAnswerQuerySet
from healing.checkins.safety import Level
from healing.checkins.tokens import BadToken, ExpiredToken, read_token
from healing.safety.directory import countries


@refills(CheckInForm)
def check_in(request: PersonRequest) -> HttpResponse:
    today = request.user.today()
    page_day = day_on_page(request.POST, today)
    day = page_day or today
    row = CheckIn.objects.of(request.user).on(day)
    form = CheckInForm(request.POST or None, day=day, row=row)
    if request.method == "POST" and form.is_valid():
        _save(request.user, form, page_day, today)
        return redirect("checkins:checked_in")
    context = {"form": form, "again": row is not None, "past": day if day < today else None}
    return render(request, "checkins/check_in.html", context)


def _save(owner: User, form: CheckInForm, page_day: date | None, today: date) -> None:
    """Saves over what the page showed of its day; a page of no known day only adds to today."""
    answers = form.answers()
    if page_day is None:
        actions.fill_check_in(owner=owner, local_date=today, answers=answers)
    else:
        shown = form.shown_answers()
        actions.save_check_in(owner=owner, local_date=page_day, answers=answers, shown=shown)


def checked_in(request: PersonRequest) -> HttpResponse:
    """The close of a check-in; after a lowest answer it is steadying and help."""
    row = CheckIn.objects.of(request.user).last_saved()
    context = {
        "is_hard": row is not None and is_low(row.answers),
        "safety_is_due": row is not None
        and actions.safety_is_due(owner=request.user, day=row.local_date),
    }
    return render(request, "checkins/checked_in.html", context)


@refills(SafetyForm)
def safety(request: PersonRequest) -> HttpResponse:
    """The safety question; `?again=` brings an answer of one's own back, if it can be put right."""
    mine = SafetyAnswer.objects.of(request.user)
    again = _answer(mine, request.GET.get("again"))
    is_wrong_tap = again is not None and actions.can_be_put_right(again)
    initial = {"row": again.pk, **again.said} if again and is_wrong_tap else {}
    form = SafetyForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            answer = actions.answer_safety(
                owner=request.user, row=form.cleaned_data["row"], answers=form.answers()
            )
        except SafetyAnswer.DoesNotExist:
            raise Http404 from None
        return redirect("checkins:safety_answered", answer.pk)
    last = mine.last_with_level()
    context = {
        "form": form,
        "is_now": last is not None and last.level is Level.NOW,
        "earlier": mine.order_by("-created")[:10],
        **_numbers(request),
    }
    return render(request, "checkins/safety.html", context)


def safety_answered(request: PersonRequest, pk: UUID) -> HttpResponse:
    """What follows from an answer, with help on the same screen for any level above none."""
    answer = get_object_or_404(SafetyAnswer.objects.of(request.user), pk=pk)
    context = {
        "answer": answer,
        "level": answer.level,
        "did": answer.said["b"] == "did",
        "can_be_put_right": actions.can_be_put_right(answer),
        "own": own_card(request),
        **_numbers(request),
    }
    return render(request, "checkins/safety_answered.html", context)


@require_POST
def safety_erase(request: PersonRequest) -> HttpResponse:
    """Erases every answer to the safety question; what is closed stays so until its day."""
    SafetyAnswer.objects.of(request.user).delete()
    messages.success(request, _("Your answers to this question are erased."))
    return redirect("checkins:safety")


@require_POST
def notice_hide(request: PersonRequest) -> HttpResponse:
    """Puts a message about the check-ins away, for as long as it then rests."""
    try:
        message = Message(request.POST.get("message", ""))
    except ValueError:
        raise SuspiciousOperation("no such message") from None
    actions.hide_message(owner=request.user, message=message)
    messages.success(request, _("Put away. It will not come back for a good while."))
    return redirect("today:today")


def _numbers(request: PersonRequest) -> dict[str, object]:
    """Every country's numbers; that of the person's time zone comes first, and open."""
    here = country_of(request.user.time_zone)
    return {"countries": sorted(countries(), key=lambda one: one.code != here), "here": here}


def _answer(mine: SafetyAnswerQuerySet, pk: str | None) -> SafetyAnswer | None:
    if not pk:
        return None
    try:
        found: SafetyAnswer = get_object_or_404(mine, pk=UUID(pk))
    except ValueError:
        raise Http404 from None
    return found


# The token is the whole authority: there is no session that a foreign page could misuse, so a
# CSRF token would protect nothing, and would set a cookie on someone who only follows a mail.
@csrf_exempt
@login_not_required
def from_mail(request: HttpRequest, token: str) -> HttpResponse:
    """Lets whoever holds the link add to that day; it never shows what is stored."""
    response = _from_mail(request, token)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _from_mail(request: HttpRequest, token: str) -> HttpResponse:
    try:
        owner, local_date = _named_by(token)
    except ExpiredToken:
        return _page(request, "ended", status=410)
    except BadToken:
        return _page(request, "unknown", status=404)
    form = ItemsForm(request.POST if request.method == "POST" else None)
    if not has_consent(owner=owner, kind=Consent.Kind.STORING):
        return _page(request, "not_agreed", status=403 if form.is_bound else 200, form=form)
    if request.method == "POST" and form.is_valid():
        actions.fill_check_in(owner=owner, local_date=local_date, answers=form.answers())
        return _page(request, "thanks")
    return _page(request, "form", form=form, local_date=local_date)


def _named_by(token: str) -> tuple[User, date]:
    """Person and date of a link; raises BadToken, or ExpiredToken if the person is gone too."""
    user_id, local_date = read_token(token)
    owner = User.objects.filter(pk=user_id, is_active=True).first()
    if owner is None:
        raise ExpiredToken("The account of this link is closed.")
    return owner, local_date


def _page(request: HttpRequest, stage: str, status: int = 200, **context: object) -> HttpResponse:
    return render(request, "checkins/from_mail.html", {"stage": stage, **context}, status=status)
