"""The page after a check-in: a kind close, or steadying and help at once."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from healing.accounts.models import User
from healing.checkins.actions import save_check_in
from healing.checkins.models import CheckIn
from healing.checkins.tokens import make_token

CHECK_IN = reverse("checkins:check_in")
CHECKED_IN = reverse("checkins:checked_in")
PANEL = 'id="help-now"'
QUESTION = 'href="/look-back/safety/"'
HARD = {"steady": 0}


def check_in(owner: User, days_ago: int, **answers: int) -> None:
    day = owner.today() - timedelta(days=days_ago)
    save_check_in(owner=owner, local_date=day, answers=answers, shown={})


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


# The safety question (programme 7.3, "Also asked", a) ---------------------------------------------


@pytest.mark.parametrize(
    ("before", "today", "is_asked"),
    [
        ({1: HARD, 2: HARD}, HARD, True),
        ({3: HARD, 6: {"left_worry": 4}}, {"left_worry": 4, "steady": 3}, True),
        ({3: HARD, 7: HARD}, HARD, False),
        ({1: HARD}, HARD, False),
        ({1: HARD, 2: HARD}, {"steady": 1}, False),
        ({1: {"steady": 1}, 2: HARD, 3: HARD}, HARD, False),
        ({1: HARD, 2: HARD}, {"urge_pull": 4}, False),
        ({1: HARD, 2: HARD, 3: HARD}, HARD, False),
        ({6: HARD, 7: HARD, 8: HARD, 1: HARD, 2: HARD}, HARD, False),
        ({7: HARD, 8: HARD, 9: HARD, 1: HARD, 2: HARD}, HARD, True),
    ],
)
def test_three_hard_check_ins_bring_the_question_once_in_seven_days(
    hers: Client,
    mara: User,
    before: dict[int, dict[str, int]],
    today: dict[str, int],
    is_asked: bool,
) -> None:
    for days_ago, answers in before.items():
        check_in(mara, days_ago, **answers)
    said = {name: str(answer) for name, answer in today.items()}
    page = hers.post(CHECK_IN, said, follow=True).content.decode()
    assert (QUESTION in page) is is_asked
    assert "<title>Checked in - Steady Ground</title>" in page


def test_it_is_asked_each_week_however_long_it_stays_hard(hers: Client, mara: User) -> None:
    asked = []
    for days_ago in reversed(range(50)):
        check_in(mara, days_ago, **HARD)
        asked.append(QUESTION in hers.get(CHECKED_IN).content.decode())
    assert [day for day, is_asked in enumerate(asked) if is_asked] == list(range(2, 50, 7))


def test_a_third_hard_day_saved_after_midnight_brings_it_too(hers: Client, mara: User) -> None:
    for days_ago in (3, 2):
        check_in(mara, days_ago, **HARD)
    yesterday = mara.today() - timedelta(days=1)
    data = {"steady": "0", "day": yesterday.isoformat(), "shown": ""}
    assert QUESTION in hers.post(CHECK_IN, data, follow=True).content.decode()


def test_a_third_hard_day_put_right_does_not_bring_it(hers: Client, mara: User) -> None:
    for days_ago in (2, 1, 0):
        check_in(mara, days_ago, **HARD)
    assert QUESTION in hers.get(CHECKED_IN).content.decode()
    better = {"steady": "2", "shown": "steady", "day": mara.today().isoformat()}
    assert QUESTION not in hers.post(CHECK_IN, better, follow=True).content.decode()


def test_another_persons_hard_days_are_not_hers(hers: Client, mara: User, theo: User) -> None:
    for days_ago in (2, 1, 0):
        check_in(theo, days_ago, **HARD)
    check_in(mara, 0, **HARD)
    assert QUESTION not in hers.get(CHECKED_IN).content.decode()


def test_the_mails_form_never_brings_it(client: Client, mara: User) -> None:
    for days_ago in (2, 1):
        check_in(mara, days_ago, **HARD)
    link = reverse("checkins:from_mail", args=[make_token(mara.pk, mara.today())])
    assert QUESTION not in client.post(link, {"steady": "0"}).content.decode()
    assert CheckIn.objects.of(mara).count() == 3


def test_it_takes_few_queries_however_long_the_record_is(
    hers: Client, mara: User, django_assert_max_num_queries: Any
) -> None:
    for days_ago in range(40):
        check_in(mara, days_ago, **HARD)
    hers.get(CHECKED_IN)
    # session, person, agreement, the last one, predictions, three, all
    with django_assert_max_num_queries(7):
        hers.get(CHECKED_IN)
