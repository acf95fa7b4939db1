"""“What happened?”: four answers, a line, and a tick for lies and threats."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from healing.accounts.models import User
from healing.predictions.models import Prediction
from tests.predictions.conftest import Fear, main_of

TOLD = "She rang & said “sorry”, 她打来了"


def answer(row: Prediction) -> str:
    return f"/predictions/{row.pk}/answer/"


@pytest.mark.parametrize("outcome", ["happened", "partly", "did_not", "cannot_know"])
def test_each_answer_is_kept(hers: Client, mara: User, fear: Fear, outcome: str) -> None:
    row = fear(mara)
    for _ in range(2):  # a double press is one answer
        done = hers.post(answer(row), {"outcome": outcome, "told": TOLD, "unsafe": "on"})
        assert done.headers["Location"] == "/predictions/"
    row = Prediction.objects.of(mara).get()
    assert (row.outcome, row.told, row.said["unsafe"]) == (outcome, TOLD, True)
    assert row.said["answered"] == mara.today().isoformat()


@pytest.mark.parametrize("outcome", ["", "maybe"])
def test_without_an_answer_nothing_typed_is_lost(
    hers: Client, mara: User, fear: Fear, outcome: str
) -> None:
    row = fear(mara)
    page = hers.post(answer(row), {"outcome": outcome, "told": TOLD, "unsafe": "on"})
    text = page.content.decode()
    assert "Choose one of the four answers" in text
    assert "She rang &amp; said “sorry”, 她打来了" in text
    assert "checked" in text.split('name="unsafe"')[1].split(">")[0]
    assert Prediction.objects.of(mara).get().is_open


def test_an_answer_can_be_put_right(hers: Client, mara: User, fear: Fear) -> None:
    row = fear(mara, outcome="happened", told=TOLD, unsafe=True)
    page = main_of(hers.get(answer(row)).content.decode())
    assert "checked" in page.split('value="happened"')[1].split(">")[0]
    assert "Ask me again" not in page
    mark = page.split('name="opened_with" value="')[1][:16]
    hers.post(answer(row), {"opened_with": mark, "outcome": "did_not"})
    row = Prediction.objects.of(mara).get()
    assert (row.outcome, row.told, row.said["unsafe"]) == ("did_not", "", False)


def test_an_answer_from_another_tab_is_shown_and_not_overwritten(
    hers: Client, mara: User, fear: Fear
) -> None:
    row = fear(mara)
    mark = hers.get(answer(row)).content.decode().split('name="opened_with" value="')[1][:16]
    hers.post(answer(row), {"opened_with": mark, "outcome": "happened", "told": TOLD})
    late = {"opened_with": mark, "outcome": "partly", "told": "second tab"}
    page = hers.post(answer(row), late).content.decode()
    assert "Not saved yet" in page
    assert "She rang &amp; said" in page
    assert "second tab" in page
    assert Prediction.objects.of(mara).get().told == TOLD
    again = page.split('name="opened_with" value="')[1][:16]
    hers.post(answer(row), {**late, "opened_with": again})
    assert Prediction.objects.of(mara).get().told == "second tab"


def test_looking_stores_nothing(
    hers: Client, mara: User, fear: Fear, django_assert_num_queries: Any
) -> None:
    row = fear(mara)
    hers.get(answer(row))
    with django_assert_num_queries(4):  # session, person, the row, her key
        page = hers.get(answer(row)).content.decode()
    assert "data-guard" in page
    assert "<title>What happened - Steady Ground</title>" in page
    assert Prediction.objects.of(mara).get().is_open


def test_an_expired_session_gives_every_word_back(client: Client, mara: User, fear: Fear) -> None:
    row = fear(mara)
    page = client.post(answer(row), {"outcome": "partly", "told": TOLD, "unsafe": "on"})
    text = page.content.decode()
    assert page.status_code == 403
    assert "她打来了" in text
    assert "checked" in text.split('value="partly"')[1].split(">")[0]
    assert Prediction.objects.get().is_open


def test_a_stranger_answers_nothing(
    mara: User, theo: User, fear: Fear, client_of: Callable[[User], Client]
) -> None:
    row = fear(mara)
    his = client_of(theo)
    assert his.get(answer(row)).status_code == 404
    assert his.post(answer(row), {"outcome": "happened"}).status_code == 404
    assert Prediction.objects.get().is_open
