"""The programme: what is done, open and optional, why the order, and at which pace."""

import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client

from exercises.actions import begin_gentler_path, end_gentler_path, open_gate
from healing.accounts.models import User
from healing.lessons.actions import keep_note, next_lesson
from healing.lessons.models import Lesson, Way
from tests.lessons.conftest import LOW, read, say

pytestmark = pytest.mark.usefixtures("content")
ADDRESS = "/programme/"


def states(page: str) -> dict[str, str]:
    """Address and state of every lesson on the page."""
    found = re.findall(r'<li class="(\w+)"><a href="/lessons/([a-z0-9-]+)/"', page)
    return {slug: state for state, slug in found}


def test_it_shows_every_lesson_with_its_state(
    mara: User, client_of: Callable[[User], Client]
) -> None:
    read(mara, "M1.1")
    aside = Lesson.objects.get(content_id="M1.3")
    keep_note(owner=mara, lesson=aside, aside=True)
    page = client_of(mara).get(ADDRESS).content.decode()
    shown = states(page)
    assert len(shown) == Lesson.objects.count() == 46
    assert shown["why-we-begin-with-steadiness"] == "read"
    assert shown["high-alarm-shut-down-and-the-steady-zone"] == "next"
    assert shown[aside.slug] == "aside"
    assert shown["a-first-hello"] == "closed"
    assert shown["before-we-go-further"] == "open"
    assert "You have read 1 of 46 lessons." in page


GATED = {"a-first-hello", "what-i-would-say-to-you", "room-for-the-loss"}


def test_what_stands_behind_the_gate_opens_and_closes_with_it(
    mara: User, theo: User, client_of: Callable[[User], Client]
) -> None:
    client = client_of(mara)

    def closed(reader: Client) -> set[str]:
        page = reader.get(ADDRESS).content.decode()
        assert 'href="/programme/readiness/"' in page
        assert ("it opens after a short check" in page) == ("closed" in states(page).values())
        return {slug for slug, state in states(page).items() if state == "closed"}

    assert closed(client) == GATED
    open_gate(owner=mara)
    assert closed(client) == set()
    assert closed(client_of(theo)) == GATED
    read(mara, "M9.2")
    say(mara, LOW)
    page = client.get(ADDRESS).content.decode()
    assert closed(client) == GATED - {"a-first-hello"}
    assert states(page)["a-first-hello"] == "read"


def test_on_the_gentler_path_support_comes_early_until_it_ends(
    mara: User, client_of: Callable[[User], Client]
) -> None:
    def order() -> list[str]:
        page = client_of(mara).get(ADDRESS).content.decode()
        return re.findall(r'<li id="([^"]+)"', page)[:3]

    usual = order()
    begin_gentler_path(owner=mara)
    assert order() == ["steady-ground", "needs-and-support", "working-with-a-professional"]
    end_gentler_path(owner=mara)
    assert order() == usual


def test_what_stands_behind_the_gate_is_never_suggested_in_passing(mara: User) -> None:
    open_gate(owner=mara)
    read(mara, *Lesson.objects.filter(gated=False).values_list("content_id", flat=True))
    assert next_lesson(owner=mara) is None


def test_it_counts_no_lesson_that_is_no_longer_there(
    mara: User, client_of: Callable[[User], Client]
) -> None:
    read(mara, "M1.1", "M1.2")
    Lesson.objects.get(content_id="M1.2").unpublish()
    page = client_of(mara).get(ADDRESS).content.decode()
    assert "You have read 1 of 45 lessons." in page


def test_it_says_what_had_better_come_first_and_closes_nothing(
    mara: User, client_of: Callable[[User], Client]
) -> None:
    client = client_of(mara)
    page = client.get(ADDRESS).content.decode()
    module = page.split('id="when-the-alarm-rings"')[1].split("</li>")[0]
    assert "Easier after 3 more lessons" in module
    assert "You can read it now all the same." in module
    assert client.get("/lessons/the-chain-link-by-link/").status_code == 200
    read(mara, "M1.1", "M1.2", "M1.3")
    page = client.get(ADDRESS).content.decode()
    assert "Easier after" not in page.split('id="when-the-alarm-rings"')[1].split("</li>")[0]


def test_nothing_on_it_counts_days_or_calls_anything_overdue(
    mara: User, client_of: Callable[[User], Client]
) -> None:
    read(mara, "M1.1")
    page = client_of(mara).get(ADDRESS).content.decode().lower()
    main = page.split("<main")[1].split("</main>")[0]
    for word in ("overdue", "streak", "missed", "days ago", "behind", "late"):
        assert not re.search(rf"\b{word}\b", re.sub(r"<[^>]+>", " ", main)), word


def test_the_pace_is_kept_sealed_and_changes_what_today_names(
    mara: User, theo: User, client_of: Callable[[User], Client]
) -> None:
    client = client_of(mara)
    read(mara, "M1.1")
    assert next_lesson(owner=mara) is not None
    assert client.post(ADDRESS, {"pace": "slow"}).headers["Location"] == ADDRESS
    assert next_lesson(owner=mara) is None
    page = client.get(ADDRESS).content.decode()
    assert re.search(r'value="slow"[^>]*checked', page)
    assert "That is enough for this week, if you like." in page
    assert 'name="pace" value="usual"' in client_of(theo).get(ADDRESS).content.decode()
    with connection.cursor() as cursor:
        cursor.execute("select said from lessons_way")
        assert b"slow" not in bytes(cursor.fetchone()[0])
    client.post(ADDRESS, {"pace": "usual"})
    assert Way.objects.count() == 1
    assert next_lesson(owner=mara) is not None


def test_a_pace_that_is_none_is_refused(mara: User, client_of: Callable[[User], Client]) -> None:
    page = client_of(mara).post(ADDRESS, {"pace": "fast"}).content.decode()
    assert "<title>Error:" in page
    assert not Way.objects.exists()


def test_setting_a_lesson_aside_leads_back_and_can_be_undone(
    mara: User, client_of: Callable[[User], Client]
) -> None:
    client = client_of(mara)
    first = next_lesson(owner=mara)
    assert first is not None
    note = f"{first.get_absolute_url()}note/"
    answer = client.post(note, {"read": "aside", "answer": "Later."}, follow=True)
    assert "It will not be suggested again." in answer.content.decode()
    second = next_lesson(owner=mara)
    assert second is not None
    assert second != first
    page = client.get(first.get_absolute_url()).content.decode()
    assert "You set this lesson aside." in page
    assert "Later." in page
    client.post(note, {"read": "no"})
    assert next_lesson(owner=mara) == first


def test_someone_not_signed_in_is_sent_to_sign_in(client: Client) -> None:
    assert client.get(ADDRESS).headers["Location"].startswith("/accounts/login/")


def test_it_takes_the_same_queries_for_one_note_and_for_many(
    mara: User,
    client_of: Callable[[User], Client],
    django_assert_max_num_queries: Callable[[int], object],
) -> None:
    client = client_of(mara)
    read(mara, *Lesson.objects.values_list("content_id", flat=True))
    client.get(ADDRESS)
    with django_assert_max_num_queries(10):
        page = client.get(ADDRESS).content.decode()
    assert "You have read 46 of 46 lessons." in page
