"""/questionnaires/<slug>/: fill in, skip, send twice, come back too early."""

import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client

from healing.accounts.actions import withdraw_consent
from healing.accounts.models import Consent, User
from healing.questionnaires import instruments
from healing.questionnaires.models import Submission

ADDRESS = "/questionnaires/starting-picture/"
RESULTS = ADDRESS + "results/"


def stored(user: User) -> list[Submission]:
    return list(Submission.objects.of(user))


def age(submission: Submission, **ago: int) -> None:
    """Move a submission into the past."""
    step = timedelta(**ago)
    Submission.objects.filter(pk=submission.pk).update(
        created=submission.created - step, local_date=submission.local_date - step
    )


def test_it_shows_every_line_and_that_it_is_not_tested(client_of, mara):
    page = client_of(mara).get(ADDRESS).content.decode()
    for item in instruments.find("starting-picture").items:
        assert item.text in page
    assert "They have not been tested" in page
    assert page.count("Skip this one") == 17
    assert "Not now" in page


def test_what_was_answered_is_stored_and_what_was_skipped_is_not(client_of, mara, posted):
    answer = client_of(mara).post(ADDRESS, posted)
    assert (answer.status_code, answer["Location"]) == (302, RESULTS)
    (row,) = stored(mara)
    assert row.answers == {"q01": 4, "q02": 3}
    assert row.choices == {"focus": ["love", "work"], "recent_loss": "no"}
    assert (row.instrument, row.version, row.local_date) == ("starting-picture", 1, mara.today())


def test_a_step_of_zero_is_an_answer(client_of, mara, posted):
    client_of(mara).post(ADDRESS, {**posted, "q01": "0"})
    assert stored(mara)[0].answers["q01"] == 0


def test_one_choice_is_enough(client_of, mara, posted):
    client_of(mara).post(ADDRESS, {"row": posted["row"], "in_therapy": "yes"})
    said = stored(mara)[0].said
    assert (said["answers"], said["choices"]) == ({}, {"in_therapy": "yes"})


def test_whom_it_is_about_and_the_range_are_kept_with_the_answers(client_of, mara, posted):
    client_of(mara).post(ADDRESS, posted)
    said = stored(mara)[0].said
    assert (said["target"], said["range"]) == ("general", [0, 4])


@pytest.mark.parametrize("slug", ["ecr", "ecr-r", "ecr-s", "ecr-12", "ecr-rs", "scs-sf"])
def test_without_the_wording_people_do_not_see_it(client_of, mara, slug):
    for page in (f"/questionnaires/{slug}/", f"/questionnaires/{slug}/results/"):
        assert client_of(mara).get(page).status_code == 404


def test_with_the_operators_wording_they_do(client_of, mara, wording, settings):
    settings.INSTRUMENTS_DIR = wording("scs-sf", numbers=range(1, 13), steps=5)
    page = client_of(mara).get("/questionnaires/scs-sf/").content.decode()
    assert page.count("Agreed wording") == 12
    answers = {f"q{number:02}": "5" for number in range(1, 13)}
    answer = client_of(mara).post("/questionnaires/scs-sf/", {**answers, "row": str(uuid.uuid4())})
    # Six lines of five, and six turned to one.
    page = client_of(mara).get(answer["Location"]).content.decode()
    assert "Your answers average 3.0 on a line from 1 to 5." in page
    assert "With room" not in page


def test_it_shows_how_much_is_answered(client_of, mara, posted):
    client = client_of(mara)
    page = client.get(ADDRESS).content.decode()
    assert "<b data-answered>0</b> of 18 answered" in page
    assert '<progress value="0" max="18"' in page
    client.post(ADDRESS + "answers/", {**posted, "q03": "0"})
    # Three lines, one of several words, and one choice.
    page = client.get(ADDRESS).content.decode()
    assert "<b data-answered>5</b> of 18 answered" in page
    assert '<progress value="5" max="18"' in page


def test_nothing_chosen_is_met_kindly_and_not_stored(client_of, mara, posted):
    answer = client_of(mara).post(ADDRESS, {"row": posted["row"], "q01": ""})
    assert answer.status_code == 200
    assert "One answer is enough" in answer.content.decode()
    assert stored(mara) == []


@pytest.mark.parametrize(("name", "value"), [("q01", "5"), ("q01", "x"), ("focus", "money")])
def test_an_answer_outside_the_choices_is_refused(client_of, mara, posted, name, value):
    answer = client_of(mara).post(ADDRESS, {**posted, name: value})
    assert answer.status_code == 200
    assert "needs another look" in answer.content.decode()
    assert stored(mara) == []


def test_sent_twice_it_is_one_row(client_of, mara, posted):
    client = client_of(mara)
    for _time in range(2):
        assert client.post(ADDRESS, posted)["Location"] == RESULTS
    assert len(stored(mara)) == 1


def test_sent_again_after_the_six_weeks_it_is_still_the_same_row(client_of, mara, posted):
    client = client_of(mara)
    client.post(ADDRESS, posted)
    age(stored(mara)[0], weeks=7)
    assert client.post(ADDRESS, {**posted, "q01": "0"})["Location"] == RESULTS
    assert [row.answers["q01"] for row in stored(mara)] == [4]


def test_a_form_open_in_another_tab_stores_no_second_row(client_of, mara, posted):
    client = client_of(mara)
    client.post(ADDRESS, posted)
    late = client.post(ADDRESS, {**posted, "row": str(uuid.uuid4()), "q01": "0"})
    assert late["Location"] == RESULTS
    assert [row.answers["q01"] for row in stored(mara)] == [4]


def test_too_early_it_says_when_and_leads_to_the_result(client_of, mara, posted):
    client = client_of(mara)
    client.post(ADDRESS, posted)
    age(stored(mara)[0], days=41)
    page = client.get(ADDRESS).content.decode()
    assert "nothing is due" in page
    assert RESULTS in page
    assert "<fieldset" not in page


def test_after_six_weeks_it_is_open_again(client_of, mara, posted):
    client = client_of(mara)
    client.post(ADDRESS, posted)
    age(stored(mara)[0], days=42)
    assert "<fieldset" in client.get(ADDRESS).content.decode()
    client.post(ADDRESS, {**posted, "row": str(uuid.uuid4())})
    assert len(stored(mara)) == 2


def test_her_submission_does_not_rest_his(client_of, mara, theo, posted):
    client_of(mara).post(ADDRESS, posted)
    assert "<fieldset" in client_of(theo).get(ADDRESS).content.decode()


def test_the_id_of_her_row_gives_him_nothing(client_of, mara, theo, posted):
    client_of(mara).post(ADDRESS, posted)
    assert client_of(theo).post(ADDRESS, {**posted, "q01": "0"}).status_code == 404
    assert stored(theo) == []
    assert stored(mara)[0].answers["q01"] == 4


def test_signed_out_the_answers_come_back_and_nothing_is_stored(db, posted):
    answer = Client().post(ADDRESS, posted)
    page = answer.content.decode()
    assert answer.status_code == 403
    assert posted["row"] in page
    assert page.count(" checked") == 17 + 2  # a radio button each, and two ticks
    assert Submission.objects.count() == 0


def test_without_sign_in_the_page_is_not_shown(db, client):
    assert client.get(ADDRESS)["Location"].startswith("/accounts/login/")


def test_without_consent_it_is_not_shown(client_of, mara):
    withdraw_consent(owner=mara, kind=Consent.Kind.STORING)
    assert client_of(mara).get(ADDRESS)["Location"].startswith("/accounts/consent/")


def test_an_unknown_questionnaire_is_not_found(client_of, mara):
    for method in ("get", "post"):
        assert getattr(client_of(mara), method)("/questionnaires/nope/").status_code == 404


def test_answers_are_sealed_in_the_database(client_of, mara, posted):
    client_of(mara).post(ADDRESS, posted)
    with connection.cursor() as cursor:
        cursor.execute("SELECT said FROM questionnaires_submission")
        ((raw,),) = cursor.fetchall()
    assert b"q01" not in bytes(raw)
    assert b"love" not in bytes(raw)


def test_it_asks_the_database_little(client_of, mara, django_assert_num_queries):
    client = client_of(mara)
    client.get(ADDRESS)
    with django_assert_num_queries(5):  # session, person, last submission, key, what is under way
        client.get(ADDRESS)
