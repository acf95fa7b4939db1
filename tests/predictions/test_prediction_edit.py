"""Changing the words of a prediction while it is open."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

from django.test import Client

from healing.accounts.models import User
from healing.predictions.actions import resolve
from healing.predictions.models import Prediction
from healing.predictions.outcomes import Outcome
from tests.predictions.conftest import FEAR, Fear, main_of


def edit(row: Prediction) -> str:
    return f"/predictions/{row.pk}/edit/"


def opened(client: Client, row: Prediction) -> str:
    return client.get(edit(row)).content.decode().split('name="opened_with" value="')[1][:16]


def test_the_words_change_and_the_entry_stays(hers: Client, mara: User, fear: Fear) -> None:
    row = fear(mara, entry=uuid4(), due=mara.today() - timedelta(days=3))
    page = hers.get(edit(row)).content.decode()
    assert "She will “forget” &lt;b&gt;me&lt;/b&gt;" in page
    data = {"opened_with": opened(hers, row), "fear": "other words", "likelihood": "5"}
    assert hers.post(edit(row), {**data, "due": row.due.isoformat()}).status_code == 302
    changed = Prediction.objects.of(mara).get()
    assert (changed.fear, changed.likelihood, changed.due) == ("other words", 5, row.due)
    assert changed.entry == row.entry


def test_a_change_in_another_tab_is_shown_and_not_overwritten(
    hers: Client, mara: User, fear: Fear
) -> None:
    row = fear(mara)
    mark = opened(hers, row)
    hers.post(edit(row), {"opened_with": mark, "fear": "first tab", "likelihood": "5"})
    late = {"opened_with": mark, "fear": "second tab", "likelihood": "6"}
    answer = hers.post(edit(row), late)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "first tab" in page
    assert "second tab" in page
    assert Prediction.objects.of(mara).get().fear == "first tab"
    again = page.split('name="opened_with" value="')[1][:16]
    hers.post(edit(row), {**late, "opened_with": again})
    assert Prediction.objects.of(mara).get().fear == "second tab"


def test_pressing_save_twice_is_no_conflict(hers: Client, mara: User, fear: Fear) -> None:
    row = fear(mara)
    data = {"opened_with": opened(hers, row), "fear": "new words", "likelihood": "60"}
    for _ in range(2):
        assert hers.post(edit(row), data).status_code == 302


def test_an_answered_one_keeps_its_words(hers: Client, mara: User, fear: Fear) -> None:
    row = fear(mara)
    data = {"opened_with": opened(hers, row), "fear": "too late", "likelihood": "60"}
    resolve(owner=mara, prediction=row.pk, outcome=Outcome.PARTLY)
    page = hers.post(edit(row), data).content.decode()
    assert "so its words stay" in page
    assert "too late" in page
    assert Prediction.objects.of(mara).get().fear == FEAR
    assert hers.get(edit(row)).headers["Location"] == f"/predictions/{row.pk}/answer/"


def test_what_is_wrong_is_named(hers: Client, mara: User, fear: Fear) -> None:
    row = fear(mara)
    page = hers.post(edit(row), {"fear": "", "likelihood": "200"}).content.decode()
    assert "Write what you fear" in page
    assert 'value="200"' in main_of(page)


def test_an_expired_session_gives_every_word_back(client: Client, mara: User, fear: Fear) -> None:
    row = fear(mara)
    answer = client.post(edit(row), {"fear": "my new words"})
    assert answer.status_code == 403
    assert "my new words" in answer.content.decode()


def test_a_stranger_finds_nothing(
    mara: User, theo: User, fear: Fear, client_of: Callable[[User], Client]
) -> None:
    row = fear(mara)
    his = client_of(theo)
    assert his.get(edit(row)).status_code == 404
    assert his.post(edit(row), {"fear": "his"}).status_code == 404
    assert Prediction.objects.get().fear == FEAR
