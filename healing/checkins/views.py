"""The daily check-in, on its page and behind a mail's link; and the safety question."""

from datetime import date, timedelta
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
from healing.checkins.forms import (
    CheckInForm,
    ItemsForm,
    LookBackForm,
    QuestionsForm,
    SafetyForm,
    day_on_page,
)
from healing.checkins.items import is_low
from healing.checkins.models import CheckIn, LookBack, SafetyAnswer, SafetyAnswerQuerySet
from healing.checkins.safety import Level
from healing.checkins.tokens import BadToken, ExpiredToken, read_token
from healing.predictions.actions import due_now
from healing.safety.directory import countries

# How many days stand on one page.
DAYS = 20


@refills(CheckInForm)
def check_in(request: PersonRequest) -> HttpResponse:
    today = request.user.today()
    page_day = day_on_page(request.POST, today)
    day = page_day or day_on_page(request.GET, today) or today
    row = CheckIn.objects.of(request.user).on(day)
    off = actions.switched_off(owner=request.user)
    form = CheckInForm(request.POST or None, day=day, row=row, off=off)
    if request.method == "POST" and form.is_valid():
        _save(request.user, form, page_day, today)
        return redirect("checkins:checked_in")
    context = {
        "form": form,
        "again": row is not None,
        "past": day if day < today else None,
        "yesterday": today - timedelta(days=1),
        "prediction_is_due": bool(due_now(owner=request.user, day=today)),
    }
    return render(request, "checkins/check_in.html", context)


def _save(owner: User, form: CheckInForm, page_day: date | None, today: date) -> None:
    """Saves over what the page showed of its day; a page of no known day only adds to today."""
    answers = form.answers()
    if page_day is None:
        actions.fill_check_in(owner=owner, local_date=today, answers=answers)
    else:
        shown = form.shown_answers()
        actions.save_check_in(owner=owner, local_date=page_day, answers=answers, shown=shown)


def day_list(request: PersonRequest) -> HttpResponse:
    """What was checked in, the newest day first, and the look-backs."""
    before = _date_in(request.GET.get("before", ""))
    rows = CheckIn.objects.of(request.user).order_by("-local_date")
    page = list((rows.filter(local_date__lt=before) if before else rows)[: DAYS + 1])
    context = {
        "days": page[:DAYS],
        "older_than": page[DAYS - 1].local_date if len(page) > DAYS else None,
        "is_start": before is None,
        "look_backs": LookBack.objects.of(request.user).order_by("-local_date")[:DAYS],
    }
    return render(request, "checkins/day_list.html", context)


def _date_in(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def check_in_detail(request: PersonRequest, pk: UUID) -> HttpResponse:
    row = get_object_or_404(CheckIn.objects.of(request.user), pk=pk)
    changeable = day_on_page({"day": row.local_date.isoformat()}, request.user.today())
    context = {"row": row, "changeable": changeable}
    return render(request, "checkins/check_in_detail.html", context)


def check_in_delete(request: PersonRequest, pk: UUID) -> HttpResponse:
    row = get_object_or_404(CheckIn.objects.of(request.user), pk=pk)
    if request.method == "POST":
        row.delete()
        messages.success(request, _("It is deleted."))
        return redirect("checkins:day_list")
    return render(request, "checkins/check_in_delete.html", {"row": row})


@refills(QuestionsForm)
def questions(request: PersonRequest) -> HttpResponse:
    """Which items are asked; what is switched off stays so until the person asks for it again."""
    form = QuestionsForm(request.POST or None, off=actions.switched_off(owner=request.user))
    if request.method == "POST" and form.is_valid():
        actions.switch_off(owner=request.user, off=form.off())
        messages.success(request, _("Saved."))
        return redirect("checkins:check_in")
    return render(request, "checkins/questions.html", {"form": form})


def checked_in(request: PersonRequest) -> HttpResponse:
    """The close of a check-in; after a lowest answer it is steadying and help.

    On any other day it asks about the prediction whose day came first.
    """
    row = CheckIn.objects.of(request.user).last_saved()
    is_hard = row is not None and is_low(row.answers)
    due = due_now(owner=request.user, day=request.user.today())
    context = {
        "is_hard": is_hard,
        "safety_is_due": row is not None
        and actions.safety_is_due(owner=request.user, day=row.local_date),
        "prediction": due[0] if due and not is_hard else None,
    }
    return render(request, "checkins/checked_in.html", context)


@refills(LookBackForm)
def look_back(request: PersonRequest) -> HttpResponse:
    """The weekly look-back with the safety question under it."""
    today = request.user.today()
    day = day_on_page(request.POST, today) or today
    mine = LookBack.objects.of(request.user)
    form = LookBackForm(
        request.POST or None,
        day=day,
        row=mine.on(day),
        off=actions.switched_off(owner=request.user),
        is_first=not mine.filter(local_date__lt=day).exists(),
    )
    if request.method == "POST" and form.is_valid():
        return _looked_back(request, form, day)
    week = actions.week_of(owner=request.user, until=day)
    return render(request, "checkins/look_back.html", {"form": form, "day": day, "week": week})


def _looked_back(request: PersonRequest, form: LookBackForm, day: date) -> HttpResponse:
    """Saves both parts; an answer to the safety question leads to what follows from it."""
    asked = {one.key for one in form.asked}
    actions.save_look_back(owner=request.user, local_date=day, said=form.said(), asked=asked)
    answers = form.answers()
    if not any(answers.values()):
        return redirect("checkins:looked_back")
    try:
        answer = actions.answer_safety(
            owner=request.user, row=form.cleaned_data["row"], answers=answers
        )
    except SafetyAnswer.DoesNotExist:
        raise Http404 from None
    return redirect("checkins:safety_answered", answer.pk)


def looked_back(request: PersonRequest) -> HttpResponse:
    """The close of a look-back, and where its answers lead."""
    row = LookBack.objects.of(request.user).order_by("-local_date").first()
    return render(request, "checkins/looked_back.html", {"said": row.said if row else {}})


def look_back_detail(request: PersonRequest, pk: UUID) -> HttpResponse:
    row = get_object_or_404(LookBack.objects.of(request.user), pk=pk)
    context = {"row": row, "changeable": row.local_date == request.user.today()}
    return render(request, "checkins/look_back_detail.html", context)


def look_back_delete(request: PersonRequest, pk: UUID) -> HttpResponse:
    row = get_object_or_404(LookBack.objects.of(request.user), pk=pk)
    if request.method == "POST":
        row.delete()
        messages.success(request, _("It is deleted."))
        return redirect("checkins:day_list")
    return render(request, "checkins/look_back_delete.html", {"row": row})


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
    off = actions.switched_off(owner=owner)
    form = ItemsForm(request.POST if request.method == "POST" else None, off=off)
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
