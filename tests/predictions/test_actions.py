"""Keeping, asking on the right day in every time zone, answering, and marking."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from unittest.mock import patch
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from healing.accounts.clock import UTC, zone_names
from healing.accounts.models import User
from healing.predictions.actions import due_now, mark_uneasy, postpone, predict, resolve
from healing.predictions.models import Prediction
from healing.predictions.outcomes import Outcome
from healing.privacy.export import export_person
from tests.predictions.conftest import FEAR, Fear


def test_without_a_day_it_asks_in_a_week(mara: User) -> None:
    row = predict(owner=mara, prediction=uuid4(), fear=FEAR, likelihood=None, due=None, entry=None)
    assert (row.local_date, row.due) == (mara.today(), mara.today() + timedelta(days=7))
    assert (row.fear, row.likelihood, row.entry, row.is_open) == (FEAR, None, None, True)


def test_the_same_id_changes_the_words_while_it_is_open(mara: User) -> None:
    pk, entry, day = uuid4(), uuid4(), mara.today() + timedelta(days=3)
    predict(owner=mara, prediction=pk, fear="one", likelihood=10, due=day, entry=entry)
    predict(owner=mara, prediction=pk, fear="two", likelihood=20, due=None, entry=entry)
    row = Prediction.objects.of(mara).get()
    assert (row.fear, row.likelihood, row.due, row.entry) == ("two", 20, day, entry)
    resolve(owner=mara, prediction=pk, outcome=Outcome.DID_NOT)
    predict(owner=mara, prediction=pk, fear="three", likelihood=30, due=None, entry=None)
    assert Prediction.objects.of(mara).get().fear == "two"


def test_an_id_of_somebody_else_is_refused(mara: User, theo: User, fear: Fear) -> None:
    row = fear(mara)
    with pytest.raises(Prediction.DoesNotExist):
        predict(owner=theo, prediction=row.pk, fear="his", likelihood=1, due=None, entry=None)
    for act in (postpone, lambda **who: resolve(outcome=Outcome.PARTLY, **who)):
        with pytest.raises(Prediction.DoesNotExist):
            act(owner=theo, prediction=row.pk)
    assert Prediction.objects.get().fear == FEAR
    assert due_now(owner=theo, day=mara.today()) == []


@pytest.mark.parametrize("likelihood", [-1, 101])
def test_a_likelihood_is_per_cent(mara: User, likelihood: int) -> None:
    with pytest.raises(ValueError, match="between 0 and 100"):
        predict(
            owner=mara, prediction=uuid4(), fear="x", likelihood=likelihood, due=None, entry=None
        )


def test_it_asks_from_the_persons_own_midnight_of_that_day(mara: User, fear: Fear) -> None:
    row = fear(mara)

    @settings(max_examples=100)
    @given(
        st.sampled_from(zone_names()),
        st.dates(date(2024, 1, 1), date(2037, 12, 31)),
        st.integers(-90_000, 90_000) | st.sampled_from([-1, 0]),
    )
    def holds(zone: str, due: date, seconds: int) -> None:
        midnight = datetime.combine(due, time(0), ZoneInfo(zone)).astimezone(UTC)
        mara.time_zone = zone
        Prediction.objects.filter(pk=row.pk).update(due=due)
        with patch("django.utils.timezone.now", return_value=midnight + timedelta(seconds=seconds)):
            asked = due_now(owner=mara, day=mara.today())
        assert bool(asked) is (seconds >= 0)

    holds()


def test_an_answered_one_is_not_asked_again(mara: User, fear: Fear) -> None:
    fear(mara, outcome="cannot_know")
    later = fear(mara)
    first = fear(mara, due=mara.today() - timedelta(days=2))
    fear(mara, due=mara.today() + timedelta(days=1))
    assert due_now(owner=mara, day=mara.today()) == [first, later]


def test_postponing_asks_in_a_week_and_only_what_was_due(mara: User, fear: Fear) -> None:
    due, coming = fear(mara), fear(mara, due=mara.today() + timedelta(days=30))
    answered = fear(mara, outcome="partly")
    for row in (due, due, coming, answered):
        postpone(owner=mara, prediction=row.pk, told="so far nothing")
    days = {row.pk: (row.due - mara.today()).days for row in Prediction.objects.of(mara)}
    assert days == {due.pk: 7, coming.pk: 30, answered.pk: 0}
    told = {row.pk: row.told for row in Prediction.objects.of(mara)}
    assert told == {due.pk: "so far nothing", coming.pk: "", answered.pk: ""}


def test_what_is_written_while_waiting_is_put_below_what_was_there(mara: User, fear: Fear) -> None:
    row = fear(mara)
    postpone(owner=mara, prediction=row.pk, told="Monday: no word")
    Prediction.objects.update(due=mara.today())
    postpone(owner=mara, prediction=row.pk, told="Friday: a card", unsafe=True)
    row = Prediction.objects.of(mara).get()
    assert row.told == "Monday: no word\nFriday: a card"
    assert row.is_marked


def test_an_answer_keeps_its_first_day(mara: User, fear: Fear) -> None:
    row = fear(mara, outcome="happened", told="she did")
    day = row.said["answered"]
    assert day == mara.today().isoformat()
    with patch("django.utils.timezone.now", return_value=timezone.now() + timedelta(days=9)):
        row = resolve(owner=mara, prediction=row.pk, outcome=Outcome.PARTLY)
    assert (row.outcome, row.said["answered"], row.told) == ("partly", day, "")


def test_a_lie_or_threat_in_the_entry_marks_its_predictions_and_can_be_taken_back(
    mara: User, theo: User, fear: Fear
) -> None:
    entry = uuid4()
    hers, other, his = fear(mara, entry=entry), fear(mara, entry=uuid4()), fear(theo, entry=entry)

    def marked() -> set[object]:
        return {row.pk for row in Prediction.objects.all() if row.is_marked}

    mark_uneasy(owner=mara, entry=entry, triggers=["threat_to_leave"])
    assert marked() == {hers.pk}
    mark_uneasy(owner=mara, entry=entry, triggers=["quarrel"])
    assert marked() == set()
    assert {other.pk, his.pk} == {
        row.pk for row in Prediction.objects.all() if row.pk not in {hers.pk}
    }


def test_nothing_of_it_can_be_read_in_the_database(mara: User, fear: Fear) -> None:
    fear(mara, outcome="did_not", told="the kettle", unsafe=True, entry=uuid4())
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM predictions_prediction")
        columns = {column[0] for column in cursor.description}
        stored = repr([bytes(v) if isinstance(v, memoryview) else v for v in cursor.fetchone()])
    assert columns == {"id", "owner_id", "created", "local_date", "due", "said"}
    for word in ("forget", "kettle", "did_not", "unsafe", "entry"):
        assert word not in stored


def test_the_export_shows_it_in_plain_words(mara: User, fear: Fear) -> None:
    fear(mara, outcome="did_not", told="the kettle")
    (row,) = export_person(owner=mara)["records"]["predictions.prediction"]
    assert row["said"]["fear"] == FEAR
    assert (row["said"]["likelihood"], row["said"]["outcome"]) == (60, "did_not")
    assert row["due"] == mara.today()


# Where it asks -----------------------------------------------------------------------------------

ASKS = "The day of a prediction has come."


@pytest.mark.parametrize("address", ["/check-in/", "/today/"])
def test_check_in_and_today_show_a_quiet_line_from_that_day_on(
    hers: Client, mara: User, fear: Fear, content: None, address: str
) -> None:
    fear(mara, due=mara.today() + timedelta(days=1))
    fear(mara, outcome="did_not")
    assert ASKS not in hers.get(address).content.decode()
    fear(mara)
    page = hers.get(address).content.decode()
    assert page.count(ASKS) == 1
    assert FEAR[:8] not in page


def test_after_a_check_in_it_asks_about_one(hers: Client, mara: User, fear: Fear) -> None:
    later = fear(mara, fear="the second one")
    first = fear(mara, due=mara.today() - timedelta(days=1))
    page = hers.post("/check-in/", {"steady": "2"}, follow=True).content.decode()
    assert f'action="/predictions/{first.pk}/answer/"' in page
    assert str(later.pk) not in page
    hers.post(f"/predictions/{first.pk}/answer/", {"outcome": "did_not"})
    assert str(later.pk) in hers.get("/check-in/done/").content.decode()


def test_a_hard_check_in_brings_help_and_no_question(hers: Client, mara: User, fear: Fear) -> None:
    fear(mara)
    page = hers.post("/check-in/", {"steady": "0"}, follow=True).content.decode()
    assert 'id="help-now"' in page
    assert "What happened?" not in page


def test_another_persons_prediction_is_not_asked(
    mara: User, theo: User, fear: Fear, client_of: Callable[[User], Client], content: None
) -> None:
    fear(mara)
    his = client_of(theo)
    for address in ("/check-in/", "/check-in/done/", "/today/", "/predictions/"):
        page = his.get(address).content.decode()
        assert ASKS not in page
        assert "What happened?" not in page
