"""An expired session or a stale token gives the form back filled, and stores nothing."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from healing.accounts.models import User

TYPED = "日本語 – she didn’t answer, and I <b>froze</b>"


@pytest.fixture
def strict(mara: User) -> Client:
    """Mara, signed in, with CSRF checks on."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(mara, "allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_a_stale_token_gives_the_form_back(strict: Client, mara: User) -> None:
    strict.get(reverse("accounts:time_zone"))
    answer = strict.post(
        reverse("accounts:time_zone"), {"time_zone": "Asia/Tokyo", "csrfmiddlewaretoken": "x" * 64}
    )
    page = answer.content.decode()
    assert answer.status_code == 403
    assert '<option value="Asia/Tokyo" selected>' in page
    assert 'action="/accounts/time-zone/"' in page
    mara.refresh_from_db()
    assert mara.time_zone == "Europe/Berlin"
    token = answer.wsgi_request.META["CSRF_COOKIE"]
    again = strict.post(
        reverse("accounts:time_zone"), {"time_zone": "Asia/Tokyo", "csrfmiddlewaretoken": token}
    )
    assert again.status_code == 302
    mara.refresh_from_db()
    assert mara.time_zone == "Asia/Tokyo"


def test_a_page_of_another_person_is_given_back_until_they_are_signed_in(
    client_of: Callable[[User], Client], mara: User, theo: User
) -> None:
    posted = {"time_zone": "Asia/Tokyo", "page_of": mara.page_mark}
    answer = client_of(theo).post(reverse("accounts:time_zone"), posted)
    page = answer.content.decode()
    assert answer.status_code == 403
    assert '<option value="Asia/Tokyo" selected>' in page
    assert "Somebody else is signed in" in page
    assert f'name="page_of" value="{mara.page_mark}"' in page
    theo.refresh_from_db()
    assert theo.time_zone != "Asia/Tokyo"
    assert client_of(mara).post(reverse("accounts:time_zone"), posted).status_code == 302
    mara.refresh_from_db()
    assert mara.time_zone == "Asia/Tokyo"


def test_an_expired_session_gives_the_form_back(client: Client, mara: User) -> None:
    answer = client.post(reverse("accounts:time_zone"), {"time_zone": "Asia/Tokyo"})
    page = answer.content.decode()
    assert answer.status_code == 403
    assert '<option value="Asia/Tokyo" selected>' in page
    assert reverse("account_login") in page
    assert answer.headers["Cache-Control"] == "no-store, private"


def test_what_the_form_does_not_know_is_carried_along_escaped(client: Client, db: None) -> None:
    answer = client.post(reverse("accounts:time_zone"), {"time_zone": "Asia/Tokyo", "more": TYPED})
    page = answer.content.decode()
    assert "日本語" in page
    assert "<b>froze</b>" not in page
    assert "&lt;b&gt;froze&lt;/b&gt;" in page


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("account_login", "password"),
        ("account_change_password", "oldpassword"),
        ("account_change_password", "password1"),
        ("mfa_activate_totp", "code"),
        ("mfa_add_webauthn", "credential"),
    ],
)
def test_passwords_and_codes_are_never_given_back(db: None, name: str, field: str) -> None:
    for client in (Client(), Client(enforce_csrf_checks=True)):
        answer = client.post(reverse(name), {field: "hunter2hunter2", "other": "is carried"})
        assert b"hunter2" not in answer.content


def test_a_forged_request_from_another_site_gets_no_form(strict: Client, mara: User) -> None:
    answer = strict.post(
        reverse("accounts:time_zone"),
        {"time_zone": "Asia/Tokyo", "more": TYPED},
        headers={"origin": "https://evil.example"},
    )
    assert answer.status_code == 403
    assert "日本語" not in answer.content.decode()


def test_the_form_with_the_right_token_is_stored(
    client_of: Callable[[User], Client], mara: User
) -> None:
    client_of(mara).post(reverse("accounts:time_zone"), {"time_zone": "Asia/Tokyo"})
    mara.refresh_from_db()
    assert mara.time_zone == "Asia/Tokyo"
