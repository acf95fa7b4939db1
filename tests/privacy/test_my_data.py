"""/my-data/: what is kept, in plain words, and the ways to take it or end it."""

import re

from healing.accounts.actions import withdraw_consent
from healing.accounts.models import Consent
from healing.questionnaires.models import Submission
from tests.privacy.walk import SAID, make_row

MY_DATA = "/my-data/"


def page_of(client) -> str:
    return re.sub(r"\s+", " ", client.get(MY_DATA).content.decode())


def test_it_counts_what_is_stored_by_kind(client_of, mara):
    make_row(Submission, mara)
    make_row(Submission, mara)
    page = page_of(client_of(mara))
    assert '<th scope="row">Filled-in questionnaires</th><td>2</td>' in page
    assert mara.email in page
    assert "Europe/Berlin" in page


def test_it_shows_no_word_of_it(client_of, mara):
    make_row(Submission, mara)
    assert SAID not in page_of(client_of(mara))


def test_it_leads_to_a_copy_and_to_the_end(client_of, mara):
    page = page_of(client_of(mara))
    assert 'method="post" action="/my-data/export/"' in page
    assert 'href="/my-data/erase/"' in page


def test_with_nothing_stored_it_says_so(client_of, mara):
    Consent.objects.of(mara).delete()
    assert "Nothing yet." in page_of(client_of(mara))


def test_a_stranger_sees_his_own(client_of, mara, theo):
    make_row(Submission, mara)
    page = page_of(client_of(theo))
    assert "Filled-in questionnaires" not in page
    assert mara.email not in page


def test_without_sign_in_it_is_not_shown(db, client):
    assert client.get(MY_DATA)["Location"].startswith("/accounts/login/")


def test_who_took_back_the_consent_still_reaches_it(client_of, mara):
    withdraw_consent(owner=mara, kind=Consent.Kind.STORING)
    assert client_of(mara).get(MY_DATA).status_code == 200
    assert client_of(mara).post("/my-data/export/").status_code == 200
    assert client_of(mara).get("/my-data/erase/").status_code == 200
