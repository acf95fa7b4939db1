"""Every answer to a lesson's question in one place."""

from collections.abc import Callable

import pytest
from django.test import Client

from healing.accounts.models import User
from healing.lessons.actions import keep_note
from healing.lessons.models import Lesson

pytestmark = pytest.mark.usefixtures("content")
ADDRESS = "/programme/notes/"


def test_own_answers_stand_with_their_questions_in_the_order_of_the_lessons(
    mara: User, theo: User, client_of: Callable[[User], Client]
) -> None:
    later, first = (Lesson.objects.get(content_id=one) for one in ("M2.1", "M1.1"))
    keep_note(owner=mara, lesson=later, answer="Do not <b>forget</b> me.")
    keep_note(owner=mara, lesson=first, answer="My jaw.")
    keep_note(owner=mara, lesson=Lesson.objects.get(content_id="M3.1"), read=True)
    keep_note(owner=theo, lesson=first, answer="Theo's words.")
    page = client_of(mara).get(ADDRESS).content.decode()
    assert page.index("My jaw.") < page.index("Do not &lt;b&gt;forget")
    assert first.question.value in page
    assert f'href="{first.get_absolute_url()}#reflect"' in page
    assert "Theo" not in page
    assert "Built to reach for each other" not in page


def test_an_answer_outlives_its_lesson(mara: User, client_of: Callable[[User], Client]) -> None:
    lesson = Lesson.objects.get(content_id="M1.1")
    keep_note(owner=mara, lesson=lesson, answer="My jaw.")
    lesson.unpublish()
    page = client_of(mara).get(ADDRESS).content.decode()
    assert "A lesson that is no longer here" in page
    assert "My jaw." in page


def test_without_answers_it_says_that_none_are_owed(
    theo: User, client_of: Callable[[User], Client]
) -> None:
    assert "You never have to." in client_of(theo).get(ADDRESS).content.decode()


def test_someone_not_signed_in_is_sent_to_sign_in(client: Client) -> None:
    assert client.get(ADDRESS).headers["Location"].startswith("/accounts/login/")
