"""Beginning a hold: once, sealed, from anywhere; and never for an urge to hurt."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from healing.accounts.models import User
from healing.cards.actions import keep_card
from healing.cards.kinds import SAFETY
from healing.hold.models import Hold
from journal.models import Entry
from tests.hold.conftest import CREATE, URGES, WORDS, answer, answers, at, begin


def test_an_urge_its_number_and_the_words_make_one_sealed_row(hers: Client, mara: User) -> None:
    hold = begin(hers, own="drive past their house")
    assert hold.owner == mara
    assert hold.local_date == mara.today()
    assert hold.is_open
    assert hold.said == {
        "urges": URGES,
        "own": "drive past their house",
        "before": 8,
        "minutes": 2,
        "message": WORDS,
        "after": None,
        "chosen": None,
        "entry": None,
    }
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM hold_hold")
        stored = repr(cursor.fetchall())
    assert "check_on_them" not in stored
    assert "online" not in stored


def test_everything_may_stay_open(hers: Client) -> None:
    hold = begin(hers, urges=[], before="-", minutes="", message="")
    assert (hold.said["urges"], hold.said["before"], hold.said["minutes"]) == ([], None, 10)


def test_something_else_is_kept_in_own_words_alone(hers: Client) -> None:
    hold = begin(hers, urges=["other"], own="drive past")
    assert (hold.said["urges"], hold.urge) == ([], "drive past")


def test_looking_at_the_form_stores_nothing(hers: Client, django_assert_num_queries: Any) -> None:
    hers.get(CREATE)
    # session, person, holds, entries, key, card, exercise
    with django_assert_num_queries(7):
        page = hers.get(CREATE).content.decode()
    assert "Never put off an emergency or a message about a child’s safety." in page
    assert Hold.objects.count() == 0


def test_sending_twice_makes_one_row(hers: Client) -> None:
    data = answers()
    first, second = hers.post(CREATE, data), hers.post(CREATE, data)
    assert first.headers["Location"] == second.headers["Location"]
    assert Hold.objects.count() == 1


def test_words_changed_after_going_back_are_not_lost(hers: Client) -> None:
    data = answers()
    first = hers.post(CREATE, data)
    second = hers.post(CREATE, {**data, "message": "what I really want to say"})
    assert second.url == first.url
    assert Hold.objects.get().words == "what I really want to say"
    answer(hers, Hold.objects.get())
    later = {**data, "message": "and one thing more"}
    assert len({hers.post(CREATE, later).url for _ in range(2)}) == 1
    words = [row.words for row in Hold.objects.order_by("created")]
    assert words == ["what I really want to say", "and one thing more"]


def test_the_id_of_somebody_else_is_not_found(hers: Client, his: Client) -> None:
    hold = begin(hers)
    assert his.post(CREATE, answers(form_id=str(hold.pk))).status_code == 404
    assert Hold.objects.get().said["message"] == WORDS


@pytest.mark.parametrize("sign", ["hurt_myself", "say_hurt_myself", "hurt_someone"])
def test_a_danger_sign_starts_no_timer_and_shows_help_and_the_own_card(
    hers: Client, mara: User, sign: str
) -> None:
    answers_ = {"alone": "count the tiles", "people": "Jonas 0151 2345"}
    keep_card(owner=mara, kind=SAFETY, answers=answers_, opened_with="")
    response = hers.post(CREATE, answers(urges=[*URGES, sign]))
    page = response.content.decode()
    assert response.status_code == 200
    assert Hold.objects.count() == 0
    assert "This one does not wait" in page
    assert page.index("Get help now", page.index("<main")) < page.index("What you named")
    assert "Jonas" in page
    assert "I saw you were online." in page
    assert page.count('id="help-now"') == 1


def test_help_and_the_own_card_wait_on_the_page_for_a_danger_sign(hers: Client) -> None:
    """A style sheet shows them as soon as one is chosen, without a request."""
    page = hers.get(CREATE).content.decode()
    assert 'class="urgent"' in page
    assert "This one does not wait, so no timer starts." in page
    groups = re.findall(r"<legend>([^<]+)</legend>", page)
    assert groups.index("Danger signs") > groups.index("Reaching that hides")


def test_what_is_wrong_is_named_and_nothing_typed_is_lost(hers: Client) -> None:
    data = answers(message="x" * 20_001, minutes="7")
    page = hers.post(CREATE, data).content.decode()
    assert "Choose 2, 5, 10 or 20 minutes." in page
    assert "Shorten it to 20000 letters." in page
    assert "x" * 20_001 in page
    assert f'value="{data["form_id"]}"' in page
    assert Hold.objects.count() == 0


def test_a_form_sent_signed_out_comes_back_filled(hers: Client, content: None) -> None:
    data = answers()
    response = Client().post(CREATE, data)
    page = response.content.decode()
    assert response.status_code == 403
    assert "I saw you were online." in page
    assert data["form_id"] in page
    assert Hold.objects.count() == 0


def shown_first(page: str) -> list[str]:
    return re.findall(r'value="(\w+)"', page.split('id="id_urges"')[1].partition("<details>")[0])


def test_what_was_held_or_written_up_to_yesterday_stands_first(hers: Client, mara: User) -> None:
    for _ in range(3):
        begin(hers, urges=["disappear"])
    for _ in range(2):
        content = {"form": "quick", "urges": ["flirt_elsewhere", "rest"]}
        Entry.objects.create(owner=mara, local_date=mara.today(), content=content)
    assert shown_first(hers.get(CREATE).content.decode())[0] == "send_many"
    for model in (Hold, Entry):
        model.objects.update(created=timezone.now() - timedelta(days=1))
    first = shown_first(hers.get(CREATE).content.decode())
    assert first[:2] == ["disappear", "flirt_elsewhere"]
    assert len(first) == 9
    assert first[-1] == "other"
    assert "rest" not in first


def test_one_left_in_the_middle_is_offered_again(hers: Client) -> None:
    hold = begin(hers)
    page = hers.get(CREATE).content.decode()
    assert at("hold_end", hold.pk) in page
    assert "Nothing in it was lost" in page


def test_it_is_one_tap_from_anywhere_for_whoever_is_signed_in(hers: Client) -> None:
    for name in ("today:today", "journal:entry_list", "exercises:steady", "safety:help"):
        head = hers.get(reverse(name)).content.decode().partition("</header>")[0]
        assert f'href="{CREATE}"' in head, name
    assert (
        f'href="{CREATE}"'
        in hers.get(reverse("exercises:steady")).content.decode().split("<main")[1]
    )


def test_a_visitor_never_sees_it(content: None) -> None:
    for name in ("today:home", "exercises:steady", "exercises:exercise_list", "safety:help"):
        assert CREATE not in Client().get(reverse(name)).content.decode(), name
    assert Client().get(CREATE).status_code == 302
