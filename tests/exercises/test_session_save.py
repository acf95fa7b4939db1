"""Saving a rating or a whole session: once, sealed, and only one's own."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from exercises.models import Exercise, Session
from healing.accounts.models import User
from tests.exercises.conftest import ClientOf, Filled, kept_of, save, the
from tests.exercises.conftest import address as address_of


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
        "framed": None,
        "aftercare": None,
        "noted": [],
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
    assert 'name="before" value="7" checked' in html


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
    assert 'name="before" value="7" checked' in html
    assert 'name="after" value="3" checked' in html
    assert not Session.objects.exists()


def test_a_stale_token_gives_the_form_back_filled(mara: User, filled: Filled, address: str) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(mara, "allauth.account.auth_backends.AuthenticationBackend")
    html = client.post(address, filled(after=3)).content.decode()
    assert 'name="after" value="3" checked' in html
    assert not Session.objects.exists()


def test_saving_costs_a_known_number_of_queries(
    mara: User, client_of: ClientOf, address: str, filled: Filled, django_assert_num_queries: Any
) -> None:
    client = client_of(mara)
    client.post(address, filled())
    # session, person, exercise and its form's, savepoint, look, data key, savepoint, insert,
    # release, update, release
    with django_assert_num_queries(12):
        client.post(address, filled())


# What is noted in the steps -----------------------------------------------------------------------


def test_notes_are_kept_in_order_with_the_words_of_their_steps(mara: User, hers: Client) -> None:
    notes = {
        "note-kind-sentence": "I did what I could",
        "note-cue": "She left\r\nearly",
        "note-strength": "6",
        "note-feelings": ["Afraid", "Sad"],
    }
    feelings = next(one for one in the("E16").as_row()["variants"][0]["steps"] if one.get("many"))
    chosen = feelings["options"][:2]
    row = save(hers, "E16", **(notes | {f"note-{feelings['key']}": chosen}))
    kept = {note["key"]: note for note in row.notes}
    assert kept["cue"]["value"].splitlines() == ["She left", "early"]
    assert kept["strength"]["value"] == 6
    assert kept[feelings["key"]]["value"] == chosen
    assert kept["cue"].keys() == {"key", "say", "kind", "value"}
    order = [step["key"] for step in the("E16").as_row()["variants"][0]["steps"] if "key" in step]
    assert list(kept) == [key for key in order if key in kept]


def test_what_is_left_open_is_not_noted(hers: Client) -> None:
    assert save(hers, "E16", **{"note-cue": " ", "note-strength": ""}).notes == []


def test_a_zero_is_an_answer(hers: Client) -> None:
    assert [note["value"] for note in save(hers, "E16", **{"note-strength": "0"}).notes] == [0]


@pytest.mark.parametrize("value", ["-1", "101", "half"])
def test_a_percentage_that_is_none_comes_back_with_every_other_word(
    hers: Client, value: str
) -> None:
    data = {"session": str(uuid4()), "variant": "standard", "ended": "finished"}
    data |= {"note-first-likelihood": value, "note-first-story": "They are done with me"}
    html = hers.post(address_of("E18", "session_save"), data).content.decode()
    assert "One thing needs another look" in html
    assert "They are done with me</textarea>" in html
    assert not Session.objects.exists()


def test_a_later_save_of_another_way_keeps_the_words_of_the_first(hers: Client) -> None:
    session = str(uuid4())
    save(hers, "E26", session=session, **{"note-cost": "Every Sunday"})
    row = save(hers, "E26", session=session, variant="afterwards", **{"note-result": "It went"})
    assert {note["key"]: note["value"] for note in row.notes} == {
        "cost": "Every Sunday",
        "result": "It went",
    }


def test_a_word_that_was_taken_out_is_gone(mara: User, hers: Client) -> None:
    session = str(uuid4())
    save(hers, "E17", session=session, **{"note-echo": "the empty hallway"})
    assert save(hers, "E17", session=session).notes == []
    assert "hallway" not in kept_of(mara)


# The message that is not sent ---------------------------------------------------------------------

WAVE = ["standard", "five", "twenty", "gentle"]


@pytest.mark.parametrize("variant", WAVE)
def test_the_message_of_the_wave_timer_is_deleted_with_the_end(
    mara: User, hers: Client, variant: str
) -> None:
    notes = {"note-message": "Please answer me", "note-urge-before": "9"}
    row = save(hers, "E12", variant=variant, **notes)
    assert [note["key"] for note in row.notes] == ["urge-before"]
    assert "Please answer me" not in kept_of(mara)


@pytest.mark.parametrize("variant", WAVE)
def test_the_message_is_kept_if_the_person_says_so(hers: Client, variant: str) -> None:
    notes = {"note-message": "Please answer me", "keep-message": "on"}
    row = save(hers, "E12", variant=variant, **notes)
    assert [note["value"] for note in row.notes] == ["Please answer me"]


def test_a_message_once_kept_is_deleted_when_the_tick_is_gone(mara: User, hers: Client) -> None:
    session = str(uuid4())
    notes = {"note-message": "Please answer me"}
    save(hers, "E12", session=session, **notes, **{"keep-message": "on"})
    save(hers, "E12", session=session, **notes)
    assert "Please answer me" not in kept_of(mara)


def test_a_number_noted_before_leaves_words_that_are_not_kept_on_the_page(
    mara: User, hers: Client
) -> None:
    session = str(uuid4())
    data = {"session": session, "variant": "five", "before": "9", "note-message": "Please answer"}
    html = hers.post(address_of("E12", "session_save"), data).content.decode()
    assert "You noted 9 before. It is saved." in html
    assert "Please answer</textarea>" in html
    assert f'name="session" value="{session}"' in html
    assert 'data-guard="changed"' in html
    assert "Please answer" not in kept_of(mara)
    assert Session.objects.of(mara).get().said["variant"] == "five"
    kept = {**data, "keep-message": "on"}
    assert hers.post(address_of("E12", "session_save"), kept).status_code == 302


def test_an_expired_session_gives_the_words_back(client: Client, shipped: None) -> None:
    data = {"session": str(uuid4()), "variant": "standard", "note-echo": "den tomma hallen, åter"}
    response = client.post(address_of("E17", "session_save"), data)
    assert response.status_code == 403
    assert "den tomma hallen, åter</textarea>" in response.content.decode()
    assert not Session.objects.exists()
