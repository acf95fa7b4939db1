"""The ledger: what asks first, what waits, what was answered, and how fears turned out."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.test import Client

from healing.accounts.models import User
from healing.predictions.actions import mark_uneasy
from healing.predictions.models import Prediction
from tests.predictions.conftest import FEAR, Fear, main_of
from tests.test_weight import TOTAL, weigh

LEDGER = "/predictions/"
CLOSER = 'href="/exercises/alarm-or-answer/"'


def shown(client: Client, query: str = "") -> str:
    return main_of(client.get(LEDGER + query).content.decode())


def many(owner: User, fear: Fear, *answers: tuple[int | None, str]) -> None:
    for likelihood, outcome in answers:
        fear(owner, likelihood=likelihood, outcome=outcome)


def test_an_empty_ledger_says_what_it_is_for(hers: Client) -> None:
    page = shown(hers)
    assert "A fear is a guess about a day to come." in page
    assert 'href="/predictions/new/"' in page


def test_the_one_that_waits_longest_asks_and_the_others_stand_below(
    hers: Client, mara: User, fear: Fear
) -> None:
    today = mara.today()
    fear(mara, fear="coming", due=today + timedelta(days=2))
    fear(mara, fear="due second")
    fear(mara, fear="answered one", outcome="did_not", told="nothing came of it")
    asked = fear(mara, fear="due first", due=today - timedelta(days=1))
    page = shown(hers)
    order = [page.index(words) for words in ("due first", "due second", "coming", "answered one")]
    assert order == sorted(order)
    assert page.count("<form") == 1
    assert f'action="/predictions/{asked.pk}/answer/"' in page
    assert f'formaction="/predictions/{asked.pk}/later/"' in page
    assert "It did not happen · felt 60 % · nothing came of it" in page
    assert f"{today + timedelta(days=2):%Y}" in page


def test_the_last_answered_comes_first(hers: Client, mara: User, fear: Fear) -> None:
    old = fear(mara, fear="older", outcome="did_not")
    old.said = {**old.said, "answered": (mara.today() - timedelta(days=1)).isoformat()}
    old.save()
    fear(mara, fear="newer", due=mara.today() - timedelta(days=90), outcome="did_not")
    page = shown(hers)
    assert page.index("newer") < page.index("older")


def test_it_comes_in_pages(hers: Client, mara: User, fear: Fear) -> None:
    fear(mara, fear="it asks")
    for place in range(45):
        fear(mara, fear=f"fear number {place:02}", due=mara.today() + timedelta(days=1 + place))
    first, second, third = (shown(hers, f"?page={number}") for number in (1, 2, 3))
    assert "it asks" in first
    assert "it asks" not in second + third
    found = re.findall(r"fear number (\d\d)", first + second + third)
    assert found == [f"{place:02}" for place in range(45)]
    assert "it asks" in shown(hers, "?page=x")


def test_below_eight_it_says_how_many_are_missing_and_draws_nothing(
    hers: Client, mara: User, fear: Fear
) -> None:
    many(mara, fear, *[(90, "did_not")] * 5, (None, "happened"), (40, "cannot_know"))
    page = shown(hers)
    assert "3 more are needed." in page
    assert "1 that cannot be known is left out." in page
    assert "1 without a likelihood is left out." in page
    assert "<svg" not in page
    assert "<table" not in page
    assert "come true" not in page


def test_from_eight_on_one_sentence_a_picture_and_a_table_say_the_same(
    hers: Client, mara: User, fear: Fear
) -> None:
    strong = [(70, "happened"), (80, "happened"), (100, "partly"), *[(90, "did_not")] * 6]
    many(mara, fear, *strong, (0, "did_not"), (19, "happened"), (90, "cannot_know"))
    page = shown(hers)
    assert "Of 9 fears you rated 70 % or more, 2 came true and 1 partly." in page
    picture = page.split("<svg")[1].split("</svg>")[0]
    dots = re.findall(r'cx="(\d+)" cy="(\d+)"', picture)
    assert dots == [("10", "50"), ("70", "0"), ("90", "81")]
    assert len(picture.encode()) < 600
    rows = re.findall(r'row">(.+?)</th><td>(.+?)</td></tr>', page)
    assert rows == [
        ("0–19 %", "2</td><td>1</td><td>0</td><td>50 %"),
        ("60–79 %", "1</td><td>1</td><td>0</td><td>100 %"),
        ("80–100 %", "8</td><td>1</td><td>1</td><td>19 %"),
    ]
    assert "Partly counts as half." in page
    assert CLOSER not in page


def test_fears_that_felt_unlikely_have_a_sentence_of_their_own(
    hers: Client, mara: User, fear: Fear
) -> None:
    many(mara, fear, *[(30, "did_not")] * 8)
    said = "Of 8 fears, none came true and none partly. You rated none of them 70 % or more."
    assert said in shown(hers)


def test_a_tick_for_lies_or_threats_leads_closer_instead_of_reassuring(
    hers: Client, mara: User, fear: Fear
) -> None:
    many(mara, fear, *[(90, "did_not")] * 8)
    assert "Of 8 fears" in shown(hers)
    marked = fear(mara, outcome="did_not", unsafe=True)
    page = shown(hers)
    assert CLOSER in page
    assert 'href="/help/"' in page
    assert "Of 8 fears" not in page
    assert "Of 9 fears" not in page
    assert "<svg" not in page
    assert "<summary>Your numbers</summary>" in page
    marked.delete()
    assert "Of 8 fears" in shown(hers)


def test_a_lie_in_the_entry_leads_closer_even_before_there_are_numbers(
    hers: Client, mara: User, fear: Fear
) -> None:
    row = fear(mara, entry=uuid4(), due=mara.today() + timedelta(days=1))
    assert CLOSER not in shown(hers)
    assert row.entry is not None
    mark_uneasy(owner=mara, entry=row.entry, triggers=["dishonesty"])
    page = shown(hers)
    assert CLOSER in page
    assert "Your numbers" not in page


def test_the_exercise_it_leads_to_is_there(hers: Client, content: None) -> None:
    assert "Alarm or answer?" in hers.get("/exercises/alarm-or-answer/").content.decode()


def test_it_takes_four_queries_however_long_it_is(
    hers: Client, mara: User, fear: Fear, django_assert_num_queries: Any
) -> None:
    many(mara, fear, *[(90, "did_not")] * 30)
    hers.get(LEDGER)
    with django_assert_num_queries(4):  # session, person, rows, her key
        hers.get(LEDGER)


def test_a_full_page_keeps_to_the_budget(hers: Client, mara: User, fear: Fear) -> None:
    for place in range(30):
        words = f"{place}: {mara.page_mark} will {FEAR} once more, {place * 7919}"
        fear(mara, fear=words, likelihood=place * 3, outcome="did_not", told=words[::-1])
    fear(mara)
    page = hers.get(LEDGER).content.decode()
    assert page.count("<li>") >= 20
    assert "<svg class" in page
    assert weigh(page)[0] <= TOTAL


def test_another_persons_fears_are_not_hers(
    client: Client, mara: User, theo: User, fear: Fear, client_of: Callable[[User], Client]
) -> None:
    fear(mara)
    page = shown(client_of(theo))
    assert "forget" not in page
    assert "A fear is a guess" in page
    assert client.get(LEDGER).status_code == 302
    assert Prediction.objects.count() == 1
