"""Nobody writes before agreeing to storing, and agreeing leads back to where they were going."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from healing.accounts.actions import CONSENT_VERSION, give_consent, has_consent, withdraw_consent
from healing.accounts.models import Consent, User
from tests.factories import PASSWORD


def test_someone_without_consent_is_asked_before_anything_is_kept(
    client_of: Callable[[User], Client], db: None
) -> None:
    user = User.objects.create_user("new@example.org", PASSWORD)
    client = client_of(user)
    answer = client.get(reverse("journal:entry_create"))
    assert answer["Location"] == f"{reverse('accounts:consent')}?next=/journal/new/"
    refused = client.post(answer["Location"], {"adult": "on"})
    assert refused.status_code == 200
    assert not Consent.objects.of(user).exists()
    agreed = client.post(answer["Location"], {"adult": "on", "storing": "on"})
    assert agreed["Location"] == "/journal/new/"
    assert client.get("/journal/new/").status_code == 200


def test_what_was_typed_before_agreeing_comes_back(
    client_of: Callable[[User], Client], db: None
) -> None:
    client = client_of(User.objects.create_user("new@example.org", PASSWORD))
    answer = client.post("/journal/new/", {"note": "typed before agreeing"})
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "typed before agreeing" in page
    assert reverse("accounts:consent") in page


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "javascript:1"])
def test_consent_leads_nowhere_else(
    client_of: Callable[[User], Client], db: None, target: str
) -> None:
    client = client_of(User.objects.create_user("new@example.org", PASSWORD))
    address = f"{reverse('accounts:consent')}?next={target}"
    answer = client.post(address, {"adult": "on", "storing": "on"})
    assert answer["Location"] == reverse("today:today")


def test_a_new_wording_is_asked_anew(mara: User, monkeypatch: pytest.MonkeyPatch) -> None:
    storing = Consent.Kind.STORING
    monkeypatch.setitem(CONSENT_VERSION, storing, 2)
    assert not has_consent(owner=mara, kind=storing)
    give_consent(owner=mara, kind=storing)
    versions = Consent.objects.of(mara).filter(kind=storing).order_by("version")
    assert [(row.version, row.withdrawn is None) for row in versions] == [(1, False), (2, True)]


def test_giving_twice_is_one_consent_and_taking_back_is_dated(mara: User) -> None:
    give_consent(owner=mara, kind=Consent.Kind.MAIL)
    give_consent(owner=mara, kind=Consent.Kind.MAIL)
    withdraw_consent(owner=mara, kind=Consent.Kind.MAIL)
    row = Consent.objects.of(mara).get(kind=Consent.Kind.MAIL)
    assert row.withdrawn is not None
    assert row.withdrawn >= row.created
