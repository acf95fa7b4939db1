"""How strong it was over time, with gaps left open; time to steady; before and after."""

from typing import Any

from django.test import Client
from django.urls import reverse

from healing.accounts.models import User
from tests.insights.conftest import check_in, seen, write


def test_a_day_without_an_entry_stays_open_in_the_line(hers: Client, mara: User) -> None:
    for back, strength in ((0, 4), (1, 6), (3, 9), (3, 7), (5, 2)):
        write(mara, back=back, trigger="quarrel", strength=strength)
    answer = hers.get(reverse("insights:course"), {"time": "28-days"})
    picture = answer.context["strength"]["picture"]
    assert picture.line.count("M") == 3
    assert picture.line.count("L") == 1
    page = seen(hers, "course", "28-days")
    assert "Lowest was 2.0" in page
    assert "highest 8.0" in page
    assert "the latest 4.0" in page
    assert page.count('<th scope="row">') == 4


def test_before_and_after_and_the_time_until_steady(hers: Client, mara: User) -> None:
    for after, until in ((2, "minutes"), (3, "minutes"), (8, "a_day"), (9, "not_yet"), (8, "")):
        write(
            mara, trigger="quarrel", strength=8, after=after, **({"until": until} if until else {})
        )
    page = seen(hers, "course")
    assert "In 5 entries you noted the number twice. On average it was 8.0 and then 6.0." in page
    for words, number in (("lower", 2), ("the same", 2), ("higher", 1)):
        assert f'<th scope="row">{words}</th><td>{number}</td>' in page
    month = f"{mara.today():%b %Y}"
    cells = "".join(f"<td>{number}</td>" for number in (2, 0, 0, 1, 0, 1))
    assert f'<th scope="row">{month}</th>{cells}' in page


def test_check_ins_become_a_line_from_fourteen_in_twenty_eight_days(
    hers: Client, mara: User
) -> None:
    for back in range(13):
        check_in(mara, back=back, left_worry=3, steady=1)
    assert "once you have checked in 14 times" in seen(hers, "course")
    check_in(mara, back=28, left_worry=0, steady=3)
    assert "once you have checked in 14 times" in seen(hers, "course")
    check_in(mara, back=27, left_worry=0, steady=3)
    page = seen(hers, "course")
    assert "Room that worry took" in page
    assert "How settled" in page


def test_there_is_always_something_that_went_well_and_the_caveat(hers: Client, mara: User) -> None:
    for _ in range(5):
        write(mara, trigger="quarrel", strength=8)
    for name in ("insight_list", "triggers", "course", "choices", "works", "people"):
        page = seen(hers, name)
        assert "You noticed and wrote this down 5 times." in page
        assert "It cannot show causes." in page
    assert "You came to look" in seen(hers, "practice")


def test_it_asks_the_database_eight_times_however_much_there_is(
    hers: Client, mara: User, django_assert_num_queries: Any
) -> None:
    for back in range(20):
        write(mara, back=back, trigger="quarrel", strength=3)
        check_in(mara, back=back, steady=2)
    hers.get(reverse("insights:course"))
    with django_assert_num_queries(
        8
    ):  # session (read, and three for the openings), person, key, rows
        hers.get(reverse("insights:course"))
