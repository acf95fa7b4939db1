"""/questionnaires/<slug>/answers/: the page with all questions is kept while it is filled in."""

import uuid

from healing.questionnaires.models import Submission, Taking

ADDRESS = "/questionnaires/starting-picture/"
SAVE = ADDRESS + "answers/"


def test_what_is_on_the_page_is_kept_and_comes_back(client_of, mara, posted):
    client = client_of(mara)
    answer = client.post(SAVE, posted)
    assert (answer.status_code, answer.json()) == (200, {"saved": True})
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
    assert client_of(mara).post(SAVE, {"row": str(uuid.uuid4())}).json() == {"saved": True}
    assert Taking.objects.of(mara).get().is_empty


def test_by_a_link_nothing_happens(client_of, mara):
    assert client_of(mara).get(SAVE).status_code == 405
