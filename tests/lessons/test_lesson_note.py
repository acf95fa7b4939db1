"""A person keeps an answer and marks the lesson as read; nobody else ever sees it."""

import re
from collections.abc import Callable
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from healing.accounts.models import User
from healing.lessons.actions import keep_note, lessons_read, next_lesson, note_on
from healing.lessons.models import Lesson, LessonNote

pytestmark = pytest.mark.usefixtures("content")
WORDS = "My jaw goes tight and I pick up the phone."


@pytest.fixture
def lesson(content: None) -> Lesson:
    found: Lesson = Lesson.objects.get(content_id="M1.1")
    return found


def opened(page: str) -> dict[str, str]:
    """What a page's form carries: which question it shows, and the mark of the answer it shows."""
    marks = re.findall(r'name="opened_with" value="([0-9a-f]{16})"', page)
    asked = re.findall(r'name="question" value="([^"]+)"', page)
    assert len(marks) == len(asked) == 1
    return {"opened_with": marks[0], "question": asked[0]}


def answers(person: User, lesson: Lesson) -> dict[str, str]:
    """The person's answers by question."""
    note = note_on(owner=person, lesson=lesson)
    return {key: said["answer"] for key, said in note["answers"].items()}


def tab(client: Client, lesson: Lesson) -> dict[str, str]:
    return opened(client.get(lesson.get_absolute_url()).content.decode())


@pytest.fixture
def address(lesson: Lesson) -> str:
    return reverse("lessons:lesson_note", args=[lesson.slug])


def test_an_answer_is_kept_sealed_and_can_be_changed_and_erased(
    mara: User, lesson: Lesson, address: str, client_of: Callable[[User], Client]
) -> None:
    client = client_of(mara)
    assert client.post(address, {"answer": WORDS}).headers["Location"] == lesson.get_absolute_url()
    assert answers(mara, lesson) == {"first-sign": WORDS}
    with connection.cursor() as cursor:
        cursor.execute("select said from lessons_lessonnote")
        stored = bytes(cursor.fetchone()[0])
    assert b"jaw" not in stored
    assert b"M1.1" not in stored
    client.post(address, {"answer": "Something else.", **tab(client, lesson)})
    assert answers(mara, lesson) == {"first-sign": "Something else."}
    client.post(address, {"answer": "  ", **tab(client, lesson)})
    assert answers(mara, lesson) == {}
    assert LessonNote.objects.count() == 1


def test_marking_as_read_saves_the_answer_too_and_twice_is_once(
    mara: User, lesson: Lesson, address: str, client_of: Callable[[User], Client]
) -> None:
    client = client_of(mara)
    for _ in range(2):
        page = client.post(address, {"answer": WORDS, "read": "yes"}, follow=True)
    assert LessonNote.objects.of(mara).count() == 1
    assert lessons_read(owner=mara) == {"M1.1": mara.today()}
    assert answers(mara, lesson) == {"first-sign": WORDS}
    assert "You marked this lesson as read" in page.content.decode()


def test_read_can_be_taken_back_and_the_answer_stays(
    mara: User, lesson: Lesson, address: str, client_of: Callable[[User], Client]
) -> None:
    client = client_of(mara)
    client.post(address, {"answer": WORDS, "read": "yes"})
    client.post(address, {"answer": WORDS, "read": "no"})
    assert lessons_read(owner=mara) == {}
    assert answers(mara, lesson) == {"first-sign": WORDS}


def test_saving_alone_leaves_read_as_it_is(mara: User, lesson: Lesson) -> None:
    keep_note(owner=mara, lesson=lesson, read=True)
    keep_note(owner=mara, lesson=lesson, answer=WORDS)
    assert lessons_read(owner=mara) == {"M1.1": mara.today()}


def test_an_expired_session_gives_the_words_back_and_stores_nothing(
    client: Client, lesson: Lesson, address: str
) -> None:
    answer = client.post(address, {"answer": WORDS, "read": "yes"})
    assert answer.status_code == 403
    page = answer.content.decode()
    assert WORDS in page
    assert lesson.question.value in page
    assert 'name="read" value="yes"' in page
    assert not LessonNote.objects.exists()


def test_a_closed_lesson_shows_its_question_to_nobody_who_posts_to_it(
    client: Client, content: None
) -> None:
    closed = Lesson.objects.get(content_id="M9.2")
    assert closed.gated
    address = reverse("lessons:lesson_note", args=[closed.slug])
    page = client.post(address, {"answer": WORDS}).content.decode()
    assert WORDS in page
    assert closed.question.value not in unescape(page)


def test_a_text_that_is_too_long_comes_back_whole(
    mara: User, lesson: Lesson, address: str, client_of: Callable[[User], Client]
) -> None:
    long = "word " * 4001
    # A browser that knew the limit would cut what is pasted, and say nothing.
    assert "maxlength" not in client_of(mara).get(lesson.get_absolute_url()).content.decode()
    page = client_of(mara).post(address, {"answer": long, "read": "yes"}).content.decode()
    assert "<title>Error:" in page
    assert "longer than fits here" in page
    assert long.strip() in page
    assert not LessonNote.objects.exists()


def test_any_script_and_any_sign_is_kept_as_it_was(
    mara: User, lesson: Lesson, address: str, client_of: Callable[[User], Client]
) -> None:
    words = "وحيدة \U0001f327 <b>&amp; \u202e"
    client_of(mara).post(address, {"answer": words})
    assert answers(mara, lesson)["first-sign"] == words


def test_opening_the_address_by_link_does_nothing(
    mara: User, address: str, client_of: Callable[[User], Client]
) -> None:
    assert client_of(mara).get(address).status_code == 405
    assert not LessonNote.objects.exists()


def test_a_lesson_that_is_not_there_has_no_place_for_an_answer(
    mara: User, client_of: Callable[[User], Client]
) -> None:
    address = reverse("lessons:lesson_note", args=["nowhere"])
    assert client_of(mara).post(address, {"answer": WORDS}).status_code == 404


def test_the_next_lesson_is_worked_out_from_what_was_read(mara: User, lesson: Lesson) -> None:
    first = next_lesson(owner=mara)
    assert first == lesson
    assert first.why == "This is where the programme begins."
    for one in Lesson.objects.all():
        keep_note(owner=mara, lesson=one, read=True)
    assert next_lesson(owner=mara) is None


def test_marking_as_read_in_a_stale_tab_erases_no_answer(
    mara: User, lesson: Lesson, address: str, client_of: Callable[[User], Client]
) -> None:
    client = client_of(mara)
    stale = tab(client, lesson)
    client.post(address, {"answer": WORDS, **tab(client, lesson)})
    answer = client.post(address, {"answer": "", "read": "yes", **stale})
    assert answer.status_code == 302
    assert answers(mara, lesson) == {"first-sign": WORDS}
    assert lessons_read(owner=mara) == {"M1.1": mara.today()}


def test_an_untouched_answer_of_several_lines_counts_as_untouched(
    mara: User, lesson: Lesson, address: str, client_of: Callable[[User], Client]
) -> None:
    client = client_of(mara)
    keep_note(owner=mara, lesson=lesson, answer="one\ntwo")
    stale = tab(client, lesson)
    client.post(address, {"answer": WORDS, **tab(client, lesson)})
    assert client.post(address, {"answer": "one\r\ntwo", **stale}).status_code == 302
    assert answers(mara, lesson) == {"first-sign": WORDS}


@pytest.mark.parametrize("typed", ["Typed <b>elsewhere</b>.", ""])
def test_two_answers_from_two_tabs_are_both_shown_and_saving_again_decides(
    mara: User, lesson: Lesson, address: str, client_of: Callable[[User], Client], typed: str
) -> None:
    client = client_of(mara)
    client.post(address, {"answer": "first", **tab(client, lesson)})
    stale = tab(client, lesson)
    client.post(address, {"answer": WORDS, **tab(client, lesson)})
    answer = client.post(address, {"answer": typed, "read": "yes", **stale})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "<title>Error:" in page
    newer, box = page.split("<textarea")
    assert "This was saved in another tab:" in newer
    assert WORDS in newer
    assert typed.replace("<", "&lt;").replace(">", "&gt;") in box.split("</textarea>")[0]
    assert WORDS not in box
    assert answers(mara, lesson) == {"first-sign": WORDS}
    assert lessons_read(owner=mara) == {"M1.1": mara.today()}
    assert client.post(address, {"answer": typed, **opened(page)}).status_code == 302
    kept = {"first-sign": typed} if typed else {}
    assert answers(mara, lesson) == kept


def test_a_third_answer_in_between_is_not_overwritten_either(
    mara: User, lesson: Lesson, address: str, client_of: Callable[[User], Client]
) -> None:
    client = client_of(mara)
    stale = tab(client, lesson)
    client.post(address, {"answer": "second", **tab(client, lesson)})
    page = client.post(address, {"answer": "mine", **stale}).content.decode()
    client.post(address, {"answer": "third", **tab(client, lesson)})
    assert client.post(address, {"answer": "mine", **opened(page)}).status_code == 200
    assert answers(mara, lesson) == {"first-sign": "third"}


def test_a_form_that_does_not_say_what_it_opened_overwrites_nothing(
    mara: User, lesson: Lesson, address: str, client_of: Callable[[User], Client]
) -> None:
    client = client_of(mara)
    for first in (WORDS, WORDS):  # the same again is no conflict
        assert client.post(address, {"answer": first}).status_code == 302
    for typed in ("other", ""):
        assert client.post(address, {"answer": typed}).status_code == 200
    assert answers(mara, lesson) == {"first-sign": WORDS}


def test_a_form_given_back_after_signing_in_again_still_knows_what_it_was_opened_with(
    client: Client, mara: User, lesson: Lesson, address: str, client_of: Callable[[User], Client]
) -> None:
    signed_in = client_of(mara)
    signed_in.post(address, {"answer": "first"})
    given_back = client.post(address, {"answer": WORDS, **tab(signed_in, lesson)})
    assert given_back.status_code == 403
    again = {"answer": WORDS, **opened(given_back.content.decode())}
    assert signed_in.post(address, again).status_code == 302
    assert answers(mara, lesson) == {"first-sign": WORDS}


@pytest.mark.parametrize("change", ["unpublished", "renamed"])
def test_words_for_a_lesson_changed_meanwhile_are_given_back(
    mara: User, lesson: Lesson, address: str, client_of: Callable[[User], Client], change: str
) -> None:
    client = client_of(mara)
    form = tab(client, lesson)
    if change == "unpublished":
        lesson.unpublish()
    else:
        lesson.slug = "a-new-name"
        lesson.save_revision().publish()
    answer = client.post(address, {"answer": f"{WORDS} <b>", **form})
    page = answer.content.decode()
    assert answer.status_code == 404
    assert "Your words are here" in page
    assert f"{WORDS} &lt;b&gt;" in page.split("<textarea")[1].split("</textarea>")[0]
    assert opened(page) == form
    assert page.count("<h1") == 1
    assert not LessonNote.objects.exists()
    if change == "unpublished":
        lesson.save_revision().publish()
        assert client.post(address, {"answer": WORDS, **opened(page)}).status_code == 302
        assert answers(mara, lesson) == {"first-sign": WORDS}


def test_a_lesson_that_is_not_there_gives_no_words_back_where_none_were_typed(
    mara: User, client_of: Callable[[User], Client]
) -> None:
    address = reverse("lessons:lesson_note", args=["nowhere"])
    answer = client_of(mara).post(address, {"answer": " ", "read": "yes"})
    assert answer.status_code == 404
    assert "Your words are here" not in answer.content.decode()


def ask(lesson: Lesson, words: str | None, block_id: str = "first-sign") -> None:
    """Publish the lesson with another question, or without one."""
    raw = [block for block in lesson.body.raw_data if block["type"] != "reflect"]
    if words is not None:
        raw.insert(1, {"type": "reflect", "value": words, "id": block_id})
    lesson.body = raw
    lesson.save_revision().publish()


def test_an_answer_keeps_the_question_it_answered(
    mara: User, lesson: Lesson, address: str, client_of: Callable[[User], Client]
) -> None:
    old = lesson.question.value
    client = client_of(mara)
    client.post(address, {"answer": WORDS, **tab(client, lesson)})
    page = client.get(lesson.get_absolute_url()).content.decode()
    assert "When you answered, the question was:" not in page
    ask(lesson, "What did you notice first?")
    page = client.get(lesson.get_absolute_url()).content.decode()
    assert "What did you notice first?" in page
    assert "When you answered, the question was:" in page
    assert old in page
    assert WORDS in page.split("<textarea")[1]


def test_an_answer_to_a_question_that_is_gone_stays_and_can_be_taken_out(
    mara: User,
    theo: User,
    lesson: Lesson,
    address: str,
    client_of: Callable[[User], Client],
) -> None:
    old = lesson.question.value
    keep_note(owner=mara, lesson=lesson, answer=WORDS)
    keep_note(owner=theo, lesson=lesson, answer="Theo's.")
    ask(lesson, "Something quite different?", block_id="another")
    client = client_of(mara)
    page = client.get(lesson.get_absolute_url()).content.decode()
    assert WORDS not in page.split("<textarea")[1].split("</textarea>")[0]
    assert old in page
    assert WORDS in page
    # Words typed and not saved yet are posted with that button, and are kept.
    client.post(address, {"drop": "first-sign", "answer": "Quite new.", **opened(page)})
    assert answers(mara, lesson) == {"another": "Quite new."}
    assert answers(theo, lesson) == {"first-sign": "Theo's."}


def test_words_for_a_question_that_changed_meanwhile_are_not_filed_under_the_new_one(
    mara: User, lesson: Lesson, address: str, client_of: Callable[[User], Client]
) -> None:
    client = client_of(mara)
    form = tab(client, lesson)
    ask(lesson, "Something quite different?", block_id="another")
    page = client.post(address, {"answer": WORDS, **form}).content.decode()
    assert "the question has changed" in page
    assert WORDS in page.split("<textarea")[1]
    assert answers(mara, lesson) == {}
    assert client.post(address, {"answer": WORDS, **opened(page)}).status_code == 302
    assert answers(mara, lesson) == {"another": WORDS}


def test_words_for_a_lesson_that_asks_nothing_any_more_are_given_back(
    mara: User, lesson: Lesson, address: str, client_of: Callable[[User], Client]
) -> None:
    client = client_of(mara)
    form = tab(client, lesson)
    ask(lesson, None)
    answer = client.post(address, {"answer": WORDS, **form})
    assert answer.status_code == 404
    assert WORDS in answer.content.decode()
    page = client.get(lesson.get_absolute_url()).content.decode()
    assert "<textarea" not in page
    client.post(address, {"read": "yes"})
    assert lessons_read(owner=mara) == {"M1.1": mara.today()}


def test_a_script_that_saves_while_one_writes_gets_the_next_mark(
    mara: User, lesson: Lesson, address: str, client_of: Callable[[User], Client]
) -> None:
    client = client_of(mara)
    form = tab(client, lesson)
    script = {"HTTP_ACCEPT": "application/json"}
    for words in ("one", "one two"):
        said = client.post(address, {"answer": words, **form}, **script)
        assert said.status_code == 200
        form["opened_with"] = said.json()["opened_with"]
    assert answers(mara, lesson) == {"first-sign": "one two"}
    assert lessons_read(owner=mara) == {}
    assert client.post(address, {"answer": "one two", **form}).status_code == 302


def test_a_script_is_told_when_something_was_not_saved(
    mara: User,
    client: Client,
    lesson: Lesson,
    address: str,
    client_of: Callable[[User], Client],
) -> None:
    signed_in = client_of(mara)
    form = tab(signed_in, lesson)
    script = {"HTTP_ACCEPT": "application/json"}
    assert client.post(address, {"answer": WORDS, **form}, **script).status_code == 403
    keep_note(owner=mara, lesson=lesson, answer="elsewhere")
    assert signed_in.post(address, {"answer": WORDS, **form}, **script).status_code == 409
    assert signed_in.post(address, {"answer": "x" * 20_001}, **script).status_code == 409
    ask(lesson, "Something quite different?", block_id="another")
    assert signed_in.post(address, {"answer": WORDS, **form}, **script).status_code == 409
    assert answers(mara, lesson) == {"first-sign": "elsewhere"}
