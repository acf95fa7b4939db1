"""Deleting a prediction: asked first, then all its sealed words are gone."""

from collections.abc import Callable

from django.test import Client

from healing.accounts.models import User
from healing.predictions.models import Prediction
from tests.predictions.conftest import Fear


def delete(row: Prediction) -> str:
    return f"/predictions/{row.pk}/delete/"


def test_asking_deletes_nothing_and_shows_what_would_go(
    hers: Client, mara: User, fear: Fear
) -> None:
    row = fear(mara, outcome="partly", told="the kettle")
    page = hers.get(delete(row)).content.decode()
    for words in ("She will “forget” &lt;b&gt;me", "Partly", "the kettle", "Keep it"):
        assert words in page
    assert Prediction.objects.of(mara).count() == 1


def test_it_takes_this_one_and_leaves_the_others(hers: Client, mara: User, fear: Fear) -> None:
    row, other = fear(mara), fear(mara)
    answer = hers.post(delete(row), follow=True)
    assert answer.redirect_chain == [("/predictions/", 302)]
    assert Prediction.objects.of(mara).get() == other
    assert hers.post(delete(row)).status_code == 404


def test_a_stranger_and_a_visitor_delete_nothing(
    client: Client, mara: User, theo: User, fear: Fear, client_of: Callable[[User], Client]
) -> None:
    row = fear(mara)
    his = client_of(theo)
    assert his.get(delete(row)).status_code == 404
    assert his.post(delete(row)).status_code == 404
    assert client.post(delete(row)).status_code == 403
    assert Prediction.objects.count() == 1
