"""/questionnaires/<slug>/afresh/: what was answered so far is deleted, and only that."""

from healing.questionnaires.models import Submission, Taking

ADDRESS = "/questionnaires/starting-picture/"
AFRESH = ADDRESS + "afresh/"


def test_what_is_under_way_goes_and_the_page_is_empty(client_of, mara, posted):
    client = client_of(mara)
    client.post(ADDRESS + "answers/", posted)
    assert client.post(AFRESH)["Location"] == ADDRESS
    assert not Taking.objects.exists()
    assert 'value="4" checked' not in client.get(ADDRESS).content.decode()


def test_a_result_stays(client_of, mara, posted):
    client = client_of(mara)
    client.post(ADDRESS, posted)
    client.post(AFRESH)
    assert Submission.objects.of(mara).count() == 1


def test_a_stranger_deletes_nothing_of_hers(client_of, mara, theo, posted):
    client_of(mara).post(ADDRESS + "answers/", posted)
    client_of(theo).post(AFRESH)
    assert Taking.objects.of(mara).exists()


def test_by_a_link_nothing_happens(client_of, mara):
    assert client_of(mara).get(AFRESH).status_code == 405
