"""The safety questions of E30: only “none of these” opens the rest, and no tick is kept."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from exercises.models import Other, Session
from healing.accounts.models import User
from tests.exercises.conftest import ClientOf, address, kept_of

TICKS = ["afraid", "hurt", "pressed", "control", "follow", "unsure"]


@pytest.fixture
def at(shipped: None) -> str:
    return address("E30", "alarm_screen")


def is_help(response: Any) -> bool:
    html = response.content.decode()
    shown = response.status_code == 200 and 'id="help-now"' in html
    assert not shown or (
        f'href="{reverse("safety:help")}"' in html and 'class="phases"' not in html
    )
    return shown


def other(owner: User) -> Other:
    found: Other = Other.objects.of(owner).get()
    return found


def test_the_questions_come_before_the_steps(hers: Client, at: str) -> None:
    html = hers.get(address("E30")).content.decode()
    assert f'action="{at}"' in html
    for tick in [*TICKS, "none"]:
        assert f'name="ticks" value="{tick}"' in html
    assert 'class="phases"' not in html
    assert "They repair after a quarrel" not in html


def test_none_of_these_opens_the_other_steps(hers: Client, at: str) -> None:
    response = hers.post(at, {"ticks": ["none"]})
    assert response.url.startswith(f"{address('E30')}?open=")
    assert "They repair after a quarrel" in hers.get(response.url).content.decode()


def test_no_tick_leads_to_help(hers: Client, at: str) -> None:
    assert is_help(hers.post(at, {}))


@pytest.mark.parametrize("tick", TICKS)
def test_any_other_tick_leads_to_help(hers: Client, at: str, tick: str) -> None:
    assert is_help(hers.post(at, {"ticks": [tick]}))


@pytest.mark.parametrize("tick", TICKS)
def test_none_of_these_and_another_leads_to_help(hers: Client, at: str, tick: str) -> None:
    assert is_help(hers.post(at, {"ticks": ["none", tick]}))


def test_the_help_speaks_of_the_way_out_and_of_what_it_cannot_hide(hers: Client, at: str) -> None:
    html = hers.post(at, {}).content.decode()
    assert "<title>Help - Steady Ground</title>" in html
    assert "“Exit” above leaves at once. It cannot erase the list of visited pages." in html


def test_a_tick_that_is_none_is_said(hers: Client, at: str) -> None:
    html = hers.post(at, {"ticks": ["none", "angry"]}).content.decode()
    assert "One thing needs another look" in html
    assert 'class="phases"' not in html


# The person it is about ---------------------------------------------------------------------------


def test_without_a_name_nobody_is_kept(mara: User, hers: Client, at: str) -> None:
    hers.post(at, {"ticks": ["hurt"]})
    hers.post(at, {"ticks": ["none"]})
    assert not Other.objects.exists()


@pytest.mark.parametrize("ticks", [[], ["unsure"], ["none", "afraid"]])
def test_a_named_person_rests(mara: User, hers: Client, at: str, ticks: Any) -> None:
    hers.post(at, {"ticks": ticks, "name": "K."})
    assert other(mara).said["rests_since"] == mara.today().isoformat()


def test_none_of_these_lets_nobody_rest_and_ends_no_rest(mara: User, hers: Client, at: str) -> None:
    hers.post(at, {"ticks": ["none"], "name": "K."})
    assert other(mara).said["rests_since"] is None
    hers.post(at, {"ticks": ["hurt"], "name": "K."})
    hers.post(at, {"ticks": ["none"], "name": "K."})
    assert other(mara).said["rests_since"] == mara.today().isoformat()


@pytest.mark.parametrize(
    ("days", "suggests"),
    [
        pytest.param([], False, id="the first"),
        pytest.param([3], False, id="the second"),
        pytest.param([13, 3], True, id="the third in two weeks"),
        pytest.param([14, 3], False, id="the third, the first of them longer ago"),
    ],
)
def test_the_third_start_about_one_person_suggests_to_talk_and_stays_open(
    mara: User, hers: Client, at: str, days: Any, suggests: bool
) -> None:
    hers.post(at, {"ticks": ["none"], "name": "K."})
    row = other(mara)
    started = [(mara.today() - timedelta(days=one)).isoformat() for one in days]
    row.said = row.said | {"starts": {"E30": started}}
    row.save()
    html = hers.get(hers.post(at, {"ticks": ["none"], "name": "K."}).url).content.decode()
    assert ("Talking it through with someone you trust" in html) is suggests
    assert "They repair after a quarrel" in html


def test_starts_about_others_and_in_other_exercises_do_not_count(
    mara: User, hers: Client, at: str
) -> None:
    for name in ("Jo", "Lu", "K."):
        response = hers.post(at, {"ticks": ["none"], "name": name})
    assert "again" not in response.url
    assert Other.objects.count() == 3


# What is kept -------------------------------------------------------------------------------------


def test_no_column_and_no_sealed_word_holds_a_tick(mara: User, hers: Client, at: str) -> None:
    for number, ticks in enumerate([[one] for one in TICKS] + [[]]):
        hers.post(at, {"ticks": ticks, "name": f"Person {number}"})
    today = mara.today().isoformat()
    # Whatever was ticked, the rows differ in the name alone.
    for row in Other.objects.of(mara):
        expected = {"name": "", "rests_since": today, "starts": {"E30": [today]}}
        assert row.said | {"name": ""} == expected
    kept = kept_of(mara)
    for word in (*TICKS, "ticks", "none"):
        assert f'"{word}"' not in kept
    assert not Session.objects.exists()


def test_a_session_of_it_holds_no_tick_either(mara: User, hers: Client, at: str) -> None:
    opened = hers.post(at, {"ticks": ["none"], "name": "K."}).url
    query = opened.partition("?")[2]
    data = {
        "session": "5b0f7a3e-1111-4222-8333-444455556666",
        "ended": "finished",
        "ticks": ["none"],
        "note-repair": "Mostly",
    }
    hers.post(f"{address('E30', 'session_save')}?{query}", data)
    assert [note["key"] for note in Session.objects.of(mara).get().notes] == ["repair"]
    for word in ("ticks", "none"):
        assert f'"{word}"' not in kept_of(mara)


def test_sending_twice_makes_one_row(hers: Client, at: str) -> None:
    for _ in "ab":
        hers.post(at, {"ticks": ["hurt"], "name": "K."})
    assert Other.objects.count() == 1


# Access -------------------------------------------------------------------------------------------


def test_a_stranger_has_rows_of_their_own(
    mara: User, theo: User, hers: Client, client_of: ClientOf, at: str
) -> None:
    hers.post(at, {"ticks": ["hurt"], "name": "K."})
    client_of(theo).post(at, {"ticks": ["none"], "name": "K."})
    assert other(theo).said["rests_since"] is None
    assert other(mara).said["rests_since"] is not None
    assert other(theo).pk != other(mara).pk


@pytest.mark.parametrize("content_id", ["E01", "E25", "E32"])
def test_only_alarm_or_answer_has_these_questions(hers: Client, content_id: str) -> None:
    assert hers.post(address(content_id, "alarm_screen"), {"ticks": "none"}).status_code == 404


def test_opening_the_address_leads_to_the_exercise(hers: Client, at: str) -> None:
    assert hers.get(at).url == address("E30")


def test_an_expired_session_gives_the_form_back_ticked(client: Client, at: str) -> None:
    response = client.post(at, {"ticks": ["afraid", "control"], "name": "Aunt Ç"})
    assert response.status_code == 403
    html = response.content.decode()
    assert html.count(" checked") == 2
    assert 'value="Aunt Ç"' in html
    assert not Other.objects.exists()


def test_a_stale_token_gives_the_form_back_ticked(strict: Client, at: str) -> None:
    response = strict.post(at, {"ticks": ["follow"], "name": "K."})
    assert response.status_code == 403
    assert response.content.decode().count(" checked") == 1
    assert not Other.objects.exists()


def test_help_without_a_name_costs_three_queries(
    hers: Client, at: str, django_assert_num_queries: Any
) -> None:
    hers.get(at)
    with django_assert_num_queries(3):  # session, person, exercise
        hers.post(at, {"ticks": ["hurt"]})
