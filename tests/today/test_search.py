"""Lessons and exercises by words: what is found, what never is, and what nobody keeps."""

import re
from collections.abc import Callable
from copy import copy
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wagtail.search.models import IndexEntry

from exercises.models import Exercise
from healing.accounts.models import User
from healing.cms.actions import Role, make_editor
from healing.editorial.stems import _kept_stem
from healing.lessons.actions import keep_note
from healing.lessons.models import Lesson
from healing.today.search import LONGEST_LINE, LONGEST_QUERY, MOST, line, stems_of
from tests.test_weight import SCRIPT, TOTAL, weigh

ADDRESS = reverse("today:search")
MARK = re.compile(r"</?mark>")
RESULT = re.compile(r'<li><a href="([^"]+)">(.+?)</a> <small>(\w+): (.*?)</small></li>')
Queries = Callable[[int], Any]


_entries: list[IndexEntry] = []


@pytest.fixture
def texts(content: None) -> None:
    """The shipped texts with their index: the rows of `content` are put back without it."""
    if not _entries:
        call_command("update_index", verbosity=0)
        _entries.extend(IndexEntry.objects.all())
        return
    IndexEntry.objects.all().delete()
    for entry in _entries:
        entry.pk = None
    IndexEntry.objects.bulk_create(copy(entry) for entry in _entries)


def page_of(client: Client, query: str) -> str:
    answer = client.get(ADDRESS, {"q": query})
    assert answer.status_code == 200
    return answer.content.decode()


def results(client: Client, query: str) -> list[tuple[str, str, str, str]]:
    """Address, title, kind and line of each, the first first; titles without marks."""
    found = RESULT.findall(page_of(client, query))
    return [(href, unescape(MARK.sub("", title)), *rest) for href, title, *rest in found]


def titles(client: Client, query: str) -> list[str]:
    return [title for _href, title, _kind, _line in results(client, query)]


def changed(lesson: Lesson, **fields: Any) -> Lesson:
    """The lesson with these fields published."""
    for name, value in fields.items():
        setattr(lesson, name, value)
    lesson.save_revision().publish()
    return lesson


# The page -----------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_before_a_search_anyone_sees_a_form_and_no_list_and_nothing_is_asked(
    client: Client, django_assert_num_queries: Queries
) -> None:
    with django_assert_num_queries(0):
        answer = client.get(ADDRESS)
    page = unescape(answer.content.decode())
    assert not answer.cookies
    assert answer.headers["Cache-Control"] == "no-store, private"
    assert "does not keep what you look for" in page
    assert re.search(r'<form class="flow" action="/search/" role="search">', page)
    assert "<li>" not in page
    assert 'role="status"' not in page


@pytest.mark.usefixtures("texts")
def test_each_result_has_title_kind_address_and_the_line_it_was_found_by(client: Client) -> None:
    found = results(client, "breathing")
    assert {kind for _href, _title, kind, _line in found} == {"Lesson", "Exercise"}
    for href, title, kind, matching in found:
        model = {"Lesson": Lesson, "Exercise": Exercise}[kind]
        text = model.objects.get(slug=href.split("/")[2])
        assert text.title == title
        assert href == text.get_absolute_url()
        assert client.get(href).status_code == 200
        said = unescape(MARK.sub("", matching)).strip("…")
        assert any(said in piece for piece in map(without_sources, text.open_text()))
        assert re.search(r"<mark>\w*breath\w*</mark>", matching, re.I) or "breath" in title.lower()


def without_sources(text: str) -> str:
    return " ".join(re.sub(r"\[B\d{2,3}\]", "", text).split())


@pytest.mark.usefixtures("texts")
@pytest.mark.parametrize("query", ["breathe", "Breathing", "BREATHS", "  breath’s\t", "bréath"])
def test_every_form_of_a_word_finds_the_same(client: Client, query: str) -> None:
    found = results(client, query)
    assert len(found) > 5
    assert found == results(client, "breath")


@pytest.mark.usefixtures("texts")
def test_a_word_in_the_title_comes_first(client: Client) -> None:
    changed(Lesson.objects.get(content_id="M1.1"), title="Quagga")
    changed(Lesson.objects.get(content_id="M1.2"), short_version="Quagga quagga. " * 2)
    assert titles(client, "quaggas")[0] == "Quagga"
    assert len(titles(client, "quaggas")) == 2


@pytest.mark.usefixtures("texts")
def test_words_that_stand_together_come_before_words_far_apart(client: Client) -> None:
    near, far = (Lesson.objects.get(content_id=one) for one in ("M1.1", "M1.2"))
    changed(far, goal="A quagga. A dodo. A quagga. A dodo.", short_version="Quagga. Dodo.")
    changed(near, goal="Here the dodo met a quagga.")
    assert titles(client, "quagga dodo") == [near.title, far.title]


@pytest.mark.usefixtures("texts")
def test_texts_with_every_word_are_shown_alone_and_else_those_with_some(
    client: Client, django_assert_num_queries: Queries
) -> None:
    both, one = (Lesson.objects.get(content_id=which) for which in ("M1.1", "M1.2"))
    changed(both, goal="A quagga and a dodo.")
    changed(one, goal="A quagga alone.")
    page_of(client, "quagga")  # looks up content types, once a process
    with django_assert_num_queries(2):
        page = page_of(client, "the quagga with the dodo")
    assert both.title in page
    assert one.title not in page
    assert "No text holds all of these words" not in page
    with django_assert_num_queries(4):
        page = page_of(client, "quagga thylacine")
    assert both.title in page
    assert one.title in page
    assert "No text holds all of these words. These hold some of them." in page
    with django_assert_num_queries(2):
        page_of(client, "thylacine")


@pytest.mark.usefixtures("texts")
def test_no_more_than_twenty_are_listed_and_the_page_stays_light(client: Client) -> None:
    page = page_of(client, "people")
    assert len(RESULT.findall(page)) == MOST
    assert f"{MOST} texts found" in page
    total, script = weigh(page)
    assert total < TOTAL
    assert script < SCRIPT


@pytest.mark.usefixtures("texts")
def test_nothing_found_is_said_kindly_with_ways_to_steady_and_to_help(client: Client) -> None:
    page = page_of(client, "thylacine")
    assert "Nothing here holds these words." in page
    said = page.partition("Nothing here holds")[2].partition("</div>")[0]
    assert f'href="{reverse("exercises:steady")}"' in said
    assert f'href="{reverse("safety:help")}"' in said


@pytest.mark.django_db
def test_it_only_answers_to_being_read(client: Client) -> None:
    assert client.post(ADDRESS, {"q": "breath"}).status_code == 405
    assert client.head(ADDRESS, {"q": "breath"}).status_code == 200


@pytest.mark.django_db
def test_it_can_be_reached_from_menu_lessons_and_every_foot(
    client: Client, mara: User, client_of: Callable[[User], Client]
) -> None:
    link = f'href="{ADDRESS}"'
    menu = client_of(mara).get(reverse("today:menu")).content.decode()
    lessons = client.get(reverse("lessons:lesson_list")).content.decode()
    assert link in menu.partition("<main")[2].partition("</main>")[0]
    assert link in lessons.partition("<main")[2].partition("</main>")[0]
    assert link in client.get("/").content.decode().partition("<footer")[2]


# What is typed ------------------------------------------------------------------------------------


@pytest.mark.usefixtures("texts")
@settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(query=st.text(st.characters(exclude_categories=["Cs"]), max_size=140))
def test_whatever_is_typed_gets_a_page(client: Client, query: str) -> None:
    page = page_of(client, query)
    kept = query.replace("\0", " ").strip()[:LONGEST_QUERY]
    shown = re.search(r' name="q" value="([^"]*)"', page)
    assert shown is not None
    assert unescape(shown[1]) == unescape(kept) or unescape(shown[1]) == kept


@pytest.mark.usefixtures("texts")
@pytest.mark.parametrize(
    "query",
    [
        "calm AND NOT breath", "NOT calm breath", "calm OR breath", '"calm" "breath"',
        "calm* breath", "calm & !breath", "calm:* | breath:*", "title:calm breath -",
        "NEAR(calm breath)", "{title} : calm breath", "^calm + breath", "'calm'' \\ breath'",
        "calm%breath", "calm_breath", "calm); DROP TABLE lessons; breath", "<b>calm</b> breath",
    ],
)  # fmt: skip
def test_the_databases_signs_and_operators_are_words_like_any_other(
    client: Client, query: str
) -> None:
    stems = {"calm", "breath"}
    assert stems <= set(stems_of(query)) <= stems | {"near", "titl", "drop", "tabl", "lesson", "b"}
    page = page_of(client, query)
    assert {
        word.lower() for word in re.findall(r"<mark>(calm|breath)\w*</mark>", page, re.I)
    } == stems


@pytest.mark.parametrize("query", ["", "   ", "\0", "%%", "' \" -- _ ()*", "\\", "؟!…"])
@pytest.mark.usefixtures("texts")
def test_a_query_without_a_word_asks_the_database_nothing(
    client: Client, django_assert_num_queries: Queries, query: str
) -> None:
    with django_assert_num_queries(0):
        page = page_of(client, query)
    assert "<li>" not in page


@pytest.mark.parametrize(
    ("query", "stems"),
    [
        ("What should I do when he doesn’t text back?", ["text", "back"]),
        ("Self-soothing; self SOOTHED", ["self", "sooth"]),
        ("partner's PARTNERS’", ["partner"]),
        ("Zoë’s naïve café", ["zoe", "naiv", "cafe"]),
        ("10 things", ["10", "thing"]),
        ("I am not", ["i", "am", "not"]),
        ("_ ̈ ¡!", []),
    ],
)
def test_stems_are_made_of_what_says_something(query: str, stems: list[str]) -> None:
    assert stems_of(query) == stems


@pytest.mark.usefixtures("texts")
def test_what_is_looked_for_stays_in_no_cache(client: Client) -> None:
    page_of(client, "breathing")  # the words of published texts are kept, so that this is quick
    kept = _kept_stem.cache_info().currsize
    page_of(client, "quagga thylacine")
    assert _kept_stem.cache_info().currsize == kept > 100


@pytest.mark.usefixtures("texts")
@pytest.mark.parametrize("query", ["me", "what is it", "not"])
def test_words_that_say_little_are_looked_for_when_there_are_no_others(
    client: Client, query: str
) -> None:
    assert titles(client, query)


@pytest.mark.usefixtures("texts")
def test_a_query_that_is_too_long_is_cut_and_the_page_says_so(client: Client) -> None:
    fits = f"breathing {'thylacine' * 10}"
    assert len(fits) == LONGEST_QUERY
    assert "Only the first" not in page_of(client, fits)
    page = page_of(client, f"{fits} dodo")
    assert f"Only the first {LONGEST_QUERY} letters were used." in page
    assert f'value="{fits}"' in page
    assert RESULT.findall(page)


@pytest.mark.usefixtures("texts")
def test_no_sign_of_query_title_or_text_becomes_markup(client: Client) -> None:
    evil = '<script>quagga</script> & "dodo"'
    changed(Lesson.objects.get(content_id="M1.1"), title=evil, goal=f"{evil} <img src=x>")
    page = page_of(client, evil)
    assert "<script>quagga" not in page
    assert "<img" not in page
    assert "&lt;<mark>script</mark>&gt;<mark>quagga</mark>&lt;/<mark>script</mark>&gt;" in page
    assert ">quagga<" not in MARK.sub("", page)


# What is never found ------------------------------------------------------------------------------


@pytest.mark.usefixtures("texts")
def test_a_draft_is_found_once_it_is_published_and_the_old_words_no_more(client: Client) -> None:
    lesson = Lesson.objects.get(content_id="M1.1")
    changed(lesson, goal="A quagga.")
    draft = lesson.get_latest_revision_as_object()
    draft.goal = "A thylacine."
    revision = draft.save_revision()
    assert titles(client, "thylacine") == []
    assert titles(client, "quagga") == [lesson.title]
    revision.publish()
    assert titles(client, "thylacine") == [lesson.title]
    assert titles(client, "quagga") == []


@pytest.mark.usefixtures("texts")
def test_a_text_taken_off_is_not_found_until_it_is_back(client: Client) -> None:
    lesson = changed(Lesson.objects.get(content_id="M1.1"), goal="A quagga.")
    exercise = Exercise.objects.get(content_id="E05")
    exercise.purpose = "A quagga."
    exercise.save_revision().publish()
    assert set(titles(client, "quagga")) == {lesson.title, exercise.title}
    lesson.unpublish()
    exercise.unpublish()
    assert titles(client, "quagga") == []
    lesson.get_latest_revision().publish()
    assert titles(client, "quagga") == [lesson.title]
    lesson.delete()
    assert titles(client, "quagga") == []
    assert not IndexEntry.objects.filter(title="quagga").exists()


@pytest.mark.usefixtures("texts")
def test_a_text_goes_in_and_out_at_the_hour_it_was_given(client: Client) -> None:
    lesson = Lesson.objects.get(content_id="M1.1")
    lesson.goal, lesson.go_live_at = "A quagga.", timezone.now() + timedelta(hours=1)
    revision = lesson.save_revision()
    revision.publish()
    assert titles(client, "quagga") == []
    past = timezone.now() - timedelta(minutes=1)
    revision.content["go_live_at"] = past.isoformat()
    revision.approved_go_live_at = past
    revision.save()
    call_command("publish_scheduled")
    assert titles(client, "quagga") == [lesson.title]
    Lesson.objects.filter(pk=lesson.pk).update(expire_at=past)
    call_command("publish_scheduled")
    assert titles(client, "quagga") == []


@pytest.mark.usefixtures("texts")
def test_a_gated_lesson_is_known_by_title_and_goal_alone(client: Client) -> None:
    lesson = Lesson.objects.get(content_id="M1.1")
    lesson.short_version = "A quagga inside. And a quagga again."
    lesson.body[0].value.source = "<p>The thylacine.</p>"
    changed(lesson, title="Aurochs", goal="Dodo one. Dodo two.")
    assert titles(client, "quagga") == titles(client, "thylacine") == ["Aurochs"]
    changed(lesson, gated=True)
    assert titles(client, "quagga") == titles(client, "thylacine") == []
    assert results(client, "dodo")[0][3] == "<mark>Dodo</mark> one."
    assert results(client, "aurochs")[0][3] == "Dodo one."
    assert not any(
        word in str(row)
        for row in IndexEntry.objects.filter(object_id=str(lesson.pk)).values_list()
        for word in ("quagga", "thylacin")
    )


@pytest.mark.usefixtures("texts")
def test_what_a_person_wrote_is_never_searched(
    client: Client, mara: User, client_of: Callable[[User], Client]
) -> None:
    keep_note(owner=mara, lesson=Lesson.objects.get(content_id="M1.1"), answer="Quagga.")
    assert titles(client_of(mara), "quagga") == []


@pytest.mark.usefixtures("texts")
def test_what_is_looked_for_reaches_no_log_even_when_it_fails(
    client: Client, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    client.raise_request_exception = False
    caplog.set_level("DEBUG")
    assert page_of(client, "he hits me quagga")
    assert "quagga" not in logged(caplog)
    settings.WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "nowhere.to.be.found"}}
    assert client.get(ADDRESS, {"q": "he hits me quagga"}).status_code == 500
    assert "InvalidSearchBackendError in today:search" in caplog.text
    assert "quagga" not in logged(caplog)


def logged(caplog: pytest.LogCaptureFixture) -> str:
    """All records but the database's own at DEBUG, which no site writes."""
    return "\n".join(
        record.getMessage() for record in caplog.records if record.name != "django.db.backends"
    )


# The index ----------------------------------------------------------------------------------------


@pytest.mark.usefixtures("content")
def test_a_database_from_before_the_search_gets_its_index_from_load_content(
    client: Client,
) -> None:
    IndexEntry.objects.all().delete()
    assert titles(client, "breathing") == []
    call_command("load_content", verbosity=0)
    assert len(titles(client, "breathing")) > 5


@pytest.mark.usefixtures("content")
def test_without_full_text_title_and_goal_are_searched(client: Client, settings: Any) -> None:
    settings.WAGTAILSEARCH_BACKENDS = {
        "default": {"BACKEND": "modelsearch.backends.database.fallback"}
    }
    found = titles(client, "breathing")
    assert Exercise.objects.get(content_id="E05").title in found
    assert titles(client, "thylacine") == []


@pytest.mark.usefixtures("texts")
def test_editors_look_past_the_index_for_parts_of_words_and_for_what_is_not_live(
    ines: User, client_of: Callable[[User], Client]
) -> None:
    make_editor(email=ines.email, role=Role.WRITER)
    changed(Lesson.objects.get(content_id="M1.1"), title="Quaggas in the dark").unpublish()
    for query in ("quagg", "Quaggas in"):
        answer = client_of(ines).get("/cms/snippets/lessons/lesson/", {"q": query})
        assert "Quaggas in the dark" in answer.content.decode()


# The line -----------------------------------------------------------------------------------------

WORDS = st.lists(
    st.sampled_from(["quagga", "Quaggas,", "dodo", "a", "plain.", "sentence", "x" * 90, "y" * 200])
)


@given(paragraphs=st.lists(WORDS.map(" ".join), min_size=1, max_size=4))
def test_a_line_is_a_short_piece_of_the_text_with_the_words_marked(paragraphs: list[str]) -> None:
    parts = line(paragraphs, {"quagga", "dodo"})
    said = "".join(part.text for part in parts)
    assert len(said) <= LONGEST_LINE
    assert any(said.strip("…") in paragraph for paragraph in paragraphs)
    for part in parts:
        assert part.hit == (part.text.lower() in {"quagga", "quaggas", "dodo"})
    held = [word for word in ("quagga", "dodo") if word in " ".join(paragraphs).lower()]
    assert any(part.hit for part in parts) == bool(held)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("First one. “The dodo?” Then more.", "“The dodo?”"),
        ("It was. [B45] The dodo [B45] stood. It left.", "The dodo stood."),
        (f"The dodo {'went on ' * 30}", f"The dodo {'went on ' * 18}went…"),
        (f"{'It went on ' * 30}to the dodo.", f"…{'It went on ' * 3}to the dodo."),
        ("Nothing of it here. Nor here.", "Nothing of it here."),
    ],
)
def test_the_best_sentence_is_shown_and_cut_around_the_words(text: str, said: str) -> None:
    assert "".join(part.text for part in line([text], {"dodo"})) == said


def test_a_heading_or_an_empty_paragraph_does_no_harm() -> None:
    parts = line(["", "On the dodo"], {"dodo"})
    assert [(part.text, part.hit) for part in parts] == [("On the ", False), ("dodo", True)]
