"""Answers to the safety question can be erased by themselves; what they closed stays closed."""

from collections.abc import Callable

from django.test import Client
from django.urls import reverse

from exercises.actions import bounds
from healing.accounts.models import User
from healing.checkins.actions import save_check_in
from healing.checkins.models import CheckIn, SafetyAnswer
from tests.checkins.conftest import HIGH, LOW, NONE, NOW, SAFETY, give

ERASE = reverse("checkins:safety_erase")


def test_the_page_offers_it_only_where_there_is_something_to_erase(
    hers: Client, mara: User, theo: User
) -> None:
    give(theo, LOW)
    assert ERASE not in hers.get(SAFETY).content.decode()
    answer = give(mara, NONE)
    page = hers.get(SAFETY).content.decode()
    assert f'action="{ERASE}"' in page
    assert f'href="{reverse("checkins:safety_answered", args=[answer.pk])}"' in page


def test_it_erases_all_of_hers_and_nothing_else(hers: Client, mara: User, theo: User) -> None:
    for answers in (NONE, LOW, HIGH):
        give(mara, answers)
    his = give(theo, HIGH)
    save_check_in(owner=mara, local_date=mara.today(), answers={"steady": 2}, shown={})
    page = hers.post(ERASE, follow=True).content.decode()
    assert "Your answers to this question are erased." in page
    assert list(SafetyAnswer.objects.all()) == [his]
    assert CheckIn.objects.of(mara).exists()


def test_what_is_closed_stays_so_until_its_day(hers: Client, mara: User) -> None:
    give(mara, HIGH)
    closed = bounds(owner=mara)
    hers.post(ERASE)
    assert bounds(owner=mara) == closed
    give(mara, NONE)
    assert bounds(owner=mara)["high_rests_until"] == closed["high_rests_until"]


def test_after_it_help_stands_first_no_more(hers: Client, mara: User) -> None:
    give(mara, NOW)
    hers.post(ERASE)
    assert "How is it now?" not in hers.get(SAFETY).content.decode()
    assert hers.get(reverse("today:today")).status_code == 200


def test_opening_the_address_by_link_erases_nothing(hers: Client, mara: User) -> None:
    give(mara, HIGH)
    assert hers.get(ERASE).status_code == 405
    assert SafetyAnswer.objects.of(mara).count() == 1


def test_without_token_or_sign_in_nothing_is_erased(
    client: Client, mara: User, client_of: Callable[[User], Client]
) -> None:
    give(mara, HIGH)
    assert client.post(ERASE).status_code == 403
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(mara, "allauth.account.auth_backends.AuthenticationBackend")
    assert strict.post(ERASE).status_code == 403
    assert SafetyAnswer.objects.of(mara).count() == 1


def test_erasing_nothing_is_no_error(hers: Client) -> None:
    assert hers.post(ERASE).headers["Location"] == SAFETY
