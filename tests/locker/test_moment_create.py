"""Keeping a moment: once, sealed, and never lost."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from healing.accounts.models import User
from healing.locker.models import Moment
from tests.locker.conftest import WORDS, Keep

NEW = "/locker/new/"


def form(**more: Any) -> dict[str, Any]:
    return {"form_id": str(uuid4()), "words": WORDS, **more}


def test_all_of_it_is_kept(hers: Client, mara: User) -> None:
    day = (mara.today() - timedelta(days=3)).isoformat()
    triggers = ["reply_late", "quarrel", "anniversary"]
    more = {"kind": "i_repaired", "triggers": triggers, "day": day, "in_mail": "on"}
    data = form(**more)
    assert hers.post(NEW, data).headers["Location"] == "/locker/"
    row = Moment.objects.of(mara).get()
    assert str(row.pk) == data["form_id"]
    assert row.said == {**more, "words": WORDS, "in_mail": True}


def test_a_line_is_enough_and_the_mail_is_off(hers: Client, mara: User) -> None:
    page = hers.get(NEW).content.decode()
    assert "whoever shares your mailbox, or sees your lock screen, can read this line" in page
    assert "checked" not in page.split('name="in_mail"')[1].split(">")[0]
    hers.post(NEW, {"words": WORDS})
    said = Moment.objects.of(mara).get().said
    assert said == {
        "kind": "other", "words": WORDS, "triggers": [], "day": None, "in_mail": False,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"words": " "}, "Write what happened, in a few words."),
        ({"words": "x" * 301}, "Shorten it to 300 letters."),
        ({"kind": "new"}, "Choose one of the four, or none."),
        ({"triggers": ["quarrel", "rival", "goodbye", "too_close"]}, "Choose up to three"),
        ({"triggers": ["nonsense"]}, "Choose from the list, or nothing."),
        ({"day": "2999-01-01"}, "This day is still to come."),
        ({"day": "0026-01-01"}, "Please look at the year once more."),
        ({"day": "soon"}, "This is not a date."),
    ],
)
def test_what_is_wrong_is_named_and_nothing_typed_is_lost(
    hers: Client, wrong: dict[str, Any], said: str
) -> None:
    answer = hers.post(NEW, form(**{"triggers": ["quarrel"], "in_mail": "on", **wrong}))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert page.count(said) == 2  # in the summary and beside its field
    assert "words" in wrong or "She stayed &amp; made &lt;b&gt;tea&lt;/b&gt;" in page
    assert "checked" in page.split('name="in_mail"')[1].split(">")[0]
    assert "<details open>" in page
    assert Moment.objects.count() == 0


def test_the_same_form_twice_is_one_and_with_other_words_a_second_one(
    hers: Client, mara: User
) -> None:
    data = form(triggers=["quarrel"])
    for minutes in (0, 600):
        Moment.objects.update(created=timezone.now() - timedelta(minutes=minutes))
        assert hers.post(NEW, data).status_code == 302
    hers.post(NEW, form(triggers=["quarrel"]))  # the browser filled a fresh form in again
    assert Moment.objects.of(mara).count() == 2
    hers.post(NEW, form(triggers=["quarrel"]))
    assert Moment.objects.of(mara).count() == 2
    for _ in range(2):
        hers.post(NEW, {**data, "words": "another one"})
    assert Moment.objects.of(mara).count() == 3


def test_an_id_that_a_stranger_has_is_no_way_to_theirs(
    hers: Client, mara: User, theo: User, keep: Keep
) -> None:
    theirs = keep(theo, words="his own")
    hers.post(NEW, form(form_id=str(theirs.pk)))
    assert Moment.objects.of(mara).get().words == WORDS
    assert Moment.objects.of(theo).get().words == "his own"


def test_an_expired_session_and_a_stale_token_give_every_word_back(
    client: Client, mara: User
) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(mara, "allauth.account.auth_backends.AuthenticationBackend")
    for one in (client, strict):
        answer = one.post(NEW, form(csrfmiddlewaretoken="x" * 64, triggers=["quarrel"]))
        page = answer.content.decode()
        assert answer.status_code == 403
        assert "她留下了" in page
        assert "checked" in page.split('value="quarrel"')[1].split(">")[0]
    assert Moment.objects.count() == 0


def test_looking_stores_nothing_and_leaving_warns(
    client: Client, hers: Client, django_assert_num_queries: Any
) -> None:
    hers.get(NEW)
    with django_assert_num_queries(2):  # session, person
        page = hers.get(NEW).content.decode()
    assert "data-guard" in page
    assert Moment.objects.count() == 0
    assert client.get(NEW).status_code == 302
