"""Every work of one group in full, with the lessons that cite it."""

import re
from collections.abc import Callable
from html import unescape

import pytest
from django.test import Client

from healing.accounts.models import User
from healing.lessons.models import Lesson
from healing.sources.models import Source
from tests.test_weight import TOTAL, weigh

BREATHING = "/sources/breathing-and-relaxation/"


def entry_of(page: str, source_id: str) -> str:
    found = re.search(rf'<article class="source" id="{source_id}">(.+?)</article>', page, re.S)
    assert found is not None
    return unescape(found[1])


@pytest.mark.usefixtures("sources")
def test_anyone_reads_it_in_two_queries_without_a_session(
    client: Client, django_assert_num_queries: Callable[[int], object]
) -> None:
    with django_assert_num_queries(2):
        answer = client.get(BREATHING)
    assert answer.status_code == 200
    assert not answer.cookies
    page = answer.content.decode()
    assert re.findall(r'<article class="source" id="(B\d+)"', page) == [
        "B39", "B40", "B41", "B42", "B43", "B44",
    ]  # fmt: skip
    assert page.count("<h1") == 1


@pytest.mark.usefixtures("sources")
def test_a_person_reads_the_same(mara: User, client_of: Callable[[User], Client]) -> None:
    page = client_of(mara).get(BREATHING).content.decode()
    assert page.count('<article class="source"') == 6
    assert "Back to today" in page


@pytest.mark.usefixtures("sources")
def test_each_entry_says_all_we_know_of_it(client: Client) -> None:
    for address in {one.get_absolute_url().partition("#")[0] for one in Source.objects.all()}:
        page = client.get(address).content.decode()
        group = [one for one in Source.objects.all() if one.get_absolute_url().startswith(address)]
        assert page.count('<article class="source"') == len(group)
        for source in group:
            entry = entry_of(page, source.content_id)
            for said in (source.citation, source.supports, source.limits, source.title):
                assert said in entry
            assert ("Not seen by us" in entry) == (source.seen != "record")
            assert ("Check its details" in entry) == (source.confidence == "fairly_sure")
            assert ("from memory, not opened yet" in entry) == source.doi_from_memory


@pytest.mark.usefixtures("sources")
def test_what_was_not_seen_is_said_plainly(client: Client) -> None:
    page = client.get("/sources/attachment-theory-and-its-measurement/").content.decode()
    assert "Not seen by us: we know it only as a citation in another work." in entry_of(page, "B01")
    assert "Not seen by us: written down from memory." in entry_of(page, "B06")
    assert "We have looked at its record or summary." in entry_of(page, "B04")


@pytest.mark.usefixtures("sources")
def test_a_doi_stands_as_text_and_its_link_tells_the_target_nothing(client: Client) -> None:
    page = client.get(BREATHING).content.decode()
    doi = Source.objects.get(content_id="B39").doi
    assert f'<a href="https://doi.org/{doi}" rel="noreferrer">{doi}</a>' in page
    for part in ('<script src="http', "<img", "<iframe"):
        assert part not in page


@pytest.mark.usefixtures("content")
def test_it_names_the_published_lessons_that_cite_a_work(client: Client) -> None:
    lesson = Lesson.objects.get(content_id="M1.1")
    address = Source.objects.get(content_id="B48").get_absolute_url()
    link = f'href="{lesson.get_absolute_url()}">{lesson.title}</a>'
    assert link in entry_of(client.get(address).content.decode(), "B48")
    # A search shows the same entry.
    assert link in entry_of(client.get("/sources/", {"q": "B48"}).content.decode(), "B48")
    lesson.unpublish()
    entry = entry_of(client.get(address).content.decode(), "B48")
    assert lesson.title not in entry


@pytest.mark.usefixtures("sources")
def test_a_work_that_no_lesson_cites_says_nothing_of_lessons(client: Client) -> None:
    assert b"Lessons that cite it" not in client.get(BREATHING).content


@pytest.mark.usefixtures("sources")
def test_a_group_that_is_not_there_is_404(client: Client) -> None:
    assert client.get("/sources/phrenology/").status_code == 404
    Source.objects.filter(group__startswith="E.").update(live=False)
    assert client.get(BREATHING).status_code == 404
    assert client.post(BREATHING).status_code == 405


@pytest.mark.usefixtures("sources")
def test_an_editors_group_without_a_letter_or_in_another_script_has_an_address(
    client: Client,
) -> None:
    Source.objects.filter(content_id="B44").update(group="Relaxing")
    assert b'id="B44"' in client.get("/sources/relaxing/").content
    Source.objects.filter(content_id="B44").update(group="L. 呼吸")
    assert client.get("/sources/").status_code == 200
    assert b'id="B44"' in client.get("/sources/other/").content


@pytest.mark.usefixtures("content")
def test_every_group_and_the_longest_search_keep_to_the_budget(client: Client) -> None:
    groups = {one.get_absolute_url().partition("#")[0] for one in Source.objects.published()}
    for address in [*groups, "/sources/", "/sources/?q=e", "/sources/?q=attachment"]:
        assert weigh(client.get(address).content.decode())[0] <= TOTAL, address
