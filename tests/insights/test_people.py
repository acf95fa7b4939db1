"""The nicknames, each behind an address that says nothing of it."""

from typing import Any

from django.test import Client
from django.urls import reverse

from healing.accounts.models import User
from tests.insights.conftest import seen, write


def test_names_stand_in_the_order_of_the_alphabet_and_are_no_ranking(
    hers: Client, mara: User
) -> None:
    for name in ("Zoe", "Anna", "zoe ", "Zoe"):
        write(mara, trigger="quarrel", person=name)
    page = seen(hers, "people")
    assert page.index("Anna") < page.index("Zoe")
    assert page.count("/insights/people/") == 2
    assert "3 entries" in page


def test_a_nickname_is_in_no_address_and_no_title(hers: Client, mara: User) -> None:
    write(mara, trigger="quarrel", person="Secretname")
    answer = hers.get(reverse("insights:people"))
    page = answer.content.decode()
    assert "ecretname" not in page.split("<title>")[1].split("</title>")[0]
    links = [part.split('"')[0] for part in page.split('href="')[1:]]
    assert not [link for link in links if "ecretname" in link]


def test_without_a_name_it_says_where_they_come_from(hers: Client, mara: User) -> None:
    write(mara, trigger="quarrel")
    assert "When an entry holds a nickname" in seen(hers, "people")


def test_two_people_who_name_the_same_nickname_have_two_addresses(
    hers: Client, mara: User, theo: User, client_of: Any
) -> None:
    for owner in (mara, theo):
        write(owner, trigger="quarrel", person="Jo")

    def address(client: Client) -> str:
        return seen(client, "people").split('href="/insights/people/')[1].split("/")[0]

    assert address(hers) != address(client_of(theo))
    stranger = reverse("insights:person", args=[address(hers)])
    assert client_of(theo).get(stranger).status_code == 404
