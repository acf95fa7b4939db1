"""Taking a link off the list."""

from typing import Any

from django.test import Client
from django.urls import reverse

from healing.accounts.models import User
from healing.sharing.models import Share
from tests.sharing.conftest import PASSPHRASE, Make, address


def forget(share: Share) -> str:
    return reverse("sharing:share_forget", args=[share.pk])


def test_row_and_log_are_gone_and_it_opens_nothing(
    hers: Client, visitor: Client, make: Make
) -> None:
    share, token = make()
    answer = hers.post(forget(share), follow=True)
    assert "The link is off the list." in answer.content.decode()
    assert not Share.objects.exists()
    assert visitor.post(address(token), {"passphrase": PASSPHRASE}).status_code == 404


def test_a_get_forgets_nothing_and_a_stranger_cannot(
    hers: Client, theo: User, client_of: Any, make: Make
) -> None:
    share, _token = make()
    assert hers.get(forget(share)).status_code == 405
    assert client_of(theo).post(forget(share)).status_code == 404
    assert Share.objects.exists()
