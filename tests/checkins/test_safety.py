"""The safety question: which level its answers give, when it is asked, and what is kept of it."""

import logging
import re
from collections.abc import Callable
from datetime import date, timedelta
from itertools import product
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from exercises.actions import bounds, leave_gate_closed, open_gate
from healing.accounts.actions import withdraw_consent
from healing.accounts.models import Consent, User
from healing.checkins.models import SafetyAnswer
from healing.checkins.safety import QUESTIONS, is_hard, level, to_ask_after
from tests.checkins.conftest import (
    HIGH,
    LEVELS,
    LOW,
    NONE,
    NOW,
    OPEN,
    SAFETY,
    days_later,
    give,
    main_of,
)

MONDAY = date(2026, 11, 23)

# Levels ------------------------------------------------------------------------------------------

ORDER = ("none", "low", "high", "now")
# What each answer alone asks for, as programme 7.3 has it; the highest holds.
GIVES = {
    ("a", "came_and_went"): "low",
    ("a", "often"): "high",
    ("a", "rather_not"): "low",
    ("b", "thought"): "low",
    ("b", "did"): "high",
    ("b", "rather_not"): "low",
    ("c", "not_sure"): "high",
    ("c", "yes"): "now",
}


def as_written(a: str | None, b: str | None, c: str | None) -> str | None:
    """The level by the programme's words: two times no leaves nothing that C could be about."""
    if (a, b) == ("no", "no"):
        return "none"
    found = [GIVES[one] for one in (("a", a), ("b", b), ("c", c)) if one in GIVES]
    if {("a", a), ("b", b)} & (GIVES.keys() - {("a", "rather_not"), ("b", "rather_not")}):
        found += ["high"] if c in ("rather_not", None) else []
    return max(found, key=ORDER.index, default=None)


OPTIONS = [[*(key for key, _words in QUESTIONS[name][1]), None] for name in "abc"]


def test_every_combination_gives_the_level_that_the_programme_says() -> None:
    table = list(product(*OPTIONS))
    assert len(table) == 5**3
    for a, b, c in table:
        assert level({"a": a, "b": b, "c": c}) == as_written(a, b, c), (a, b, c)


@pytest.mark.parametrize(
    ("a", "b", "c", "expected"),
    [
        ("no", "no", None, "none"),
        ("came_and_went", "no", "no", "low"),
        ("no", "thought", "no", "low"),
        ("rather_not", "no", None, "low"),
        ("no", "rather_not", "rather_not", "low"),
        ("rather_not", "rather_not", "no", "low"),
        ("often", "no", "no", "high"),
        ("no", "did", "no", "high"),
        ("rather_not", "no", "not_sure", "high"),
        ("came_and_went", "no", None, "high"),
        ("no", "thought", "rather_not", "high"),
        ("came_and_went", None, "rather_not", "high"),
        ("no", "did", None, "high"),
        ("rather_not", None, "yes", "now"),
        ("came_and_went", "no", "yes", "now"),
        ("often", "did", "yes", "now"),
        # A page without `:has()` asks C of everyone.
        (None, None, "yes", "now"),
        (None, "no", "not_sure", "high"),
        # It has nothing to be about: it was hidden again, still ticked.
        ("no", "no", "yes", "none"),
        (None, None, None, None),
        ("no", None, None, None),
        (None, "no", "no", None),
        (None, None, "rather_not", None),
    ],
)
def test_named_cases(a: str | None, b: str | None, c: str | None, expected: str | None) -> None:
    assert level({"a": a, "b": b, "c": c}) == expected


def test_answers_of_which_a_part_is_absent_are_read_like_skipped_ones() -> None:
    assert level({}) is None
    assert level({"a": "no"}) is None
    assert level({"b": "thought"}) == "high"


# When it is asked --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answers", "hard"),
    [
        ({"steady": 0}, True),
        ({"left_worry": 4}, True),
        ({"steady": 4, "left_worry": 4}, True),
        ({"steady": 1, "left_worry": 3}, False),
        ({"urge_pull": 4, "inner_voice": 0}, False),
        ({}, False),
    ],
)
def test_a_hard_check_in(answers: dict[str, object], hard: bool) -> None:
    assert is_hard(answers) is hard


def days(*numbers: int, easy: tuple[int, ...] = ()) -> list[tuple[date, bool]]:
    """Check-ins on these days, counted from a Monday; all hard but for `easy`."""
    return [(MONDAY + timedelta(days=number), number not in easy) for number in numbers]


@pytest.mark.parametrize(
    ("check_ins", "is_asked"),
    [
        (days(0, 1, 2), True),
        (days(0, 3, 6), True),  # three dates within seven days
        (days(0, 3, 7), False),  # within eight
        (days(1, 2), False),
        (days(0, 1, 2, easy=(0,)), False),
        (days(0, 1, 2, easy=(1,)), False),
        (days(0, 1, 2, easy=(2,)), False),
        (days(0, 1, 2, 3), False),  # asked on the day before
        (days(0, 1, 2, 6, 7, 8), False),  # asked six days ago
        (days(0, 1, 2, 7, 8, 9), True),  # asked seven days ago
        (days(*range(10)), True),
        (days(0, 1, 2, 3, 4, 5, 6, easy=(3,)), False),
        ([], False),
    ],
)
def test_three_hard_check_ins_lead_to_it_once_in_seven_days(
    check_ins: list[tuple[date, bool]], is_asked: bool
) -> None:
    last = check_ins[-1][0] if check_ins else MONDAY
    assert to_ask_after(check_ins, last) is is_asked


def test_a_day_without_a_check_in_is_not_asked() -> None:
    assert not to_ask_after(days(0, 1, 2), MONDAY + timedelta(days=3))


def test_however_long_it_stays_hard_it_comes_again_every_seven_days() -> None:
    asked = [day for day in range(400) if to_ask_after(days(*range(day + 1)), days(day)[0][0])]
    assert asked == list(range(2, 400, 7))


# The page ----------------------------------------------------------------------------------------


def form_of(client: Client, **query: str) -> dict[str, str]:
    """What the form holds, as a browser would send it."""
    page = client.get(SAFETY, query).content.decode()
    row = re.findall(r'name="row" value="([0-9a-f-]{36})"', page)
    chosen = dict(re.findall(r'name="([abc])" value="(\w*)"[^>]*checked', page))
    assert len(row) == 1
    return {"row": row[0], **chosen}


def test_it_says_first_that_nobody_watches_and_that_it_may_be_skipped(hers: Client) -> None:
    page = main_of(hers.get(SAFETY).content.decode())
    said = (
        "No one watches these answers and no one is alerted. If you are in danger now, use the "
        '<a href="/help/">help link</a>. You may skip this.'
    )
    assert said in page
    assert page.index(said) < page.index("<form")
    for question, options in QUESTIONS.values():
        assert str(question) in page
        for _key, words in options:
            assert str(words) in page
    assert page.count("Skip this one") == 3
    assert form_of(hers) | {"row": ""} == {"row": "", "a": "", "b": "", "c": ""}


def test_looking_stores_nothing(
    hers: Client, mara: User, django_assert_max_num_queries: Any
) -> None:
    before = bounds(owner=mara)
    hers.get(SAFETY)
    with django_assert_max_num_queries(6):  # session, person, consent, answers twice, numbers
        hers.get(SAFETY)
    assert not SafetyAnswer.objects.exists()
    assert bounds(owner=mara) == before


@pytest.mark.parametrize("name", LEVELS)
def test_each_level_is_kept_sealed_and_leads_to_what_follows(
    hers: Client, mara: User, name: str | None
) -> None:
    answer = hers.post(SAFETY, {**form_of(hers), **LEVELS[name]})
    row = SafetyAnswer.objects.of(mara).get()
    assert row.level == name
    assert row.local_date == mara.today()
    assert {key: row.said[key] for key in "abc"} == {key: LEVELS[name].get(key) for key in "abc"}
    assert answer.headers["Location"] == f"/look-back/safety/{row.pk}/"


def test_pressing_save_twice_makes_one_answer(hers: Client, mara: User) -> None:
    form = {**form_of(hers), **LOW}
    assert {hers.post(SAFETY, form).headers["Location"] for _ in range(2)} == {
        reverse("checkins:safety_answered", args=[form["row"]])
    }
    assert SafetyAnswer.objects.of(mara).count() == 1
    assert bounds(owner=mara)["high_rests_until"] == str(mara.today() + timedelta(days=14))


@pytest.mark.parametrize("row", ["", "no id", "0" * 40])
def test_an_id_that_cannot_be_read_is_no_hindrance(hers: Client, mara: User, row: str) -> None:
    assert hers.post(SAFETY, {**NONE, "row": row}).status_code == 302
    assert SafetyAnswer.objects.of(mara).get().level == "none"


@pytest.mark.parametrize("name", "abc")
def test_an_answer_that_is_none_is_refused_and_the_others_stay(hers: Client, name: str) -> None:
    page = hers.post(SAFETY, {**form_of(hers), **HIGH, name: "maybe"}).content.decode()
    assert "<title>Error: One question" in page
    assert "Choose one of the answers, or skip it." in page
    other = "b" if name == "a" else "a"
    assert re.search(rf'name="{other}" value="{HIGH[other]}"[^>]*checked', page)
    assert not SafetyAnswer.objects.exists()


# What an answer opens and closes -----------------------------------------------------------------


@pytest.mark.parametrize("name", ["low", "high", "now"])
def test_a_level_above_none_closes_the_gate_and_what_goes_deep_for_two_weeks(
    mara: User, theo: User, name: str
) -> None:
    for person in (mara, theo):
        give(person, NONE)
        open_gate(owner=person)
    hers_before, his = bounds(owner=mara), bounds(owner=theo)
    assert hers_before["gate_opened"] == hers_before["safety_asked"] == str(mara.today())
    give(mara, LEVELS[name])
    now = bounds(owner=mara)
    assert now["gate_opened"] is None
    assert now["safety_asked"] is None
    assert now["high_rests_until"] == str(mara.today() + timedelta(days=14))
    assert bounds(owner=theo) == his


def test_two_weeks_are_counted_from_the_last_such_answer(mara: User) -> None:
    give(mara, HIGH)
    with days_later(5):
        give(mara, LOW)
        later = str(mara.today() + timedelta(days=14))
        give(mara, NONE)
    assert bounds(owner=mara)["high_rests_until"] == later


@pytest.mark.parametrize("answers", [OPEN, {"a": "no"}, {"b": "no", "c": "rather_not"}])
def test_without_a_level_nothing_opens_and_nothing_closes(
    mara: User, answers: dict[str, str]
) -> None:
    open_gate(owner=mara)
    before = bounds(owner=mara)
    give(mara, answers)
    assert bounds(owner=mara) == before


@pytest.mark.parametrize("first", ["low", "high", "now"])
@pytest.mark.parametrize("then", [NONE, OPEN])
def test_a_wrong_tap_put_right_reopens_what_it_closed(
    hers: Client, mara: User, first: str, then: dict[str, str]
) -> None:
    give(mara, NONE)
    open_gate(owner=mara)
    before = bounds(owner=mara)
    hers.post(SAFETY, {**form_of(hers), **LEVELS[first]})
    wrong = SafetyAnswer.objects.of(mara).order_by("created").last()
    form = form_of(hers, again=str(wrong.pk))
    assert form == {"row": str(wrong.pk), "a": "", "b": "", "c": "", **LEVELS[first]}
    for _ in range(2):
        hers.post(SAFETY, {"row": form["row"], **then})
    assert bounds(owner=mara) == before
    assert SafetyAnswer.objects.of(mara).count() == 2
    hers.post(SAFETY, {"row": form["row"], **HIGH})
    assert bounds(owner=mara)["gate_opened"] is None
    assert bounds(owner=mara)["high_rests_until"] is not None


def test_a_wrong_tap_put_right_keeps_closed_what_was_closed_before(mara: User) -> None:
    with days_later(-3):
        give(mara, LOW)
    closed = bounds(owner=mara)
    wrong = give(mara, HIGH)
    assert bounds(owner=mara) != closed
    give(mara, NONE, wrong.pk)
    assert bounds(owner=mara) == closed | {"safety_asked": str(mara.today())}


def test_putting_a_tap_right_undoes_nothing_that_something_else_did_meanwhile(mara: User) -> None:
    row = give(mara, NONE).pk
    open_gate(owner=mara)
    leave_gate_closed(owner=mara)
    before = bounds(owner=mara)
    give(mara, NONE, row)  # the form sent once more
    assert bounds(owner=mara) == before
    give(mara, OPEN, row)
    assert bounds(owner=mara) == before | {"safety_asked": None}


def test_an_older_answer_is_not_changed_and_lifts_nothing_that_a_later_one_closed(
    hers: Client, mara: User
) -> None:
    old = give(mara, NONE)
    give(mara, HIGH)
    closed = bounds(owner=mara)
    assert form_of(hers, again=str(old.pk))["row"] != str(old.pk)
    hers.post(SAFETY, {"row": str(old.pk), **NONE})
    assert bounds(owner=mara) == closed | {"safety_asked": str(mara.today())}
    levels = [row.level for row in SafetyAnswer.objects.of(mara).order_by("created")]
    assert levels == ["none", "high", "none"]


@pytest.mark.parametrize(("later", "rows"), [(0.9, 1), (1.1, 2)])
def test_after_a_day_another_answer_is_a_new_one(mara: User, later: float, rows: int) -> None:
    row = give(mara, HIGH).pk
    with days_later(later):
        give(mara, NONE, row)
    assert SafetyAnswer.objects.of(mara).count() == rows
    assert (bounds(owner=mara)["high_rests_until"] is None) is (rows == 1)


# Strangers, and what is visible ------------------------------------------------------------------


def test_a_strangers_answer_can_neither_be_seen_nor_changed(
    hers: Client, theo: User, mara: User
) -> None:
    his = give(theo, HIGH)
    before = his.said
    assert hers.get(SAFETY, {"again": str(his.pk)}).status_code == 404
    assert hers.post(SAFETY, {"row": str(his.pk), **NONE}).status_code == 404
    his.refresh_from_db()
    assert his.said == before
    assert his.owner == theo
    assert bounds(owner=theo)["high_rests_until"] is not None
    assert bounds(owner=mara)["safety_asked"] is None
    assert str(his.pk) not in hers.get(SAFETY).content.decode()


@pytest.mark.parametrize("again", ["7", "x", str(uuid4()), "0" * 32])
def test_an_answer_that_is_not_there_is_not_found(hers: Client, again: str) -> None:
    assert hers.get(SAFETY, {"again": again}).status_code == 404


def test_someone_not_signed_in_is_sent_to_sign_in(client: Client, db: None) -> None:
    assert client.get(SAFETY).headers["Location"].startswith("/accounts/login/")


def test_without_agreement_to_storing_nothing_is_kept(hers: Client, mara: User) -> None:
    withdraw_consent(owner=mara, kind=Consent.Kind.STORING)
    answer = hers.post(SAFETY, {"row": str(uuid4()), **HIGH})
    assert answer.status_code == 403
    assert re.search(r'name="a" value="often"[^>]*checked', answer.content.decode())
    assert not SafetyAnswer.objects.exists()


def test_no_answer_and_no_level_stands_clear_in_a_column_an_address_a_title_or_a_log(
    hers: Client, mara: User, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    words = ("came_and_went", "often", "thought", "did", "not_sure", "yes", "low", "high", "now")
    answers = ({"a": "came_and_went", "b": "did", "c": "not_sure"}, NOW, LOW)
    for said in answers:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            posted = hers.post(SAFETY, {**form_of(hers), **said})
            shown = hers.get(posted.headers["Location"])
        assert re.fullmatch(r"/look-back/safety/[0-9a-f-]{36}/", posted.headers["Location"])
        titles = [
            re.search(r"<title>(.*?)</title>", page.content.decode())
            for page in (shown, hers.get(SAFETY))
        ]
        assert [title and title[1] for title in titles] == [
            "Thank you - Steady Ground",
            "One question - Steady Ground",
        ]
        for query in asked.captured_queries:
            assert not any(f"'{word}'" in query["sql"] for word in words)
            assert "came_and_went" not in query["sql"]
    with connection.cursor() as cursor:
        for table in ("checkins_safetyanswer", "exercises_bounds"):
            cursor.execute(f"SELECT * FROM {table}")
            columns = {column[0] for column in cursor.description}
            assert columns <= {"id", "owner_id", "created", "local_date", "said"}
            for row in cursor.fetchall():
                kept = [bytes(one) if isinstance(one, memoryview) else one for one in row]
                stored = repr(kept)
                for word in ("came_and_went", "often", "thought", "not_sure", "level", "rests"):
                    assert word not in stored
    logged = caplog.text
    assert not re.search(r"came_and_went|often|not_sure|\blevel\b|\bhigh\b", logged)


def test_two_rows_of_the_same_level_look_different_in_the_database(mara: User) -> None:
    give(mara, LOW)
    give(mara, LOW)
    with connection.cursor() as cursor:
        cursor.execute("SELECT said FROM checkins_safetyanswer")
        assert len({bytes(row[0]) for row in cursor.fetchall()}) == 2


# While it is now ---------------------------------------------------------------------------------


def test_after_now_help_stands_before_the_question_until_a_later_level_is_lower(
    hers: Client, mara: User, content: None
) -> None:
    give(mara, NOW)
    page = main_of(hers.get(SAFETY).content.decode())
    help_first = [
        "Please let someone be with you now",
        'href="tel:112"',
        "Call someone to be with you.",
        "Move away from anything you could use, or ask someone to take it.",
        "If a line does not answer, that is about the line and not about you: try the next one, "
        "or go to the nearest emergency department.",
        "How is it now?",
        "<form",
        "Not now",
    ]
    places = [page.index(words) for words in help_first]
    assert places == sorted(places)
    assert 'href="/today/?stay=yes"' in page
    assert 'href="/exercises/' not in page
    give(mara, OPEN)
    assert "How is it now?" in hers.get(SAFETY).content.decode()
    give(mara, HIGH)
    assert "How is it now?" not in hers.get(SAFETY).content.decode()


def test_another_persons_now_is_not_hers(hers: Client, theo: User) -> None:
    give(theo, NOW)
    assert "How is it now?" not in hers.get(SAFETY).content.decode()


# Given back --------------------------------------------------------------------------------------


def checked(page: str) -> dict[str, str]:
    return dict(re.findall(r'name="([abc])" value="(\w*)"[^>]*checked', page))


def test_an_expired_session_gives_the_answers_back_and_stores_nothing(
    client: Client, hers: Client, mara: User
) -> None:
    form = {**form_of(hers), **HIGH}
    answer = client.post(SAFETY, form)
    page = answer.content.decode()
    assert answer.status_code == 403
    assert checked(page) == HIGH
    assert f'name="row" value="{form["row"]}"' in page
    assert not SafetyAnswer.objects.exists()
    assert hers.post(SAFETY, form).status_code == 302
    assert SafetyAnswer.objects.of(mara).get().pk == UUID(form["row"])


def test_a_stale_token_gives_the_answers_back_and_stores_nothing(mara: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(mara, "allauth.account.auth_backends.AuthenticationBackend")
    form = {**form_of(strict), **LOW, "csrfmiddlewaretoken": "x" * 64}
    answer = strict.post(SAFETY, form)
    assert answer.status_code == 403
    assert checked(answer.content.decode()) == LOW
    assert not SafetyAnswer.objects.exists()
    form["csrfmiddlewaretoken"] = answer.wsgi_request.META["CSRF_COOKIE"]
    assert strict.post(SAFETY, form).status_code == 302
    assert SafetyAnswer.objects.of(mara).get().level == "low"


def test_a_page_of_another_person_is_given_back(
    theo: User, mara: User, client_of: Callable[[User], Client]
) -> None:
    form = {"row": str(uuid4()), **HIGH, "page_of": mara.page_mark}
    answer = client_of(theo).post(SAFETY, form)
    assert answer.status_code == 403
    assert checked(answer.content.decode()) == HIGH
    assert not SafetyAnswer.objects.exists()
