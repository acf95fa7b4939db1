"""The page after a check-in: a kind close, or steadying and help at once."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from healing.accounts.models import User

CHECK_IN = reverse("checkins:check_in")
CHECKED_IN = reverse("checkins:checked_in")
PANEL = 'id="help-now"'


@pytest.fixture
def hers(mara: User, client_of: Callable[[User], Client]) -> Client:
    return client_of(mara)


@pytest.mark.parametrize(
    ("answers", "is_hard"),
    [
        ({"steady": "0"}, True),
        ({"left_worry": "4"}, True),
        ({"urge_pull": "4", "choice": "3"}, True),
        ({"urge_pull": "2", "choice": "0"}, True),
        ({"inner_voice": "0"}, True),
        ({"own_side": "0"}, True),
        ({"connected": "0"}, True),
        ({"steady": "1", "left_worry": "3", "urge_pull": "0", "choice": "0"}, False),
        ({"practice": "0"}, False),
        ({"line": "nothing rated"}, False),
        ({}, False),
    ],
)
def test_lowest_answers_bring_steadying_and_help(
    hers: Client, answers: dict[str, str], is_hard: bool
) -> None:
    page = hers.post(CHECK_IN, {"shown": "", **answers}, follow=True).content.decode()
    assert (PANEL in page) is is_hard
    assert "Thank you" in page


def test_it_opens_without_any_check_in(hers: Client) -> None:
    answer = hers.get(CHECKED_IN)
    assert answer.status_code == 200
    assert PANEL not in answer.content.decode()


def test_another_persons_day_is_not_hers(
    hers: Client, theo: User, client_of: Callable[[User], Client]
) -> None:
    client_of(theo).post(CHECK_IN, {"steady": "0"})
    assert PANEL not in hers.get(CHECKED_IN).content.decode()


def test_a_day_that_was_changed_for_the_better_is_no_longer_hard(hers: Client, mara: User) -> None:
    hers.post(CHECK_IN, {"steady": "0"})
    better = {"steady": "2", "shown": "steady", "day": mara.today().isoformat()}
    page = hers.post(CHECK_IN, better, follow=True).content.decode()
    assert PANEL not in page
