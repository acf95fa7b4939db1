"""Reading one unsent message."""

from uuid import uuid4

from django.test import Client

from healing.accounts.models import User
from tests.hold.conftest import at, begin, kept_with_exercise


def test_the_whole_of_it_is_read(hers: Client, mara: User) -> None:
    long = "word " * 400 + "and the last one"
    for pk in (begin(hers, message=long).pk, kept_with_exercise(mara, long).pk):
        page = hers.get(at("unsent_detail", pk)).content.decode()
        assert "and the last one" in page
        assert "Put this into my journal" in page
    assert (
        "&lt;b&gt;why&lt;/b&gt;" in hers.get(at("unsent_detail", begin(hers).pk)).content.decode()
    )


def test_one_left_in_the_middle_can_be_gone_on_with(hers: Client) -> None:
    hold = begin(hers)
    page = hers.get(at("unsent_detail", hold.pk)).content.decode()
    assert at("hold_end", hold.pk) in page


def test_it_is_nobody_elses(hers: Client, mara: User, his: Client) -> None:
    for pk in (begin(hers).pk, kept_with_exercise(mara).pk, uuid4()):
        assert his.get(at("unsent_detail", pk)).status_code == 404
    assert hers.get(at("unsent_detail", begin(hers, message="").pk)).status_code == 404
