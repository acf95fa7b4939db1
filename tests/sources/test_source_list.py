"""What the texts stand on: the core works in short, the others by name, and a search."""

import re
from collections.abc import Callable, Iterable
from html import unescape

import pytest
from django.test import Client

from healing.accounts.models import User
from healing.sources.models import Source
from healing.sources.views import IN_FULL, LONGEST_QUERY

ADDRESS = "/sources/"


def text_of(client: Client, **query: str) -> str:
    answer = client.get(ADDRESS, query)
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def in_full(page: str) -> list[str]:
    """Ids of the entries that stand there in full."""
    entries = re.findall(r'<article class="source" id="(B\d+)">(.+?)</article>', page, re.S)
    return [one for one, entry in entries if "<dt>What it cannot</dt>" in entry]


# The list -----------------------------------------------------------------------------------------


@pytest.mark.usefixtures("sources")
def test_anyone_reads_it_in_one_query_without_a_session(
    client: Client, django_assert_num_queries: Callable[[int], object]
) -> None:
    with django_assert_num_queries(1):
        answer = client.get(ADDRESS)
    assert answer.status_code == 200
    assert not answer.cookies


@pytest.mark.usefixtures("sources")
def test_a_person_reads_the_same_and_finds_the_way_back(
    mara: User, client_of: Callable[[User], Client], client: Client
) -> None:
    own, foreign = text_of(client_of(mara)), text_of(client)
    assert "Back to today" in own
    assert "Back to today" not in foreign
    ids = re.findall(r' id="(B\d+)"', own)
    assert ids == re.findall(r' id="(B\d+)"', foreign)
    assert len(ids) == 89


@pytest.mark.usefixtures("sources")
def test_every_id_is_there_once_for_a_lesson_to_lead_to(client: Client) -> None:
    ids = re.findall(r'\sid="(B\d+)"', text_of(client))
    assert sorted(ids) == [f"B{number:02d}" for number in range(1, 90)]


@pytest.mark.usefixtures("sources")
def test_each_core_work_says_what_it_can_and_cannot_carry(client: Client) -> None:
    page = text_of(client)
    core = Source.objects.filter(core=True)
    assert core.count() == 50
    for source in core:
        entry = re.search(rf'id="{source.content_id}">(.+?)</article>', page, re.S)
        assert entry is not None
        assert f"Can support:</b> {source.supports}" in entry[1]
        assert f"Cannot:</b> {source.limits}" in entry[1]
        assert f'href="{source.get_absolute_url()}"' in entry[1]
        assert ("Not seen by us." in entry[1]) == (source.seen != "record")


@pytest.mark.usefixtures("sources")
def test_each_further_work_leads_to_its_full_entry(client: Client) -> None:
    page = text_of(client)
    further = page.partition("Further works")[2]
    assert len(re.findall(r'<li id="B\d+">', further)) == 39
    source = Source.objects.get(content_id="B44")
    assert source.get_absolute_url() == "/sources/breathing-and-relaxation/#B44"
    assert f'<li id="B44"><a href="{source.get_absolute_url()}">B44 {source.title}</a>' in further


@pytest.mark.usefixtures("sources")
def test_every_address_of_an_entry_leads_to_a_page_that_holds_it(client: Client) -> None:
    pages: dict[str, str] = {}
    for source in Source.objects.published():
        address, _, anchor = source.get_absolute_url().partition("#")
        if address not in pages:
            pages[address] = client.get(address).content.decode()
        assert f'id="{anchor}"' in pages[address]
    assert len(pages) == 11


@pytest.mark.django_db
def test_without_sources_the_page_says_so(client: Client) -> None:
    assert "once the lessons are loaded" in text_of(client)


@pytest.mark.usefixtures("sources")
def test_a_source_taken_off_is_shown_nowhere(client: Client) -> None:
    Source.objects.get(content_id="B48").unpublish()
    assert 'id="B48"' not in text_of(client)
    assert in_full(text_of(client, q="South Sudanese")) == []


# The search ---------------------------------------------------------------------------------------


@pytest.mark.usefixtures("sources")
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("zaccaro", {"B40"}),  # the name
        ("ZACCARO 2018", {"B40"}),  # every word, in whatever case
        ("relaxation-INDUCED", {"B44"}),  # the citation
        ("slow breathing calmer", {"B40"}),  # citation, and what it can support
        ("abandonment issues", {"B71"}),  # what it cannot
        ("b45", {"B45"}),  # the id
        ("  zaccaro \t 2018 ", {"B40"}),
        ("Feußner", {"B14"}),
        ("59% secure", {"B09"}),  # a wildcard of the database is a sign like any other
    ],
)
def test_it_finds_what_holds_every_word(client: Client, query: str, found: Iterable[str]) -> None:
    page = text_of(client, q=query)
    assert found <= set(in_full(page))
    for one in in_full(page):
        source = Source.objects.get(content_id=one)
        told = " ".join((one, source.title, source.citation, source.supports, source.limits))
        assert all(word in told.casefold() for word in query.casefold().split())
    assert "Further works" not in page


@pytest.mark.usefixtures("sources")
@pytest.mark.parametrize("query", ["zaccaro 1983", "qqqq", "%%", "_____", "' OR 1=1 --", "\\"])
def test_nothing_found_is_said_kindly(client: Client, query: str) -> None:
    page = text_of(client, q=query)
    assert "No work here holds all of these words." in page
    assert in_full(page) == []
    assert 'href="/sources/">All sources' in page


@pytest.mark.usefixtures("sources")
@pytest.mark.parametrize("query", ["", "   ", "\0"])
def test_an_empty_search_shows_all(client: Client, query: str) -> None:
    page = text_of(client, q=query)
    assert "Further works" in page
    assert page.count('<article class="source"') == 50


@pytest.mark.usefixtures("sources")
def test_the_number_found_is_told_and_all_are_named(client: Client) -> None:
    assert "1 work holds all of these words." in text_of(client, q="zaccaro")
    page = text_of(client, q="a")
    number = Source.objects.published().matching(["a"]).count()
    assert number > IN_FULL
    assert f"{number} works hold all of these words." in page
    assert len(in_full(page)) == IN_FULL
    assert len(re.findall(r'\sid="B\d+"', page)) == number


@pytest.mark.usefixtures("sources")
def test_a_search_takes_two_queries_and_stores_nothing(
    client: Client, django_assert_num_queries: Callable[[int], object]
) -> None:
    with django_assert_num_queries(2) as asked:
        answer = client.get(ADDRESS, {"q": "breathing"})
    assert all(query["sql"].startswith("SELECT") for query in asked.captured_queries)
    assert not answer.cookies
    assert "Cache-Control" not in answer.headers


@pytest.mark.usefixtures("sources")
def test_a_persons_search_is_kept_out_of_every_cache(
    mara: User, client_of: Callable[[User], Client]
) -> None:
    answer = client_of(mara).get(ADDRESS, {"q": "breathing"})
    assert answer.headers["Cache-Control"] == "no-store, private"
    assert b"breathing" not in re.search(rb"<title>.+?</title>", answer.content)[0].lower()


@pytest.mark.usefixtures("sources")
def test_what_was_typed_comes_back_escaped(client: Client) -> None:
    raw = client.get(ADDRESS, {"q": '"><script>alert(1)</script>'}).content.decode()
    assert "<script>alert" not in raw
    assert 'value="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"' in raw


@pytest.mark.usefixtures("sources")
def test_a_search_too_long_or_with_a_nul_is_cut_and_answered(client: Client) -> None:
    assert text_of(client, q="zaccaro\0 2018").count("1 work holds") == 1
    page = text_of(client, q="e " * 5000)
    assert f'value="{"e " * (LONGEST_QUERY // 2)}'.rstrip() in page
    assert f'maxlength="{LONGEST_QUERY}"' in page


@pytest.mark.usefixtures("sources")
def test_it_only_shows(client: Client) -> None:
    assert client.post(ADDRESS, {"q": "breathing"}).status_code == 405
