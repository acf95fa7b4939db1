"""The message about heavier weeks: shown until it is put away, then quiet for a while."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.serializers.json import DjangoJSONEncoder
from django.test import Client
from django.urls import reverse

from healing.accounts.models import User
from healing.checkins.models import CheckIn, LookBack, Notice
from healing.privacy.export import export_person
from tests.checkins.conftest import main_of

HIDE = reverse("checkins:notice_hide")
TODAY = reverse("today:today")
WORDS = "The last weeks look heavier"


def check_in(owner: User, back: int, steady: int, other: int) -> None:
    CheckIn.objects.create(
        owner=owner,
        local_date=owner.today() - timedelta(days=back),
        answers={"steady": steady, "left_worry": other, "urge_pull": other},
    )


@pytest.fixture
def heavy(mara: User) -> None:
    """A light week three weeks ago, and a heavy one now."""
    for back in range(4):
        check_in(mara, back, 0, 4)
        check_in(mara, back + 14, 4, 0)


@pytest.mark.usefixtures("heavy", "content")
def test_it_stays_until_it_is_put_away_and_rests_a_fortnight(hers: Client, mara: User) -> None:
    for _ in range(2):
        page = main_of(hers.get(TODAY).content.decode())
        assert WORDS in page
    assert not Notice.objects.exists()
    for link in ("/lessons/when-a-person-helps", "/cards/safety-card/", "/look-back/safety/"):
        assert link in page
    answer = hers.post(HIDE, {"message": "worsening"}, follow=True)
    assert WORDS not in main_of(answer.content.decode())
    hers.post(HIDE, {"message": "worsening"})
    assert Notice.objects.of(mara).get().said == {"worsening": mara.today().isoformat()}
    row = Notice.objects.of(mara).get()
    for ago, shown in [(13, False), (14, True)]:
        row.said = {"worsening": (mara.today() - timedelta(days=ago)).isoformat()}
        row.save()
        assert (WORDS in hers.get(TODAY).content.decode()) is shown


@pytest.mark.usefixtures("heavy", "content")
def test_a_stranger_sees_and_hides_nothing_of_it(
    mara: User, theo: User, client_of: Any, hers: Client
) -> None:
    his = client_of(theo)
    assert WORDS not in his.get(TODAY).content.decode()
    his.post(HIDE, {"message": "worsening"})
    assert WORDS in hers.get(TODAY).content.decode()


@pytest.mark.usefixtures("db")
def test_only_a_message_that_exists_is_put_away_and_only_by_a_post(hers: Client) -> None:
    assert hers.post(HIDE, {"message": "streak"}).status_code == 400
    assert hers.post(HIDE).status_code == 400
    assert hers.get(HIDE).status_code == 405
    assert not Notice.objects.exists()


def test_what_was_put_away_stands_readable_in_the_export(hers: Client, mara: User) -> None:
    hers.post(HIDE, {"message": "no_change"})
    rows = export_person(owner=mara)["records"]["checkins.notice"]
    assert rows[0]["said"] == {"no_change": mara.today().isoformat()}
    assert json.dumps(rows, cls=DjangoJSONEncoder)


@pytest.mark.usefixtures("content")
def test_two_look_backs_in_a_row_that_were_much_harder_say_so_too(hers: Client, mara: User) -> None:
    for back in (1, 8):
        assert WORDS not in hers.get(TODAY).content.decode()
        day = mara.today() - timedelta(days=back)
        LookBack.objects.create(owner=mara, local_date=day, said={"compared": "much_harder"})
    assert WORDS in hers.get(TODAY).content.decode()
