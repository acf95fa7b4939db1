"""Rules of the house that no single room can keep alone; each is broken once, to see it fail."""

import ast
import re
import tomllib
from collections.abc import Iterable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import models
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from healing.accounts.models import User
from healing.celery import app as celery_app
from healing.editorial.models import EditedText
from healing.vault.fields import SealedField
from healing.vault.models import PrivateRecord

ROOT = Path(settings.BASE_DIR)
OURS = ("healing.", "journal", "exercises")

# Models that reach a person and are not PrivateRecords, each with its reason.
NOT_PRIVATE_RECORDS = {
    "accounts.User": "the person; holds address, zone and language, nothing they said",
    "vault.UserKey": "the wrapped data key itself",
    "reminders.Delivery": "hangs on Plan, holds nothing a person said; a uuid key halves the claim",
    "cms.ReviewMail": "editors: whether they want the weekly mail, and the last week they had it",
    "account.EmailAddress": "allauth: the address and whether it was confirmed",
    "account.EmailConfirmation": "allauth: a pending confirmation, unused with codes",
    "mfa.Authenticator": "allauth: second factors, secrets sealed by the adapter",
    "usersessions.UserSession": "allauth: where someone is signed in",
    # Wagtail's rows about editors; a person who is no editor has none.
    "wagtailcore.Comment": "editors",
    "wagtailcore.CommentReply": "editors",
    "wagtailcore.GroupApprovalTask": "editors",
    "wagtailcore.ModelLogEntry": "editors",
    "wagtailcore.Page": "editors; no page exists",
    "wagtailcore.PageLogEntry": "editors",
    "wagtailcore.PageSubscription": "editors",
    "wagtailcore.Revision": "editors",
    "wagtailcore.TaskState": "editors",
    "wagtailcore.UploadedFile": "editors",
    "wagtailcore.WorkflowState": "editors",
    "wagtailadmin.EditingSession": "editors",
    "wagtailadmin.FormState": "editors",
    "wagtailusers.UserProfile": "editors",
    "wagtaildocs.Document": "editors; uploads are hidden",
    "wagtailimages.Image": "editors; uploads are hidden",
}


# Every model that reaches a person is private, or listed with a reason ---------------------------


def reaches_person(model: type[models.Model]) -> bool:
    if model is User:
        return True
    return any(
        field.is_relation
        and field.related_model is User
        and not field.auto_created
        # Which editor holds the lock of a text.
        and not (issubclass(model, EditedText) and field.name == "locked_by")
        for field in model._meta.get_fields()
    )


def unsealed(found: Iterable[type[models.Model]]) -> set[str]:
    """Labels of models that reach a person, directly or through another, and are neither."""
    everything = list(found)
    near = {model for model in everything if reaches_person(model)}
    through = {
        model
        for model in everything
        for field in model._meta.fields
        if field.is_relation and isinstance(field.related_model, type)
        and issubclass(field.related_model, PrivateRecord)
    }  # fmt: skip
    return {
        model._meta.label
        for model in near | through
        if not issubclass(model, PrivateRecord)
        and model._meta.label not in NOT_PRIVATE_RECORDS
        and not isinstance(model._meta.auto_created, type)
    }


def test_every_model_that_reaches_a_person_is_a_private_record_or_listed() -> None:
    assert unsealed(apps.get_models()) == set()


def test_the_list_of_exceptions_holds_no_ghost() -> None:
    known = {model._meta.label for model in apps.get_models()}
    assert set(NOT_PRIVATE_RECORDS) <= known


def test_a_model_with_a_bare_link_to_a_person_would_be_found() -> None:
    class Leaky(models.Model):
        said_by = models.ForeignKey(User, models.CASCADE)

        class Meta:
            app_label = "journal"

    try:
        assert unsealed([Leaky]) == {"journal.Leaky"}
    finally:
        apps.all_models["journal"].pop("leaky")
        apps.clear_cache()


CLEAR = {"id", "owner", "created", "local_date", "instrument", "version", "kind", "withdrawn"}
CLEAR_BY_MODEL = {
    # What the reminder engine has to query.
    "reminders.Plan": {
        "weekdays", "local_time", "time_zone", "paused_until", "break_until", "next_due_at",
        "next_local_date", "last_local_date", "on_date", "quiet_from", "quiet_to", "holds",
        "break_since", "quiet_since",
    },
    # Which plan it belongs to.
    "reminders.Enclosure": {"plan"},
    # A row's state: begun or done.
    "exercises.Session": {"state"},
    # A row's state: open or closed.
    "hold.Hold": {"state"},
    # A time: when it was last changed.
    "checkins.CheckIn": {"changed"},
    # A due date: what asks on its day is found by it.
    "predictions.Prediction": {"due"},
    # The same: the oldest of too many drafts goes, and the page says when one was begun.
    "journal.Draft": {"changed"},
    # State and end, which the hourly job looks for; the hash of a random token, by which a visitor
    # finds the row; and a packet sealed with a key that neither server nor database can open.
    "sharing.Share": {"state", "due", "token_hash", "packet"},
}  # fmt: skip


def clear_columns(model: type[models.Model]) -> set[str]:
    return {field.name for field in model._meta.fields if not isinstance(field, SealedField)}


@pytest.mark.parametrize(
    "model", [m for m in apps.get_models() if issubclass(m, PrivateRecord)], ids=str
)
def test_a_private_record_shows_no_more_than_it_must(model: type[PrivateRecord]) -> None:
    allowed = CLEAR | CLEAR_BY_MODEL.get(model._meta.label, set())
    assert clear_columns(model) <= allowed


# Migrations ---------------------------------------------------------------------------------------


def test_no_migration_is_pending(db: None) -> None:
    call_command("makemigrations", check=True, dry_run=True, stdout=StringIO())


def test_a_changed_model_would_be_noticed(db: None) -> None:
    class Forgotten(models.Model):
        class Meta:
            app_label = "journal"

    try:
        with pytest.raises(SystemExit):
            call_command("makemigrations", check=True, dry_run=True, stdout=StringIO())
    finally:
        apps.all_models["journal"].pop("forgotten")
        apps.clear_cache()


# Rooms and layers ---------------------------------------------------------------------------------


def layers() -> list[list[str]]:
    config = tomllib.loads((ROOT / "pyproject.toml").read_text())
    for contract in config["tool"]["importlinter"]["contracts"]:
        if contract["type"] == "layers":
            return [[room.strip() for room in line.split("|")] for line in contract["layers"]]
    raise AssertionError("pyproject.toml has no layers contract")


def rooms() -> set[str]:
    found = {*ROOT.glob("healing/*/apps.py"), *ROOT.glob("*/apps.py")}
    return {".".join(file.relative_to(ROOT).parent.parts) for file in found}


def unlayered(found: set[str], lines: list[list[str]]) -> set[str]:
    return found - {room for line in lines for room in line}


def test_every_room_is_named_in_a_layer() -> None:
    assert unlayered(rooms(), layers()) == set()


def test_a_room_without_a_layer_would_be_found() -> None:
    assert unlayered({"healing.attic", "journal"}, layers()) == {"healing.attic"}


def upward(links: Iterable[tuple[str, str]], lines: list[list[str]]) -> set[tuple[str, str]]:
    """Foreign keys that lead from a lower room to a higher one, or across to a neighbour."""
    height = {room: level for level, line in enumerate(lines) for room in line}
    return {
        (start, end)
        for start, end in links
        if start != end and height[start] >= height[end]
    }  # fmt: skip


def foreign_keys() -> set[tuple[str, str]]:
    names = rooms()
    found = set()
    for model in apps.get_models():
        for field in model._meta.fields:
            target = field.related_model
            if not isinstance(target, type) or target is User:
                continue
            start, end = (apps.get_app_config(m._meta.app_label).name for m in (model, target))
            if start in names and end in names:
                found.add((start, end))
    return found


def test_foreign_keys_lead_downwards() -> None:
    assert upward(foreign_keys(), layers()) == set()


def test_a_foreign_key_upwards_would_be_found() -> None:
    up = ("journal", "healing.lessons")
    across = ("exercises", "healing.questionnaires")
    assert upward([up, across, (up[1], up[0])], layers()) == {up, across}


# One stem everywhere ------------------------------------------------------------------------------


# The editors' screens have Wagtail's names.
EDITING = ("healing.cms", "healing.editorial", "healing.reminders.status_screen")


def named_views() -> dict[str, Any]:
    """`room:name` of every address of ours, with the view behind it."""

    def walk(patterns: Iterable[Any], space: str) -> Iterable[tuple[str, Any]]:
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                yield from walk(pattern.url_patterns, pattern.namespace or space)
            elif isinstance(pattern, URLPattern) and pattern.callback.__module__.startswith(OURS):
                yield f"{space}:{pattern.name}", pattern.callback

    return {
        name: view
        for name, view in walk(get_resolver().url_patterns, "")
        if not view.__module__.startswith(EDITING)
    }


def stem_faults(name: str, view_name: str, root: Path) -> list[str]:
    room, _, stem = name.partition(":")
    faults = [] if view_name == stem else [f"{name}: its view is called {view_name}"]
    if not (root / f"tests/{room}/test_{stem}.py").exists():
        faults.append(f"{name}: no tests/{room}/test_{stem}.py")
    return faults


def test_view_address_and_test_share_one_stem() -> None:
    faults = [
        fault
        for name, view in named_views().items()
        for fault in stem_faults(name, view.__name__, ROOT)
    ]
    assert faults == []


def test_a_broken_stem_would_be_found(tmp_path: Path) -> None:
    assert stem_faults("journal:entry_make", "entry_create", tmp_path) == [
        "journal:entry_make: its view is called entry_create",
        "journal:entry_make: no tests/journal/test_entry_make.py",
    ]


def lonely_templates(root: Path, used: set[str]) -> set[str]:
    """Page templates of a room that carry the name of no view."""
    folders = {name.partition(":")[0] for name in used}
    found = {
        f"{file.parent.name}:{file.stem}"
        for folder in folders
        for file in (root / "templates" / folder).glob("*.html")
        if not file.stem.startswith("_")
    }
    return found - used


# Pages that a view shows beside its own, after it has done its work.
SECOND_PAGES = {
    "accounts:refilled",
}


def test_every_page_template_carries_its_views_name() -> None:
    assert lonely_templates(ROOT, set(named_views())) - SECOND_PAGES == set()


def test_a_lonely_template_would_be_found(tmp_path: Path) -> None:
    page = tmp_path / "templates/journal/entry_old.html"
    page.parent.mkdir(parents=True)
    page.touch()
    (page.parent / "_part.html").touch()
    assert lonely_templates(tmp_path, {"journal:entry_create"}) == {"journal:entry_old"}


# Pages --------------------------------------------------------------------------------------------


def headings(html: str) -> int:
    return len(re.findall(r"<h1[\s>]", html))


def plain_addresses() -> list[str]:
    """Every address of ours that needs no argument and shows a page."""
    found = []
    for pattern in get_resolver().url_patterns:
        for inner in getattr(pattern, "url_patterns", []):
            view = getattr(inner, "callback", None)
            if view is None or not view.__module__.startswith((*OURS, "allauth")):
                continue
            if not re.search(r"[<(]", str(inner.pattern)):
                found.append(f"/{pattern.pattern}{inner.pattern}")
    return sorted(set(found))


def test_each_page_has_exactly_one_h1(mara: User, client_of: Any, content: None) -> None:
    visitor, person = Client(), client_of(mara)
    seen = 0
    for address in plain_addresses():
        for client in (visitor, person):
            answer = client.get(address)
            if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
                seen += 1
                assert headings(answer.content.decode()) == 1, address
    assert seen > 20


def test_a_second_h1_would_be_counted() -> None:
    assert headings("<h1>One</h1><p>and</p><h1 class='x'>two</h1>") == 2


# Jobs ---------------------------------------------------------------------------------------------


def unknown_jobs(schedule: dict[str, dict[str, Any]]) -> set[str]:
    """Tasks that beat would ring and no worker knows."""
    celery_app.loader.import_default_modules()
    return {entry["task"] for entry in schedule.values()} - set(celery_app.tasks)


def test_every_scheduled_job_is_known_to_the_worker() -> None:
    assert len(settings.CELERY_BEAT_SCHEDULE) >= 3
    assert unknown_jobs(settings.CELERY_BEAT_SCHEDULE) == set()


def test_a_misspelt_job_would_be_found() -> None:
    assert unknown_jobs({"x": {"task": "healing.reminders.tasks.tock"}}) == {
        "healing.reminders.tasks.tock"
    }


# Code ---------------------------------------------------------------------------------------------


def source_files() -> list[Path]:
    folders = ("healing", "journal", "exercises")
    return [
        file
        for folder in folders
        for file in (ROOT / folder).rglob("*.py")
        if "migrations" not in file.parts
    ]


def inner_imports(source: str) -> list[int]:
    """Lines of imports inside functions, `AppConfig.ready` excepted."""
    return [
        node.lineno
        for function in ast.walk(ast.parse(source))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef) and function.name != "ready"
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]


def test_nothing_is_imported_inside_a_function() -> None:
    assert [file for file in source_files() if inner_imports(file.read_text())] == []


def test_an_inner_import_would_be_found() -> None:
    assert inner_imports("def f():\n    import os\n\ndef ready(self):\n    import sys\n") == [2]


PRIVATE_MODULES = {"views", "forms", "tasks", "urls", "admin"}


def visits(room: str, source: str) -> list[str]:
    """Imports of another room's views, forms, tasks or addresses."""
    names = [
        node.module
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith(OURS)
    ]
    return [
        name
        for name in names
        if name.rpartition(".")[2] in PRIVATE_MODULES and name.rpartition(".")[0] != room
    ]


def test_no_room_walks_into_anothers_views_forms_or_tasks() -> None:
    found = {}
    for file in source_files():
        parts = file.relative_to(ROOT).parts
        room = ".".join(parts[:2]) if parts[0] == "healing" else parts[0]
        if room not in {"healing.urls.py"} and (seen := visits(room, file.read_text())):
            found[str(file)] = seen
    assert found == {}


def test_a_visit_would_be_found() -> None:
    source = "from journal.forms import EntryForm\nfrom healing.today.views import today\n"
    assert visits("healing.today", source) == ["journal.forms"]


def undocumented(source: str) -> bool:
    return bool(source.strip()) and not ast.get_docstring(ast.parse(source))


def test_every_module_says_what_it_is_for() -> None:
    assert [file for file in source_files() if undocumented(file.read_text())] == []


def test_a_silent_module_would_be_found() -> None:
    assert undocumented("x = 1\n")


FORBIDDEN_ROOMS = {"utils", "common", "helpers", "services", "core", "misc"}


def test_no_room_or_module_is_a_drawer_for_odds_and_ends() -> None:
    names = {
        part for file in source_files() for part in file.relative_to(ROOT).with_suffix("").parts
    }
    assert not names & FORBIDDEN_ROOMS
