"""The landing pages: the public one, the person's own, and what a browser keeps for offline."""

import hashlib
import json
import logging

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.staticfiles.storage import staticfiles_storage
from django.db import Error
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from exercises import content
from exercises.actions import awaiting_aftercare
from exercises.models import Exercise
from healing.accounts.access import PersonRequest
from healing.cards.kinds import SAFETY
from healing.checkins.actions import message_due
from healing.lessons.actions import next_lesson
from healing.predictions.actions import due_now
from healing.reminders.outlook import outlook_of
from healing.today import search as searching
from healing.today.gather import calming, facts_of
from healing.today.steps import Step, step_after

logger = logging.getLogger(__name__)

# Pages and files that need neither account nor database; all a browser may keep.
SHELL_PAGES = ("today:offline", "safety:help", "exercises:steady")
SHELL_FILES = (
    "css/base.css",
    "css/cards.css",
    "css/help.css",
    "css/player.css",
    "js/base.js",
    "js/card.js",
    "js/player.js",
    "js/senses.js",
    "js/voice.js",
    "img/icon.svg",
)


@login_not_required
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "today/home.html")


def today(request: PersonRequest) -> HttpResponse:
    """One next step and why; `?after=` shows the one behind it, and nothing is remembered.

    After an answer that says danger, help comes first; `?stay=` is the way past it.
    """
    person = request.user
    lesson = next_lesson(owner=person)
    mails = outlook_of(owner=person, now=timezone.now())
    facts = facts_of(person, lesson, mails)
    if facts.in_danger and not {"stay", "after"} & request.GET.keys():
        return redirect("checkins:safety")
    step = step_after(facts, request.GET.get("after", ""))
    context = {
        "step": step,
        "is_last": step is Step.REST,
        "heavy": facts.heavy,
        "lesson": lesson,
        "calming": calming(person, gently=facts.heavy),
        "aftercare": awaiting_aftercare(owner=person),
        "notice": message_due(owner=person),
        "prediction_is_due": bool(due_now(owner=person, day=person.today())),
        "now": person.now(),
        "outlook": mails,
    }
    return render(request, "today/today.html", context)


def menu(request: PersonRequest) -> HttpResponse:
    return render(request, "today/menu.html")


@login_not_required
@require_safe
@cache_control(no_store=True, private=True)
def search(request: HttpRequest) -> HttpResponse:
    """Lessons and exercises that hold the words of `q`; the words are kept nowhere."""
    typed = request.GET.get("q", "").replace("\0", " ").strip()
    query = typed[: searching.LONGEST_QUERY]
    stems = searching.stems_of(query)
    context = {
        "query": query,
        "longest": searching.LONGEST_QUERY,
        "cut": query != typed,
        "found": searching.search(stems) if stems else None,
    }
    return render(request, "today/search.html", context)


@login_not_required
def offline(request: HttpRequest) -> HttpResponse:
    return render(request, "today/offline.html")


@login_not_required
@cache_control(no_cache=True)
def service_worker(request: HttpRequest) -> HttpResponse:
    """The script that keeps a few public pages, and the card of whoever asked for a copy."""
    shell = [
        *(reverse(name) for name in SHELL_PAGES),
        *_calm_pages(),
        *(staticfiles_storage.url(name) for name in SHELL_FILES),
    ]
    written = json.dumps(shell)
    version = hashlib.sha256(written.encode()).hexdigest()[:12]
    own_pages = [reverse("cards:card_detail", args=[SAFETY.slug]), reverse("cards:card_copy")]
    context = {
        "version": version,
        "shell": written,
        "own_pages": json.dumps(own_pages),
        "sign_out": reverse("account_logout"),
        "steady": reverse("exercises:steady"),
    }
    return render(request, "today/service_worker.js", context, "text/javascript")


def _calm_pages() -> list[str]:
    """The exercises of low intensity; the shipped ones while the database does not answer."""
    low = Exercise.Intensity.LOW
    try:
        slugs = list(
            Exercise.objects.published().filter(intensity=low).values_list("slug", flat=True)
        )
    except Error as problem:
        logger.warning("offline pages named from the files: %s", type(problem).__name__)
        slugs = [row["slug"] for row in content.shipped().values() if row["intensity"] == low]
    return [reverse("exercises:exercise_detail", args=[slug]) for slug in slugs]


@login_not_required
def server_error(request: HttpRequest) -> HttpResponse:
    """Django's handler500: asks neither session nor database, which may be what failed."""
    return render(request, "500.html", {"signed_in": False}, status=500)


@login_not_required
@cache_control(max_age=3600)
def manifest(request: HttpRequest) -> HttpResponse:
    context = {"site_name": settings.SITE_NAME}
    return render(request, "today/manifest.webmanifest", context, "application/manifest+json")
