"""The check-in behind a mail's link: no sign-in, shows nothing, fills only what is empty."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import signing
from django.test import Client
from django.urls import reverse

from healing.accounts.actions import CONSENT_VERSION, give_consent, withdraw_consent
from healing.accounts.models import Consent, User
from healing.checkins.actions import save_check_in
from healing.checkins.models import CheckIn
from healing.checkins.tokens import make_token


def link(user: User, days_ago: int = 0) -> str:
    token = make_token(user.pk, user.today() - timedelta(days=days_ago))
    return reverse("checkins:from_mail", args=[token])


@pytest.fixture
def visitor() -> Client:
    """Someone with a mail program and no cookie; CSRF checks are on."""
    return Client(enforce_csrf_checks=True)


def seen(page: bytes) -> str:
    """A page without the address it was reached by."""
    return re.sub(r"/c/[^/]+/", "", page.decode())


def test_a_scanner_that_follows_the_link_changes_nothing(
    visitor: Client, mara: User, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(3):  # the person, what they switched off, their agreement
        answer = visitor.get(link(mara))
    assert answer.status_code == 200
    assert CheckIn.objects.count() == 0
    assert not answer.cookies
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("method", ["get", "head", "options"])
@pytest.mark.parametrize("asked", ["", "?steady=0&line=seen"])
def test_no_way_of_looking_fills_or_changes_anything(
    visitor: Client, mara: User, method: str, asked: str
) -> None:
    """Scanners ask for the head alone, too, and add words to an address."""
    before = {"steady": 4}
    save_check_in(owner=mara, local_date=mara.today(), answers=before, shown={})
    seen_before = User.objects.get(pk=mara.pk).last_seen_at
    answer = getattr(visitor, method)(f"{link(mara)}{asked}")
    assert answer.status_code == 200
    assert CheckIn.objects.get().answers == before
    assert User.objects.get(pk=mara.pk).last_seen_at == seen_before
    assert not answer.cookies


def test_answers_are_kept_without_sign_in(visitor: Client, mara: User) -> None:
    answer = visitor.post(link(mara), {"steady": "2", "line": "on the bus"})
    assert answer.status_code == 200
    row = CheckIn.objects.of(mara).get()
    assert row.local_date == mara.today()
    assert row.answers == {"steady": 2, "line": "on the bus"}
    assert not answer.cookies


def test_the_day_is_that_of_the_mail(visitor: Client, mara: User) -> None:
    visitor.post(link(mara, days_ago=1), {"steady": "2"})
    assert CheckIn.objects.get().local_date == mara.today() - timedelta(days=1)


def test_only_what_is_empty_is_filled(visitor: Client, mara: User) -> None:
    before = {"steady": 4, "practice": 0}
    save_check_in(owner=mara, local_date=mara.today(), answers=before, shown={})
    visitor.post(link(mara), {"steady": "0", "practice": "1", "connected": "3", "line": "new"})
    assert CheckIn.objects.get().answers == {**before, "connected": 3, "line": "new"}


@pytest.mark.parametrize("name", ["line", "good_moment", "practice_which"])
def test_words_are_added_to_those_of_that_day(visitor: Client, mara: User, name: str) -> None:
    before = {"steady": 4, name: "I cannot say"}
    save_check_in(owner=mara, local_date=mara.today(), answers=before, shown={})
    for said in ("no", "no", "I cannot say", "no\r\n", ""):
        visitor.post(link(mara), {name: said})
    assert CheckIn.objects.get().answers == {**before, name: "I cannot say\nno"}


def test_added_words_are_kept_whole_past_the_limit(visitor: Client, mara: User) -> None:
    for letter in "xy":
        visitor.post(link(mara), {"line": letter * 2000})
    assert CheckIn.objects.get().said("line") == "x" * 2000 + "\n" + "y" * 2000


def test_nothing_stored_is_ever_shown(visitor: Client, mara: User) -> None:
    empty = seen(visitor.get(link(mara)).content)
    answers = {"steady": 0, "good_moment": "secretword"}
    save_check_in(owner=mara, local_date=mara.today(), answers=answers, shown={})
    assert seen(visitor.get(link(mara)).content) == empty


@pytest.mark.parametrize("answers", [{}, {"steady": "0"}, {"steady": "4"}, {"line": "words"}])
def test_the_thank_you_is_always_the_same(
    visitor: Client, mara: User, theo: User, answers: dict[str, str]
) -> None:
    first = visitor.post(link(theo), {"steady": "3"})
    page = visitor.post(link(mara), answers)
    assert seen(page.content) == seen(first.content)
    assert 'id="help-now"' in page.content.decode()


def test_a_blank_form_makes_no_row(visitor: Client, mara: User) -> None:
    visitor.post(link(mara), {})
    assert CheckIn.objects.count() == 0


def without_agreement(mara: User, how: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """She took it back, or agreed to an older wording only."""
    if how == "withdrawn":
        withdraw_consent(owner=mara, kind=Consent.Kind.STORING)
    else:
        monkeypatch.setitem(CONSENT_VERSION, Consent.Kind.STORING, 99)


@pytest.mark.parametrize("how", ["withdrawn", "older wording"])
def test_without_agreement_the_page_says_so_before_anyone_types(
    visitor: Client, mara: User, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_agreement(mara, how, monkeypatch)
    answer = visitor.get(link(mara))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert reverse("accounts:consent") in page
    assert 'name="line"' not in page
    assert answer.headers["Cache-Control"] == "no-store"
    assert not answer.cookies


@pytest.mark.parametrize("how", ["withdrawn", "older wording"])
def test_without_agreement_nothing_is_stored_and_nothing_typed_is_lost(
    visitor: Client, mara: User, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_agreement(mara, how, monkeypatch)
    typed = {"steady": "3", "line": "on the <b>bus</b>"}
    answer = visitor.post(link(mara), typed)
    page = answer.content.decode()
    assert answer.status_code == 403
    assert CheckIn.objects.count() == 0
    assert "Thank you" not in page
    assert 'id="help-now"' in page
    assert reverse("accounts:consent") in page
    assert "on the &lt;b&gt;bus&lt;/b&gt;" in page
    assert re.search(r'name="steady" value="3"[^>]*checked', page)
    give_consent(owner=mara, kind=Consent.Kind.STORING)
    assert "Thank you" in visitor.post(link(mara), typed).content.decode()
    assert CheckIn.objects.get().answers == {"steady": 3, "line": "on the <b>bus</b>"}


def test_without_agreement_what_was_stored_before_is_not_shown(visitor: Client, mara: User) -> None:
    withdraw_consent(owner=mara, kind=Consent.Kind.STORING)
    empty = [seen(answer.content) for answer in (visitor.get(link(mara)), visitor.post(link(mara)))]
    answers = {"steady": 0, "good_moment": "secretword"}
    save_check_in(owner=mara, local_date=mara.today(), answers=answers, shown={})
    again = [seen(answer.content) for answer in (visitor.get(link(mara)), visitor.post(link(mara)))]
    assert again == empty


def test_a_choice_without_a_pull_is_not_stored(visitor: Client, mara: User) -> None:
    visitor.post(link(mara), {"steady": "3", "choice": "0"})
    assert CheckIn.objects.get().answers == {"steady": 3}


def test_what_is_too_long_comes_back_whole(visitor: Client, mara: User) -> None:
    page = visitor.post(link(mara), {"line": "x" * 2001}).content.decode()
    assert "x" * 2001 in page
    assert CheckIn.objects.count() == 0


def aged(user: User, hours: int) -> str:
    """A link made so many hours ago."""

    class Earlier(signing.TimestampSigner):
        def timestamp(self) -> str:
            return signing.b62_encode(signing.b62_decode(super().timestamp()) - hours * 3600)

    token = Earlier(salt="healing.checkins.link", sep=".").sign_object(
        [user.pk, user.today().isoformat()]
    )
    return reverse("checkins:from_mail", args=[token])


@pytest.mark.parametrize(("hours", "status"), [(0, 200), (35, 200), (37, 410)])
def test_a_link_ends_after_a_day_and_a_half(
    visitor: Client, mara: User, hours: int, status: int
) -> None:
    assert visitor.get(aged(mara, hours)).status_code == status
    assert visitor.post(aged(mara, hours), {"steady": "2"}).status_code == status
    assert CheckIn.objects.count() == (1 if status == 200 else 0)


def test_an_altered_link_is_not_found_and_leads_to_sign_in(visitor: Client, mara: User) -> None:
    bad = link(mara)[:-2] + "x/"
    answer = visitor.get(bad)
    assert answer.status_code == 404
    assert reverse("account_login") in answer.content.decode()
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert visitor.post(bad, {"steady": "2"}).status_code == 404
    assert CheckIn.objects.count() == 0


def test_the_link_of_someone_who_left_is_met_kindly(visitor: Client, mara: User) -> None:
    address = link(mara)
    mara.delete()
    assert visitor.get(address).status_code == 410
    assert visitor.post(address, {"steady": "2"}).status_code == 410


def test_a_signed_in_stranger_fills_the_links_day_and_not_their_own(
    mara: User, theo: User, client_of: Callable[[User], Client]
) -> None:
    client_of(theo).post(link(mara), {"steady": "2"})
    assert CheckIn.objects.get().owner == mara
