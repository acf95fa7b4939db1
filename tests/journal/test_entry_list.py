"""The journal, newest first, twenty at a time."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from healing.accounts.models import User
from journal.models import Entry
from journal.pages import PAGE
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
        page = hers.get(address).context["page"]
        seen += [entry.pk for entry in page.entries]
        older = page.older_than
        address = f"{LIST}?before={older.pk}" if older else ""
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


# Looking for entries ------------------------------------------------------------------------------


def look(client: Client, **asked: Any) -> str:
    answer = client.post(LIST, asked)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode())


def links(page: str) -> int:
    return page.count('class="much"')


def test_words_are_looked_for_in_all_she_wrote(hers: Client, mara: User, write: Write) -> None:
    write(mara, trigger="quarrel", note="At the Café, the phone face down")
    write(mara, trigger="goodbye", trigger_own="cafe again, and my PHONE")
    write(mara, trigger="goodbye", note="only the phone")
    page = look(hers, words="phone café")
    assert links(page) == 2
    assert "2 entries with “phone”, “café”" in page
    assert "Looked through 3 entries, down to the oldest." in page
    assert f'href="{LIST}">Show all entries' in page
    assert 'value="phone café"' in page


@pytest.mark.parametrize(
    ("asked", "says", "number"),
    [
        ({"trigger": "quarrel"}, "1 entry with What set it off: Quarrel", 1),
        ({"feelings": "sad"}, "2 entries with What I felt: sad", 2),
        ({"feelings": "sad", "trigger": "quarrel"}, "What I felt: sad", 1),
        ({"did": "send_many"}, "1 entry with What I did:", 1),
        ({"needs": "comfort"}, "1 entry with What I needed: comfort", 1),
        ({"person": "m."}, "1 entry with about m.", 1),
        ({"words": "nowhere"}, "No entry with “nowhere”", 0),
    ],
)
def test_answers_and_nicknames_are_looked_for(
    hers: Client, mara: User, write: Write, asked: dict[str, str], says: str, number: int
) -> None:
    write(mara, trigger="quarrel", feelings=["afraid", "sad"], needs=["comfort"], person="M.")
    write(mara, trigger="goodbye", feelings=["sad"], did=["send_many"], person="Mo")
    write(mara, trigger="goodbye")
    page = look(hers, **asked)
    assert says in page
    assert links(page) == number


def test_days_are_a_range_and_both_ends_belong_to_it(
    hers: Client, mara: User, write: Write
) -> None:
    for ago in range(5):
        write(mara, local_date=mara.today() - timedelta(days=ago))
    since, until = (mara.today() - timedelta(days=ago) for ago in (3, 1))
    page = look(hers, from_day=since.isoformat(), to_day=until.isoformat())
    assert links(page) == 3
    assert "Looked through 3 entries" in page


def test_it_stops_when_the_page_is_full_and_goes_on_from_there(
    hers: Client, mara: User, write: Write
) -> None:
    for place in range(2 * PAGE + 5):
        day = mara.today() - timedelta(days=place)
        write(mara, local_date=day, trigger="quarrel", note=f"no {place}")
        write(mara, local_date=day, trigger="goodbye")
    page = look(hers, trigger="quarrel")
    assert links(page) == PAGE
    assert f"The newest {PAGE} entries with What set it off: Quarrel" in page
    assert f"Looked through {2 * PAGE + 2} entries, back to" in page
    seen: list[str] = []
    asked = {"trigger": "quarrel"}
    for number in (PAGE, PAGE, 5):
        page = look(hers, **asked)
        assert links(page) == number
        seen += re.findall(r"<small>no (\d+)", page)
        form = page.split("Pages of the journal")[-1]
        asked = dict(re.findall(r'name="(trigger|before)" value="([^"]+)"', form))
    assert seen == [str(place) for place in range(2 * PAGE + 5)]
    assert "before" not in asked
    assert "5 more entries with" in page


def test_what_is_looked_for_is_in_no_address_title_or_cache(
    hers: Client, mara: User, write: Write
) -> None:
    for _ in range(PAGE + 1):
        write(mara, trigger="quarrel", note="secretword")
    answer = hers.post(LIST, {"words": "secretword"})
    page = answer.content.decode()
    assert "no-store" in answer.headers["Cache-Control"]
    assert not re.search(r'(href|action)="[^"]*secretword', page)
    assert "secretword" not in page.split("<title>")[1].split("</title>")[0]


def test_looking_stores_nothing(hers: Client, mara: User, write: Write) -> None:
    write(mara)
    hers.get(LIST)
    before = (list(Entry.objects.values()), dict(hers.session))
    for _ in range(2):
        look(hers, words="phone")
    assert (list(Entry.objects.values()), dict(hers.session)) == before


def test_nothing_of_a_stranger_is_found(hers: Client, mara: User, theo: User, write: Write) -> None:
    write(theo, note="phone")
    assert "No entry with" in look(hers, words="phone")


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"trigger": "nonsense"}, "Choose one of the list, or “any”."),
        ({"did": "nonsense"}, "Choose one of the list, or “any”."),
        ({"from_day": "31.3."}, "Write it like 2026-03-31"),
        ({"from_day": "2026-02-02", "to_day": "2026-02-01"}, "Swap the two days."),
        ({"words": "x" * 201}, "Shorten it to 200 letters."),
    ],
)
def test_what_cannot_be_looked_for_says_how_to_mend_it(
    hers: Client, mara: User, write: Write, asked: dict[str, str], says: str
) -> None:
    write(mara)
    page = look(hers, **asked, person="Mo")
    assert says in page
    assert 'value="Mo"' in page
    assert "data-summary" in page


def test_looking_for_nothing_is_the_whole_list(hers: Client, mara: User, write: Write) -> None:
    write(mara)
    page = look(hers, words="  ")
    assert links(page) == 1
    assert "Looked through" not in page


def test_a_session_that_ran_out_gives_the_search_back(mara: User, write: Write) -> None:
    answer = Client().post(LIST, {"words": "phone"})
    assert answer.status_code == 403
    assert 'value="phone"' in answer.content.decode()


def test_a_search_costs_the_same_however_much_there_is(
    hers: Client, mara: User, write: Write, django_assert_num_queries: Any
) -> None:
    for _ in range(PAGE + 5):
        write(mara, trigger="quarrel")
    hers.get(LIST)
    with django_assert_num_queries(5):  # session, person, key, rows to look through, page
        look(hers, trigger="quarrel")
    with django_assert_num_queries(4):
        look(hers, words="nowhere")
