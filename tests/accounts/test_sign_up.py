"""Signing up: what is asked, what is made with it, and what each backend of mail changes."""

import re
from typing import Any

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core import mail
from django.test import Client
from django.urls import reverse

from healing.accounts.models import Consent, User
from healing.vault.models import UserKey
from tests.factories import PASSWORD
from tests.services import free_port

NEW = {
    "email": "Mara@Example.org",
    "password1": PASSWORD,
    "time_zone": "Europe/Berlin",
    "adult": "on",
    "storing": "on",
}


@pytest.fixture
def with_mail(settings: Any) -> None:
    """As with EMAIL_URL: addresses are confirmed by a code."""
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    settings.ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
    settings.ACCOUNT_PREVENT_ENUMERATION = True


def sign_up(client: Client, **changes: str | None) -> Any:
    data = {name: value for name, value in {**NEW, **changes}.items() if value is not None}
    return client.post(reverse("account_signup"), data)


def test_the_page_says_what_it_is_before_it_asks(client: Client, db: None) -> None:
    page = client.get(reverse("account_signup")).content.decode()
    assert page.index("help") < page.index('name="password1"')
    assert "password2" not in page


def test_a_person_is_made_with_key_consents_and_zone(client: Client, db: None) -> None:
    answer = sign_up(client, mail="on")
    assert answer.status_code == 302
    assert answer["Location"] == reverse("today:today")
    user = User.objects.get()
    assert (user.email, user.time_zone) == ("mara@example.org", "Europe/Berlin")
    assert user.password.split("$")[0] in {"argon2", "md5"}
    assert UserKey.objects.filter(owner=user).exists()
    kinds = Consent.objects.of(user).standing().values_list("kind", "version")
    assert sorted(kinds) == [("mail", 1), ("storing", 1)]


def test_mail_is_a_separate_choice(client: Client, db: None) -> None:
    sign_up(client)
    assert list(Consent.objects.values_list("kind", flat=True)) == ["storing"]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"adult": None}, "18 or older"),
        ({"storing": None}, "nowhere to keep"),
        ({"time_zone": "Mars/Olympus"}, "Choose a time zone from the list"),
        ({"email": "no address"}, "valid email"),
        ({"password1": "short"}, "too short"),
    ],
)
def test_a_missing_or_wrong_answer_says_how_to_mend_it(
    client: Client, db: None, changes: dict[str, str | None], said: str
) -> None:
    answer = sign_up(client, **changes)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert said in page
    assert "<title>Error: " in page
    assert not User.objects.exists()
    if "email" not in changes:
        assert "Mara@Example.org" in page


def test_without_mail_a_taken_address_is_said(client: Client, mara: User) -> None:
    answer = sign_up(client)
    assert "already" in answer.content.decode()
    assert User.objects.count() == 1


def test_with_mail_known_and_unknown_addresses_get_the_same_answer(
    with_mail: None, mara: User
) -> None:
    known, unknown = Client(), Client()
    first = sign_up(known)
    second = sign_up(unknown, email="new@example.org")
    assert (first.status_code, first["Location"]) == (second.status_code, second["Location"])
    pages = [c.get(a["Location"]).content.decode() for c, a in ((known, first), (unknown, second))]
    known_page, unknown_page = (
        re.sub(r'csrfmiddlewaretoken" value="\w+"', "", page) for page in pages
    )
    assert known_page.replace(mara.email, "*") == unknown_page.replace("new@example.org", "*")
    assert [message.to for message in mail.outbox] == [["mara@example.org"], ["new@example.org"]]


class CountingHasher(MD5PasswordHasher):
    """Says how often a password was hashed: the part of signing up whose time can be measured."""

    hashed = 0

    def encode(self, password: str, salt: str) -> str:
        type(self).hashed += 1
        return super().encode(password, salt)


def test_with_mail_a_known_address_takes_as_much_work_as_a_new_one(
    with_mail: None, mara: User, settings: Any
) -> None:
    settings.PASSWORD_HASHERS = [f"{__name__}.CountingHasher"]
    work = []
    for email in (mara.email, "new@example.org"):
        CountingHasher.hashed = 0
        sign_up(Client(), email=email)
        work.append(CountingHasher.hashed)
    assert work == [1, 1]


def test_a_mail_server_that_is_down_is_said_and_the_account_stands(
    client: Client, with_mail: None, db: None, settings: Any
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    answer = sign_up(client)
    shown = client.get(answer["Location"]).content.decode()
    assert "our mail server does not answer" in shown
    assert User.objects.get().email == "mara@example.org"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    again = Client()
    again.post(reverse("account_login"), {"login": NEW["email"], "password": PASSWORD})
    assert [message.to for message in mail.outbox] == [["mara@example.org"]]


def test_with_mail_the_code_opens_the_account(client: Client, with_mail: None, db: None) -> None:
    sign_up(client)
    assert client.get(reverse("today:today")).status_code == 302
    code = next(
        word
        for word in mail.outbox[0].body.replace("\n", " ").split()
        if "-" in word and len(word) == 9
    )
    answer = client.post(reverse("account_email_verification_sent"), {"code": code})
    assert answer.status_code == 302
    assert client.get(reverse("today:today")).status_code == 200


def test_the_person_is_not_made_when_a_consent_cannot_be_kept(
    client: Client, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(**kwargs: Any) -> None:
        raise RuntimeError("no disk")

    monkeypatch.setattr("healing.accounts.forms.give_consent", fail)
    with pytest.raises(RuntimeError):
        sign_up(client)
    assert not User.objects.exists()
