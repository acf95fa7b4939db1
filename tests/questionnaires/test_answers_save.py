"""/questionnaires/<slug>/answers/: the page with all questions is kept while it is filled in."""

import uuid

from healing.accounts.actions import withdraw_consent
from healing.accounts.models import Consent
from healing.questionnaires.models import Submission, Taking

ADDRESS = "/questionnaires/starting-picture/"
SAVE = ADDRESS + "answers/"


def test_what_is_on_the_page_is_kept_and_comes_back(client_of, mara, posted):
    client = client_of(mara)
    answer = client.post(SAVE, posted)
    assert (answer.status_code, answer.json()["saved"]) == (200, True)
    assert Taking.objects.of(mara).get().said["answers"] == {"q01": 4, "q02": 3}
    page = client.get(ADDRESS).content.decode()
    assert page.count('value="4" checked') == 1
    assert posted["row"] in page
    assert not Submission.objects.exists()


def test_what_was_taken_back_is_no_more_kept(client_of, mara, posted):
    client = client_of(mara)
    client.post(SAVE, posted)
    client.post(SAVE, {**posted, "q01": "", "focus": []})
    said = Taking.objects.of(mara).get().said
    assert said["answers"] == {"q02": 3}
    assert said["choices"] == {"recent_loss": "no"}


def test_a_late_save_brings_nothing_back(client_of, mara, posted):
    client = client_of(mara)
    client.post(SAVE, posted)
    client.post(ADDRESS, posted)
    assert not Taking.objects.exists()
    late = client.post(SAVE, posted)
    assert (late.status_code, late.json()) == (409, {"saved": False})
    assert not Taking.objects.exists()


def test_what_cannot_be_read_is_not_called_saved(client_of, mara, posted):
    for wrong in ({"q01": "9"}, {"row": "x"}):
        answer = client_of(mara).post(SAVE, {**posted, **wrong})
        assert (answer.status_code, answer.json()) == (400, {"saved": False})
    assert not Taking.objects.exists()


def test_a_page_with_nothing_chosen_is_kept_too(client_of, mara):
    assert client_of(mara).post(SAVE, {"row": str(uuid.uuid4())}).json()["saved"] is True
    assert Taking.objects.of(mara).get().is_empty


def test_by_a_link_nothing_happens(client_of, mara):
    assert client_of(mara).get(SAVE).status_code == 405


# Several tabs ------------------------------------------------------------------------------------


def test_it_answers_with_all_that_is_kept_as_a_browser_would_post_it(client_of, mara, posted):
    kept = client_of(mara).post(SAVE, posted).json()["kept"]
    assert kept == {
        name: said if isinstance(said, list) else [said] for name, said in posted.items()
    }


def test_what_was_not_changed_on_this_page_stays_as_another_has_kept_it(client_of, mara, posted):
    client = client_of(mara)
    first = client.post(SAVE, posted).json()["kept"]["row"]
    other = {**posted, "row": str(uuid.uuid4()), "q01": "", "q02": "1", "q03": "0", "focus": []}
    kept = client.post(SAVE, {**other, "changed": "q02 q03"}).json()["kept"]
    assert Taking.objects.of(mara).get().said["answers"] == {"q01": 4, "q02": 1, "q03": 0}
    assert (kept["q01"], kept["focus"]) == (["4"], ["love", "work"])
    # And from now on both pages are one form.
    assert kept["row"] == first


def test_the_first_page_to_keep_something_keeps_all_of_it(client_of, mara, posted):
    client_of(mara).post(SAVE, {**posted, "changed": "q02"})
    assert Taking.objects.of(mara).get().said["answers"] == {"q01": 4, "q02": 3}


def test_a_page_that_only_asks_brings_nothing_back(client_of, mara, posted):
    client = client_of(mara)
    client.post(SAVE, posted)
    asks = {**posted, "changed": ""}
    assert client.post(SAVE, asks).status_code == 200
    client.post(ADDRESS + "afresh/")
    answer = client.post(SAVE, asks)
    assert (answer.status_code, answer.json()) == (409, {"saved": False})
    assert not Taking.objects.exists()


def test_too_early_about_somebody_it_says_why_nothing_is_kept(client_of, mara):
    client = client_of(mara)
    map_ = "/questionnaires/attachment-map/"
    row = {"row": str(uuid.uuid4()), "target": "partner", "q01": "3"}
    client.post(map_, row)
    late = {**row, "row": str(uuid.uuid4())}
    answer = client.post(map_ + "answers/", late)
    assert (answer.status_code, answer.json()) == (409, {"saved": False, "why": "resting"})
    assert client.post(map_ + "answers/", {**late, "target": "friend"}).status_code == 200


def test_whom_it_is_about_can_be_said_at_the_end(client_of, mara, wording, settings):
    # No target of this one stands for nobody in particular.
    settings.INSTRUMENTS_DIR = wording("ecr-rs", numbers=range(1, 10), steps=7)
    address = "/questionnaires/ecr-rs/"
    client, row = client_of(mara), {"row": str(uuid.uuid4()), "q01": "3"}
    assert client.post(address + "answers/", row).status_code == 200
    assert Taking.objects.of(mara).get().said["answers"] == {"q01": 3}
    assert "Choose whom you think of." in client.post(address, row).content.decode()


def test_without_consent_nothing_is_kept(client_of, mara, posted):
    withdraw_consent(owner=mara, kind=Consent.Kind.STORING)
    answer = client_of(mara).post(SAVE, posted)
    assert answer.status_code == 403
    assert "/accounts/consent/" in answer.content.decode()
    assert not Taking.objects.exists()


def test_it_asks_the_database_little(client_of, mara, posted, django_assert_num_queries):
    client = client_of(mara)
    client.post(SAVE, posted)
    # Session, person, what rests, key; in a transaction: stored already, under way, the same row
    # locked, and written.
    with django_assert_num_queries(10):
        client.post(SAVE, {**posted, "changed": "q01", "q01": "1"})
