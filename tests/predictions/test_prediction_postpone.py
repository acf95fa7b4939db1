"""“Ask me again in a week”."""

from collections.abc import Callable
from datetime import timedelta

from django.test import Client

from healing.accounts.models import User
from healing.predictions.models import Prediction
from tests.predictions.conftest import Fear


def later(row: Prediction) -> str:
    return f"/predictions/{row.pk}/later/"


def test_it_asks_again_in_a_week_and_keeps_the_line(hers: Client, mara: User, fear: Fear) -> None:
    row = fear(mara, due=mara.today() - timedelta(days=5))
    page = hers.post(later(row), {"told": "not yet"}, follow=True).content.decode()
    assert "It will ask again in a week." in page
    row = Prediction.objects.of(mara).get()
    assert row.due == mara.today() + timedelta(days=7)
    assert row.told == "not yet"
    assert row.is_open
    assert "not yet" in hers.get(f"/predictions/{row.pk}/answer/").content.decode()


def test_a_line_that_is_too_long_comes_back(hers: Client, mara: User, fear: Fear) -> None:
    row = fear(mara)
    page = hers.post(later(row), {"told": "y" * 501}).content.decode()
    assert "Shorten it to 500 letters." in page
    assert "y" * 501 in page
    assert Prediction.objects.of(mara).get().due == mara.today()


def test_opening_the_address_changes_nothing(hers: Client, mara: User, fear: Fear) -> None:
    row = fear(mara)
    assert hers.get(later(row)).status_code == 405
    assert Prediction.objects.of(mara).get().due == mara.today()


def test_an_expired_session_gives_every_word_back(client: Client, mara: User, fear: Fear) -> None:
    answer = client.post(later(fear(mara)), {"told": "a line of hers"})
    assert answer.status_code == 403
    assert "a line of hers" in answer.content.decode()


def test_a_stranger_postpones_nothing(
    mara: User, theo: User, fear: Fear, client_of: Callable[[User], Client]
) -> None:
    row = fear(mara)
    assert client_of(theo).post(later(row)).status_code == 404
    assert Prediction.objects.get().due == mara.today()
