"""The readiness check: when the lessons behind it open, what it says, and what it never keeps."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session as BrowserSession
from django.test import Client
from django.urls import reverse

from exercises.actions import bounds, open_gate
from exercises.models import Bounds
from healing.accounts.models import User
from healing.checkins.actions import switch_off
from healing.checkins.models import CheckIn, SafetyAnswer
from healing.lessons.actions import gate_is_open, keep_note, note_on
from healing.lessons.forms import ReadinessForm
from healing.lessons.gate import QUESTIONS, Missing
from healing.lessons.models import Lesson
from healing.vault.models import PrivateRecord, sealed_fields
from tests.checkins.conftest import days_later, main_of
from tests.lessons.conftest import HOLDS, LOW, NO, fill_card, make_ready, practise, say

pytestmark = pytest.mark.usefixtures("content")
ADDRESS = reverse("lessons:readiness")
GATED = ("M9.2", "M9.3", "M9.5")
READY = {**dict.fromkeys(QUESTIONS, "yes"), "ticks": ["none"]}
TICKS = ("flashbacks", "unreal", "self_harm", "psychosis", "rules", "violence")
# Words by which the page names what is missing.
NAMED = {
    Missing.LESSONS: "The modules “Steady ground” and “When the alarm rings” read, and the lesson "
    "“A fairer voice”.",
    Missing.PRACTICE: "Ten finished uses of steadying exercises, on five different days.",
    Missing.CARD: "Your safety card: a warning sign, a thing to do alone, and a person or service "
    "with a number.",
    Missing.CHECK_INS: "Five check-ins in the last two weeks, and a body that was settled half the "
    "time or more on three of the last seven.",
    Missing.SAFETY: "The safety question, answered in the last week with two times no, and nothing "
    "heavier in two weeks.",
    Missing.ANSWERS: "Four times yes: you can steady yourself within an hour, you are safe where "
    "you live, there is someone you would contact, and your last great loss is more than three "
    "months ago.",
    Missing.TICKS: "“None of these”. Each of the others deserves someone trained at your side, "
    "more than an exercise alone.",
}
CONDITIONS = list(NAMED)[:5]
OPEN_NOW = "It holds for sixty days."
LATER = "The questions can be answered again after two weeks."


@pytest.fixture
def hers(mara: User, client_of: Callable[[User], Client]) -> Client:
    return client_of(mara)


def named(page: str) -> list[Missing]:
    """What the page says is missing."""
    return [one for one, words in NAMED.items() if words in page]


def address(content_id: str) -> str:
    return Lesson.objects.get(content_id=content_id).get_absolute_url()


def is_closed(client: Client, content_id: str) -> bool:
    return "This lesson is closed for now." in client.get(address(content_id)).content.decode()


def answer(client: Client, **changed: Any) -> str:
    """The page after the questions were answered; a field of None is left out."""
    form = {name: said for name, said in (READY | changed).items() if said is not None}
    return client.post(ADDRESS, form, follow=True).content.decode()


# It opens ----------------------------------------------------------------------------------------


def test_with_every_condition_the_gate_opens_and_the_lessons_can_be_read_and_answered(
    hers: Client, mara: User
) -> None:
    make_ready(mara)
    assert all(is_closed(hers, one) for one in GATED)
    page = hers.get(ADDRESS).content.decode()
    assert "The questions below are the last part." in page
    assert named(page) == []
    page = answer(hers)
    assert OPEN_NOW in page
    assert "<form" not in main_of(page)
    for one in GATED:
        lesson = Lesson.objects.get(content_id=one)
        assert f'href="{lesson.get_absolute_url()}"' in page
        shown = hers.get(lesson.get_absolute_url()).content.decode()
        assert lesson.question.value in shown
        note = {"answer": f"Words to {one}", "read": "yes"}
        assert hers.post(f"{lesson.get_absolute_url()}note/", note).status_code == 302
        said = note_on(owner=mara, lesson=lesson)
        assert [kept["answer"] for kept in said["answers"].values()] == [f"Words to {one}"]
        assert said["read_on"] == str(mara.today())


def test_the_date_is_all_that_is_kept_of_it(hers: Client, mara: User) -> None:
    make_ready(mara)
    before = bounds(owner=mara)
    answer(hers)
    assert bounds(owner=mara) == before | {"gate_opened": str(mara.today()), "gate_asked": None}


@pytest.mark.parametrize(("days", "is_open"), [(0, True), (59, True), (60, False), (61, False)])
def test_it_stays_open_for_sixty_days(
    mara: User, client_of: Callable[[User], Client], days: int, is_open: bool
) -> None:
    with days_later(-days):
        open_gate(owner=mara)
    assert gate_is_open(owner=mara) is is_open
    client = client_of(mara)
    assert (OPEN_NOW in client.get(ADDRESS).content.decode()) is is_open
    assert is_closed(client, "M9.2") is not is_open


# It stays closed ---------------------------------------------------------------------------------


@pytest.mark.parametrize("one", CONDITIONS)
def test_each_condition_missing_alone_keeps_it_closed_and_is_named_until_it_holds(
    hers: Client, mara: User, one: Missing
) -> None:
    make_ready(mara, but=one)
    assert named(hers.get(ADDRESS).content.decode()) == [one]
    page = answer(hers)
    assert named(page) == [one]
    assert "This is no verdict on you." in page
    assert LATER not in page
    assert not gate_is_open(owner=mara)
    assert is_closed(hers, "M9.2")
    assert bounds(owner=mara)["gate_asked"] is None
    # It counts as soon as it is met; the questions are not made to wait.
    HOLDS[one](mara)
    assert OPEN_NOW in answer(hers)


@pytest.mark.parametrize("said", ["no", "not_sure", "", None])
@pytest.mark.parametrize("name", QUESTIONS)
def test_each_question_not_answered_with_yes_keeps_it_closed(
    hers: Client, mara: User, name: str, said: str | None
) -> None:
    make_ready(mara)
    page = answer(hers, **{name: said})
    assert named(page) == [Missing.ANSWERS]
    assert LATER in page
    assert not gate_is_open(owner=mara)
    assert bounds(owner=mara)["gate_asked"] == str(mara.today())


@pytest.mark.parametrize("ticks", [*([one] for one in TICKS), ["none", "violence"], []])
def test_each_tick_keeps_it_closed(hers: Client, mara: User, ticks: list[str]) -> None:
    make_ready(mara)
    page = answer(hers, ticks=ticks)
    assert named(page) == [Missing.TICKS]
    assert LATER in page
    assert not gate_is_open(owner=mara)


def test_everything_that_is_missing_is_named_at_once(hers: Client, mara: User) -> None:
    page = answer(hers, can_steady="no", ticks=["unreal"])
    assert named(page) == list(NAMED)
    assert bounds(owner=mara)["gate_opened"] is None


def test_what_is_open_is_offered_instead(hers: Client) -> None:
    for page in (hers.get(ADDRESS).content.decode(), answer(hers, someone="no")):
        for one in ("M9.4", "S.1"):
            assert f'href="{address(one)}"' in page
        assert 'href="/exercises/everyday-reparenting/"' in page
        assert not any(f'href="{address(one)}"' in page for one in GATED)


@pytest.mark.parametrize(
    ("wrong", "field"), [({"safe_home": "maybe"}, "safe_home"), ({"ticks": ["all"]}, "ticks")]
)
def test_an_answer_that_is_none_is_refused_and_counts_as_no_try(
    hers: Client, mara: User, wrong: dict[str, Any], field: str
) -> None:
    make_ready(mara)
    page = answer(hers, **wrong)
    assert "<title>Error: Readiness check" in page
    assert re.search(r'name="someone" value="yes"[^>]*checked', page)
    assert not gate_is_open(owner=mara)
    assert bounds(owner=mara)["gate_asked"] is None


# What counts, as the page sees it ----------------------------------------------------------------


def test_a_stopped_use_does_not_count(hers: Client, mara: User) -> None:
    make_ready(mara, but=Missing.PRACTICE)
    for place in range(9):
        practise(mara, "E05", place % 5)
    practise(mara, "E05", 6, ended="stopped")
    practise(mara, "E18", 7)
    assert named(hers.get(ADDRESS).content.decode()) == [Missing.PRACTICE]
    practise(mara, "E05", 40, ended="enough")
    assert named(hers.get(ADDRESS).content.decode()) == []


@pytest.mark.parametrize("name", ["warning_signs", "alone", "people"])
def test_a_card_with_a_gap_does_not_count(hers: Client, mara: User, name: str) -> None:
    make_ready(mara)
    fill_card(mara, **{name: ""})
    assert named(hers.get(ADDRESS).content.decode()) == [Missing.CARD]


def test_lessons_set_aside_are_not_read(hers: Client, mara: User) -> None:
    make_ready(mara)
    keep_note(owner=mara, lesson=Lesson.objects.get(content_id="M4.5"), aside=True)
    assert named(hers.get(ADDRESS).content.decode()) == [Missing.LESSONS]


def test_check_ins_older_than_two_weeks_do_not_count(hers: Client, mara: User) -> None:
    make_ready(mara)
    rows = list(CheckIn.objects.of(mara).order_by("local_date"))
    for days, counts in ((13, []), (14, [Missing.CHECK_INS])):
        with days_later(-days):
            rows[0].local_date = mara.today()
        rows[0].save()
        assert named(hers.get(ADDRESS).content.decode()) == counts


@pytest.mark.parametrize(("days", "missing"), [(7, []), (8, [Missing.SAFETY])])
def test_an_answer_of_none_is_fresh_for_seven_days(
    hers: Client, mara: User, days: int, missing: list[Missing]
) -> None:
    make_ready(mara, but=Missing.SAFETY)
    with days_later(-days):
        say(mara, NO)
    assert named(hers.get(ADDRESS).content.decode()) == missing


@pytest.mark.parametrize(("days", "missing"), [(14, [Missing.SAFETY]), (15, [])])
@pytest.mark.parametrize("erased", [False, True])
def test_a_level_above_none_stands_in_the_way_for_two_weeks_even_erased(
    hers: Client, mara: User, days: int, missing: list[Missing], erased: bool
) -> None:
    make_ready(mara, but=Missing.SAFETY)
    with days_later(-days):
        say(mara, LOW)
    if erased:
        hers.post(reverse("checkins:safety_erase"))
    say(mara, NO)
    assert named(hers.get(ADDRESS).content.decode()) == missing


# A therapist -------------------------------------------------------------------------------------


@pytest.mark.parametrize("one", CONDITIONS)
def test_a_talk_with_a_therapist_stands_in_for_three_of_them(
    hers: Client, mara: User, one: Missing
) -> None:
    make_ready(mara, but=one)
    page = answer(hers, in_therapy="on")
    stands_in = one in {Missing.LESSONS, Missing.PRACTICE, Missing.CHECK_INS}
    assert gate_is_open(owner=mara) is stands_in
    assert named(page) == ([] if stands_in else [one])


def test_a_talk_with_a_therapist_stands_in_for_no_answer(hers: Client, mara: User) -> None:
    make_ready(mara)
    assert named(answer(hers, in_therapy="on", safe_home="no")) == [Missing.ANSWERS]
    assert not gate_is_open(owner=mara)


# Asking again ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("days", "may"), [(0, False), (13, False), (14, True)])
def test_after_a_no_the_questions_wait_for_two_weeks(
    mara: User, client_of: Callable[[User], Client], days: int, may: bool
) -> None:
    with days_later(-days):
        answer(client_of(mara), can_steady="not_sure")
    hers = client_of(mara)
    make_ready(mara)
    page = main_of(hers.get(ADDRESS).content.decode())
    assert ("<form" in page) is may
    assert ("You answered the questions in the last two weeks." in page) is not may
    answer(hers)
    assert gate_is_open(owner=mara) is may


# It closes ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "level", [LOW, {"b": "did"}, {"a": "often"}, {"a": "rather_not"}, {"b": "thought", "c": "yes"}]
)
def test_a_safety_level_above_none_closes_it_at_once_and_the_questions_are_asked_anew(
    hers: Client, mara: User, level: dict[str, str]
) -> None:
    make_ready(mara)
    answer(hers)
    keep_note(owner=mara, lesson=Lesson.objects.get(content_id="M9.2"), answer="Her blue coat.")
    hers.post(reverse("checkins:safety"), level)
    assert not gate_is_open(owner=mara)
    assert all(is_closed(hers, one) for one in GATED)
    assert "Her blue coat." not in hers.get(address("M9.2")).content.decode()
    assert "Her blue coat." in hers.get(reverse("lessons:note_list")).content.decode()
    page = hers.get(ADDRESS).content.decode()
    assert named(page) == [Missing.SAFETY]
    assert 'name="can_steady"' in page
    say(mara, NO)
    assert named(answer(hers)) == [Missing.SAFETY]


def test_words_for_a_lesson_that_closed_meanwhile_are_given_back(hers: Client, mara: User) -> None:
    open_gate(owner=mara)
    say(mara, LOW)
    lesson = Lesson.objects.get(content_id="M9.3")
    posted = hers.post(f"{lesson.get_absolute_url()}note/", {"answer": "I am here now."})
    assert posted.status_code == 404
    assert "I am here now." in posted.content.decode()
    assert note_on(owner=mara, lesson=lesson)["answers"] == {}


def test_an_answer_without_a_level_closes_nothing(hers: Client, mara: User) -> None:
    make_ready(mara)
    answer(hers)
    say(mara, {})
    assert not is_closed(hers, "M9.2")


def test_a_wrong_tap_put_right_opens_it_again(hers: Client, mara: User) -> None:
    make_ready(mara)
    answer(hers)
    hers.post(reverse("checkins:safety"), LOW)
    row = SafetyAnswer.objects.of(mara).order_by("created").last()
    assert is_closed(hers, "M9.2")
    hers.post(reverse("checkins:safety"), {"row": str(row.pk), **NO})
    assert not is_closed(hers, "M9.2")


# What is kept, and whose it is -------------------------------------------------------------------


def opened_records() -> str:
    """Everything sealed, of everybody, opened; and what browsers' sessions hold."""
    models = [model for model in apps.get_models() if issubclass(model, PrivateRecord)]
    assert Bounds in models
    sealed = [
        getattr(row, field.name)
        for model in models
        for row in model._base_manager.all()
        for field in sealed_fields(model)
    ]
    browsers = [row.get_decoded() for row in BrowserSession.objects.all()]
    return json.dumps([sealed, browsers], default=str)


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"can_steady": "no", "safe_home": "not_sure", "ticks": [*TICKS]},
        {"in_therapy": "on", "ticks": ["psychosis"]},
    ],
)
def test_no_answer_stands_in_any_row(
    hers: Client, mara: User, changed: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    make_ready(mara)
    before = opened_records()
    assert not any(name in before for name in (*QUESTIONS, *TICKS, "in_therapy"))
    rows = {model: model._base_manager.count() for model in apps.get_models()}
    answer(hers, **changed)
    after = opened_records()
    for name in (*ReadinessForm.base_fields, *TICKS, "not_sure", "None of these"):
        assert name not in after
        assert name not in caplog.text
    assert rows == {model: model._base_manager.count() for model in apps.get_models()}


def test_a_gate_is_ones_own(
    hers: Client, mara: User, theo: User, client_of: Callable[[User], Client], client: Client
) -> None:
    make_ready(mara)
    answer(hers)
    his = client_of(theo)
    page = his.get(ADDRESS).content.decode()
    assert OPEN_NOW not in page
    assert named(page) == CONDITIONS
    assert is_closed(his, "M9.2")
    assert is_closed(client, "M9.2")
    answer(his, someone="no")
    assert bounds(owner=mara)["gate_asked"] is None
    say(theo, LOW)
    assert not is_closed(hers, "M9.2")


def test_someone_not_signed_in_is_sent_to_sign_in(client: Client) -> None:
    assert client.get(ADDRESS).headers["Location"].startswith("/accounts/login/")
    page = client.get(address("M9.2")).content.decode()
    assert "The check is for people with an account." in page


def test_a_closed_lesson_and_the_programme_lead_to_it(hers: Client) -> None:
    for where in (address("M9.5"), reverse("lessons:programme")):
        assert f'href="{ADDRESS}"' in hers.get(where).content.decode()


def test_looking_opens_and_keeps_nothing(hers: Client, mara: User) -> None:
    make_ready(mara)
    before = bounds(owner=mara)
    page = hers.get(ADDRESS, READY).content.decode()
    assert OPEN_NOW not in page
    assert "checked" not in main_of(page)
    assert bounds(owner=mara) == before


# Given back --------------------------------------------------------------------------------------


def ticked(page: str) -> set[tuple[str, str]]:
    return set(re.findall(r'name="(\w+)" value="(\w+)"[^>]*checked', page))


SOME = {"can_steady": "yes", "safe_home": "not_sure", "ticks": ["unreal", "rules"]}
SOME_TICKED = {
    ("can_steady", "yes"),
    ("safe_home", "not_sure"),
    ("ticks", "unreal"),
    ("ticks", "rules"),
}


def test_an_expired_session_gives_the_answers_back_and_keeps_nothing(client: Client) -> None:
    posted = client.post(ADDRESS, SOME)
    assert posted.status_code == 403
    assert ticked(posted.content.decode()) == SOME_TICKED
    assert not Bounds.objects.exists()


def test_a_stale_token_gives_the_answers_back_and_keeps_nothing(mara: User) -> None:
    make_ready(mara)
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(mara, "allauth.account.auth_backends.AuthenticationBackend")
    strict.get(ADDRESS)
    posted = strict.post(ADDRESS, {**SOME, "csrfmiddlewaretoken": "x" * 64})
    assert posted.status_code == 403
    assert ticked(posted.content.decode()) == SOME_TICKED
    assert bounds(owner=mara)["gate_asked"] is None
    token = posted.wsgi_request.META["CSRF_COOKIE"]
    assert strict.post(ADDRESS, {**READY, "csrfmiddlewaretoken": token}).status_code == 302
    assert gate_is_open(owner=mara)


def test_it_takes_the_same_queries_for_someone_new_and_for_long_practice(
    hers: Client, mara: User, django_assert_max_num_queries: Any
) -> None:
    hers.get(ADDRESS)
    with django_assert_max_num_queries(18):
        hers.get(ADDRESS)
    make_ready(mara)
    for place in range(30):
        practise(mara, "E05", place)
    with django_assert_max_num_queries(18):
        hers.get(ADDRESS)


# The check-in that does not ask about the body ----------------------------------------------------


@pytest.mark.parametrize(
    ("settled", "opens"), [("yes", True), ("no", False), ("not_sure", False), (None, False)]
)
def test_a_yes_stands_in_for_check_ins_where_that_question_is_off(
    hers: Client, mara: User, settled: str | None, opens: bool
) -> None:
    make_ready(mara)
    CheckIn.objects.of(mara).delete()
    switch_off(owner=mara, off={"steady"})
    assert 'name="settled"' in hers.get(ADDRESS).content.decode()
    page = answer(hers, settled=settled)
    assert (OPEN_NOW in page) is opens
    assert ("since you switched that question off" in page) is not opens
    assert gate_is_open(owner=mara) is opens
    assert bounds(owner=mara)["gate_asked"] is None


def test_a_yes_stands_in_for_nothing_where_the_question_is_asked(hers: Client, mara: User) -> None:
    make_ready(mara)
    CheckIn.objects.of(mara).delete()
    assert 'name="settled"' not in hers.get(ADDRESS).content.decode()
    assert named(answer(hers, settled="yes")) == [Missing.CHECK_INS]


def test_with_the_question_off_earlier_check_ins_still_count(hers: Client, mara: User) -> None:
    make_ready(mara)
    switch_off(owner=mara, off={"steady"})
    assert OPEN_NOW in answer(hers)
