"""Writing an entry: once, sealed, and never lost."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from healing.accounts.models import User
from journal.models import Entry
from tests.journal.conftest import Write

CREATE = reverse("journal:entry_create")
TYPED = "她没回 – “seen” at 23:04, and I <b>froze</b>"


@pytest.fixture
def hers(mara: User, client_of: Callable[[User], Client]) -> Client:
    return client_of(mara)


def answers(owner: User, **more: Any) -> dict[str, Any]:
    return {"form_id": str(uuid4()), "local_date": owner.today().isoformat(), **more}


def test_four_taps_and_save(hers: Client, mara: User) -> None:
    data = answers(
        mara, trigger="seen_no_reply", strength="7", feelings=["afraid", "lonely"], urges="wait"
    )
    answer = hers.post(CREATE, {**data, "note": TYPED})
    entry = Entry.objects.get()
    assert answer.status_code == 302
    assert answer.headers["Location"] == reverse("journal:entry_detail", args=[entry.pk])
    assert entry.owner == mara
    assert entry.local_date == mara.today()
    assert entry.content == {
        "form": "quick",
        "trigger": "seen_no_reply",
        "strength": 7,
        "feelings": ["afraid", "lonely"],
        "urges": ["wait"],
        "note": TYPED,
    }
    assert str(entry.pk) == data["form_id"]


def test_looking_at_the_form_stores_nothing(
    hers: Client, mara: User, django_assert_num_queries: Any
) -> None:
    hers.get(CREATE)
    with django_assert_num_queries(5):  # session, person, recent entries, drafts, last 24 hours
        assert hers.get(CREATE).status_code == 200
    assert Entry.objects.count() == 0


def shown_first(page: str, field: str) -> list[str]:
    """Keys a field shows outside its fold, in order."""
    return re.findall(r'value="(\w+)"', page.split(f'id="id_{field}"')[1].partition("<details>")[0])


def test_what_she_used_up_to_yesterday_stands_first_for_one_key_more(
    hers: Client, mara: User, write: Write, django_assert_num_queries: Any
) -> None:
    for _ in range(12):
        write(mara, trigger="old_role", feelings=["tender"], urges=["rest"])
    Entry.objects.update(created=timezone.now() - timedelta(days=1))
    hers.get(CREATE)
    with django_assert_num_queries(6):  # and her key
        page = hers.get(CREATE).content.decode()
    for field, key in (("trigger", "old_role"), ("feelings", "tender"), ("urges", "rest")):
        assert shown_first(page, field)[0] == key


def test_the_order_stays_for_a_day(hers: Client, mara: User) -> None:
    """Going back, a browser ticks by position: another order would change the answer."""
    before = shown_first(hers.get(CREATE).content.decode(), "trigger")
    hers.post(CREATE, answers(mara, trigger="old_role"))
    hers.post(CREATE, answers(mara, trigger="quarrel"))
    assert shown_first(hers.get(CREATE).content.decode(), "trigger") == before


def test_an_entry_can_be_about_an_earlier_day(hers: Client, mara: User) -> None:
    day = mara.today() - timedelta(days=40)
    hers.post(CREATE, {**answers(mara), "trigger": "quarrel", "local_date": day.isoformat()})
    assert Entry.objects.get().local_date == day


def test_what_is_missing_is_named_and_nothing_typed_is_lost(hers: Client, mara: User) -> None:
    answer = hers.post(CREATE, answers(mara, note=TYPED, urges="rest", trigger_own=""))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "One of the two is enough" in page
    assert "<title>Error:" in page
    assert "她没回 – “seen” at 23:04, and I &lt;b&gt;froze&lt;/b&gt;" in page
    assert re.search(r'value="rest"[^>]*checked', page)
    assert Entry.objects.count() == 0


def test_the_form_keeps_its_id_while_it_is_mended(hers: Client, mara: User) -> None:
    data = answers(mara, note=TYPED)
    page = hers.post(CREATE, data).content.decode()
    assert f'value="{data["form_id"]}"' in page


def test_the_same_form_twice_is_one_entry(hers: Client, mara: User) -> None:
    data = answers(mara, trigger="quarrel", note=TYPED)
    first = hers.post(CREATE, data)
    # Whether it arrives at once or after a night in a train without network.
    for minutes in (0, 600):
        Entry.objects.update(created=timezone.now() - timedelta(minutes=minutes))
        assert hers.post(CREATE, data).headers["Location"] == first.headers["Location"]
    assert Entry.objects.count() == 1


def test_a_form_the_browser_filled_in_again_is_the_same_entry(hers: Client, mara: User) -> None:
    """Going back after saving asks for a fresh form, with a fresh id, and restores the answers."""
    first = hers.post(CREATE, answers(mara, trigger="quarrel", note=TYPED))
    second = hers.post(CREATE, answers(mara, trigger="quarrel", note=TYPED))
    assert first.headers["Location"] == second.headers["Location"]
    assert Entry.objects.count() == 1


def test_the_same_again_later_is_a_second_entry(hers: Client, mara: User) -> None:
    hers.post(CREATE, answers(mara, trigger="quarrel"))
    Entry.objects.update(created=timezone.now() - timedelta(minutes=11))
    hers.post(CREATE, answers(mara, trigger="quarrel"))
    assert Entry.objects.count() == 2


def test_going_back_and_writing_on_overwrites_nothing(hers: Client, mara: User) -> None:
    data = answers(mara, trigger="quarrel", note="first words")
    hers.post(CREATE, data)
    for _ in range(2):
        hers.post(CREATE, {**data, "note": "other words"})
    notes = sorted(entry.note for entry in Entry.objects.of(mara))
    assert notes == ["first words", "other words"]


def test_an_old_form_overwrites_no_change_made_since(hers: Client, mara: User) -> None:
    data = answers(mara, trigger="quarrel")
    for note in ("one", "two"):
        hers.post(CREATE, {**data, "note": note})
    for entry in Entry.objects.of(mara):
        entry.content = {**entry.content, "note": f"{entry.note}, changed"}
        entry.save()
    hers.post(CREATE, {**data, "note": "two"})
    notes = sorted(entry.note for entry in Entry.objects.of(mara))
    assert notes == ["one, changed", "two", "two, changed"]


def test_an_id_that_a_stranger_has_is_no_way_to_their_entry(
    hers: Client, mara: User, theo: User, write: Write
) -> None:
    theirs = write(theo, trigger="pet_loss", note="Theo's words")
    hers.post(CREATE, {**answers(mara, trigger="quarrel"), "form_id": str(theirs.pk)})
    assert Entry.objects.of(mara).get().trigger_own == ""
    assert Entry.objects.of(mara).get().pk != theirs.pk
    assert Entry.objects.of(theo).get().note == "Theo's words"


def test_what_she_chose_cannot_be_read_in_the_database(hers: Client, mara: User) -> None:
    data = answers(mara, trigger="felt_unsafe", feelings=["ashamed"], strength="9", note=TYPED)
    hers.post(CREATE, data)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM journal_entry")
        columns = [column[0] for column in cursor.description]
        stored = repr([bytes(v) if isinstance(v, memoryview) else v for v in cursor.fetchone()])
    assert set(columns) == {"id", "owner_id", "created", "local_date", "content"}
    for word in ("felt_unsafe", "ashamed", "quick", "froze", "strength", "她没回"):
        assert word not in stored
        assert repr(word.encode())[2:-1] not in stored


@pytest.mark.parametrize("key", ["threat_to_leave", "felt_unsafe", "hurt_myself", "hopeless"])
def test_a_safety_note_stands_beside_its_item(hers: Client, key: str) -> None:
    page = hers.get(CREATE).content.decode()
    item = page.split(f'value="{key}"')[1].split("</li>")[0]
    assert 'class="said"' in item
    assert reverse("safety:help") in item


def test_steadying_and_help_stand_ready_on_the_form_once(hers: Client) -> None:
    page = hers.get(CREATE).content.decode()
    assert page.count('id="help-now"') == 1


def test_a_danger_sign_alone_is_saved(hers: Client, mara: User) -> None:
    answer = hers.post(CREATE, answers(mara, urges="hurt_myself"), follow=True)
    assert Entry.objects.of(mara).get().said("urges") == ["hurt_myself"]
    assert 'id="help-now"' in answer.content.decode()


def test_a_stale_token_gives_every_word_back(mara: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(mara, "allauth.account.auth_backends.AuthenticationBackend")
    data = answers(mara, trigger="other", trigger_own="the empty chair", note=TYPED)
    data |= {"feelings": ["sad", "numb"], "urges": "rest", "strength": "6"}
    stale = client.post(CREATE, {**data, "csrfmiddlewaretoken": "x" * 64})
    page = stale.content.decode()
    assert stale.status_code == 403
    assert Entry.objects.count() == 0
    for said in ("the empty chair", "她没回 – “seen” at 23:04", data["form_id"]):
        assert said in page
    for value in ("other", "sad", "numb", "rest", "6"):
        assert re.search(rf'value="{value}"[^>]*checked', page), value
    fresh = {**data, "csrfmiddlewaretoken": stale.wsgi_request.META["CSRF_COOKIE"]}
    assert client.post(CREATE, fresh).status_code == 302
    assert Entry.objects.of(mara).get().note == TYPED


def test_an_expired_session_gives_every_word_back(client: Client, mara: User) -> None:
    data = answers(mara, trigger="other", trigger_own="the empty chair", note=TYPED)
    answer = client.post(CREATE, {**data, "feelings": ["sad", "numb"]})
    page = answer.content.decode()
    assert answer.status_code == 403
    assert Entry.objects.count() == 0
    for said in ("the empty chair", "她没回 – “seen” at 23:04", data["form_id"]):
        assert said in page
    assert reverse("account_login") in page


def test_nobody_writes_without_signing_in(client: Client, db: None) -> None:
    assert client.get(CREATE).status_code == 302
