"""All lessons by module, open to everyone; a person sees in words what they have read."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from healing.accounts.models import User
from healing.lessons.actions import keep_note
from healing.lessons.models import Lesson

ADDRESS = reverse("lessons:lesson_list")


@pytest.mark.usefixtures("content")
def test_a_visitor_sees_modules_and_lessons_in_one_query(
    client: Client, django_assert_num_queries: Callable[[int], object]
) -> None:
    with django_assert_num_queries(1):
        page = client.get(ADDRESS).content.decode()
    for lesson in Lesson.objects.all():
        assert lesson.module.title in page
        assert lesson.title in page
    assert "&middot; read" not in page


@pytest.mark.usefixtures("content")
def test_a_visitors_page_touches_no_session(client: Client) -> None:
    answer = client.get(ADDRESS)
    assert not answer.cookies
    assert "no-store" not in answer.headers.get("Cache-Control", "")


@pytest.mark.usefixtures("content")
def test_a_person_sees_what_they_read_and_nobody_else_does(
    mara: User, theo: User, client_of: Callable[[User], Client]
) -> None:
    keep_note(owner=mara, lesson=Lesson.objects.get(content_id="M1.1"), read=True)
    assert "&middot; read" in client_of(mara).get(ADDRESS).content.decode()
    assert "&middot; read" not in client_of(theo).get(ADDRESS).content.decode()


@pytest.mark.django_db
def test_without_lessons_the_page_says_so_and_offers_a_way(client: Client) -> None:
    page = client.get(ADDRESS).content.decode()
    assert "once they are loaded" in page
    assert reverse("exercises:steady") in page


@pytest.mark.usefixtures("content")
def test_a_lesson_that_is_not_published_is_not_listed(client: Client) -> None:
    lesson = Lesson.objects.get(content_id="M1.1")
    lesson.unpublish()
    assert lesson.title not in client.get(ADDRESS).content.decode()
