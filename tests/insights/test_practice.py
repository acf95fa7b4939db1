"""Practice beside alarm: two rows, and no claim that one made the other."""

from django.test import Client
from django.urls import reverse

from healing.accounts.models import User
from tests.insights.conftest import check_in, practise, seen


def test_a_day_with_practice_counts_once_wherever_it_was_noted(hers: Client, mara: User) -> None:
    practise(mara, "E08")
    practise(mara, "E01")
    check_in(mara, practice=2, left_worry=2)
    check_in(mara, back=400, practice=0)
    page = seen(hers, "practice")
    assert "You have practised 2 times here. You checked in on 2 days." in page
    assert "There was practice on 1 day." in page
    assert "once you have checked in 14 times" in page


def test_alarm_stands_beside_it_with_the_same_numbers_in_picture_and_table(
    hers: Client, mara: User
) -> None:
    for back in range(14):
        check_in(mara, back=back, left_worry=2, steady=3, practice=back % 2)
    answer = hers.get(reverse("insights:practice"), {"time": "28-days"})
    steps = answer.context["steps"]
    assert sum(step.practised for step in steps) == 7
    assert answer.context["worry"]["picture"].bars.count("Z") == len(steps)
    page = seen(hers, "practice", "28-days")
    assert page.count("<td>2.0</td><td>3.0</td>") == len(steps)
    assert "14 days were settled for the most part." in page
    assert "nothing here says that one made the other" in page


def test_before_anything_there_is_a_way_to_the_exercises(hers: Client) -> None:
    assert reverse("exercises:exercise_list") in seen(hers, "practice")
