"""/today/: one next step and why, from what the person has done and how safe they are."""

import re
from collections.abc import Callable
from datetime import time
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from exercises.actions import bounds, choose
from exercises.limits import REST
from exercises.models import Exercise
from healing.accounts.actions import give_consent
from healing.accounts.models import Consent, User
from healing.lessons.actions import keep_note
from healing.lessons.models import Lesson
from healing.reminders.actions import start_plan
from tests.checkins.conftest import HIGH, LEVELS, LOW, NOW, OPEN, days_later, give, main_of
from tests.lessons.conftest import practise

TODAY = reverse("today:today")
BEST = "Your number usually fell by"


def test_a_new_person_is_steadied_first(
    client_of: Callable[[User], Client], mara: User, content: None
) -> None:
    page = client_of(mara).get(reverse("today:today")).content.decode()
    assert page.count('class="btn"') == 1
    assert "/exercises/long-out-breath/?variant=gentle" in page
    assert "Not now" in page


def test_not_now_shows_the_step_behind_it_and_keeps_nothing(
    client_of: Callable[[User], Client], mara: User, content: None
) -> None:
    client = client_of(mara)
    second = client.get(reverse("today:today"), {"after": "steady_first"}).content.decode()
    assert "/questionnaires/starting-picture/" in second.split("Something else")[0]
    again = client.get(reverse("today:today")).content.decode()
    assert "variant=gentle" in again


def test_the_lesson_step_names_the_lesson_and_why(
    client_of: Callable[[User], Client], mara: User, content: None
) -> None:
    page = client_of(mara).get(reverse("today:today"), {"after": "check_in"}).content.decode()
    assert "Why we begin with steadiness" in page
    assert "This is where the programme begins." in page
    for lesson in Lesson.objects.published():
        keep_note(owner=mara, lesson=lesson, read=True)
    page = client_of(mara).get(reverse("today:today"), {"after": "check_in"}).content.decode()
    assert "Why we begin with steadiness" not in page


def test_another_persons_reading_is_not_mine(
    client_of: Callable[[User], Client], mara: User, theo: User, content: None
) -> None:
    keep_note(owner=theo, lesson=Lesson.objects.get(content_id="M1.1"), read=True)
    page = client_of(mara).get(reverse("today:today"), {"after": "check_in"}).content.decode()
    assert "Why we begin with steadiness" in page


def test_it_asks_the_database_a_fixed_number_of_times(
    client_of: Callable[[User], Client],
    mara: User,
    content: None,
    django_assert_max_num_queries: Any,
) -> None:
    client = client_of(mara)
    client.get(reverse("today:today"))
    # Safety answer, gentler path, her best exercise, aftercare, predictions, message, look-back.
    with django_assert_max_num_queries(22):
        client.get(reverse("today:today"))
    give(mara, HIGH)
    for place in range(20):
        practise(mara, "E08", place, before=6, after=3, framed=True)
    with django_assert_max_num_queries(23):  # her key, now that there is something to open
        client.get(reverse("today:today"))


# Somewhere between the first and the last zone on earth the date always differs.
@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago", "Europe/Berlin"])
def test_day_and_mail_are_told_on_the_persons_own_clock(
    client_of: Callable[[User], Client], mara: User, content: None, zone: str
) -> None:
    mara.time_zone = zone
    mara.save()
    give_consent(owner=mara, kind=Consent.Kind.MAIL)
    plan = start_plan(
        owner=mara,
        weekdays=frozenset(range(7)),
        local_time=time(20, 15),
        time_zone=zone,
        now=timezone.now(),
    )
    page = client_of(mara).get(reverse("today:today")).content.decode()
    assert f'<p class="quiet">{mara.today():%A}, ' in page
    (at,) = plan.coming(timezone.now(), 1)
    assert f"{at:%A}, {at.day} {at:%B} at 20:15" in page
    assert timezone.get_current_timezone_name() == "UTC"


def test_a_visitor_is_asked_to_sign_in(client: Client, db: None) -> None:
    assert client.get(reverse("today:today")).status_code == 302


# After a high safety level (programme 7.3) --------------------------------------------------------


def opened(client: Client, **query: str) -> str:
    answer = client.get(TODAY, query)
    assert answer.status_code == 200
    return main_of(answer.content.decode())


@pytest.mark.parametrize("level", ["high", "now"])
def test_after_a_high_level_only_what_is_calm_is_named(
    client_of: Callable[[User], Client], mara: User, content: None, level: str
) -> None:
    give(mara, LEVELS[level])
    client = client_of(mara)
    seen = [opened(client, after=step) for step in ("no_step", "steady_first", "check_in")]
    assert "Come down a notch first" in seen[0]
    assert 'href="/check-in/"' in seen[1].split("Something else")[0]
    assert "You can close this page" in seen[2]
    calm = {one.slug for one in Exercise.objects.filter(intensity=Exercise.Intensity.LOW)}
    for page in seen:
        assert "/questionnaires/" not in page
        assert "/lessons/" not in page
        assert "/journal/new/" not in page
        assert "Write down what happened" not in page
        assert "Read again, or read on" not in page
        named = set(re.findall(r'href="/exercises/([a-z0-9-]+)/', page))
        assert named <= calm
        assert named


def test_the_question_is_offered_again_on_the_next_day_and_can_be_passed(
    client_of: Callable[[User], Client], mara: User, content: None
) -> None:
    question = "How safe are you with yourself today?"
    give(mara, HIGH)
    client = client_of(mara)
    assert question not in opened(client)
    with days_later(1):
        page = opened(client)
        assert question in page
        assert 'href="/look-back/safety/"' in page
        assert "You may skip this." in page
        assert "Come down a notch first" in opened(client, after="safety")
    with days_later(10):
        assert question in opened(client)
        give(mara, HIGH)
        assert question not in opened(client)


@pytest.mark.parametrize("name", ["low", "none"])
def test_a_lower_level_brings_back_all_of_it(
    client_of: Callable[[User], Client], mara: User, content: None, name: str
) -> None:
    client = client_of(mara)
    for answers in (NOW, HIGH, LEVELS[name]):
        give(mara, answers)
    page = opened(client, after="steady_first")
    assert "/questionnaires/starting-picture/" in page
    assert "Write down what happened" in page
    assert "Why we begin with steadiness" in opened(client, after="check_in")


def test_an_answer_without_a_level_changes_nothing(
    client_of: Callable[[User], Client], mara: User, content: None
) -> None:
    client = client_of(mara)
    give(mara, OPEN)
    assert "Write down what happened" in opened(client)
    give(mara, HIGH)
    give(mara, OPEN)
    assert "Write down what happened" not in opened(client)


def test_in_danger_help_comes_first_at_each_visit_and_can_be_left(
    client_of: Callable[[User], Client], mara: User, content: None
) -> None:
    client = client_of(mara)
    give(mara, NOW)
    for _ in range(2):
        answer = client.get(TODAY)
        assert answer.headers["Location"] == reverse("checkins:safety")
    page = client.get(TODAY, follow=True).content.decode()
    way_out = re.search(r'href="(/today/\?stay=yes)"', page)
    assert way_out
    assert "Good to see you." in client.get(way_out[1]).content.decode()
    assert "You can close this page" in opened(client, after="check_in")
    assert client.get(TODAY).status_code == 302
    give(mara, OPEN)
    assert client.get(TODAY).status_code == 302
    give(mara, HIGH)
    assert client.get(TODAY).status_code == 200


def test_a_wrong_tap_put_right_shows_help_first_no_more(
    client_of: Callable[[User], Client], mara: User, content: None
) -> None:
    client = client_of(mara)
    row = give(mara, NOW).pk
    give(mara, LOW, row)
    assert client.get(TODAY).status_code == 200


def test_another_persons_level_is_not_mine(
    client_of: Callable[[User], Client], mara: User, theo: User, content: None
) -> None:
    give(theo, NOW)
    assert "Write down what happened" in opened(client_of(mara))


# The person's own best exercise ------------------------------------------------------------------


def best_of(page: str) -> tuple[str, bool]:
    """The exercise beside the step, and whether its usual fall is told."""
    beside = page.split("Something else")[1]
    found = re.findall(r'href="/exercises/([a-z0-9-]+)/"', beside)
    return found[0], BEST in beside


def rate(person: User, exercise: str, fall: int, times: int = 5) -> None:
    for place in range(times):
        practise(person, exercise, place, before=7, after=7 - fall)


def test_what_helped_most_is_named_with_its_usual_fall(
    client_of: Callable[[User], Client], mara: User, theo: User, content: None
) -> None:
    client = client_of(mara)
    assert best_of(opened(client)) == ("long-out-breath", False)
    rate(mara, "E03", fall=4, times=4)
    rate(theo, "E03", fall=4)
    assert best_of(opened(client)) == ("long-out-breath", False)
    rate(mara, "E03", fall=4, times=1)
    rate(mara, "E08", fall=2)
    page = opened(client)
    assert best_of(page) == ("here-and-now-facts", True)
    assert f"{BEST} 4 after this" in page
    choose(owner=mara, exercise="E03", as_="hidden", on=True)
    page = opened(client)
    assert best_of(page) == ("finger-tracing", True)
    assert f"{BEST} 2 after this" in page


@pytest.mark.parametrize("exercise", ["E20", "E32", "E33", "E35"])
def test_what_goes_deep_is_never_named_for_a_hard_minute(
    client_of: Callable[[User], Client], mara: User, content: None, exercise: str
) -> None:
    rate(mara, exercise, fall=6)
    assert best_of(opened(client_of(mara))) == ("long-out-breath", False)


def test_after_a_high_level_the_best_one_of_low_intensity_is_named(
    client_of: Callable[[User], Client], mara: User, content: None
) -> None:
    client = client_of(mara)
    rate(mara, "E14", fall=6)
    rate(mara, "E08", fall=2)
    assert best_of(opened(client)) == ("passing-messages", True)
    give(mara, HIGH)
    assert best_of(opened(client)) == ("finger-tracing", True)


def test_where_all_are_put_away_steady_me_is_named(
    client_of: Callable[[User], Client], mara: User, content: None
) -> None:
    for exercise in ("E05", "E08", "E02", "E01"):
        choose(owner=mara, exercise=exercise, as_="hidden", on=True)
    page = opened(client_of(mara))
    assert f'href="{reverse("exercises:steady")}"' in page


# How the rest of the day was (programme 5.9) ------------------------------------------------------


@pytest.mark.parametrize(
    ("days_ago", "said", "is_asked"),
    [
        (0, {"framed": True}, False),
        (1, {"framed": True}, True),
        (14, {"framed": True}, True),
        (15, {"framed": True}, False),
        (1, {"framed": False}, False),
        (1, {"framed": None}, False),
        (1, {"framed": True, "aftercare": "fine"}, False),
    ],
)
def test_the_day_after_what_goes_deep_it_is_asked_how_the_rest_was(
    client_of: Callable[[User], Client],
    mara: User,
    content: None,
    days_ago: int,
    said: dict[str, Any],
    is_asked: bool,
) -> None:
    session = practise(mara, "E32", days_ago, **said)
    page = opened(client_of(mara))
    assert ("How was the rest of that day?" in page) is is_asked
    assert (f'action="/exercises/done/{session.pk}/aftercare/"' in page) is is_asked
    assert "First hello" not in page


def test_another_persons_day_is_not_asked_about(
    client_of: Callable[[User], Client], mara: User, theo: User, content: None
) -> None:
    practise(theo, "E32", 1, framed=True)
    assert "How was the rest of that day?" not in opened(client_of(mara))


@pytest.mark.parametrize("said", ["fine", "stirred", "rough"])
def test_it_is_answered_once_and_a_rough_day_lets_such_exercises_rest(
    client_of: Callable[[User], Client], mara: User, content: None, said: str
) -> None:
    session = practise(mara, "E33", 1, framed=True)
    client = client_of(mara)
    address = f"/exercises/done/{session.pk}/aftercare/"
    assert client.post(address, {"aftercare": said}, follow=True).status_code == 200
    assert "How was the rest of that day?" not in opened(client)
    rests = str(mara.today() + REST) if said == "rough" else None
    assert bounds(owner=mara)["frame_rests_until"] == rests
