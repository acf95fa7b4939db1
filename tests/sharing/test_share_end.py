"""Ending a link: at once, and for good."""

from typing import Any
from uuid import uuid4

from django.test import Client
from django.urls import reverse

from healing.accounts.models import User
from healing.sharing.models import Share
from tests.sharing.conftest import PASSPHRASE, Make, address


def end(share: Share) -> str:
    return reverse("sharing:share_end", args=[share.pk])


def test_from_then_on_it_opens_nothing(hers: Client, visitor: Client, make: Make) -> None:
    share, token = make()
    assert visitor.post(address(token), {"passphrase": PASSPHRASE}).status_code == 200
    answer = hers.post(end(share), follow=True)
    assert "The link has ended." in answer.content.decode()
    assert visitor.post(address(token), {"passphrase": PASSPHRASE}).status_code == 404


def test_what_it_showed_and_the_key_to_it_are_gone(hers: Client, make: Make) -> None:
    share, _token = make()
    hers.post(end(share))
    row = Share.objects.values("state", "packet").get()
    assert row == {"state": "ended", "packet": None}
    assert Share.objects.get().key is None


def test_the_log_stays(hers: Client, visitor: Client, make: Make) -> None:
    share, token = make()
    visitor.post(address(token), {"passphrase": PASSPHRASE})
    hers.post(end(share))
    assert len(Share.objects.get().opened) == 1


def test_twice_does_no_harm(hers: Client, make: Make) -> None:
    share, _token = make()
    for _ in range(2):
        assert hers.post(end(share)).status_code == 302


def test_a_get_ends_nothing(hers: Client, make: Make) -> None:
    share, _token = make()
    assert hers.get(end(share)).status_code == 405
    assert Share.objects.get().is_open


def test_a_stranger_cannot(theo: User, client_of: Any, make: Make) -> None:
    share, _token = make()
    assert client_of(theo).post(end(share)).status_code == 404
    assert client_of(theo).post(end(Share(pk=uuid4()))).status_code == 404
    assert Share.objects.get().is_open


def test_another_link_goes_on(hers: Client, visitor: Client, make: Make) -> None:
    (share, _gone), (_other, token) = make(), make()
    hers.post(end(share))
    assert visitor.post(address(token), {"passphrase": PASSPHRASE}).status_code == 200
