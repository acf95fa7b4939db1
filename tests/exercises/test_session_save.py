"""Saving a rating or a whole session: once, sealed, and only one's own."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from exercises.models import Exercise, Session
from healing.accounts.models import User
from tests.exercises.conftest import ClientOf, Filled


@pytest.fixture
def address(breath: Exercise) -> str:
    return reverse("exercises:session_save", args=[breath.slug])


def only(owner: User) -> Session:
    return Session.objects.of(owner).get()


def test_a_session_is_kept_and_answered_under_its_own_address(
    mara: User, client_of: ClientOf, address: str, filled: Filled
) -> None:
    data = filled(before=6, after=4, variant="gentle")
    response = client_of(mara).post(address, data)
    assert response.url == reverse("exercises:session_detail", args=[data["session"]])
    row = only(mara)
    assert row.pk == UUID(data["session"])
    assert row.said == {
        "exercise": "E05",
        "variant": "gentle",
        "before": 6,
        "after": 4,
        "seconds": 170,
        "ended": "finished",
    }
    assert row.state == "done"


def test_the_day_is_that_of_the_person(
    mara: User, theo: User, client_of: ClientOf, address: str, filled: Filled
) -> None:
    # Twenty-five hours apart: never the same date.
    for person, zone in ((mara, "Pacific/Kiritimati"), (theo, "Pacific/Pago_Pago")):
        person.time_zone = zone
        person.save()
        client_of(person).post(address, filled())
    assert only(mara).local_date == mara.today()
    assert only(theo).local_date == theo.today()
    assert only(mara).local_date > only(theo).local_date


def test_everything_may_be_left_open(
    mara: User, client_of: ClientOf, address: str, filled: Filled
) -> None:
    client_of(mara).post(address, filled(seconds=None))
    assert only(mara).said["before"] is None
    assert only(mara).said["after"] is None


def test_a_rating_before_is_kept_and_leads_back_to_the_exercise(
    mara: User, client_of: ClientOf, address: str, breath: Exercise, filled: Filled
) -> None:
    data = filled(before=5, ended=None, seconds=None, variant="quick")
    response = client_of(mara).post(address, data)
    expected = f"{breath.get_absolute_url()}?session={data['session']}&variant=quick"
    assert response.url == expected
    assert only(mara).said["before"] == 5
    assert only(mara).state == "begun"


def test_the_rating_after_joins_the_one_before(
    mara: User, client_of: ClientOf, address: str, filled: Filled
) -> None:
    client = client_of(mara)
    session = str(uuid4())
    client.post(address, filled(session=session, before=5, ended=None, seconds=None))
    client.post(address, filled(session=session, after=3))
    assert (only(mara).said["before"], only(mara).said["after"]) == (5, 3)
    assert only(mara).state == "done"


def test_sending_twice_makes_one_row(
    mara: User, client_of: ClientOf, address: str, filled: Filled
) -> None:
    client, data = client_of(mara), filled(after=2)
    assert client.post(address, data).url == client.post(address, data).url
    assert Session.objects.of(mara).count() == 1


def test_without_a_script_stopping_early_has_its_own_button(
    mara: User, client_of: ClientOf, address: str, filled: Filled
) -> None:
    client_of(mara).post(address, filled(ended="stopped", seconds=None))
    assert only(mara).said["ended"] == "stopped"


def test_a_rating_after_says_that_it_is_over(
    mara: User, client_of: ClientOf, address: str, filled: Filled
) -> None:
    client_of(mara).post(address, filled(after=1, ended=None, seconds=None))
    assert only(mara).said["ended"] == "finished"


@pytest.mark.parametrize(
    "changed",
    [{"after": "11"}, {"before": "-1"}, {"session": "none"}, {"ended": "lost"}, {"seconds": "-3"}],
)
def test_what_no_form_sends_is_not_kept(
    mara: User, client_of: ClientOf, address: str, filled: Filled, changed: Any
) -> None:
    response = client_of(mara).post(address, filled(**changed))
    assert response.status_code == 200
    assert "One thing needs another look" in response.content.decode()
    assert not Session.objects.exists()


def test_a_wrong_rating_comes_back_with_the_other_one_still_chosen(
    mara: User, client_of: ClientOf, address: str, filled: Filled
) -> None:
    html = client_of(mara).post(address, filled(before=7, after="11")).content.decode()
    assert "Choose a number from 0 to 10, or none." in html
    assert 'name="before" value="7" class="compact" id="id_before_7" checked' in html


def test_a_stranger_cannot_write_into_it(
    mara: User, theo: User, client_of: ClientOf, address: str, filled: Filled
) -> None:
    data = filled(after=3)
    client_of(mara).post(address, data)
    assert client_of(theo).post(address, data | {"after": 9}).status_code == 404
    assert only(mara).said["after"] == 3
    assert not Session.objects.of(theo).exists()


def test_an_exercise_that_is_not_published_keeps_nothing(
    mara: User, client_of: ClientOf, address: str, filled: Filled
) -> None:
    Exercise.objects.update(live=False)
    assert client_of(mara).post(address, filled()).status_code == 404
    assert not Session.objects.exists()


def test_opening_the_address_leads_to_the_exercise(
    mara: User, client_of: ClientOf, address: str, breath: Exercise
) -> None:
    assert client_of(mara).get(address).url == breath.get_absolute_url()


def test_the_database_shows_neither_exercise_nor_rating(
    mara: User, client_of: ClientOf, address: str, filled: Filled
) -> None:
    client_of(mara).post(address, filled(before=7, after=10, variant="gentle"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM exercises_session")
        names = {column[0] for column in cursor.description}
        said = bytes(cursor.fetchone()[[c[0] for c in cursor.description].index("said")])
    assert names == {"id", "owner_id", "created", "local_date", "state", "said"}
    for word in (b"E05", b"gentle", b"before", b"after", b"finished", b"170", b"exercise"):
        assert word not in said


def test_an_expired_session_gives_the_form_back_filled_and_keeps_nothing(
    client: Client, address: str, filled: Filled
) -> None:
    data = filled(before=7, after=3)
    response = client.post(address, data)
    assert response.status_code == 403
    html = response.content.decode()
    assert "What you wrote is still here" in html
    for name in ("session", "seconds", "ended", "variant"):
        assert f'name="{name}" value="{data[name]}"' in html
    assert 'value="7" class="compact" id="id_before_7" checked' in html
    assert 'value="3" class="compact" id="id_after_3" checked' in html
    assert not Session.objects.exists()


def test_a_stale_token_gives_the_form_back_filled(mara: User, filled: Filled, address: str) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(mara, "allauth.account.auth_backends.AuthenticationBackend")
    html = client.post(address, filled(after=3)).content.decode()
    assert 'value="3" class="compact" id="id_after_3" checked' in html
    assert not Session.objects.exists()


def test_saving_costs_a_known_number_of_queries(
    mara: User, client_of: ClientOf, address: str, filled: Filled, django_assert_num_queries: Any
) -> None:
    client = client_of(mara)
    client.post(address, filled())
    # session, person, exercise, savepoint, look, data key, savepoint, insert, release, update,
    # release
    with django_assert_num_queries(11):
        client.post(address, filled())
