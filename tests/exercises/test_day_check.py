"""Today's check before an exercise with a frame: what begins it, what closes it, what is kept."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from exercises.actions import note_safety
from exercises.models import Bounds, Session
from healing.accounts.models import User
from tests.exercises.conftest import GOOD_DAY, ClientOf, address, begin, kept_of, moved, save

FRAMED = ["E32", "E33", "E35"]
pytestmark = pytest.mark.usefixtures("ready")


@pytest.fixture
def at(shipped: None) -> str:
    return address("E32", "day_check")


def shown(client: Client, content_id: str, **query: Any) -> str:
    return client.get(address(content_id), query).content.decode()


def is_closed(client: Client, content_id: str, words: str) -> bool:
    html = shown(client, content_id)
    assert 'class="phases"' not in html
    return words in html


def change_bounds(owner: User, **dates: Any) -> None:
    row = Bounds.objects.of(owner).get()
    row.said = row.said | {name: day and day.isoformat() for name, day in dates.items()}
    row.save()


@pytest.mark.parametrize("content_id", FRAMED)
def test_the_check_comes_before_the_steps(hers: Client, content_id: str) -> None:
    html = shown(hers, content_id)
    assert f'action="{address(content_id, "day_check")}"' in html
    for words in ("Are you sober right now?", "time for yourself afterwards", "somewhere private"):
        assert words in html
    assert "Not sure" not in html
    assert 'class="phases"' not in html


@pytest.mark.parametrize("content_id", FRAMED)
def test_a_good_day_begins_it_with_the_frame_round_the_steps(
    mara: User, hers: Client, content_id: str
) -> None:
    session = begin(hers, content_id)
    assert session.state == "begun"
    assert session.local_date == mara.today()
    assert session.said == {
        "exercise": content_id,
        "variant": "standard",
        "before": 4,
        "after": None,
        "seconds": None,
        "ended": None,
        "framed": True,
        "aftercare": None,
        "noted": [],
    }
    html = shown(hers, content_id, session=session.pk)
    steps = html[html.index('<ol class="phases"') :]
    assert "Feet and seat</b> <small>40 seconds</small>" in steps
    assert steps.count('data-kind="back"') == 5
    assert "You noted 4 before." in html


def test_the_way_asked_for_is_the_one_that_begins(hers: Client) -> None:
    html = shown(hers, "E32", variant="quick")
    action = f"{address('E32', 'day_check')}?variant=quick"
    assert f'action="{action}"' in html
    response = hers.post(action, GOOD_DAY | {"session": str(uuid4())})
    assert Session.objects.get().said["variant"] == "quick"
    assert "<b>Thirty seconds</b>" in hers.get(response.url).content.decode()


@pytest.mark.parametrize("question", ["sober", "time_after", "private"])
@pytest.mark.parametrize("answer", ["no", None])
def test_any_no_and_any_open_question_means_another_day(
    hers: Client, at: str, question: str, answer: str | None
) -> None:
    data = {name: value for name, value in (GOOD_DAY | {question: answer}).items() if value}
    html = hers.post(at, data).content.decode()
    assert "<h1>Then another day</h1>" in html
    assert f'href="{address("E01")}"' in html
    assert f'href="{address("E34")}"' in html
    assert not Session.objects.exists()
    assert f'action="{at}"' in shown(hers, "E32")


@pytest.mark.parametrize("content_id", FRAMED)
def test_at_five_it_begins(hers: Client, content_id: str) -> None:
    assert begin(hers, content_id, before="5").said["framed"] is True


@pytest.mark.parametrize("content_id", FRAMED)
def test_at_six_high_ones_close_for_the_day(hers: Client, content_id: str) -> None:
    data = GOOD_DAY | {"before": "6", "session": str(uuid4())}
    response = hers.post(address(content_id, "day_check"), data)
    assert response.url == address(content_id)
    for one in FRAMED:
        assert is_closed(hers, one, "Closed for today.")
    html = shown(hers, content_id)
    assert "Nothing is lost." in html
    assert f'href="{address("E01")}"' in html
    assert f'href="{address("E34")}"' in html


def test_a_loud_number_counts_even_with_a_no(mara: User, hers: Client, at: str) -> None:
    hers.post(at, GOOD_DAY | {"before": "9", "sober": "no"})
    assert is_closed(hers, "E35", "Closed for today.")
    assert is_closed(hers, "E20", "Closed for today.")
    assert Session.objects.get().said["framed"] is False


def test_the_next_day_they_are_open_again(hers: Client, at: str) -> None:
    hers.post(at, GOOD_DAY | {"before": "9"})
    moved(Session.objects.get(), days=1)
    assert f'action="{at}"' in shown(hers, "E32")


def test_it_does_not_begin_without_a_number(hers: Client, at: str) -> None:
    data = {name: value for name, value in GOOD_DAY.items() if name != "before"}
    html = hers.post(at, data).content.decode()
    assert "Choose a number from 0 to 10." in html
    assert 'name="sober" value="yes" checked' in html
    assert 'class="phases"' not in html
    assert not Session.objects.exists()


# How often ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("content_id", FRAMED)
def test_one_of_the_three_a_day(hers: Client, content_id: str) -> None:
    begin(hers, "E33")
    assert is_closed(hers, content_id, "One of these a day is enough.")
    hers.post(address(content_id, "day_check"), GOOD_DAY | {"session": str(uuid4())})
    assert Session.objects.count() == 1


def test_two_of_the_three_in_seven_days(hers: Client) -> None:
    moved(begin(hers, "E33"), days=6)
    moved(begin(hers, "E35"), days=1)
    assert is_closed(hers, "E32", "You did two of these in the last seven days.")


def test_the_eighth_day_is_free_again(hers: Client) -> None:
    moved(begin(hers, "E33"), days=7)
    moved(begin(hers, "E35"), days=1)
    assert begin(hers, "E32").said["framed"]


def test_one_that_was_begun_and_never_ended_counts(hers: Client) -> None:
    assert begin(hers, "E32").state == "begun"
    assert is_closed(hers, "E35", "One of these a day is enough.")


def test_the_session_under_way_does_not_stand_in_its_own_way(hers: Client) -> None:
    session = begin(hers, "E33")
    assert 'class="phases"' in shown(hers, "E33", session=session.pk)


# The frame cannot be skipped ----------------------------------------------------------------------


def test_a_session_of_another_day_does_not_open_the_steps(hers: Client) -> None:
    session = moved(begin(hers, "E33"), days=1)
    html = shown(hers, "E33", session=session.pk)
    assert 'class="phases"' not in html
    assert f'action="{address("E33", "day_check")}' in html


def test_a_session_of_another_exercise_does_not_open_the_steps(hers: Client) -> None:
    session = begin(hers, "E33")
    assert 'class="phases"' not in shown(hers, "E35", session=session.pk)
    assert 'class="phases"' not in shown(hers, "E35", session=save(hers, "E01").pk)


def test_a_check_that_closed_the_day_opens_nothing(hers: Client, at: str) -> None:
    data = GOOD_DAY | {"before": "6", "session": str(uuid4())}
    hers.post(at, data)
    assert 'class="phases"' not in shown(hers, "E32", session=data["session"])


def test_the_words_of_another_day_are_not_offered_for_change(hers: Client) -> None:
    begun = begin(hers, "E33")
    save(hers, "E33", session=str(begun.pk), **{"note-carried": "too many bags"})
    page = f"/exercises/done/{begun.pk}/"
    assert "Change it" in hers.get(page).content.decode()
    begun.refresh_from_db()
    moved(begun, days=1)
    html = hers.get(page).content.decode()
    assert "too many bags" in html
    assert "Change it" not in html


# What closes it before the check ------------------------------------------------------------------


@pytest.mark.parametrize("content_id", FRAMED)
def test_without_the_gate_it_leads_to_the_readiness_check(
    mara: User, hers: Client, content_id: str
) -> None:
    change_bounds(mara, gate_opened=None)
    assert is_closed(hers, content_id, "It opens after a short check.")


def test_the_gate_lasts_sixty_days(mara: User, hers: Client, at: str) -> None:
    change_bounds(mara, gate_opened=mara.today() - timedelta(days=59))
    assert f'action="{at}"' in shown(hers, "E32")
    change_bounds(mara, gate_opened=mara.today() - timedelta(days=60))
    assert is_closed(hers, "E32", "It opens after a short check.")


def test_an_old_answer_to_the_safety_question_is_asked_anew(
    mara: User, hers: Client, at: str
) -> None:
    change_bounds(mara, safety_asked=mara.today() - timedelta(days=7))
    assert f'action="{at}"' in shown(hers, "E32")
    change_bounds(mara, safety_asked=mara.today() - timedelta(days=8))
    assert is_closed(hers, "E32", "One question comes first.")


def test_an_answer_above_none_closes_high_ones_for_two_weeks_and_the_gate(
    mara: User, hers: Client
) -> None:
    note_safety(owner=mara, is_none=False)
    for content_id in ("E20", *FRAMED):
        assert is_closed(hers, content_id, "This is care, not a penalty.")
    change_bounds(mara, high_rests_until=mara.today() + timedelta(days=1))
    assert is_closed(hers, "E20", "This is care, not a penalty.")
    change_bounds(mara, high_rests_until=mara.today())
    assert 'class="phases"' in shown(hers, "E20")
    assert is_closed(hers, "E32", "It opens after a short check.")


def test_a_closed_one_cannot_be_begun_by_its_address(mara: User, hers: Client, at: str) -> None:
    change_bounds(mara, gate_opened=None)
    assert hers.post(at, GOOD_DAY | {"session": str(uuid4())}).url == address("E32")
    assert not Session.objects.exists()


# What is kept, and by whom ------------------------------------------------------------------------


def test_of_the_answers_only_the_number_is_kept(mara: User, hers: Client, at: str) -> None:
    begin(hers, "E32")
    hers.post(address("E33", "day_check"), GOOD_DAY | {"sober": "no"})
    kept = kept_of(mara)
    for word in ("sober", "time_after", "private", '"yes"', '"no"'):
        assert word not in kept


def test_sending_twice_makes_one_row_and_leads_to_the_same_steps(hers: Client, at: str) -> None:
    data = GOOD_DAY | {"session": str(uuid4())}
    first, second = hers.post(at, data), hers.post(at, data)
    assert first.url == second.url
    assert Session.objects.count() == 1
    assert b'class="phases"' in hers.get(second.url).content


def test_sending_a_loud_number_twice_makes_one_row(hers: Client, at: str) -> None:
    data = GOOD_DAY | {"session": str(uuid4()), "before": "9"}
    assert hers.post(at, data).url == hers.post(at, data).url == address("E32")
    assert Session.objects.count() == 1


def test_a_strangers_session_is_not_found(
    mara: User, theo: User, hers: Client, client_of: ClientOf, at: str
) -> None:
    row = Bounds.objects.of(mara).get()
    taken = save(client_of(theo), "E01")
    assert hers.post(at, GOOD_DAY | {"session": str(taken.pk)}).status_code == 404
    assert not Session.objects.of(mara).exists()
    assert Bounds.objects.of(theo).count() == 0
    assert row.said["gate_opened"]
    assert (
        client_of(theo).get(address("E32"), {"session": begin(hers, "E32").pk}).status_code == 404
    )


def test_a_stranger_has_a_gate_of_their_own(theo: User, client_of: ClientOf, at: str) -> None:
    assert is_closed(client_of(theo), "E32", "It opens after a short check.")


@pytest.mark.parametrize("content_id", ["E01", "E20", "E25", "E34"])
def test_an_exercise_without_a_frame_has_no_check(hers: Client, content_id: str) -> None:
    assert hers.post(address(content_id, "day_check"), GOOD_DAY).status_code == 404


def test_opening_the_address_leads_to_the_exercise(hers: Client, at: str) -> None:
    assert hers.get(at).url == address("E32")


def test_an_expired_session_gives_the_form_back_filled(client: Client, at: str) -> None:
    data = GOOD_DAY | {"session": str(uuid4()), "private": "no"}
    response = client.post(at, data)
    assert response.status_code == 403
    html = response.content.decode()
    assert f'name="session" value="{data["session"]}"' in html
    assert 'name="private" value="no" checked' in html
    assert 'name="before" value="4" checked' in html
    assert not Session.objects.exists()


def test_a_stale_token_gives_the_form_back_filled(strict: Client, at: str) -> None:
    response = strict.post(at, GOOD_DAY)
    assert response.status_code == 403
    assert response.content.decode().count(" checked") == 4
    assert not Session.objects.exists()


def test_it_costs_a_known_number_of_queries(
    hers: Client, at: str, django_assert_num_queries: Any
) -> None:
    moved(begin(hers, "E33"), days=2)
    # session, person, exercise, sent before?, high ones, this week, key, bounds, savepoint, look,
    # savepoint, insert, release, update, release
    with django_assert_num_queries(15):
        hers.post(at, GOOD_DAY | {"session": str(uuid4())})
