"""/look-back/done/: the close, and where an answer leads."""

import pytest
from django.test import Client
from django.urls import reverse

from healing.accounts.models import User
from healing.checkins.models import LookBack
from tests.checkins.conftest import main_of

DONE = reverse("checkins:looked_back")


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({}, "Nothing about it has to be solved today."),
        ({"well": "I waited"}, "What you did well is kept"),
        ({"worse": "E15"}, "put an exercise away for good"),
        ({"pace": "slower"}, "/programme/"),
        ({"pace": "faster"}, "/programme/"),
    ],
)
def test_it_answers_what_was_said(
    hers: Client, mara: User, said: dict[str, str], words: str
) -> None:
    LookBack.objects.create(owner=mara, local_date=mara.today(), said=said)
    assert words in main_of(hers.get(DONE).content.decode())


def test_a_pace_that_is_fine_leads_nowhere(hers: Client, mara: User) -> None:
    LookBack.objects.create(owner=mara, local_date=mara.today(), said={"pace": "fine"})
    assert "/programme/" not in main_of(hers.get(DONE).content.decode())


def test_without_any_look_back_it_still_opens(hers: Client) -> None:
    assert hers.get(DONE).status_code == 200
