"""How the rest of the day of an exercise with a frame was, asked on the next visit."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from exercises.actions import awaiting_aftercare
from exercises.models import Bounds, Session
from healing.accounts.models import User
from tests.exercises.conftest import ClientOf, address, begin, moved, save

pytestmark = pytest.mark.usefixtures("ready")


@pytest.fixture
def yesterdays(hers: Client) -> Session:
    """A session of First hello that Mara finished yesterday."""
    session = begin(hers, "E32")
    return moved(save(hers, "E32", session=str(session.pk)), days=1)


def at(session: Session) -> str:
    return reverse("exercises:aftercare", args=[session.pk])


def rests_until(owner: User) -> str | None:
    said: str | None = Bounds.objects.of(owner).get().said["frame_rests_until"]
    return said


@pytest.mark.parametrize("said", ["fine", "stirred"])
def test_a_fine_or_stirred_day_is_noted_and_closes_nothing(
    mara: User, hers: Client, yesterdays: Session, said: str
) -> None:
    response = hers.post(at(yesterdays), {"aftercare": said})
    assert response.url == reverse("today:today")
    yesterdays.refresh_from_db()
    assert yesterdays.said["aftercare"] == said
    assert rests_until(mara) is None


def test_a_rough_day_is_met_with_care_and_help(hers: Client, yesterdays: Session) -> None:
    html = hers.post(at(yesterdays), {"aftercare": "rough"}).content.decode()
    assert "<h1>Thank you for saying so</h1>" in html
    assert f'href="{address("E01")}"' in html
    assert 'id="help-now"' in html
    assert "look for a professional" in html


def test_after_a_rough_day_the_three_rest_for_two_weeks(
    mara: User, hers: Client, yesterdays: Session
) -> None:
    hers.post(at(yesterdays), {"aftercare": "rough"})
    assert rests_until(mara) == (mara.today() + timedelta(days=14)).isoformat()
    for content_id in ("E32", "E33", "E35"):
        html = hers.get(address(content_id)).content.decode()
        assert "The last time was followed by a rough day" in html
        assert 'class="phases"' not in html
    assert b'class="phases"' in hers.get(address("E20")).content
    assert b'class="phases"' in hers.get(address("E34")).content


def test_on_the_fourteenth_day_they_are_open_again(
    mara: User, hers: Client, yesterdays: Session
) -> None:
    hers.post(at(yesterdays), {"aftercare": "rough"})
    row = Bounds.objects.of(mara).get()
    row.said = row.said | {"frame_rests_until": mara.today().isoformat()}
    row.save()
    assert address("E33", "day_check") in hers.get(address("E33")).content.decode()


@pytest.mark.parametrize("then", ["fine", "stirred"])
def test_a_wrong_tap_can_be_taken_back_at_once(
    mara: User, hers: Client, yesterdays: Session, then: str
) -> None:
    html = hers.post(at(yesterdays), {"aftercare": "rough"}).content.decode()
    assert "Was that a wrong tap?" in html
    assert f'name="aftercare" value="{then}"' in html
    hers.post(at(yesterdays), {"aftercare": then})
    yesterdays.refresh_from_db()
    assert yesterdays.said["aftercare"] == then
    assert rests_until(mara) is None


def test_a_rough_day_said_on_an_earlier_day_stands(
    mara: User, hers: Client, yesterdays: Session
) -> None:
    hers.post(at(yesterdays), {"aftercare": "rough"})
    row = Bounds.objects.of(mara).get()
    tomorrow = (mara.today() + timedelta(days=13)).isoformat()
    row.said = row.said | {"frame_rests_until": tomorrow}
    row.save()
    hers.post(at(yesterdays), {"aftercare": "fine"})
    assert rests_until(mara) == tomorrow


def test_sending_twice_changes_nothing_more(mara: User, hers: Client, yesterdays: Session) -> None:
    for _ in "ab":
        hers.post(at(yesterdays), {"aftercare": "rough"})
    assert Session.objects.of(mara).count() == 1
    assert Bounds.objects.of(mara).count() == 1


# When it is asked ---------------------------------------------------------------------------------


def test_it_is_asked_from_the_next_day_on_and_once(
    mara: User, hers: Client, yesterdays: Session
) -> None:
    assert awaiting_aftercare(owner=mara) == yesterdays
    hers.post(at(yesterdays), {"aftercare": "fine"})
    assert awaiting_aftercare(owner=mara) is None


def test_it_is_not_asked_on_the_same_day(mara: User, hers: Client) -> None:
    begin(hers, "E32")
    assert awaiting_aftercare(owner=mara) is None


def test_it_is_asked_for_two_weeks(mara: User, yesterdays: Session) -> None:
    moved(yesterdays, days=13)
    assert awaiting_aftercare(owner=mara) == yesterdays
    moved(yesterdays, days=1)
    assert awaiting_aftercare(owner=mara) is None


def test_it_is_asked_of_the_last_one(mara: User, hers: Client, yesterdays: Session) -> None:
    moved(yesterdays, days=3)
    later = moved(begin(hers, "E33"), days=1)
    assert awaiting_aftercare(owner=mara) == later


def test_another_exercise_is_not_asked_about(mara: User, hers: Client) -> None:
    moved(save(hers, "E20"), days=1)
    assert awaiting_aftercare(owner=mara) is None


def test_one_that_was_left_in_the_middle_can_be_answered_too(mara: User, hers: Client) -> None:
    session = moved(begin(hers, "E32"), days=1)
    assert awaiting_aftercare(owner=mara) == session
    assert hers.post(at(session), {"aftercare": "rough"}).status_code == 200
    session.refresh_from_db()
    assert session.said["aftercare"] == "rough"
    assert session.state == "begun"


def test_saving_the_session_again_keeps_the_answer(hers: Client, yesterdays: Session) -> None:
    hers.post(at(yesterdays), {"aftercare": "stirred"})
    assert save(hers, "E32", session=str(yesterdays.pk)).said["aftercare"] == "stirred"


# Access -------------------------------------------------------------------------------------------


def test_a_strangers_session_is_not_found(
    mara: User, theo: User, client_of: ClientOf, yesterdays: Session
) -> None:
    assert client_of(theo).post(at(yesterdays), {"aftercare": "rough"}).status_code == 404
    assert rests_until(mara) is None
    assert not Bounds.objects.of(theo).exists()


def test_a_session_without_a_frame_is_not_found(mara: User, hers: Client) -> None:
    session = save(hers, "E01")
    assert hers.post(at(session), {"aftercare": "rough"}).status_code == 404
    assert rests_until(mara) is None


@pytest.mark.parametrize("said", ["", "bad", "ROUGH"])
def test_an_answer_that_no_button_sends_is_refused(
    hers: Client, yesterdays: Session, said: str
) -> None:
    assert hers.post(at(yesterdays), {"aftercare": said}).status_code == 400
    yesterdays.refresh_from_db()
    assert yesterdays.said["aftercare"] is None


def test_opening_the_address_is_refused(hers: Client, yesterdays: Session) -> None:
    assert hers.get(at(yesterdays)).status_code == 405


def test_an_expired_session_keeps_nothing_and_carries_the_answer(
    client: Client, yesterdays: Session
) -> None:
    response = client.post(at(yesterdays), {"aftercare": "rough"})
    assert response.status_code == 403
    assert 'name="aftercare" value="rough"' in response.content.decode()
    yesterdays.refresh_from_db()
    assert yesterdays.said["aftercare"] is None


def test_a_stale_token_keeps_nothing(strict: Client, yesterdays: Session) -> None:
    assert strict.post(at(yesterdays), {"aftercare": "rough"}).status_code == 403
    yesterdays.refresh_from_db()
    assert yesterdays.said["aftercare"] is None


def test_it_costs_a_known_number_of_queries(
    hers: Client, yesterdays: Session, django_assert_num_queries: Any
) -> None:
    # session, person, row, key, three to keep it, three for the message
    with django_assert_num_queries(10):
        hers.post(at(yesterdays), {"aftercare": "fine"})
