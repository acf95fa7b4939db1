"""The daily check-in: its page, the page after it, and the form behind a mail's link."""

from datetime import date

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt

from healing.accounts.access import PersonRequest
from healing.accounts.actions import has_consent
from healing.accounts.models import Consent, User
from healing.accounts.refill import refills
from healing.checkins import actions
from healing.checkins.forms import CheckInForm, ItemsForm, day_on_page
from healing.checkins.items import is_low
from healing.checkins.models import CheckIn
from healing.checkins.tokens import BadToken, ExpiredToken, read_token


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
    is_hard = row is not None and is_low(row.answers)
    return render(request, "checkins/checked_in.html", {"is_hard": is_hard})


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
