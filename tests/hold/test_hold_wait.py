"""The time itself, and what is said and chosen after it."""

from typing import Any

import pytest
from django.test import Client

from exercises.models import Exercise, Session
from healing.accounts.models import User
from healing.cards.actions import keep_card
from healing.cards.kinds import SAFETY
from healing.hold.models import Hold
from tests.hold.conftest import WORDS, answer, at, begin
from tests.test_weight import SCRIPT, TOTAL, weigh


def test_the_page_holds_the_whole_exercise_without_a_script(
    hers: Client, django_assert_num_queries: Any
) -> None:
    hold = begin(hers)
    # session, person, hold, exercise, key
    with django_assert_num_queries(5):
        page = hers.get(at("hold_wait", hold.pk)).content.decode()
    assert page.count("data-seconds=") == 5
    assert "30 seconds" in page
    assert 'data-ask"' not in page
    assert "your words stay here until you come back" in page
    assert 'data-when="stopped"' in page
    assert "I saw you were online" not in page


def test_the_chosen_length_is_played(hers: Client) -> None:
    page = hers.get(at("hold_wait", begin(hers, minutes="20").pk)).content.decode()
    assert "<h1>20 minutes</h1>" in page


def test_the_longest_with_help_and_the_own_card_keeps_to_the_budget(
    hers: Client, mara: User
) -> None:
    keep_card(owner=mara, kind=SAFETY, answers={"alone": "count the tiles"}, opened_with="")
    address = at("hold_wait", begin(hers, minutes="20").pk)
    total, script = weigh(hers.get(f"{address}?steady=yes").content.decode())
    assert total <= TOTAL
    assert script <= SCRIPT


def test_it_opens_even_if_the_wave_timer_is_not_published(hers: Client) -> None:
    hold = begin(hers)
    Exercise.objects.filter(content_id="E12").update(live=False)
    assert "Half a minute" in hers.get(at("hold_wait", hold.pk)).content.decode()


def test_it_is_practice_as_if_done_on_its_own_page_once(hers: Client, mara: User) -> None:
    hold = begin(hers)
    for _ in range(2):
        assert answer(hers, hold).headers["Location"] == at("hold_end", hold.pk)
    session = Session.objects.of(mara).get()
    assert session.state == Session.State.DONE
    assert session.finished
    said = {name: session.said[name] for name in ("exercise", "variant", "before", "after")}
    assert said == {"exercise": "E12", "variant": "gentle", "before": 8, "after": 5}
    assert session.said["seconds"] == 120
    assert session.notes == []
    hold.refresh_from_db()
    assert (hold.said["after"], hold.said["chosen"]) == (5, "let_go")
    assert hold.is_open
    assert hold.words == WORDS


def test_choosing_without_waiting_is_no_practice(hers: Client) -> None:
    hold = begin(hers)
    page = hers.get(at("hold_wait", hold.pk) + "?choose=now").content.decode()
    assert "guided-player" not in page
    answer(hers, hold, ended="", seconds="")
    assert Session.objects.count() == 0
    hold.refresh_from_db()
    assert hold.said["chosen"] == "let_go"


def test_nothing_chosen_says_how_to_go_on_and_loses_nothing(hers: Client) -> None:
    hold = begin(hers)
    page = answer(hers, hold, chosen="", after="3").content.decode()
    assert "None of them is wrong." in page
    assert 'name="seconds" value="120"' in page
    assert 'name="ended" value="finished"' in page
    hold.refresh_from_db()
    assert hold.said["chosen"] is None


def test_waiting_once_more_takes_everything_along_and_counts_twice(
    hers: Client, mara: User
) -> None:
    hold = begin(hers, own="drive past")
    first = answer(hers, hold, chosen="wait", after="6")
    assert answer(hers, hold, chosen="wait", after="6").url == first.url
    old, again = Hold.objects.of(mara).order_by("created")
    assert first.url == at("hold_wait", again.pk)
    assert again.said == {
        **hold.said,
        "before": 6,
        "after": None,
        "chosen": None,
    }
    assert not old.is_open
    assert old.words == ""
    assert old.said["chosen"] == "wait"
    answer(hers, again)
    assert Session.objects.of(mara).count() == 2


def test_waiting_unrated_keeps_the_number_from_before(hers: Client) -> None:
    answer(hers, begin(hers), chosen="wait", after="-")
    assert [row.said["before"] for row in Hold.objects.all()] == [8, 8]


@pytest.mark.parametrize(
    ("before", "after", "steady"), [("3", "5", True), ("8", "9", True), ("8", "5", False)]
)
def test_what_stirred_is_steadied_before_the_next_round(
    hers: Client, before: str, after: str, steady: bool
) -> None:
    url = answer(hers, begin(hers, before=before), chosen="wait", after=after).url
    page = hers.get(url).content.decode()
    assert ("If this is a lot right now" in page) == steady
    assert "guided-player" in page


def test_a_closed_hold_stays_as_it_is(hers: Client, mara: User) -> None:
    hold = begin(hers)
    answer(hers, hold)
    hers.post(at("hold_end", hold.pk), {"words": "delete"})
    assert answer(hers, hold, chosen="did_it").url == at("hold_end", hold.pk)
    assert hers.get(at("hold_wait", hold.pk)).url == at("hold_end", hold.pk)
    hold.refresh_from_db()
    assert hold.said["chosen"] == "let_go"


def test_it_is_nobody_elses(hers: Client, his: Client) -> None:
    hold = begin(hers)
    assert his.get(at("hold_wait", hold.pk)).status_code == 404
    assert answer(his, hold).status_code == 404
    assert Client().get(at("hold_wait", hold.pk)).status_code == 302
