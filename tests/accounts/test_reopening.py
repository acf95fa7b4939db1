"""The third opening of one page within an hour offers a pause; what counts it is soon forgotten."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from healing.accounts.models import User
from healing.accounts.reopening import KEY, LONGEST, still_fresh
from healing.accounts.tasks import clear_sessions
from healing.lessons.models import Lesson
from healing.questionnaires.models import Submission
from journal.models import Entry

PAUSE = "A pause, before you read on"
RESULTS = "/questionnaires/starting-picture/results/"
RETAKE = "/questionnaires/starting-picture/"

pytestmark = pytest.mark.usefixtures("content")


@pytest.fixture
def hers(mara: User, client_of: Callable[[User], Client]) -> Client:
    return client_of(mara)


@pytest.fixture
def addresses(mara: User) -> dict[str, str]:
    """One page of each kind that is watched."""
    said: Any = {"answers": {"q01": 2, "q02": 3}, "choices": {}}
    Submission.objects.create(
        owner=mara, instrument="starting-picture", version=1, local_date=mara.today(), said=said
    )
    entry = Entry.objects.create(
        owner=mara, local_date=mara.today(), content={"form": "quick", "trigger": "reply_late"}
    )
    return {
        "entry": f"/journal/{entry.pk}/",
        "lesson": Lesson.objects.get(content_id="M1.1").get_absolute_url(),
        "results": RESULTS,
        "retake": RETAKE,
    }


def pauses(client: Client, address: str) -> bool:
    return PAUSE in client.get(address).content.decode()


def age(client: Client, minutes: int) -> None:
    """Move every opening of this session into the past."""
    session = client.session
    session[KEY] = [[mark, at - minutes * 60, step] for mark, at, step in session[KEY]]
    session.save()


@pytest.mark.parametrize("kind", ["entry", "lesson", "results", "retake"])
def test_the_third_opening_offers_a_pause_and_the_page_stays_readable(
    hers: Client, addresses: dict[str, str], kind: str
) -> None:
    address = addresses[kind]
    before = hers.get(address).content.decode()
    assert PAUSE not in before
    assert not pauses(hers, address)
    third = hers.get(address).content.decode()
    assert PAUSE in third
    assert "3 times within 60 minutes" in third
    assert "/exercises/feet-seat-spine/" in third
    for line in before.split("<main")[1].split("</main>")[0].splitlines():
        # A form carries a fresh token each time.
        assert line in third or "csrfmiddlewaretoken" in line
    assert pauses(hers, address)


def test_other_pages_do_not_add_up(hers: Client, addresses: dict[str, str]) -> None:
    assert not any(pauses(hers, address) for _ in range(2) for address in addresses.values())


def test_an_hour_later_it_begins_anew(hers: Client, addresses: dict[str, str]) -> None:
    for _ in range(2):
        pauses(hers, addresses["entry"])
    age(hers, 61)
    assert not pauses(hers, addresses["entry"])
    assert len(hers.session[KEY]) == 1


def test_just_within_the_hour_it_counts(hers: Client, addresses: dict[str, str]) -> None:
    for _ in range(2):
        pauses(hers, addresses["entry"])
    age(hers, 58)
    assert pauses(hers, addresses["entry"])


def test_the_operator_sets_the_numbers(
    hers: Client, addresses: dict[str, str], settings: Any
) -> None:
    settings.LOOP_GUARD_OPENINGS, settings.LOOP_GUARD_MINUTES = 2, 10
    assert not pauses(hers, addresses["results"])
    page = hers.get(addresses["results"]).content.decode()
    assert "2 times within 10 minutes" in page
    age(hers, 11)
    assert not pauses(hers, addresses["results"])


@pytest.mark.parametrize("name", ["LOOP_GUARD_OPENINGS", "LOOP_GUARD_MINUTES"])
def test_zero_switches_it_off_and_keeps_nothing(
    hers: Client, addresses: dict[str, str], settings: Any, name: str
) -> None:
    setattr(settings, name, 0)
    assert not any(pauses(hers, addresses["entry"]) for _ in range(5))
    assert KEY not in hers.session


def test_the_session_holds_no_page_and_no_word(
    hers: Client, mara: User, addresses: dict[str, str], client_of: Callable[[User], Client]
) -> None:
    for address in addresses.values():
        hers.get(address)
    kept = json.dumps(hers.session[KEY])
    for address in addresses.values():
        assert not any(part in kept for part in address.split("/") if part)
    assert "lesson" not in kept
    # The same page has another mark in another session.
    other = client_of(mara)
    other.get(addresses["lesson"])
    assert other.session[KEY][0][0] not in kept


def test_the_list_stays_short(hers: Client, addresses: dict[str, str]) -> None:
    hers.get(addresses["entry"])
    session = hers.session
    session[KEY] = session[KEY] * (LONGEST * 2)
    session.save()
    hers.get(addresses["lesson"])
    assert len(hers.session[KEY]) == LONGEST


def test_a_visitor_has_no_session_however_often_they_read(
    client: Client, addresses: dict[str, str]
) -> None:
    for _ in range(4):
        answer = client.get(addresses["lesson"])
        assert PAUSE not in answer.content.decode()
        assert not answer.cookies


def test_a_lesson_that_is_closed_is_not_counted(hers: Client) -> None:
    gated = Lesson.objects.published().filter(gated=True).first()
    assert gated is not None
    assert not any(pauses(hers, gated.get_absolute_url()) for _ in range(4))


# Arriving after saving is not looking again -------------------------------------------------------


def test_saving_leads_to_the_entry_without_counting(hers: Client, mara: User) -> None:
    posted = {"trigger": "reply_late", "local_date": mara.today().isoformat()}
    answer = hers.post("/journal/new/", posted)
    address = answer["Location"]
    assert [pauses(hers, address) for _ in range(4)] == [False, False, False, True]


def test_changing_an_entry_often_is_work_and_not_checking(
    hers: Client, mara: User, addresses: dict[str, str]
) -> None:
    edit = addresses["entry"] + "edit/"
    for trigger in ("quarrel", "goodbye", "criticism", "night_alone"):
        form = hers.get(edit).context["form"]
        posted = {
            "trigger": trigger,
            "local_date": mara.today().isoformat(),
            "opened_with": form.initial["opened_with"],
        }
        answer = hers.post(edit, posted, follow=True)
        assert answer.redirect_chain
        assert PAUSE not in answer.content.decode()


def test_an_entry_brought_back_is_not_counted(hers: Client, addresses: dict[str, str]) -> None:
    deleted = hers.post(addresses["entry"] + "delete/")
    answer = hers.post("/journal/restore/", {"undo": deleted.context["undo"]}, follow=True)
    assert answer.status_code == 200
    assert sum(step for _mark, _at, step in hers.session[KEY]) == 0


def test_answering_a_lesson_is_not_counted(hers: Client, addresses: dict[str, str]) -> None:
    for word in ("one", "two", "three", "four"):
        page = hers.get(addresses["lesson"])
        posted = {**page.context["form"].initial, "answer": word}
        assert PAUSE not in hers.post(
            addresses["lesson"] + "note/", posted, follow=True
        ).content.decode() or word in {"three", "four"}
    # Four times opened by hand, and four times after saving.
    assert sum(step for _mark, _at, step in hers.session[KEY]) == 4


def test_the_first_look_at_a_result_is_not_counted(hers: Client, mara: User) -> None:
    row = hers.get(RETAKE).context["form"]["row"].value()
    hers.post(RETAKE, {"row": str(row), "q01": "3", "q02": "2"}, follow=True)
    assert sum(step for _mark, _at, step in hers.session[KEY]) == 0


# Forgetting ---------------------------------------------------------------------------------------


def rest(client: Client, minutes: int) -> None:
    """As if the session had not been touched for so long."""
    row = Session.objects.filter(pk=client.session.session_key)
    row.update(expire_date=row.get().expire_date - timedelta(minutes=minutes))


def test_a_session_at_rest_is_cleared_after_the_hour_and_stays_signed_in(
    hers: Client, addresses: dict[str, str]
) -> None:
    hers.get(addresses["entry"])
    ends = Session.objects.get(pk=hers.session.session_key).expire_date
    clear_sessions()
    assert KEY in hers.session
    rest(hers, 61)
    clear_sessions()
    assert KEY not in hers.session
    row = Session.objects.get(pk=hers.session.session_key)
    assert row.expire_date == ends - timedelta(minutes=61)
    assert hers.get(addresses["entry"]).status_code == 200


def test_clearing_leaves_other_sessions_as_they_are(hers: Client) -> None:
    rest(hers, 61)
    before = Session.objects.get(pk=hers.session.session_key).session_data
    clear_sessions()
    assert Session.objects.get(pk=hers.session.session_key).session_data == before


@given(
    st.lists(st.integers(0, 200), max_size=20),
    st.integers(0, 60),
)
def test_fresh_is_what_is_younger_than_the_minutes(ages: list[int], minutes: int) -> None:
    now = int(timezone.now().timestamp())
    kept = still_fresh([["page", now - age * 60, 1] for age in ages], now, minutes)
    assert [(now - at) // 60 for _mark, at, _step in kept] == [a for a in ages if a < minutes]
