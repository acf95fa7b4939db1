"""Writing a fear down: once, sealed, and never lost."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from healing.accounts.models import User
from healing.predictions.models import Prediction
from tests.predictions.conftest import FEAR, Fear

NEW = "/predictions/new/"


def form(**more: Any) -> dict[str, Any]:
    return {"form_id": str(uuid4()), "fear": FEAR, "likelihood": "70", "due": "", **more}


def test_a_fear_a_number_and_a_day(hers: Client, mara: User) -> None:
    day = mara.today() + timedelta(days=20)
    data = form(due=day.isoformat())
    answer = hers.post(NEW, data)
    assert answer.headers["Location"] == "/predictions/"
    row = Prediction.objects.of(mara).get()
    assert str(row.pk) == data["form_id"]
    assert (row.fear, row.likelihood, row.due, row.entry) == (FEAR, 70, day, None)


def test_the_fear_alone_is_enough(hers: Client, mara: User) -> None:
    hers.post(NEW, {"fear": FEAR})
    row = Prediction.objects.of(mara).get()
    assert (row.likelihood, row.due) == (None, mara.today() + timedelta(days=7))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"fear": " "}, "Write what you fear, in a few words."),
        ({"fear": "x" * 501}, "Shorten it to 500 letters."),
        ({"likelihood": "101"}, "Write a whole number from 0 to 100"),
        ({"likelihood": "-1"}, "Write a whole number from 0 to 100"),
        ({"likelihood": "half"}, "Write a whole number from 0 to 100"),
        ({"likelihood": "99999999999999999999"}, "Write a whole number from 0 to 100"),
        ({"due": "2020-01-01"}, "This day is over."),
        ({"due": "2999-01-01"}, "Please look at the year once more."),
        ({"due": "soon"}, "This is not a date."),
    ],
)
def test_what_is_wrong_is_named_and_nothing_typed_is_lost(
    hers: Client, wrong: dict[str, str], said: str
) -> None:
    answer = hers.post(NEW, form(**wrong))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert page.count(said) == 2  # in the summary and beside its field
    assert "<title>Error:" in page
    assert "fear" in wrong or "She will “forget” &lt;b&gt;me&lt;/b&gt;" in page
    assert f'value="{wrong.get("likelihood", "70")}"' in page
    assert Prediction.objects.count() == 0


@pytest.mark.parametrize("typed", ["70 %", " 70% "])
def test_the_sign_may_be_typed(hers: Client, mara: User, typed: str) -> None:
    hers.post(NEW, form(likelihood=typed))
    assert Prediction.objects.of(mara).get().likelihood == 70


def test_the_same_form_twice_is_one_and_with_other_words_a_second_one(
    hers: Client, mara: User
) -> None:
    data = form()
    for minutes in (0, 600):
        Prediction.objects.update(created=timezone.now() - timedelta(minutes=minutes))
        assert hers.post(NEW, data).status_code == 302
    assert Prediction.objects.of(mara).count() == 1
    for _ in range(2):
        hers.post(NEW, {**data, "fear": "another one"})
    assert sorted(row.fear for row in Prediction.objects.of(mara)) == [FEAR, "another one"]


def test_a_form_the_browser_filled_in_again_is_the_same(hers: Client, mara: User) -> None:
    hers.post(NEW, form())
    hers.post(NEW, form())
    assert Prediction.objects.of(mara).count() == 1


def test_an_id_that_a_stranger_has_is_no_way_to_theirs(
    hers: Client, mara: User, theo: User, fear: Fear
) -> None:
    theirs = fear(theo, fear="his own")
    hers.post(NEW, form(form_id=str(theirs.pk)))
    assert Prediction.objects.of(mara).get().fear == FEAR
    assert Prediction.objects.of(theo).get().fear == "his own"


def test_an_expired_session_and_a_stale_token_give_every_word_back(
    client: Client, mara: User
) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(mara, "allauth.account.auth_backends.AuthenticationBackend")
    for one in (client, strict):
        answer = one.post(NEW, form(csrfmiddlewaretoken="x" * 64))
        page = answer.content.decode()
        assert answer.status_code == 403
        assert "She will “forget” &lt;b&gt;me&lt;/b&gt; by Sunday, 她会忘" in page
        assert 'value="70"' in page
    assert Prediction.objects.count() == 0


def test_looking_stores_nothing_and_leaving_warns(
    client: Client, hers: Client, django_assert_num_queries: Any
) -> None:
    hers.get(NEW)
    with django_assert_num_queries(2):  # session, person
        page = hers.get(NEW).content.decode()
    assert "data-guard" in page
    assert Prediction.objects.count() == 0
    assert client.get(NEW).status_code == 302


def test_a_day_on_her_clock_is_hers(client_of: Callable[[User], Client], mara: User) -> None:
    for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago"):
        mara.time_zone = zone
        mara.save()
        hers = client_of(mara)
        hers.post(NEW, form(fear=zone, due=mara.today().isoformat()))
        early = (mara.today() - timedelta(days=1)).isoformat()
        assert "This day is over." in hers.post(NEW, form(due=early)).content.decode()
    assert Prediction.objects.of(mara).count() == 2
