"""Sessions that have ended go, with the address and browser noted for them; others stay."""

from collections.abc import Callable
from datetime import timedelta

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from healing.accounts.models import User
from healing.accounts.tasks import clear_sessions
from tests.factories import PASSWORD


def signed_in(user: User) -> str:
    client = Client()
    client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    return str(client.session.session_key)


def test_only_ended_sessions_go(mara: User, theo: User) -> None:
    ended, running = signed_in(mara), signed_in(theo)
    assert UserSession.objects.count() == 2
    Session.objects.filter(pk=ended).update(expire_date=timezone.now() - timedelta(minutes=1))
    clear_sessions()
    assert list(Session.objects.values_list("pk", flat=True)) == [running]
    assert [row.session_key for row in UserSession.objects.all()] == [running]


def test_a_running_session_stays_signed_in(
    client_of: Callable[[User], Client], mara: User, content: None
) -> None:
    client = client_of(mara)
    clear_sessions()
    assert client.get(reverse("today:today")).status_code == 200
