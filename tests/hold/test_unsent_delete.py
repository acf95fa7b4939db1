"""Deleting unsent words: asked first, then gone, and nothing else with them."""

from django.test import Client
from django.urls import reverse

from exercises.models import Session
from healing.accounts.models import User
from healing.hold.models import Hold
from tests.hold.conftest import at, begin, kept_with_exercise


def test_the_words_of_a_hold_go_and_its_number_stays(hers: Client) -> None:
    hold = begin(hers)
    assert "cannot be brought back" in hers.get(at("unsent_delete", hold.pk)).content.decode()
    assert Hold.objects.get().words
    for _ in range(2):
        answer = hers.post(at("unsent_delete", hold.pk))
        assert answer.url == reverse("hold:unsent_list")
    hold = Hold.objects.get()
    assert hold.words == ""
    assert hold.said["before"] == 8


def test_of_a_session_only_that_note_goes(hers: Client, mara: User) -> None:
    session = kept_with_exercise(mara)
    hers.post(at("unsent_delete", session.pk))
    session = Session.objects.get()
    assert [note["key"] for note in session.notes] == ["urge"]
    assert (session.said["before"], session.said["ended"]) == (6, "finished")


def test_nobody_else_can(hers: Client, mara: User, his: Client) -> None:
    for row in (begin(hers), kept_with_exercise(mara)):
        his.post(at("unsent_delete", row.pk))
        assert his.get(at("unsent_delete", row.pk)).status_code == 404
        assert hers.get(at("unsent_detail", row.pk)).status_code == 200
