"""The locker: the newest first, in pages."""

import re
from collections.abc import Callable
from typing import Any

from django.test import Client

from healing.accounts.models import User
from tests.locker.conftest import Keep

LOCKER = "/locker/"


def test_an_empty_one_says_what_it_is_for(hers: Client) -> None:
    page = hers.get(LOCKER).content.decode()
    assert "Moments that held" in page
    assert 'href="/locker/new/"' in page
    assert "<title>Locker - Steady Ground</title>" in page


def test_a_moment_shows_all_of_it(hers: Client, mara: User, keep: Keep) -> None:
    row = keep(mara, triggers=["quarrel", "gone_from_the_list"], in_mail=True)
    page = hers.get(LOCKER).content.decode()
    for words in (
        "Someone stayed",
        "She stayed &amp; made &lt;b&gt;tea&lt;/b&gt;, 她留下了",
        "For: Quarrel<",
        "May stand in your mail",
        f'href="/locker/{row.pk}/edit/"',
    ):
        assert words in page


def test_the_newest_comes_first_in_pages_at_a_fixed_price(
    hers: Client, mara: User, keep: Keep, django_assert_num_queries: Any
) -> None:
    for place in range(45):
        keep(mara, words=f"moment number {place:02}")
    hers.get(LOCKER)
    with django_assert_num_queries(5):  # session, person, count, rows, her key
        first = hers.get(LOCKER).content.decode()
    pages = first + "".join(hers.get(f"{LOCKER}?page={n}").content.decode() for n in (2, 3))
    found = re.findall(r"moment number (\d\d)", pages)
    assert found == [f"{place:02}" for place in reversed(range(45))]
    assert "moment number 44" in hers.get(f"{LOCKER}?page=x").content.decode()


def test_another_persons_moments_are_not_hers(
    client: Client, mara: User, theo: User, keep: Keep, client_of: Callable[[User], Client]
) -> None:
    keep(mara)
    page = client_of(theo).get(LOCKER).content.decode()
    assert "stayed &amp;" not in page
    assert client.get(LOCKER).status_code == 302
