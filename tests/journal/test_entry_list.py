"""The journal, newest first, twenty at a time."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from healing.accounts.models import User
from journal.models import Entry
from journal.views import PAGE
from tests.journal.conftest import Write

LIST = reverse("journal:entry_list")


@pytest.fixture
def hers(mara: User, client_of: Callable[[User], Client]) -> Client:
    return client_of(mara)


def test_an_empty_journal_says_what_will_be_here(hers: Client) -> None:
    page = hers.get(LIST).content.decode()
    assert "Write the first one" in page
    assert reverse("journal:entry_create") in page


def test_newest_day_first_and_within_a_day_what_was_written_last(
    hers: Client, mara: User, write: Write
) -> None:
    before = mara.today() - timedelta(days=1)
    write(mara, trigger_own="today, first")
    write(mara, trigger_own="yesterday, written later", local_date=before)
    write(mara, trigger_own="today, second")
    page = hers.get(LIST).content.decode()
    places = [
        page.index(words) for words in ("today, second", "today, first", "yesterday, written later")
    ]
    assert places == sorted(places)


@pytest.mark.parametrize("number", [PAGE - 1, PAGE, PAGE + 1, 2 * PAGE + 3])
def test_every_entry_is_on_exactly_one_page(
    hers: Client, mara: User, write: Write, number: int
) -> None:
    moment = write(mara, trigger_own="no 0").created
    for place in range(1, number):
        # Some share a day, some even the moment: the order still has to be one.
        day = mara.today() - timedelta(days=place // 7)
        entry = write(mara, trigger_own=f"no {place}", local_date=day)
        Entry.objects.filter(pk=entry.pk).update(created=moment - timedelta(seconds=place // 3))
    seen, address = [], LIST
    while address:
        context = hers.get(address).context
        seen += [entry.pk for entry in context["entries"]]
        older = context["older_than"]
        address = f"{LIST}?before={older}" if older else ""
    assert len(seen) == len(set(seen)) == number
    assert seen == [entry.pk for entry in Entry.objects.of(mara).newest_first()]


@pytest.mark.parametrize("before", ["", "nonsense", str(uuid4()), "' OR 1=1", "\x00"])
def test_a_page_that_is_not_there_is_the_first(
    hers: Client, mara: User, write: Write, before: str
) -> None:
    write(mara, trigger_own="the only one")
    answer = hers.get(LIST, {"before": before})
    assert answer.status_code == 200
    assert "the only one" in answer.content.decode()


def test_a_strangers_entry_is_no_page_mark(
    hers: Client, mara: User, theo: User, write: Write
) -> None:
    write(mara, trigger_own="Mara's own")
    theirs = write(theo, trigger_own="Theo's own")
    page = hers.get(LIST, {"before": str(theirs.pk)}).content.decode()
    assert "Mara" in page
    assert "Theo" not in page


def test_a_page_costs_the_same_however_much_there_is(
    hers: Client, mara: User, write: Write, django_assert_num_queries: Any
) -> None:
    first = write(mara)
    for _ in range(PAGE + 5):
        write(mara)
    hers.get(LIST)
    with django_assert_num_queries(4):  # session, person, entries, key
        hers.get(LIST)
    with django_assert_num_queries(4):  # the page mark, and nothing older to open
        hers.get(LIST, {"before": str(first.pk)})


def test_looking_changes_nothing(hers: Client, mara: User, write: Write) -> None:
    write(mara)
    before = list(Entry.objects.values_list("pk", "created", "local_date"))
    hers.get(LIST)
    assert list(Entry.objects.values_list("pk", "created", "local_date")) == before


def test_what_she_wrote_is_in_no_title_and_no_cache(hers: Client, mara: User, write: Write) -> None:
    write(mara, trigger_own="secretword")
    answer = hers.get(LIST)
    title = answer.content.decode().split("<title>")[1].split("</title>")[0]
    assert "secretword" not in title
    assert answer.headers["Cache-Control"] == "no-store, private"


def test_an_entry_of_own_words_alone_has_a_name_to_press(
    mara: User, client_of: Callable[[User], Client], write: Write
) -> None:
    write(mara, note="only a note")
    write(mara, urges_own="walk past the house")
    page = client_of(mara).get(reverse("journal:entry_list")).content.decode()
    assert "<b>In my own words</b>" in page
    assert "<b>walk past the house</b>" in page
