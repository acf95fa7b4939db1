"""/questionnaires/<slug>/<number>/: one question a screen, kept once passed."""

import pytest
from django.test import Client

from healing.accounts.actions import withdraw_consent
from healing.accounts.models import Consent, User
from healing.questionnaires.models import Submission, Taking

ADDRESS = "/questionnaires/starting-picture/"
RESULTS = ADDRESS + "results/"
COUNT = 18


def go(client: Client, number: int, go: str = "on", **said):
    return client.post(f"{ADDRESS}{number}/", {"go": go, **said})


def kept(user: User) -> dict:
    return Taking.objects.of(user).get().said


def test_each_question_stands_alone_and_leads_to_the_next(client_of, mara):
    client = client_of(mara)
    page = client.get(ADDRESS + "1/").content.decode()
    assert page.count("<fieldset") == 1
    assert f"Question 1 of {COUNT}" in page
    assert go(client, 1, q01="4")["Location"] == ADDRESS + "2/"
    assert kept(mara)["answers"] == {"q01": 4}


def test_a_question_can_be_left_open_and_an_answer_taken_back(client_of, mara):
    client = client_of(mara)
    go(client, 1, q01="0")
    go(client, 2)
    assert kept(mara)["answers"] == {"q01": 0}
    go(client, 1, q01="")
    assert kept(mara)["answers"] == {}


def test_back_keeps_the_answer_and_shows_the_one_before(client_of, mara):
    client = client_of(mara)
    go(client, 1, q01="3")
    assert go(client, 2, "back", q02="1")["Location"] == ADDRESS + "1/"
    assert kept(mara)["answers"] == {"q01": 3, "q02": 1}
    assert 'value="3" checked' in client.get(ADDRESS + "1/").content.decode()
    assert go(client, 1, "back")["Location"] == ADDRESS + "1/"


def test_it_goes_on_where_it_was_left_and_all_stands_on_the_one_page(client_of, mara):
    client = client_of(mara)
    go(client, 1, q01="3")
    assert go(client, 2, "later", q02="1")["Location"] == "/today/"
    page = client.get(ADDRESS).content.decode()
    assert f'href="{ADDRESS}3/"' in page
    assert "You began on" in page
    assert page.count('value="3" checked') == 1
    assert page.count('value="1" checked') == 1


def test_the_last_one_ends_it_once(client_of, mara):
    client = client_of(mara)
    go(client, 1, q01="3")
    go(client, 16, focus=["love", "work"])
    for _time in range(2):
        answer = client.post(f"{ADDRESS}{COUNT}/", {"go": "on", "in_therapy": "no"}, follow=True)
    assert answer.status_code == 200
    (row,) = Submission.objects.of(mara)
    assert row.answers == {"q01": 3}
    assert row.choices == {"focus": ["love", "work"], "in_therapy": "no"}
    assert not Taking.objects.of(mara).exists()


def test_the_end_leads_to_the_result(client_of, mara):
    assert go(client_of(mara), COUNT, in_therapy="no")["Location"] == RESULTS


def test_with_nothing_chosen_it_says_so_and_stores_no_result(client_of, mara):
    answer = go(client_of(mara), COUNT)
    assert answer.status_code == 200
    assert "One answer is enough" in answer.content.decode()
    assert not Submission.objects.of(mara).exists()


@pytest.mark.parametrize("said", [{"q01": "5"}, {"q01": "x"}])
def test_an_answer_outside_the_choices_is_refused(client_of, mara, said):
    answer = go(client_of(mara), 1, **said)
    assert answer.status_code == 200
    assert "needs another look" in answer.content.decode()
    assert not Taking.objects.of(mara).exists()


@pytest.mark.parametrize("place", ["0/", f"{COUNT + 1}/"])
def test_a_question_that_is_not_there_is_not_found(client_of, mara, place):
    assert client_of(mara).get(ADDRESS + place).status_code == 404
    assert client_of(mara).post(ADDRESS + place).status_code == 404


def test_too_early_it_leads_to_the_page_that_says_so(client_of, mara):
    client = client_of(mara)
    go(client, COUNT, in_therapy="no")
    assert client.get(ADDRESS + "1/")["Location"] == ADDRESS
    assert go(client, 1, q01="1")["Location"] == ADDRESS
    assert not Taking.objects.of(mara).exists()


def test_another_version_begins_anew(client_of, mara):
    client = client_of(mara)
    go(client, 1, q01="3")
    Taking.objects.update(version=99)
    assert "You began on" not in client.get(ADDRESS).content.decode()
    go(client, 2, q02="1")
    assert kept(mara)["answers"] == {"q02": 1}


def test_a_stranger_sees_nothing_of_it(client_of, mara, theo):
    go(client_of(mara), 1, q01="3")
    assert "You began on" not in client_of(theo).get(ADDRESS).content.decode()
    assert 'value="3" checked' not in client_of(theo).get(ADDRESS + "1/").content.decode()


def test_signed_out_the_answer_comes_back_and_nothing_is_stored(db):
    answer = Client().post(ADDRESS + "1/", {"q01": "3"})
    assert answer.status_code == 403
    assert 'value="3"' in answer.content.decode()
    assert not Taking.objects.exists()


def test_without_consent_it_is_not_shown_and_keeps_nothing(client_of, mara):
    withdraw_consent(owner=mara, kind=Consent.Kind.STORING)
    client = client_of(mara)
    assert client.get(ADDRESS + "1/")["Location"].startswith("/accounts/consent/")
    answer = go(client, 1, q01="3")
    assert answer.status_code == 403
    assert 'value="3" checked' in answer.content.decode()
    assert not Taking.objects.exists()


def test_without_sign_in_it_is_not_shown(db):
    assert Client().get(ADDRESS + "1/")["Location"].startswith("/accounts/login/")


def test_another_time_is_possible_before_anybody_is_named(client_of, mara, wording, settings):
    settings.INSTRUMENTS_DIR = wording("ecr-rs", numbers=range(1, 10), steps=7)
    client, address = client_of(mara), "/questionnaires/ecr-rs/1/"
    assert "Choose whom you think of." in client.post(address, {"go": "on"}).content.decode()
    assert client.post(address, {"go": "later"})["Location"] == "/today/"
    assert client.get(address).content.decode().count("formnovalidate") == 1


def test_looking_stores_nothing_and_asks_little(client_of, mara, django_assert_num_queries):
    client = client_of(mara)
    client.get(ADDRESS + "1/")
    with django_assert_num_queries(5):  # session, person, last submission, key, what is under way
        client.get(ADDRESS + "1/")
    assert not Taking.objects.exists()
