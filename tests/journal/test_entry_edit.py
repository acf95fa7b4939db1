"""Changing an entry."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from healing.accounts.models import User
from journal.actions import change_entry
from journal.models import Entry
from tests.journal.conftest import Write


def address(entry: Entry) -> str:
    return reverse("journal:entry_edit", args=[entry.pk])


def carried(page: str) -> dict[str, str]:
    """What a form carries unseen."""
    return dict(re.findall(r'name="(form_id|opened_with)" value="([^"]+)"', page))


def opened(client: Client, entry: Entry, **typed: Any) -> dict[str, Any]:
    """What a tab that opens the form now will post, with `typed` in it."""
    hidden = carried(client.get(address(entry)).content.decode())
    assert set(hidden) == {"form_id", "opened_with"}
    return {**entry.content, "local_date": entry.local_date.isoformat(), **hidden, **typed}


def plain(page: str) -> str:
    """The page without what differs each time it is drawn."""
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page)


@pytest.fixture
def hers(mara: User, client_of: Callable[[User], Client]) -> Client:
    return client_of(mara)


def test_the_form_opens_with_what_was_said(hers: Client, mara: User, write: Write) -> None:
    entry = write(mara, trigger="old_role", feelings=["tender"], strength=3, note="by the sea")
    page = hers.get(address(entry)).content.decode()
    for value in ("old_role", "tender", "3"):
        assert re.search(rf'value="{value}"[^>]*checked', page), value
    assert "by the sea" in page


def test_a_change_is_kept_and_makes_no_second_entry(hers: Client, mara: User, write: Write) -> None:
    entry = write(mara, trigger="quarrel", note="first")
    day = mara.today() - timedelta(days=2)
    answer = hers.post(
        address(entry),
        opened(
            hers, entry, trigger="-", feelings=["calm"], note="second", local_date=day.isoformat()
        ),
    )
    assert answer.status_code == 302
    changed = Entry.objects.get()
    assert (changed.pk, changed.created) == (entry.pk, entry.created)
    assert changed.local_date == day
    assert changed.content == {"form": "quick", "feelings": ["calm"], "note": "second"}


def test_a_refused_change_leaves_the_entry_and_the_words(
    hers: Client, mara: User, write: Write
) -> None:
    entry = write(mara, trigger="quarrel", note="first")
    page = hers.post(address(entry), {"note": "typed", "local_date": ""}).content.decode()
    assert "typed" in page
    assert Entry.objects.get().note == "first"


def test_a_stranger_can_neither_look_nor_change(
    mara: User, theo: User, write: Write, client_of: Callable[[User], Client]
) -> None:
    entry = write(mara, trigger="quarrel")
    stranger = client_of(theo)
    data = {"trigger": "rival", "local_date": mara.today().isoformat()}
    assert stranger.get(address(entry)).status_code == 404
    assert stranger.post(address(entry), data).status_code == 404
    assert Entry.objects.get().said("trigger") == "quarrel"


def test_an_expired_session_gives_the_words_back(client: Client, mara: User, write: Write) -> None:
    entry = write(mara, trigger="quarrel", note="first")
    answer = client.post(address(entry), {"trigger": "rival", "note": "much longer words"})
    assert answer.status_code == 403
    assert "much longer words" in answer.content.decode()
    assert Entry.objects.get().note == "first"


def test_a_stale_tab_keeps_both_versions_and_says_so(
    hers: Client, mara: User, write: Write
) -> None:
    entry = write(mara, trigger="quarrel", note="first")
    stale = opened(hers, entry, note="from the old tab")
    hers.post(address(entry), opened(hers, entry, note="newer"))
    for _ in range(2):  # pressed twice, it is still one second entry
        page = hers.post(address(entry), stale, follow=True).content.decode()
        assert "Both versions are kept" in page
        assert "from the old tab" in page
    notes = {one.pk: one.note for one in Entry.objects.of(mara)}
    assert notes.pop(entry.pk) == "newer"
    assert list(notes.values()) == ["from the old tab"]


def test_a_stale_tab_that_moves_the_day_keeps_both(hers: Client, mara: User, write: Write) -> None:
    entry = write(mara, trigger="quarrel")
    days = [mara.today() - timedelta(days=ago) for ago in (0, 1, 2)]
    stale = opened(hers, entry, local_date=days[2].isoformat())
    hers.post(address(entry), opened(hers, entry, local_date=days[1].isoformat()))
    hers.post(address(entry), stale)
    assert {one.local_date for one in Entry.objects.of(mara)} == {days[1], days[2]}


@pytest.mark.parametrize("typed", ["newer", "first\r\nline"])
def test_a_stale_tab_that_says_the_same_or_changed_nothing_adds_nothing(
    hers: Client, mara: User, write: Write, typed: str
) -> None:
    entry = write(mara, trigger="quarrel", feelings=["sad", "calm"], note="first\nline")
    stale = opened(hers, entry, feelings=["calm", "sad"], note=typed)
    hers.post(address(entry), opened(hers, entry, note="newer"))
    page = hers.post(address(entry), stale, follow=True).content.decode()
    assert "Both versions" not in page
    assert Entry.objects.of(mara).get().note == "newer"


def test_a_form_that_does_not_say_what_it_opened_overwrites_nothing(
    hers: Client, mara: User, write: Write
) -> None:
    entry = write(mara, trigger="quarrel", note="first")
    data = opened(hers, entry, note="second", opened_with="")
    hers.post(address(entry), data)
    assert sorted(one.note for one in Entry.objects.of(mara)) == ["first", "second"]


def test_a_refused_change_still_knows_what_it_was_opened_with(
    hers: Client, mara: User, write: Write
) -> None:
    entry = write(mara, trigger="quarrel", note="first")
    refused = opened(hers, entry, note="second", local_date="")
    again = carried(hers.post(address(entry), refused).content.decode())
    hers.post(address(entry), {**refused, **again, "local_date": mara.today().isoformat()})
    assert Entry.objects.of(mara).get().note == "second"


def test_a_form_given_back_after_signing_in_again_still_knows_what_it_was_opened_with(
    hers: Client, mara: User, write: Write
) -> None:
    entry = write(mara, trigger="quarrel", note="first")
    data = opened(hers, entry, note="second")
    given_back = Client().post(address(entry), data)
    assert given_back.status_code == 403
    hers.post(address(entry), {**data, "opened_with": "", **carried(given_back.content.decode())})
    assert Entry.objects.of(mara).get().note == "second"


def test_words_for_an_entry_deleted_meanwhile_come_back_and_can_be_saved_as_new(
    hers: Client, mara: User, write: Write
) -> None:
    entry = write(mara, trigger="quarrel", note="first")
    data = opened(hers, entry, note="typed in the old tab", feelings=["tender"])
    hers.post(reverse("journal:entry_delete", args=[entry.pk]))
    answer = hers.post(address(entry), data)
    page = answer.content.decode()
    assert answer.status_code == 404
    assert "This entry was deleted meanwhile" in page
    assert "typed in the old tab" in page
    for value in ("quarrel", "tender"):
        assert re.search(rf'value="{value}"[^>]*checked', page), value
    assert f'action="{reverse("journal:entry_create")}"' in page
    assert not Entry.objects.exists()
    for _ in range(2):
        hers.post(reverse("journal:entry_create"), {**data, **carried(page)})
    assert Entry.objects.of(mara).get().note == "typed in the old tab"


def test_a_strangers_entry_and_a_deleted_one_look_the_same(
    mara: User, theo: User, write: Write, client_of: Callable[[User], Client]
) -> None:
    hers, deleted = write(mara, trigger="quarrel", note="her words"), write(theo)
    stranger = client_of(theo)
    data = opened(stranger, deleted, note="typed")
    gone, never = Entry(id=deleted.pk), Entry(id=uuid4())
    deleted.delete()
    answers = [stranger.post(address(entry), data) for entry in (hers, gone, never)]
    assert {answer.status_code for answer in answers} == {404}
    assert len({plain(answer.content.decode()) for answer in answers}) == 1
    assert "her words" not in answers[0].content.decode()
    assert Entry.objects.get() == hers


def test_an_entry_deleted_while_it_is_being_saved_is_not_made_anew(
    mara: User, write: Write
) -> None:
    entry = write(mara, trigger="quarrel")
    Entry.objects.of(mara).delete()
    with pytest.raises(Entry.DoesNotExist):
        change_entry(
            entry=entry,
            form_id=uuid4(),
            opened_with="",
            local_date=mara.today(),
            content={"form": "quick", "trigger": "rival"},
        )
    assert not Entry.objects.exists()
