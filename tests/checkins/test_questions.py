"""/check-in/questions/: each item can be switched off for good, and on again."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from healing.accounts.models import User
from healing.checkins.actions import switch_off, switched_off
from healing.checkins.items import ITEMS
from healing.checkins.look_back import QUESTIONS
from healing.checkins.models import CheckIn, Unasked
from healing.checkins.tokens import make_token

ADDRESS = reverse("checkins:questions")
CHECK_IN = reverse("checkins:check_in")
DAILY = [item.key for item in ITEMS]
WEEKLY = [one.key for one in QUESTIONS]


def test_at_first_all_are_asked(hers: Client) -> None:
    page = hers.get(ADDRESS).content.decode()
    assert page.count(" checked") == len(DAILY) + len(WEEKLY)


def test_what_loses_its_tick_is_not_asked_until_it_has_one_again(hers: Client, mara: User) -> None:
    wanted = {"daily": [key for key in DAILY if key != "steady"], "weekly": WEEKLY}
    assert hers.post(ADDRESS, wanted)["Location"] == CHECK_IN
    assert switched_off(owner=mara) == {"steady"}
    assert 'name="steady"' not in hers.get(CHECK_IN).content.decode()
    hers.post(ADDRESS, {"daily": DAILY, "weekly": WEEKLY})
    assert 'name="steady"' in hers.get(CHECK_IN).content.decode()
    assert Unasked.objects.count() == 1


@pytest.mark.parametrize(
    ("off", "gone"),
    [({"urge_pull"}, {"urge_pull", "choice"}), ({"practice"}, {"practice", "practice_which"})],
)
def test_what_hangs_on_a_question_goes_with_it(
    hers: Client, mara: User, off: set[str], gone: set[str]
) -> None:
    switch_off(owner=mara, off=off)
    page = hers.get(CHECK_IN).content.decode()
    for name in {*DAILY, "practice_which"}:
        assert (f'name="{name}"' in page) == (name not in gone)


def test_what_was_answered_before_stays(hers: Client, mara: User) -> None:
    day = mara.today().isoformat()
    hers.post(CHECK_IN, {"steady": "3", "practice": "1", "practice_which": "feet", "day": day})
    switch_off(owner=mara, off={"steady", "practice"})
    shown = CheckIn.objects.get()
    page = hers.get(CHECK_IN).content.decode()
    assert not re.search(r'name="shown" value="[^"]*(steady|practice)', page)
    hers.post(CHECK_IN, {"connected": "2", "day": day, "shown": ""})
    assert CheckIn.objects.get().answers == {**shown.answers, "connected": 2}


def test_behind_a_mails_link_it_is_not_asked_either(mara: User, client: Client) -> None:
    switch_off(owner=mara, off={"left_worry"})
    page = client.get(reverse("checkins:from_mail", args=[make_token(mara.pk, mara.today())]))
    assert 'name="steady"' in page.content.decode()
    assert 'name="left_worry"' not in page.content.decode()


def test_a_key_that_is_no_question_is_refused(hers: Client, mara: User) -> None:
    answer = hers.post(ADDRESS, {"daily": ["nonsense"], "weekly": WEEKLY})
    assert answer.status_code == 200
    assert switched_off(owner=mara) == frozenset()


def test_it_is_sealed_and_hers_alone(hers: Client, mara: User, theo: User, db: Any) -> None:
    switch_off(owner=mara, off={"left_worry"})
    assert switched_off(owner=theo) == frozenset()
