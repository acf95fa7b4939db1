"""/my-data/erased/: goodbye, to someone who is signed out."""

ERASED = "/my-data/erased/"


def test_it_says_what_is_gone_and_what_is_not(client, django_assert_num_queries, db):
    with django_assert_num_queries(0):
        page = client.get(ERASED).content.decode()
    assert "It is done" in page
    assert "stay in the mailbox" in page
    assert "Backups" in page


def test_nobody_who_is_signed_in_is_told_that_it_is_done(client_of, mara):
    answer = client_of(mara).get(ERASED)
    assert (answer.status_code, answer["Location"]) == (302, "/my-data/")


def test_a_session_that_has_ended_is_no_hindrance(client, db):
    client.cookies["sessionid"] = "ended-long-ago"
    assert client.get(ERASED).status_code == 200
