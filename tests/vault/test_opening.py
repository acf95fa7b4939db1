"""Opening many rows at once checks each seal as opening one does."""

import pytest
from django.db import connection

from healing.accounts.models import User
from healing.vault.keyring import SealBroken
from healing.vault.opening import open_rows
from journal.models import Entry

ROWS = 3


def entries(owner: User) -> list[Entry]:
    return [
        Entry.objects.create(owner=owner, local_date=owner.today(), content={"note": f"é {number}"})
        for number in range(ROWS)
    ]


def test_it_gives_each_row_opened_in_order(mara: User) -> None:
    made = entries(mara)
    found = list(open_rows(Entry.objects.of(mara).order_by("created"), mara, "content"))
    assert found == [
        (entry.pk, f'{{"note":"é {number}"}}'.encode()) for number, entry in enumerate(made)
    ]


@pytest.mark.parametrize("spoil", ["moved", "altered", "version", "short", "other owner"])
def test_a_row_that_was_tampered_with_does_not_open(mara: User, theo: User, spoil: str) -> None:
    entries(mara)
    if spoil == "other owner":
        with pytest.raises(SealBroken):
            list(open_rows(Entry.objects.of(mara), theo, "content"))
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT content FROM journal_entry ORDER BY created")
        first, second, _third = (bytes(row[0]) for row in cursor.fetchall())
        worse = {
            "moved": second,
            "altered": first[:-1] + bytes([first[-1] ^ 1]),
            "version": b"\x02" + first[1:],
            "short": b"\x01",
        }[spoil]
        cursor.execute("UPDATE journal_entry SET content = %s WHERE content = %s", [worse, first])
    with pytest.raises(SealBroken):
        list(open_rows(Entry.objects.of(mara), mara, "content"))
