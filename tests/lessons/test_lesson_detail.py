"""One lesson, readable without an account."""

import re
from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from exercises.actions import open_gate
from healing.accounts.actions import withdraw_consent
from healing.accounts.models import Consent, User
from healing.cards.kinds import BY_ID as CARDS
from healing.lessons.actions import keep_note
from healing.lessons.models import Lesson
from tests.factories import record_review
from tests.lessons.conftest import LOW, say

pytestmark = pytest.mark.usefixtures("content")


@pytest.fixture
def lesson(content: None) -> Lesson:
    found: Lesson = Lesson.objects.get(content_id="M1.1")
    return found


def test_a_visitor_reads_all_of_it_in_four_queries(
    client: Client, lesson: Lesson, django_assert_num_queries: Callable[[int], object]
) -> None:
    with django_assert_num_queries(4):
        page = client.get(lesson.get_absolute_url()).content.decode()
    assert lesson.module.title in page
    assert f"{lesson.minutes} minutes" in page
    assert "Short version:" in page
    headings = re.findall(r'<h2 id="(on-[a-z0-9-]+)">(.+?)</h2>', page)
    assert len(headings) >= 3
    for anchor, heading in headings:
        assert f'<a href="#{anchor}">{heading}</a>' in page
    assert "Take care" in page  # the label of a caution
    assert 'href="/sources/#B48"' in page
    assert 'href="/exercises/here-and-now-facts/"' in page
    assert lesson.question.value in page
    assert "has not been reviewed by a clinician yet" in page


def test_a_visitor_gets_no_form_and_no_session(client: Client, lesson: Lesson) -> None:
    answer = client.get(lesson.get_absolute_url())
    assert b"<form" not in answer.content
    assert not answer.cookies


def test_a_person_finds_their_own_answer_and_a_stranger_finds_none(
    mara: User, theo: User, lesson: Lesson, client_of: Callable[[User], Client]
) -> None:
    keep_note(owner=mara, lesson=lesson, answer="A knot under the ribs.")
    own = client_of(mara).get(lesson.get_absolute_url())
    assert "A knot under the ribs." in own.content.decode()
    assert own.headers["Cache-Control"] == "no-store, private"
    assert "A knot" not in client_of(theo).get(lesson.get_absolute_url()).content.decode()
    assert "A knot" not in Client().get(lesson.get_absolute_url()).content.decode()


def test_someone_who_has_not_agreed_to_storing_finds_the_way_and_no_form(
    mara: User, lesson: Lesson, client_of: Callable[[User], Client]
) -> None:
    withdraw_consent(owner=mara, kind=Consent.Kind.STORING)
    page = client_of(mara).get(lesson.get_absolute_url()).content.decode()
    assert "<textarea" not in page
    assert f'href="/accounts/consent/?next={lesson.get_absolute_url()}"' in page


def test_a_review_on_record_is_named(client: Client, lesson: Lesson) -> None:
    record_review(lesson, on=date(2026, 11, 2), by="Ines Roth, psychologist")
    page = client.get(lesson.get_absolute_url()).content.decode()
    assert "Read and reviewed by Ines Roth, psychologist on" in page
    assert "not been reviewed" not in page


def test_a_review_does_not_cover_words_that_came_after_it(client: Client, lesson: Lesson) -> None:
    record_review(lesson, on=date(2026, 11, 2), by="Ines Roth, psychologist")
    lesson.short_version = "Other words, which nobody has read."
    lesson.save_revision().publish()
    page = client.get(lesson.get_absolute_url()).content.decode()
    assert "Read and reviewed by" not in page
    assert (
        "Ines Roth, psychologist reviewed an earlier version of this text on 2 November 2026. It "
        "has changed since, and has not been reviewed by a clinician again yet." in page
    )


def test_the_lesson_before_and_after_are_linked_only_where_there_is_one(
    client: Client, lesson: Lesson
) -> None:
    Lesson.objects.exclude(pk=lesson.pk).delete()
    assert 'rel="prev"' not in client.get(lesson.get_absolute_url()).content.decode()
    assert 'rel="next"' not in client.get(lesson.get_absolute_url()).content.decode()
    second = Lesson.objects.get(pk=lesson.pk)
    second.pk, second.content_id, second.slug, second.order = None, "M1.2", "second", 2
    second.title, second.latest_revision, second.live_revision = "The second", None, None
    second._state.adding = True
    second.save()
    page = client.get(lesson.get_absolute_url()).content.decode()
    assert "lesson 1 of 2" in page
    assert '<a href="/lessons/second/" rel="next">' in page
    assert f'<a href="{lesson.get_absolute_url()}" rel="prev">' in (
        client.get("/lessons/second/").content.decode()
    )


def test_a_draft_and_an_exercise_taken_off_stay_out_of_sight(
    client: Client, lesson: Lesson
) -> None:
    draft = lesson.get_latest_revision_as_object()
    draft.short_version = "Words nobody has approved."
    draft.save_revision()
    page = client.get(lesson.get_absolute_url()).content.decode()
    assert "Words nobody has approved." not in page
    lesson.unpublish()
    assert client.get(lesson.get_absolute_url()).status_code == 404


def test_no_word_of_the_lesson_page_is_written_past_escaping(
    client: Client, lesson: Lesson
) -> None:
    lesson.title = "<script>alert(1)</script>"
    lesson.save_revision().publish()
    assert "<script>alert(1)" not in client.get(lesson.get_absolute_url()).content.decode()


def test_reading_changes_nothing(mara: User, lesson: Lesson, client_of: object) -> None:
    assert client_of(mara).post(lesson.get_absolute_url()).status_code == 405


def test_a_hard_lesson_says_so_before_it_begins_and_lets_one_go(client: Client) -> None:
    lesson = Lesson.objects.get(content_id="M7.1")
    page = client.get(lesson.get_absolute_url()).content.decode()
    before = page.split('id="text"')[0]
    assert lesson.content_note.split()[0] in before
    assert "Not now" in before
    assert "Before you read:" not in client.get("/lessons/trust-in-small-coins/").content.decode()


def test_a_lesson_behind_the_gate_shows_what_is_open_instead(
    client: Client, mara: User, client_of: Callable[[User], Client]
) -> None:
    lesson = Lesson.objects.get(content_id="M9.2")
    assert lesson.gated
    words = lesson.text().paragraphs[0][:60]
    for reader in (client, client_of(mara)):
        page = reader.get(lesson.get_absolute_url()).content.decode()
        assert lesson.title in page
        assert "This lesson is closed for now." in page
        assert words not in page
        assert "<textarea" not in page
        assert 'href="/lessons/before-we-go-further/"' in page
        assert 'href="/lessons/room-for-the-loss/"' not in page.split("<nav")[0]
    note = f"{lesson.get_absolute_url()}note/"
    assert client_of(mara).post(note, {"read": "yes"}).status_code == 404


def test_a_closed_lesson_leads_a_person_to_the_check_and_tells_a_visitor_who_it_is_for(
    client: Client, mara: User, client_of: Callable[[User], Client]
) -> None:
    address = Lesson.objects.get(content_id="M9.3").get_absolute_url()
    check = 'href="/programme/readiness/"'
    assert check in client_of(mara).get(address).content.decode()
    page = client.get(address).content.decode()
    assert check not in page
    assert "The check is for people with an account." in page


def test_a_lesson_behind_the_gate_opens_with_it_for_its_person_alone(
    client: Client,
    mara: User,
    theo: User,
    client_of: Callable[[User], Client],
    django_assert_max_num_queries: Callable[[int], object],
) -> None:
    lesson = Lesson.objects.get(content_id="M9.2")
    address, words = lesson.get_absolute_url(), lesson.text().paragraphs[0][:60]
    hers = client_of(mara)
    open_gate(owner=mara)
    hers.get(address)
    with django_assert_max_num_queries(
        13
    ):  # one for the gate, one for her key, three for the opening
        page = hers.get(address).content.decode()
    assert words in page
    assert lesson.question.value in page
    assert "<textarea" in page
    assert "closed for now" not in page
    for reader in (client, client_of(theo)):
        assert words not in reader.get(address).content.decode()
    say(mara, LOW)
    page = hers.get(address).content.decode()
    assert words not in page
    assert "This lesson is closed for now." in page


def test_without_agreement_to_storing_an_open_gate_shows_the_lesson_and_no_form(
    mara: User, client_of: Callable[[User], Client]
) -> None:
    open_gate(owner=mara)
    lesson = Lesson.objects.get(content_id="M9.2")
    withdraw_consent(owner=mara, kind=Consent.Kind.STORING)
    page = client_of(mara).get(lesson.get_absolute_url()).content.decode()
    assert lesson.text().paragraphs[0][:60] in page
    assert "<textarea" not in page


def test_every_shipped_lesson_opens_with_its_sources_and_what_to_practise(client: Client) -> None:
    for lesson in Lesson.objects.all():
        page = client.get(lesson.get_absolute_url()).content.decode()
        assert page.count("<h1>") == 1
        if not lesson.gated:
            assert all(f'href="/sources/#{one}"' in page for one in lesson.source_ids)
            assert page.count('class="example') >= 2
            for card in {*lesson.practise_ids, *lesson.exercises_inside} & CARDS.keys():
                link = f'href="{reverse("cards:card_detail", args=[CARDS[card].slug])}"'
                assert page.count(link) == 1, (lesson.content_id, card)


def test_a_public_page_describes_itself_to_a_search_engine_and_a_private_one_does_not(
    client: Client, lesson: Lesson, mara: User, client_of: Callable[[User], Client]
) -> None:
    page = client.get(lesson.get_absolute_url()).content.decode()
    assert f'<meta name="description" content="{lesson.goal}">' in page
    assert (
        '<meta name="description" content="Free self-help'
        in client.get("/lessons/").content.decode()
    )
    assert (
        "description" not in client_of(mara).get("/programme/").content.decode().split("<body")[0]
    )
