"""Sealed columns: what the database sees, what a moved value does, what a query may not do."""

import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.exceptions import FieldError, ImproperlyConfigured
from django.db import connection, models, transaction
from hypothesis import given
from hypothesis import strategies as st

from healing.accounts.models import User
from healing.vault.actions import (
    create_key,
    data_key,
    destroy_key,
    keys_kept_open,
    private_id,
)
from healing.vault.fields import SealedBytes, SealedJSONField, SealedTextField
from healing.vault.keyring import SealBroken
from healing.vault.models import PrivateRecord, UserKey
from journal.models import Entry

Ask = Callable[[], Any]


def raw(entry: Entry) -> bytes:
    """The sealed bytes of an entry as the database holds them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT content FROM journal_entry WHERE id = %s",
            [entry.pk.hex if connection.vendor == "sqlite" else entry.pk],
        )
        return bytes(cursor.fetchone()[0])


def put(entry: Entry, sealed: bytes) -> None:
    """Overwrite an entry's column behind the model's back, as a thief of the database could."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE journal_entry SET content = %s WHERE id = %s",
            [sealed, entry.pk.hex if connection.vendor == "sqlite" else entry.pk],
        )


@pytest.fixture
def entry(mara: User) -> Entry:
    return Entry.objects.create(
        owner=mara, local_date="2026-03-01", content={"note": "käse and fear"}
    )


def test_the_database_holds_no_word_of_it(entry: Entry) -> None:
    sealed = raw(entry)
    assert b"fear" not in sealed
    assert b"note" not in sealed
    assert len(sealed) > 28
    assert Entry.objects.get(pk=entry.pk).content == {"note": "käse and fear"}


def test_it_opens_only_when_read(entry: Entry, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        found = Entry.objects.get(pk=entry.pk)
        assert isinstance(found.__dict__["content"], SealedBytes)
    with django_assert_num_queries(1):
        assert found.content["note"] == "käse and fear"
        assert found.content["note"] == "käse and fear"


def test_a_row_saved_unopened_keeps_its_seal(entry: Entry) -> None:
    before = raw(entry)
    Entry.objects.get(pk=entry.pk).save()
    assert raw(entry) == before


def test_a_change_inside_the_value_is_sealed_anew(entry: Entry) -> None:
    found = Entry.objects.get(pk=entry.pk)
    found.content["note"] = "less of it"
    found.save()
    assert Entry.objects.get(pk=entry.pk).content == {"note": "less of it"}


def test_a_value_moved_to_another_row_does_not_open(entry: Entry, mara: User) -> None:
    other = Entry.objects.create(owner=mara, local_date="2026-03-02", content={})
    put(other, raw(entry))
    with pytest.raises(SealBroken):
        _ = Entry.objects.get(pk=other.pk).content


def test_a_value_moved_to_another_owner_does_not_open(entry: Entry, theo: User) -> None:
    Entry.objects.filter(pk=entry.pk).update(owner=theo)
    with pytest.raises(SealBroken):
        _ = Entry.objects.get(pk=entry.pk).content


def test_a_value_moved_to_another_field_does_not_open(mara: User) -> None:
    class Sample:
        _meta = Entry._meta
        owner_id, pk = mara.pk, uuid.uuid4()
        __dict__: dict[str, Any]

    def field(name: str) -> SealedTextField:
        made = SealedTextField()
        made.set_attributes_from_name(name)
        return made

    row = Sample()
    row.__dict__["one"] = "words"
    sealed = field("one").pre_save(row, add=True)
    assert sealed is not None
    assert field("one").opened(row, sealed) == "words"
    with pytest.raises(SealBroken):
        field("two").opened(row, sealed)


def test_a_flipped_bit_does_not_open(entry: Entry) -> None:
    sealed = bytearray(raw(entry))
    sealed[-1] ^= 1
    put(entry, bytes(sealed))
    with pytest.raises(SealBroken):
        _ = Entry.objects.get(pk=entry.pk).content


@pytest.mark.parametrize(
    "ask",
    [
        lambda: Entry.objects.filter(content="x"),
        lambda: Entry.objects.filter(content__isnull=False),
        lambda: Entry.objects.exclude(content__contains="x"),
        lambda: Entry.objects.order_by("content"),
        lambda: Entry.objects.order_by("-created", "-content"),
        lambda: Entry.objects.update(content={"note": "plain"}),
        lambda: Entry.objects.bulk_update(list(Entry.objects.all()), ["content"]),
    ],
)
def test_the_database_can_neither_search_sort_nor_update_it(ask: Ask, entry: Entry) -> None:
    with pytest.raises(FieldError, match="sealed"):
        ask()
    assert Entry.objects.get(pk=entry.pk).content == {"note": "käse and fear"}


def test_a_plain_value_never_reaches_the_column(entry: Entry) -> None:
    with pytest.raises(FieldError, match="sealed"):
        models.QuerySet(Entry).filter(pk=entry.pk).update(content={"note": "plain"})


def test_a_bulk_insert_is_sealed(mara: User) -> None:
    rows = [Entry(owner=mara, local_date="2026-03-01", content={"n": n}) for n in range(3)]
    Entry.objects.bulk_create(rows)
    assert all(b'"n"' not in raw(row) for row in rows)
    assert sorted(row.content["n"] for row in Entry.objects.of(mara)) == [0, 1, 2]


def test_a_deferred_column_opens_when_asked_for(entry: Entry) -> None:
    found = Entry.objects.defer("content").get(pk=entry.pk)
    assert found.content == {"note": "käse and fear"}


def test_rows_are_reached_through_their_owner(entry: Entry, mara: User, theo: User) -> None:
    assert list(Entry.objects.of(mara)) == [entry]
    assert list(Entry.objects.of(theo)) == []


def test_a_missing_data_key_is_an_error_and_never_a_new_key(entry: Entry, mara: User) -> None:
    UserKey.objects.filter(owner=mara).delete()
    with pytest.raises(ImproperlyConfigured, match="no data key"):
        _ = Entry.objects.get(pk=entry.pk).content
    with pytest.raises(ImproperlyConfigured, match="no data key"), transaction.atomic():
        Entry.objects.create(owner=mara, local_date="2026-03-01", content={})
    assert not UserKey.objects.filter(owner=mara).exists()


def test_after_the_key_is_destroyed_nothing_opens_even_with_a_new_one(
    entry: Entry, mara: User
) -> None:
    with keys_kept_open():
        data_key(mara.pk)
        destroy_key(mara)
        with pytest.raises(ImproperlyConfigured):
            data_key(mara.pk)
    create_key(mara)
    with pytest.raises(SealBroken):
        _ = Entry.objects.get(pk=entry.pk).content


def test_opened_keys_live_for_one_request_only(mara: User, django_assert_num_queries: Any) -> None:
    with keys_kept_open(), django_assert_num_queries(1):
        assert data_key(mara.pk) == data_key(mara.pk)
    with django_assert_num_queries(2):
        data_key(mara.pk)
        data_key(mara.pk)


def test_a_persons_key_is_made_with_them_or_they_are_not_made(db: None, monkeypatch: Any) -> None:
    def fail(owner: User) -> None:
        raise RuntimeError("no disk")

    monkeypatch.setattr("healing.accounts.models.create_key", fail)
    with pytest.raises(RuntimeError):
        User.objects.create_user("new@example.org", "long enough password")
    assert not User.objects.filter(email="new@example.org").exists()


def test_a_private_id_is_stable_and_differs_by_person_and_thing(mara: User, theo: User) -> None:
    first = private_id(mara, "lesson", "M1.1")
    assert first == private_id(mara, "lesson", "M1.1")
    assert len({first, private_id(theo, "lesson", "M1.1"), private_id(mara, "lesson", "M1.2")}) == 3


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)


@pytest.fixture(scope="module")
def field() -> Iterator[SealedJSONField]:
    return SealedJSONField()


@given(JSON)
def test_any_json_survives_the_writing(field: SealedJSONField, value: Any) -> None:
    assert field.from_text(field.to_text(value)) == value


def test_private_record_cannot_stand_alone() -> None:
    assert PrivateRecord._meta.abstract
