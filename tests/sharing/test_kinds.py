"""How each kind of row reads as plain lines."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from exercises.models import Session
from healing.accounts.models import User
from healing.checkins.models import LookBack
from healing.predictions.actions import predict, resolve
from healing.predictions.models import Prediction
from healing.predictions.outcomes import Outcome
from healing.questionnaires import instruments
from healing.questionnaires.actions import submit
from healing.questionnaires.models import Submission
from healing.sharing import kinds
from healing.sharing.kinds import KINDS, TooMany, rows_between
from healing.sharing.packet import Row
from healing.vault.actions import keys_kept_open
from tests.sharing.conftest import DAY, check_in, write

EVERY = [kind.slug for kind in KINDS]


def rows(owner: User, *chosen: str, first: Any = DAY, last: Any = DAY) -> list[Row]:
    return rows_between(owner=owner, kinds=chosen or EVERY, first=first, last=last)


def lines(row: Row) -> dict[str, str]:
    return {line.label: line.text for line in row.lines}


def practise(owner: User, **said: Any) -> None:
    Session.objects.create(
        owner=owner,
        local_date=DAY,
        state=Session.State.DONE,
        said={
            "exercise": "E05", "variant": "standard", "before": 7, "after": 4, "seconds": 180,
            "ended": "finished", "framed": False, "aftercare": None,
            "noted": [{"key": "one", "say": "One word", "kind": "choice", "value": ["a", "b"]}],
            **said,
        },
    )  # fmt: skip


def test_an_entry_reads_as_on_its_own_page(mara: User) -> None:
    write(mara, DAY, trigger="reply_late", strength=7, note="the lamp was off")
    (row,) = rows(mara)
    assert row.kind == "Journal entry"
    assert lines(row)["How strong"] == "7 of 10"
    assert lines(row)["In my own words"] == "the lamp was off"
    assert "reply_late" not in str(row)


def test_a_check_in_has_words_for_its_numbers(mara: User) -> None:
    check_in(mara, DAY, steady=3, line="on the bus")
    (row,) = rows(mara, "check-ins")
    assert lines(row) == {
        "How settled was your body for most of today?": "mostly settled",
        "One line of your own": "on the bus",
    }


def test_an_exercise_is_called_by_its_title(mara: User, content: None) -> None:
    practise(mara)
    (row,) = rows(mara, "exercises")
    found = lines(row)
    assert found["What I did"] == "Long out-breath"
    assert found["Distress before"] == "7 of 10"
    assert found["One word"] == "a, b"
    assert "The rest of the day" not in found


def test_what_was_left_open_has_no_line(mara: User) -> None:
    practise(mara, before=None, after=None, noted=[], aftercare="stirred")
    (row,) = rows(mara, "exercises")
    assert lines(row) == {"What I did": "E05", "The rest of the day": "stirred up"}


def test_an_exercise_that_was_only_begun_is_none_that_was_done(mara: User) -> None:
    practise(mara)
    Session.objects.update(state=Session.State.BEGUN)
    assert rows(mara) == []


def test_a_questionnaire_has_its_answers_and_its_scales(mara: User) -> None:
    instrument = instruments.every()["starting-picture"]
    submit(
        owner=mara,
        instrument=instrument,
        row=uuid4(),
        answers={"q01": 4, "q02": 3},
        choices={"focus": ["love"]},
    )
    (row,) = rows(mara, first=mara.today(), last=mara.today())
    found = lines(row)
    assert found["Questionnaire"] == "Starting picture"
    assert found["Goodbyes stay with me for hours."] == "often"
    assert found["Worry about being left"] == "3.5 (2.5 to 4.0)"
    assert "Unease with leaning" not in found


def test_look_backs_and_predictions_read_as_they_were_answered(mara: User) -> None:
    said = {"rang": "few", "well": "I waited <a day>"}
    LookBack.objects.create(owner=mara, local_date=DAY, said=said)
    prediction = predict(
        owner=mara, prediction=uuid4(), fear="He will cancel", likelihood=80, due=None, entry=None
    )
    Prediction.objects.update(local_date=DAY)
    resolve(owner=mara, prediction=prediction.pk, outcome=Outcome.DID_NOT, told="He came")
    back, feared = rows(mara)
    assert back.kind == "Look-back"
    assert [line.text for line in back.lines] == ["3 to 5 times", "I waited <a day>"]
    assert feared.kind == "Prediction"
    words = [line.text for line in feared.lines]
    assert words[:2] == ["He will cancel", "80 %"]
    assert words[3] == "He came"


def test_a_questionnaire_about_someone_says_whom_and_no_room_that_is_not_measured(
    mara: User,
) -> None:
    answers = {f"q{number:02}": 2 for number in range(1, 13)}
    Submission.objects.create(
        owner=mara,
        instrument="attachment-map",
        version=1,
        local_date=DAY,
        said={"answers": answers, "choices": {}, "target": "friend", "range": [0, 4]},
    )
    (row,) = rows(mara)
    found = {line.label: line.text for line in row.lines}
    assert found["About"] == "A friend"
    assert found["Worry about being left"] == "2.0"


def test_every_line_of_a_row_has_a_name_of_its_own(mara: User) -> None:
    write(mara, DAY, trigger="reply_late", strength=7, note="x", needs=["rest"], story="y")
    check_in(mara, DAY, steady=3, line="x", good_moment="y")
    practise(mara)
    for row in rows(mara):
        names = [line.name for line in row.lines]
        assert len(set(names)) == len(names)
        assert not any(" " in name for name in names)


def test_only_the_chosen_days_and_kinds_come_in_order(mara: User) -> None:
    for days in (2, 0, 1, 3):
        write(mara, DAY + timedelta(days=days), note=f"day {days}")
    check_in(mara, DAY + timedelta(days=1), steady=3)
    found = rows(mara, "entries", last=DAY + timedelta(days=2))
    assert [line.text for row in found for line in row.lines] == ["day 0", "day 1", "day 2"]


def test_nobody_elses_rows_come(mara: User, theo: User) -> None:
    write(theo, DAY, note="his")
    check_in(theo, DAY, steady=1)
    assert rows(mara) == []


def test_the_heading_of_a_row_holds_no_answer(mara: User) -> None:
    """Else striking the answer would leave it standing over the row."""
    write(mara, DAY, trigger="other", trigger_own="the shoes in the hall", note="x")
    (row,) = rows(mara)
    assert row.kind in {str(kind.single) for kind in KINDS}


def test_more_than_fits_is_refused(mara: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kinds, "MOST_ROWS", 2)
    for days in range(3):
        write(mara, DAY + timedelta(days=days), note="x")
    with pytest.raises(TooMany):
        rows(mara, last=DAY + timedelta(days=9))


def test_a_year_of_days_takes_few_queries(mara: User, django_assert_num_queries: Any) -> None:
    for days in range(30):
        check_in(mara, DAY + timedelta(days=days), steady=3)
    with keys_kept_open(), django_assert_num_queries(8):  # six kinds, the titles, her key
        rows(mara, last=DAY + timedelta(days=400))
