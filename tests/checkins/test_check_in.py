"""The daily check-in of a signed-in person."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from typing import Any
from unittest.mock import patch
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils.formats import date_format
from hypothesis import given, settings
from hypothesis import strategies as st

from healing.accounts.models import User
from healing.checkins.forms import ItemsForm
from healing.checkins.items import ITEMS
from healing.checkins.models import CheckIn

CHECK_IN = reverse("checkins:check_in")
TYPED = "她回了 – the cat “sat” on <b>my</b> step"


@pytest.fixture
def hers(mara: User, client_of: Callable[[User], Client]) -> Client:
    return client_of(mara)


def checked(page: str) -> dict[str, str]:
    """The chosen radio buttons of a page."""
    return dict(re.findall(r'name="(\w+)" value="([^"]+)"[^>]*checked', page))


def opened(client: Client) -> dict[str, str]:
    """What the form holds when it is opened, as a browser would send it back."""
    page = client.get(CHECK_IN).content.decode()
    hidden = dict(re.findall(r'type="hidden" name="(day|shown)" value="([^"]*)"', page))
    return {**hidden, **checked(page)}


@contextmanager
def time_machine_at(person: User, day: date) -> Iterator[None]:
    """Noon of that day in the person's zone."""
    noon = datetime.combine(day, time(12), ZoneInfo(person.time_zone))
    with patch("django.utils.timezone.now", return_value=noon):
        yield


def test_all_eight_are_saved_with_two_lines(hers: Client, mara: User) -> None:
    answers = {item.key: "2" for item in ITEMS}
    lines = {"practice_which": "feet", "good_moment": TYPED, "line": "ok"}
    answer = hers.post(CHECK_IN, {**answers, **lines, "day": mara.today().isoformat()})
    assert answer.headers["Location"] == reverse("checkins:checked_in")
    row = CheckIn.objects.of(mara).get()
    assert row.local_date == mara.today()
    assert row.answers == {**{item.key: 2 for item in ITEMS}, **lines}


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: item.key)
def test_each_item_can_be_skipped_and_taken_back(hers: Client, mara: User, item: Any) -> None:
    answers = {other.key: "2" for other in ITEMS if other is not item}
    hers.post(CHECK_IN, answers)
    assert item.key not in CheckIn.objects.get().answers
    hers.post(CHECK_IN, {**opened(hers), item.key: "1"})
    hers.post(CHECK_IN, {**opened(hers), item.key: "-"})
    assert item.key not in CheckIn.objects.get().answers


@pytest.mark.parametrize("pull", ["", "-", "0"])
def test_the_choice_is_dropped_where_there_was_no_pull(hers: Client, mara: User, pull: str) -> None:
    hers.post(CHECK_IN, {"steady": "3", "urge_pull": pull, "choice": "0"})
    assert "choice" not in CheckIn.objects.get().answers


def test_twice_on_one_day_changes_the_first(hers: Client, mara: User) -> None:
    hers.post(CHECK_IN, {"steady": "3", "good_moment": TYPED})
    first = CheckIn.objects.get()
    page = hers.get(CHECK_IN).content.decode()
    assert checked(page) == {"steady": "3"}
    assert "她回了 – the cat “sat” on &lt;b&gt;my&lt;/b&gt; step" in page
    hers.post(CHECK_IN, {**opened(hers), "steady": "1", "good_moment": TYPED, "line": "later"})
    again = CheckIn.objects.get()
    assert again.pk == first.pk
    assert again.answers == {"steady": 1, "good_moment": TYPED, "line": "later"}


def test_a_second_press_of_save_is_no_second_row(hers: Client, mara: User) -> None:
    for _ in range(2):
        hers.post(CHECK_IN, {"steady": "3", "day": mara.today().isoformat(), "shown": ""})
    assert CheckIn.objects.of(mara).count() == 1


def test_what_was_saved_since_the_page_was_opened_stays(hers: Client, mara: User) -> None:
    blank = opened(hers)
    hers.post(CHECK_IN, {**blank, "connected": "4", "line": "from the other tab"})
    hers.post(CHECK_IN, {**blank, "steady": "2"})
    assert CheckIn.objects.get().answers == {
        "connected": 4,
        "line": "from the other tab",
        "steady": 2,
    }


def test_a_line_that_is_emptied_is_gone(hers: Client, mara: User) -> None:
    hers.post(CHECK_IN, {"steady": "3", "line": "not this"})
    hers.post(CHECK_IN, {**opened(hers), "line": ""})
    assert CheckIn.objects.get().answers == {"steady": 3}


def test_yesterday_can_be_filled_in_and_today_stays_free(hers: Client, mara: User) -> None:
    day = mara.today() - timedelta(days=1)
    assert f'href="?day={day.isoformat()}"' in hers.get(CHECK_IN).content.decode()
    page = hers.get(f"{CHECK_IN}?day={day.isoformat()}").content.decode()
    assert f"This is for {date_format(day, 'l j F')}." in page
    assert f'name="day" value="{day.isoformat()}"' in page
    hers.post(f"{CHECK_IN}?day={day.isoformat()}", {"steady": "1", "day": day.isoformat()})
    assert [row.local_date for row in CheckIn.objects.of(mara)] == [day]


@pytest.mark.parametrize("ago", [-1, 8])
def test_a_day_to_come_or_long_past_cannot_be_asked_for(hers: Client, mara: User, ago: int) -> None:
    day = mara.today() - timedelta(days=ago)
    page = hers.get(f"{CHECK_IN}?day={day.isoformat()}").content.decode()
    assert f'name="day" value="{mara.today().isoformat()}"' in page


def test_a_day_without_an_answer_keeps_no_row(hers: Client, mara: User) -> None:
    data = {"day": mara.today().isoformat(), "line": "  "}
    assert hers.post(CHECK_IN, data).status_code == 302
    assert CheckIn.objects.count() == 0
    hers.post(CHECK_IN, {"steady": "3"})
    hers.post(CHECK_IN, {**opened(hers), "steady": "-"})
    assert CheckIn.objects.count() == 0


def test_a_page_opened_before_midnight_is_about_its_own_day(hers: Client, mara: User) -> None:
    yesterday = mara.today() - timedelta(days=1)
    hers.post(CHECK_IN, {"steady": "2", "day": yesterday.isoformat(), "shown": ""})
    assert CheckIn.objects.get().local_date == yesterday


@pytest.mark.parametrize("days", [2, 7])
def test_a_page_left_open_for_days_leaves_today_alone(hers: Client, mara: User, days: int) -> None:
    day = mara.today() - timedelta(days=days)
    old = CheckIn.objects.create(
        owner=mara, local_date=day, answers={"steady": 1, "line": "that day"}
    )
    with time_machine_at(mara, day):
        stale = opened(hers)
    hers.post(CHECK_IN, {"steady": "4", "line": "today", "connected": "3"})
    hers.post(CHECK_IN, {**stale, "steady": "2", "line": "that day, more"})
    old.refresh_from_db()
    assert old.answers == {"steady": 2, "line": "that day, more"}
    now = CheckIn.objects.of(mara).on(mara.today())
    assert now.answers == {"steady": 4, "line": "today", "connected": 3}


@pytest.mark.parametrize("days", [-1, 8, 400])
def test_no_other_day_can_be_written(hers: Client, mara: User, days: int) -> None:
    day = mara.today() - timedelta(days=days)
    hers.post(CHECK_IN, {"steady": "2", "day": day.isoformat()})
    assert CheckIn.objects.get().local_date == mara.today()


@pytest.mark.parametrize("days", ["8", "-1", "20260101", "soon", "", "9999999-99-99"])
def test_a_page_of_no_known_day_only_adds_to_today(hers: Client, mara: User, days: str) -> None:
    hers.post(CHECK_IN, {"steady": "4", "line": "today"})
    stale = opened(hers)
    if days.lstrip("-") in {"8", "1"}:
        days = (mara.today() - timedelta(days=int(days))).isoformat()
    hers.post(CHECK_IN, {**stale, "day": days, "steady": "0", "connected": "1", "line": "old tab"})
    assert CheckIn.objects.get().answers == {
        "steady": 4,
        "connected": 1,
        "line": "today\nold tab",
    }


def test_what_is_wrong_on_an_old_page_is_said_about_its_own_day(hers: Client, mara: User) -> None:
    day = mara.today() - timedelta(days=3)
    data = {"day": day.isoformat(), "line": "x" * 2001}
    page = hers.post(CHECK_IN, data).content.decode()
    assert f"This is for {date_format(day, 'l j F')}." in page
    assert f'name="day" value="{day.isoformat()}"' in page


@pytest.mark.parametrize("name", ["line", "good_moment", "practice_which"])
def test_a_text_changed_in_another_tab_is_added_to(hers: Client, mara: User, name: str) -> None:
    hers.post(CHECK_IN, {"steady": "3", name: "first"})
    stale = opened(hers)
    hers.post(CHECK_IN, {**opened(hers), name: "first, and the lake"})
    for _ in range(2):  # pressing Save twice adds it once
        hers.post(CHECK_IN, {**stale, name: "first, and the cat"})
    assert CheckIn.objects.get().said(name) == "first, and the lake\nfirst, and the cat"
    page = hers.get(CHECK_IN).content.decode()
    assert re.search(rf'<textarea name="{name}"[^>]*>\s*first, and the lake\n', page)


def test_a_text_first_written_in_another_tab_is_added_to(hers: Client, mara: User) -> None:
    blank = opened(hers)
    hers.post(CHECK_IN, {**blank, "line": "I cannot say"})
    hers.post(CHECK_IN, {**blank, "line": "no"})
    assert CheckIn.objects.get().said("line") == "I cannot say\nno"


@pytest.mark.parametrize("left", ["first", ""])
def test_a_text_not_touched_or_emptied_in_a_stale_tab_stays(
    hers: Client, mara: User, left: str
) -> None:
    hers.post(CHECK_IN, {"steady": "3", "line": "first"})
    stale = opened(hers)
    hers.post(CHECK_IN, {**opened(hers), "line": "newer"})
    hers.post(CHECK_IN, {**stale, "steady": "2", "line": left})
    assert CheckIn.objects.get().answers == {"steady": 2, "line": "newer"}


def test_a_text_of_several_lines_is_known_again(hers: Client, mara: User) -> None:
    hers.post(CHECK_IN, {"line": "one\r\ntwo"})
    hers.post(CHECK_IN, {**opened(hers), "line": "one\r\ntwo\r\nthree"})
    assert CheckIn.objects.get().said("line").split() == ["one", "two", "three"]


def test_a_text_that_grew_past_the_limit_can_still_be_saved(hers: Client, mara: User) -> None:
    blank = opened(hers)
    hers.post(CHECK_IN, {**blank, "line": "x" * 2000})
    hers.post(CHECK_IN, {**blank, "line": "y" * 2000})
    whole = "x" * 2000 + "\n" + "y" * 2000
    assert CheckIn.objects.get().said("line") == whole
    as_sent = whole.replace("\n", "\r\n")
    hers.post(CHECK_IN, {**opened(hers), "steady": "1", "line": as_sent})
    assert CheckIn.objects.get().answers == {"line": whole, "steady": 1}
    CheckIn.objects.all().delete()
    page = hers.post(CHECK_IN, {**opened(hers), "line": "x" * 2001}).content.decode()
    assert "Shorten it to 2000 letters." in page


def test_the_hidden_fields_hold_no_word(hers: Client, mara: User) -> None:
    hers.post(CHECK_IN, {"steady": "3", "line": "secretword"})
    assert "line" in opened(hers)["shown"]
    assert "secretword" not in opened(hers)["shown"]


def test_the_day_is_that_of_her_own_clock(client_of: Callable[[User], Client], mara: User) -> None:
    for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago"):
        mara.time_zone = zone
        mara.save()
        client_of(mara).post(CHECK_IN, {"steady": "2"})
    dates = sorted(CheckIn.objects.of(mara).values_list("local_date", flat=True))
    assert len(dates) == 2
    assert dates[1] - dates[0] in (timedelta(days=1), timedelta(days=2))


def test_looking_stores_nothing(hers: Client, mara: User, django_assert_num_queries: Any) -> None:
    hers.get(CHECK_IN)
    with django_assert_num_queries(
        5
    ):  # session, person, today's row, what is switched off, predictions
        hers.get(CHECK_IN)
    assert CheckIn.objects.count() == 0


def test_what_is_wrong_is_named_and_nothing_is_lost(hers: Client, mara: User) -> None:
    page = hers.post(
        CHECK_IN, {"steady": "9", "own_side": "4", "line": "x" * 2001}
    ).content.decode()
    assert "<title>Error:" in page
    assert "Shorten it to 2000 letters." in page
    assert "x" * 2001 in page
    assert checked(page) == {"own_side": "4"}
    assert CheckIn.objects.count() == 0


def test_answers_cannot_be_read_in_the_database(hers: Client, mara: User) -> None:
    hers.post(CHECK_IN, {"steady": "0", "good_moment": TYPED})
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM checkins_checkin")
        columns = {column[0] for column in cursor.description}
        stored = repr([bytes(v) if isinstance(v, memoryview) else v for v in cursor.fetchone()])
    assert columns == {"id", "owner_id", "created", "local_date", "changed", "answers"}
    for word in ("steady", "good_moment", "cat", "step"):
        assert word not in stored


def test_one_person_is_never_shown_anothers(
    hers: Client, mara: User, theo: User, client_of: Callable[[User], Client]
) -> None:
    hers.post(CHECK_IN, {"steady": "3", "line": "Mara's words"})
    page = client_of(theo).get(CHECK_IN).content.decode()
    assert checked(page) == {}
    assert "Mara" not in page
    client_of(theo).post(CHECK_IN, {"steady": "1"})
    assert CheckIn.objects.of(mara).get().said("steady") == 3


def test_a_stale_token_gives_every_word_back(mara: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(mara, "allauth.account.auth_backends.AuthenticationBackend")
    data = {"steady": "1", "urge_pull": "3", "choice": "2", "line": TYPED, "good_moment": "sun"}
    stale = client.post(CHECK_IN, {**data, "csrfmiddlewaretoken": "x" * 64})
    page = stale.content.decode()
    assert stale.status_code == 403
    assert checked(page) == {"steady": "1", "urge_pull": "3", "choice": "2"}
    assert "她回了 – the cat “sat” on &lt;b&gt;my" in page
    assert CheckIn.objects.count() == 0
    fresh = {**data, "csrfmiddlewaretoken": stale.wsgi_request.META["CSRF_COOKIE"]}
    assert client.post(CHECK_IN, fresh).status_code == 302
    assert CheckIn.objects.of(mara).get().said("line") == TYPED


def test_an_expired_session_gives_every_word_back(client: Client, mara: User) -> None:
    answer = client.post(CHECK_IN, {"steady": "1", "line": TYPED})
    page = answer.content.decode()
    assert answer.status_code == 403
    assert checked(page) == {"steady": "1"}
    assert "她回了 – the cat “sat” on &lt;b&gt;my" in page


@settings(deadline=None)
@given(
    st.fixed_dictionaries(
        {},
        optional={item.key: st.integers(0, len(item.anchors) - 1) for item in ITEMS}
        | {"line": st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1)},
    )
)
def test_what_was_answered_comes_back(answers: dict[str, Any]) -> None:
    form = ItemsForm({name: str(said) for name, said in answers.items()})
    assert form.is_valid(), form.errors
    kept = form.answers()
    assert ItemsForm({name: str(said) for name, said in kept.items()}).data == {
        name: str(said) for name, said in kept.items()
    }
    expected = {
        name: said.strip() if isinstance(said, str) else said for name, said in answers.items()
    }
    if not expected.get("urge_pull"):
        expected.pop("choice", None)
    assert kept == {name: said for name, said in expected.items() if said != ""}
