"""The landing pages: the public one, the person's own, and what a browser keeps for offline."""

import hashlib
import json

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from exercises.models import Exercise
from healing.accounts.access import PersonRequest
from healing.lessons.actions import next_lesson
from healing.reminders.models import Plan
from healing.reminders.words import moment
from healing.today import search as searching
from healing.today.gather import facts_of
from healing.today.steps import Step, step_after

# Pages and files that need neither account nor database; all a browser may keep.
SHELL_PAGES = ("today:offline", "safety:help", "exercises:steady")
SHELL_FILES = (
    "css/base.css",
    "css/help.css",
    "css/player.css",
    "js/base.js",
    "js/player.js",
    "img/icon.svg",
)


@login_not_required
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "today/home.html")


def today(request: PersonRequest) -> HttpResponse:
    """One next step and why; `?after=` shows the one behind it, and nothing is remembered."""
    lesson = next_lesson(owner=request.user)
    step = step_after(facts_of(request.user, lesson), request.GET.get("after", ""))
    plan = Plan.objects.of(request.user).running().first()
    breathing = Exercise.objects.published().filter(content_id="E05").first()
    context = {
        "step": step,
        "is_last": step is Step.REST,
        "lesson": lesson,
        "breathing": breathing,
        "now": request.user.now(),
        "next_mail": moment(plan.next_local) if plan else "",
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
    """The script that keeps the three public pages for a moment without network."""
    shell = [
        *(reverse(name) for name in SHELL_PAGES),
        *(staticfiles_storage.url(name) for name in SHELL_FILES),
    ]
    written = json.dumps(shell)
    version = hashlib.sha256(written.encode()).hexdigest()[:12]
    context = {"version": version, "shell": written}
    return render(request, "today/service_worker.js", context, "text/javascript")


@login_not_required
def server_error(request: HttpRequest) -> HttpResponse:
    """Django's handler500: asks neither session nor database, which may be what failed."""
    return render(request, "500.html", {"signed_in": False}, status=500)


@login_not_required
@cache_control(max_age=3600)
def manifest(request: HttpRequest) -> HttpResponse:
    context = {"site_name": settings.SITE_NAME}
    return render(request, "today/manifest.webmanifest", context, "application/manifest+json")
