"""What holds for every way of taking a packet along."""

from typing import Any

from django.test import Client
from django.urls import reverse

from tests.sharing.conftest import DAY, asked, check_in, looked, write

WAYS = ("paper", "as_table", "as_data")


def holds_the_rules(hers: Client, owner: Any, way: str) -> None:
    """Only what was looked at, without what was struck, said once, and in no cache."""
    address = reverse(f"sharing:{way}")
    assert hers.get(address).status_code == 405
    entry = write(owner, DAY, note="the lamp was off", story="he had left")
    other = write(owner, DAY, note="a second one")
    unseen = hers.post(address, asked())
    assert b"Look before you take it" in unseen.content

    whole = hers.post(address, looked(hers, asked()))
    assert b"the lamp was off" in whole.content
    assert b"not included" not in whole.content
    assert "no-store" in whole.headers["Cache-Control"]

    sent = looked(hers, asked(), out=[f"{entry.pk.hex}.note", other.pk.hex])
    part = hers.post(address, sent)
    assert b"he had left" in part.content
    assert b"the lamp was off" not in part.content
    assert b"a second one" not in part.content
    assert part.content.count(b"not included") == 1

    check_in(owner, DAY, line="added meanwhile")
    again = hers.post(address, sent)
    assert b"since you looked" in again.content

    nothing = looked(hers, asked())
    marks = [entry.pk.hex, other.pk.hex]
    only = {**looked(hers, asked(DAY, DAY, "entries")), "out": marks}
    assert nothing["seen"]
    assert b"there is nothing to take" in hers.post(address, only).content
