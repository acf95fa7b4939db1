"""Deleting a hold with all that came of it, except what stands in the journal."""

from django.test import Client

from exercises.models import Session
from healing.hold.models import Hold
from journal.models import Entry
from tests.hold.conftest import answer, at, begin, close


def test_asked_first_then_gone_with_its_practice(hers: Client) -> None:
    hold = begin(hers)
    answer(hers, hold)
    close(hers, hold, words="keep", journal="on")
    page = hers.get(at("hold_delete", hold.pk)).content.decode()
    assert "I saw you were online" in page
    assert "8 of 10 before, 5 after" in page
    assert Hold.objects.count() == 1
    assert hers.post(at("hold_delete", hold.pk)).status_code == 302
    assert Hold.objects.count() == Session.objects.count() == 0
    assert Entry.objects.count() == 1


def test_nobody_else_can(hers: Client, his: Client) -> None:
    hold = begin(hers)
    assert his.post(at("hold_delete", hold.pk)).status_code == 404
    assert Hold.objects.count() == 1
