"""Nobody's address leaves the accounts: what the editing screens show, and to whom."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse
from wagtail.models import ReferenceIndex

from healing.accounts.models import User
from healing.cms.actions import Role, make_editor
from healing.cms.middleware import OPEN
from healing.lessons.actions import keep_note
from healing.lessons.models import Lesson, LessonNote
from healing.vault.models import PrivateRecord


def addresses(resolver: Any, before: str = "/") -> Iterator[str]:
    """Every address under /cms/ that needs no arguments, or only a row's number."""
    for part in resolver.url_patterns:
        here = before + re.sub(r"<int:\w+>", "1", str(part.pattern)).lstrip("^").rstrip("$")
        if isinstance(part, URLResolver):
            yield from addresses(part, here)
        elif here.startswith("/cms/") and not re.search(r"[<>()\\*?]", here):
            yield here


@pytest.mark.parametrize(
    "address",
    [
        "/cms/pages/",
        "/cms/choose-page/",
        "/cms/images/",
        "/cms/documents/",
        "/cms/collections/",
        "/cms/reports/site-history/",
        "/cms/reports/workflow/",
        "/cms/reports/workflow_tasks/",
        "/cms/reports/locked/",
        "/cms/reports/aging-pages/",
        "/cms/groups/",
        "/cms/workflows/list/",
        "/cms/workflows/tasks/index/",
        "/cms/users/new/",
        "/cms/users/delete/1/",
        "/cms/users/history/1/",
        "/cms/users/usage/1/",
        "/cms/users/copy/1/",
        "/cms/bulk/accounts/user/assign_role/?id=1",
        "/cms/bulk/accounts/user/delete/?id=all",
        "/cms/api/main/pages/",
        "/cms/tag-autocomplete/",
        "/cms/failwhale/",
        "/cms/password_reset/confirm/a/b/",
    ],
)
def test_a_stock_screen_we_do_not_use_does_not_exist_even_for_an_admin(
    admin: Client, address: str
) -> None:
    assert admin.get(address).status_code == 404
    assert admin.post(address).status_code == 404


@pytest.mark.usefixtures("content")
def test_no_open_screen_names_a_person_or_asks_a_stranger(mara: User, admin: Client) -> None:
    keep_note(owner=mara, lesson=Lesson.objects.get(content_id="M1.1"), answer="words", read=True)
    seen = 0
    for address in sorted(set(addresses(get_resolver()))):
        answer = admin.get(address, follow=True)
        page = answer.content.decode(errors="ignore")
        assert mara.email not in page, address
        assert "gravatar" not in page, address
        assert answer.status_code in {200, 404, 405}, (address, answer.status_code)
        for outside in re.findall(r'(?:src|srcset|action)="(?:https?:)?//([^/"]+)', page):
            assert outside == "testserver", (address, outside)
        seen += answer.status_code == 200
    assert seen > 40


def test_the_list_of_editors_holds_editors_alone(mara: User, ines: User, admin: Client) -> None:
    page = admin.get("/cms/users/").content.decode()
    assert ines.email in page
    assert mara.email not in page
    assert mara.email not in admin.get(f"/cms/users/?q={mara.email}").content.decode().replace(
        f'value="{mara.email}"', ""
    )
    assert mara.email not in admin.get("/cms/users/results/?is_active=true").content.decode()


def test_a_person_who_is_no_editor_cannot_be_opened_or_changed(mara: User, admin: Client) -> None:
    address = reverse("wagtailusers_users:edit", args=[mara.pk])
    assert admin.get(address).status_code == 404
    assert admin.post(address, {"is_superuser": "on"}).status_code == 404
    mara.refresh_from_db()
    assert not mara.is_superuser


def test_an_admin_changes_a_role_but_neither_address_nor_password(
    theo: User, admin: Client
) -> None:
    make_editor(email=theo.email, role=Role.WRITER)
    address = reverse("wagtailusers_users:edit", args=[theo.pk])
    page = admin.get(address).content.decode()
    assert theo.email in page
    assert 'type="password"' not in page
    reviewers = theo.groups.model.objects.get(name="Reviewers")
    before = theo.password
    data = {"email": "taken@example.org", "groups": [reviewers.pk], "is_active": "on"}
    data |= {"password1": "another long one", "password2": "another long one"}
    assert admin.post(address, data).status_code == 302
    theo.refresh_from_db()
    assert theo.email == "theo@example.org"
    assert theo.password == before
    assert [group.name for group in theo.groups.all()] == ["Reviewers"]


@pytest.mark.parametrize("role", [Role.WRITER, Role.REVIEWER])
def test_only_an_admin_sees_the_editors(as_role: Callable[[Role], Client], role: Role) -> None:
    client = as_role(role)
    assert client.get("/cms/").status_code == 200
    assert client.get("/cms/users/").status_code == 302
    assert "/cms/users/" not in client.get("/cms/").content.decode()


def test_a_person_without_a_role_finds_nothing_there(
    mara: User, client_of: Callable[[User], Client]
) -> None:
    for address in ("/cms/", "/cms/snippets/", "/cms/account/", "/cms/users/"):
        assert client_of(mara).get(address).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "target"),
    [
        ("/cms/login/", "/accounts/login/"),
        ("/cms/login/?next=/cms/", "/accounts/login/?next=/cms/"),
        ("/cms/logout/", "/accounts/logout/"),
        ("/cms/password_reset/", "/accounts/password/reset/"),
        ("/cms/", "/accounts/login/?next=/cms/"),
    ],
)
def test_signing_in_and_out_is_left_to_the_accounts(
    client: Client, address: str, target: str
) -> None:
    assert client.get(address).headers["Location"] == target


def test_signing_out_by_the_button_of_the_menu_leads_there_too(admin: Client) -> None:
    assert admin.post("/cms/logout/").headers["Location"] == "/accounts/logout/"


def test_an_editor_needs_a_second_step_where_the_site_asks_for_one(
    ines: User, admin: Client, settings: Any
) -> None:
    settings.EDITORS_NEED_SECOND_FACTOR = True
    answer = admin.get("/cms/", follow=True)
    assert answer.redirect_chain == [("/accounts/2fa/", 302)]
    assert "Editors sign in with a second step" in answer.content.decode()
    assert admin.get("/cms/snippets/lessons/lesson/").status_code == 302
    Authenticator.objects.create(user=ines, type=Authenticator.Type.TOTP, data={})
    assert admin.get("/cms/").status_code == 200


def test_an_editors_settings_hold_no_name_address_picture_or_password(admin: Client) -> None:
    page = admin.get("/cms/account/").content.decode()
    for field in ("first_name", "name_email", "avatar-avatar", "password"):
        assert f'name="{field}' not in page
    assert 'name="locale-' in page


def test_private_rows_are_never_in_the_index_of_references() -> None:
    for model in ReferenceIndex.tracked_models:
        assert not issubclass(model, PrivateRecord)
    assert LessonNote not in ReferenceIndex.indexed_models


def test_every_open_address_is_meant_to_be_open() -> None:
    for closed in ("pages/", "users/new/", "users/edit", "snippetsx/", "loginx/", "/", "groups/"):
        assert not OPEN.fullmatch(closed)
    for opened in ("", "users/", "users/edit/3/", "snippets/lessons/lesson/", "sprite/"):
        assert OPEN.fullmatch(opened)
