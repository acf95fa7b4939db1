"""Drafts: kept while someone writes, offered again, and gone once saved."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from healing.accounts.models import User
from healing.privacy.export import export_person
from journal import actions
from journal.drafts import MOST
from journal.models import Draft, Entry
from tests.journal.conftest import Write

SAVE = reverse("journal:draft_save")
NEW = reverse("journal:entry_create")
BEGUN = "Begun and not saved"


@pytest.fixture
def hers(mara: User, client_of: Callable[[User], Client]) -> Client:
    return client_of(mara)


def keep(client: Client, pk: UUID | str, *, entry: Any = "", **said: Any) -> Any:
    address = f"{SAVE}?entry={entry}" if entry else SAVE
    return client.post(
        address, {"form_id": str(pk), **said}, headers={"Accept": "application/json"}
    )


def edit(entry: Entry) -> str:
    return reverse("journal:entry_edit", args=[entry.pk])


def mark(entry: Entry) -> str:
    return actions.mark_of(entry.local_date, entry.content)


def test_what_the_form_holds_is_kept_field_by_field(hers: Client, mara: User) -> None:
    pk = uuid4()
    said = {"note": "half a  sentence\r\nand", "feelings": ["sad", "afraid"], "later_field": "x"}
    answer = keep(
        hers, pk, **said, csrfmiddlewaretoken="t", page_of=mara.page_mark, draft_version="v1"
    )
    assert answer.status_code == 200
    assert "no-store" in answer.headers["Cache-Control"]
    draft = Draft.objects.of(mara).get()
    assert draft.pk == pk
    assert draft.content == {
        "fields": {
            "form_id": [str(pk)],
            "note": ["half a  sentence\r\nand"],
            "feelings": ["sad", "afraid"],
            "later_field": ["x"],
        },
        "entry": "",
        "version": "v1",
    }
    assert not Entry.objects.exists()


def test_one_form_has_one_draft(hers: Client, mara: User) -> None:
    pk = uuid4()
    keep(hers, pk, note="one", draft_version="v1")
    assert keep(hers, pk, note="two", draft_version="v2", draft_after="v1").status_code == 200
    assert Draft.objects.of(mara).get().posted()["note"] == "two"


def test_the_twentyfirst_takes_the_place_of_the_oldest(
    hers: Client, mara: User, theo: User
) -> None:
    theirs = Draft.objects.create(
        owner=theo,
        changed=timezone.now() - timedelta(days=400),
        content={"fields": {}, "entry": "", "version": ""},
    )
    for number in range(MOST + 1):
        keep(hers, uuid4(), note=f"no {number}")
    notes = {draft.posted()["note"] for draft in Draft.objects.of(mara)}
    assert notes == {f"no {number}" for number in range(1, MOST + 1)}
    assert Draft.objects.of(theo).get() == theirs


def test_it_is_offered_and_a_look_changes_nothing(hers: Client, mara: User) -> None:
    pk = uuid4()
    keep(hers, pk, note="half a sentence", trigger="quarrel", draft_version="v1")
    before = list(Draft.objects.values_list("pk", "changed"))
    page = re.sub(r"\s+", " ", hers.get(NEW).content.decode())
    assert f"You began an entry on {mara.now():%A}" in page
    assert f'href="?draft={pk}"' in page
    assert "half a sentence" not in page
    again = hers.get(NEW, {"draft": str(pk)}).content.decode()
    assert "half a sentence</textarea>" in again
    assert re.search(r'value="quarrel"[^>]* checked', again)
    assert f'name="form_id" value="{pk}"' in again
    assert 'data-version="v1"' in again
    assert BEGUN not in again
    assert "data-summary" not in again
    assert list(Draft.objects.values_list("pk", "changed")) == before


def test_a_draft_too_bare_to_save_is_not_judged_before_saving(hers: Client) -> None:
    pk = uuid4()
    keep(hers, pk, note="only words", local_date="")
    page = hers.get(NEW, {"draft": str(pk)}).content.decode()
    assert 'class="error"' not in page
    assert "<title>Error" not in page


@pytest.mark.parametrize("draft", ["", "nonsense", str(uuid4()), "\x00"])
def test_a_draft_that_is_not_there_is_an_empty_form(hers: Client, draft: str) -> None:
    answer = hers.get(NEW, {"draft": draft})
    assert answer.status_code == 200
    assert not answer.context["form"].is_bound


def test_saving_takes_the_draft_away_and_a_late_one_does_not_come_back(
    hers: Client, mara: User
) -> None:
    pk = uuid4()
    keep(hers, pk, note="half")
    posted = {"form_id": str(pk), "trigger": "quarrel", "local_date": mara.today().isoformat()}
    assert hers.post(NEW, posted).status_code == 302
    assert not Draft.objects.exists()
    late = keep(hers, pk, note="hal")
    assert late.status_code == 409
    assert UUID(late.json()["form_id"]) != pk
    assert not Draft.objects.exists()
    assert BEGUN not in hers.get(NEW).content.decode()


def test_a_save_that_fails_keeps_the_draft(
    hers: Client, mara: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    pk = uuid4()
    keep(hers, pk, note="half")

    def broken(*_: Any, **__: Any) -> None:
        raise OSError

    monkeypatch.setattr(Entry, "save", broken)
    posted = {"form_id": str(pk), "trigger": "quarrel", "local_date": mara.today().isoformat()}
    with pytest.raises(OSError):
        hers.post(NEW, posted)
    assert Draft.objects.of(mara).get().pk == pk


def test_a_refused_form_keeps_its_draft_and_goes_on_with_it(hers: Client, mara: User) -> None:
    pk = uuid4()
    keep(hers, pk, note="half", draft_version="v1")
    page = hers.post(NEW, {"form_id": str(pk), "note": "half"}).content.decode()
    assert 'data-version="v1"' in page
    assert Draft.objects.of(mara).count() == 1


def test_another_tabs_words_are_not_written_over(hers: Client, mara: User) -> None:
    pk = uuid4()
    keep(hers, pk, note="theirs", draft_version="a1")
    answer = keep(hers, pk, note="mine", draft_version="b1")
    assert answer.status_code == 409
    fresh = answer.json()["form_id"]
    assert keep(hers, fresh, note="mine", draft_version="b2").status_code == 200
    assert {one.posted()["note"] for one in Draft.objects.of(mara)} == {"theirs", "mine"}


def test_an_older_state_that_arrives_late_does_not_win(hers: Client, mara: User) -> None:
    pk = uuid4()
    keep(hers, pk, note="a", draft_version="v1")
    keep(hers, pk, note="abc", draft_version="v3", draft_after="v1 v2")
    assert keep(hers, pk, note="ab", draft_version="v2", draft_after="v1").status_code == 409
    assert Draft.objects.of(mara).get().posted()["note"] == "abc"


# Changing an entry --------------------------------------------------------------------------------


def test_a_change_is_kept_beside_the_entry_and_offered_there_alone(
    hers: Client, mara: User, write: Write
) -> None:
    entry, other, pk = write(mara, note="as it was"), write(mara, note="other"), uuid4()
    answer = keep(hers, pk, entry=entry.pk, note="as it may be", opened_with=mark(entry))
    assert answer.status_code == 200
    assert Entry.objects.of(mara).get(pk=entry.pk).note == "as it was"
    assert BEGUN in hers.get(edit(entry)).content.decode()
    assert BEGUN not in hers.get(edit(other)).content.decode()
    assert BEGUN not in hers.get(NEW).content.decode()
    page = hers.get(edit(entry), {"draft": str(pk)}).content.decode()
    assert "as it may be</textarea>" in page
    assert not hers.get(edit(other), {"draft": str(pk)}).context["form"].is_bound


def test_saving_a_change_takes_its_draft_away_and_a_late_one_does_not_come_back(
    hers: Client, mara: User, write: Write
) -> None:
    entry, pk = write(mara, trigger="quarrel", note="as it was"), uuid4()
    opened_with = mark(entry)
    keep(hers, pk, entry=entry.pk, note="as it is", opened_with=opened_with)
    posted = {
        "form_id": str(pk), "trigger": "quarrel", "note": "as it is now",
        "local_date": mara.today().isoformat(), "opened_with": opened_with,
    }  # fmt: skip
    assert hers.post(edit(entry), posted).status_code == 302
    assert not Draft.objects.exists()
    late = keep(hers, pk, entry=entry.pk, note="as it is", opened_with=opened_with)
    assert (late.status_code, late.json()) == (409, {})
    assert not Draft.objects.exists()
    assert Entry.objects.of(mara).get().note == "as it is now"


def test_the_change_of_an_entry_that_is_gone_is_offered_as_a_new_one(
    hers: Client, mara: User, write: Write
) -> None:
    entry, pk = write(mara), uuid4()
    keep(hers, pk, entry=entry.pk, note="not lost", opened_with=mark(entry))
    entry.delete()
    assert BEGUN in hers.get(NEW).content.decode()
    assert "not lost</textarea>" in hers.get(NEW, {"draft": str(pk)}).content.decode()


# Whose it is --------------------------------------------------------------------------------------


def test_a_stranger_neither_sees_nor_overwrites_it(
    hers: Client, mara: User, theo: User, client_of: Callable[[User], Client], write: Write
) -> None:
    pk, his, entry = uuid4(), client_of(theo), write(mara)
    keep(hers, pk, note="hers")
    assert BEGUN not in his.get(NEW).content.decode()
    assert not his.get(NEW, {"draft": str(pk)}).context["form"].is_bound
    assert keep(his, pk, note="his").status_code == 409
    theirs = keep(his, uuid4(), entry=entry.pk, note="his", opened_with=mark(entry))
    assert theirs.status_code == 409
    assert Draft.objects.get().posted()["note"] == "hers"


def test_without_a_session_nothing_is_kept_and_it_says_so(db: None) -> None:
    assert keep(Client(), uuid4(), note="words").status_code == 403
    assert not Draft.objects.exists()


def test_a_stale_token_keeps_nothing_and_says_so(mara: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(mara, "allauth.account.auth_backends.AuthenticationBackend")
    assert keep(client, uuid4(), note="words").status_code == 403
    assert not Draft.objects.exists()


@pytest.mark.parametrize("pk", ["", "nonsense"])
def test_a_form_without_a_readable_id_is_refused(hers: Client, pk: str) -> None:
    assert keep(hers, pk, note="words").status_code == 400


def test_looking_at_the_address_does_nothing(hers: Client) -> None:
    assert hers.get(SAVE).status_code == 405


def test_it_is_sealed_and_in_the_export_and_goes_with_the_person(hers: Client, mara: User) -> None:
    keep(hers, uuid4(), note="half a sentence")
    rows = export_person(owner=mara)["records"]["journal.draft"]
    assert rows[0]["content"]["fields"]["note"] == ["half a sentence"]
    mara.delete()
    assert not Draft.objects.exists()


def test_it_costs_a_known_number_of_queries(hers: Client, django_assert_num_queries: Any) -> None:
    pk = uuid4()
    keep(hers, pk, note="a", draft_version="v1")
    # Session, person, lock, entry of this id, draft, key, saving in a savepoint, too many; and the
    # transaction.
    with django_assert_num_queries(12):
        keep(hers, pk, note="ab", draft_version="v2", draft_after="v1")
