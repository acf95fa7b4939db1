"""/today/ and the mails: when the next comes, how they start again, and what is due today."""

from collections.abc import Callable
from datetime import time, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from healing.accounts.actions import give_consent
from healing.accounts.models import Consent, User
from healing.checkins.models import LookBack
from healing.reminders.actions import start_plan, stop_plan, take_break
from healing.reminders.models import Plan
from tests.checkins.conftest import HIGH, give, main_of
from tests.lessons.conftest import practise

TODAY = reverse("today:today")
LOOK_BACK = "A look back at the last seven days."
PRACTICE = "The exercise you chose to practise"


@pytest.fixture
def client(client_of: Callable[[User], Client], mara: User, content: None) -> Client:
    give_consent(owner=mara, kind=Consent.Kind.MAIL)
    return client_of(mara)


def plan(owner: User, kind: str = Plan.Kind.CHECK_IN, **fields: Any) -> Plan:
    asked = {
        "weekdays": frozenset(range(7)),
        "local_time": time(20, 15),
        "time_zone": "Europe/Berlin",
        "now": timezone.now(),
    }
    return start_plan(owner=owner, kind=Plan.Kind(kind), **(asked | fields))


def opened(client: Client, **query: str) -> str:
    return main_of(client.get(TODAY, query).content.decode())


def step_of(client: Client, **query: str) -> str:
    return opened(client, **query).split("Something else")[0]


def test_the_next_mail_is_the_next_over_all_plans(client: Client, mara: User) -> None:
    later = plan(mara, weekdays=frozenset([(mara.today().weekday() + 4) % 7]))
    sooner = plan(mara, Plan.Kind.LOOK_BACK, weekdays=frozenset([(mara.today().weekday() + 2) % 7]))
    page = opened(client)
    for one, stands in ((sooner, True), (later, False)):
        (at,) = one.coming(timezone.now(), 1)
        assert at is not None
        assert (f"{at:%A}, {at.day} {at:%B} at 20:15" in page) is stands


def test_without_a_plan_or_consent_nothing_is_promised(client: Client, mara: User) -> None:
    assert "No mail is planned." in opened(client)
    plan(mara)
    assert "Your next mail comes on" in opened(client)
    Consent.objects.of(mara).filter(kind=Consent.Kind.MAIL).delete()
    assert "Your next mail comes on" not in opened(client)


@pytest.mark.parametrize("days", [3, None])
def test_a_break_is_one_calm_line_with_one_press_back(
    client: Client, mara: User, days: int | None
) -> None:
    plan(mara)
    until = timezone.now() + timedelta(days=days) if days else None
    take_break(owner_id=mara.pk, until=until, now=timezone.now())
    page = opened(client)
    assert "Your mails are on a break" in page
    assert "A mail at an hour you choose" not in page
    sent = {"back": "today"}
    assert 'action="/reminders/again/"' in page
    page = main_of(client.post("/reminders/again/", sent, follow=True).content.decode())
    assert "Your next mail comes on" in page


def test_mails_that_went_quiet_are_one_calm_line(client: Client, mara: User) -> None:
    plan(mara)
    Plan.objects.update(quiet_since=timezone.now(), next_due_at=None, next_local_date=None)
    assert "Your mails went quiet." in opened(client)


def test_the_question_of_a_journey_stands_ready_and_hidden(client: Client, mara: User) -> None:
    assert "data-travelling" not in opened(client)
    plan(mara)
    page = client.get(TODAY).content.decode()
    assert '<form hidden method="post" action="/reminders/zone/"' in page
    assert "js/travelling.js" in page


def settle(person: User) -> None:
    """Past the first days: nothing is open before the look-back."""
    practise(person, "E05", 3)


def step_before(client: Client) -> str:
    """What comes after the first questions are set aside: the step in question, or a lesson."""
    return step_of(client, after="check_in")


@pytest.mark.parametrize(
    ("days_ago", "is_due"), [(None, False), (0, False), (1, False), (7, False), (8, True)]
)
def test_without_a_plan_the_look_back_is_named_a_week_after_the_last(
    client: Client, mara: User, days_ago: int | None, is_due: bool
) -> None:
    settle(mara)
    if days_ago is not None:
        day = mara.today() - timedelta(days=days_ago)
        LookBack.objects.create(owner=mara, local_date=day, said={"rang": "never"})
    page = step_before(client)
    assert (LOOK_BACK in page) is is_due
    if is_due:
        assert 'href="/look-back/"' in page
        assert 'href="?after=look_back"' in page


def test_on_the_day_of_its_mail_it_is_named_until_it_is_made(client: Client, mara: User) -> None:
    settle(mara)
    today = mara.today()
    found = plan(mara, Plan.Kind.LOOK_BACK, weekdays=frozenset([today.weekday()]))
    for dates in ({"next_local_date": today}, {"last_local_date": today}):
        Plan.objects.filter(pk=found.pk).update(
            **({"next_local_date": today + timedelta(days=7)} | dates)
        )
        assert LOOK_BACK in step_before(client)
    LookBack.objects.create(owner=mara, local_date=today, said={"rang": "never"})
    assert LOOK_BACK not in step_before(client)


def test_on_other_days_and_after_it_was_stopped_it_is_not(client: Client, mara: User) -> None:
    settle(mara)
    other = (mara.today().weekday() + 3) % 7
    found = plan(mara, Plan.Kind.LOOK_BACK, weekdays=frozenset([other]))
    assert LOOK_BACK not in step_before(client)
    Plan.objects.update(last_local_date=mara.today())
    stop_plan(plan_id=found.pk)
    assert LOOK_BACK not in step_before(client)


def test_a_practice_is_named_on_its_day_without_its_exercise_until_it_is_done(
    client: Client, mara: User
) -> None:
    settle(mara)
    found = plan(mara, Plan.Kind.PRACTICE, exercise="E08")
    Plan.objects.filter(pk=found.pk).update(last_local_date=mara.today())
    page = step_before(client)
    assert PRACTICE in page
    assert 'href="/reminders/practice/go/"' in page
    assert "Finger" not in page
    practise(mara, "E08", 0)
    assert PRACTICE not in step_before(client)


def test_after_a_high_level_neither_is_named(client: Client, mara: User) -> None:
    settle(mara)
    found = plan(mara, Plan.Kind.PRACTICE, exercise="E08")
    plan(mara, Plan.Kind.LOOK_BACK)
    Plan.objects.update(last_local_date=mara.today())
    give(mara, HIGH)
    for step in ("no_step", "steady_first", "check_in"):
        page = step_of(client, after=step)
        assert LOOK_BACK not in page
        assert PRACTICE not in page
    assert found.pk


def test_another_persons_look_back_is_not_hers(client: Client, mara: User, theo: User) -> None:
    settle(mara)
    day = theo.today() - timedelta(days=20)
    LookBack.objects.create(owner=theo, local_date=day, said={"rang": "never"})
    assert LOOK_BACK not in step_before(client)
