"""One exercise: open to everyone, with ratings for a person."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags

from exercises.models import Exercise, Session
from healing.accounts.models import User
from tests.exercises.conftest import ClientOf, Filled
from tests.factories import record_review


def page(client: Client, exercise: Exercise, **query: str) -> Any:
    return client.get(exercise.get_absolute_url(), query)


def shown(client: Client, exercise: Exercise, **query: str) -> str:
    return page(client, exercise, **query).content.decode()


def test_purpose_and_time_come_before_the_start_in_under_fifty_words(
    client: Client, shipped: None
) -> None:
    for exercise in Exercise.objects.published():
        html = shown(client, exercise)
        before = html[html.index('<div class="two exercise">') : html.index("data-go data-pause")]
        words = strip_tags(before + ">").split()
        assert exercise.purpose.split()[0] in words
        assert len(words) < 50, (exercise, words)


def test_it_says_who_leaves_it_out_and_what_to_take_instead(
    client: Client, breath: Exercise
) -> None:
    html = shown(client, breath)
    for line in breath.not_when.splitlines():
        assert line in html
    assert breath.gentler in html
    assert 'href="/exercises/finger-tracing/"' in html


def test_it_shows_the_evidence_with_links_to_its_sources(client: Client, breath: Exercise) -> None:
    html = shown(client, breath)
    assert "<b>Tested.</b> Trials of this practice" in html
    assert breath.evidence_note in html
    for source in ("B40", "B41", "B42", "B43"):
        assert f'href="{reverse("sources:source_list")}#{source}"' in html


def test_it_says_whether_a_clinician_has_read_it(client: Client, breath: Exercise) -> None:
    assert "has not been reviewed by a clinician yet" in shown(client, breath)
    record_review(breath, on=date(2026, 11, 2), by="Dr A. Yildiz")
    assert "Read and reviewed by Dr A. Yildiz on" in shown(client, breath)
    Exercise.objects.filter(pk=breath.pk).update(purpose="To do something else.")
    assert "It has changed since" in shown(client, breath)


def test_without_a_script_the_steps_are_a_numbered_list_with_seconds(
    client: Client, shipped: None
) -> None:
    senses = Exercise.objects.get(content_id="E01")
    steps = re.search(r"<ol .*?</ol>", shown(client, senses), re.S).group()
    assert steps.count("<li") == 6
    assert "Five things you see</b> <small>40 seconds</small>" in steps


def test_a_breathing_exercise_lists_one_breath_and_how_many(
    client: Client, breath: Exercise
) -> None:
    html = shown(client, breath)
    assert "Breathe in</b> <small>4 seconds</small>" in html
    assert "Breathe out</b> <small>6 seconds</small>" in html
    assert "18 breaths like this, or fewer." in html
    assert "There is nothing to do." in html


def test_another_way_changes_the_seconds(client: Client, breath: Exercise) -> None:
    html = shown(client, breath, variant="gentle")
    assert "Breathe in</b> <small>3 seconds</small>" in html
    assert "17 breaths like this" in html
    assert "<b>Gentle, two minutes</b>" in html


def test_half_as_long_has_half_the_breaths(client: Client, breath: Exercise) -> None:
    html = shown(client, breath, length="half")
    assert "9 breaths like this" in html
    assert "Breathe in</b> <small>4 seconds</small>" in html


def test_names_nobody_knows_give_the_standard_way(client: Client, breath: Exercise) -> None:
    html = shown(client, breath, variant="upside-down", length="endless")
    assert "18 breaths like this" in html


def test_a_visitor_can_do_it_and_is_told_that_nothing_is_stored(
    client: Client, breath: Exercise
) -> None:
    response = page(client, breath)
    html = response.content.decode()
    assert "data-go" in html
    assert "so nothing you do here is stored" in html
    assert "<form" not in html
    assert "csrfmiddlewaretoken" not in html
    assert not response.cookies


def test_a_visitor_costs_two_queries(
    client: Client, breath: Exercise, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(2):  # the exercise, and those it links to
        page(client, breath)


def test_a_person_costs_six_queries(
    mara: User, client_of: ClientOf, breath: Exercise, django_assert_num_queries: Any
) -> None:
    client = client_of(mara)
    with django_assert_num_queries(6):  # session, person, exercise, linked ones, count, last time
        page(client, breath)


def test_a_draft_is_not_found(client: Client, breath: Exercise) -> None:
    Exercise.objects.filter(pk=breath.pk).update(live=False)
    assert page(client, breath).status_code == 404


def test_a_person_may_rate_before_and_after_and_skip_both(
    mara: User, client_of: ClientOf, breath: Exercise
) -> None:
    html = shown(client_of(mara), breath)
    assert html.count('name="before"') == 11
    assert html.count('name="after"') == 11
    assert "required" not in re.search(r"<form.*</form>", html, re.S).group()
    assert '<details class="before">' in html


def test_a_stirring_exercise_asks_for_the_rating_instead_of_offering_it(
    mara: User, client_of: ClientOf, breath: Exercise
) -> None:
    Exercise.objects.filter(pk=breath.pk).update(intensity="medium")
    assert '<details class="before" open>' in shown(client_of(mara), breath)


def test_each_opening_brings_an_id_of_its_own(
    mara: User, client_of: ClientOf, breath: Exercise
) -> None:
    client = client_of(mara)
    found = {re.search(r'name="session" value="([^"]+)"', shown(client, breath))[1] for _ in "ab"}
    assert len(found) == 2


def test_opening_it_stores_nothing(mara: User, client_of: ClientOf, breath: Exercise) -> None:
    shown(client_of(mara), breath)
    assert not Session.objects.exists()


@pytest.fixture
def noted(
    mara: User, client_of: ClientOf, breath: Exercise, filled: Filled
) -> Callable[[int], dict[str, str]]:
    """Saves a rating before E05 and gives the query that leads back to the exercise."""

    def save(before: int | None) -> dict[str, str]:
        data = filled(before=before, ended=None, seconds=None)
        client_of(mara).post(reverse("exercises:session_save", args=[breath.slug]), data)
        return {"session": data["session"]}

    return save


def test_a_rating_before_is_shown_and_kept_in_the_form(
    mara: User, client_of: ClientOf, breath: Exercise, noted: Callable[[int], dict[str, str]]
) -> None:
    query = noted(4)
    html = shown(client_of(mara), breath, **query)
    assert "You noted 4 before." in html
    assert f'name="session" value="{query["session"]}"' in html
    assert 'name="before"' not in html


def test_at_eight_the_steadying_ones_come_first_and_this_one_stays(
    mara: User, client_of: ClientOf, breath: Exercise, noted: Callable[[int], dict[str, str]]
) -> None:
    html = shown(client_of(mara), breath, **noted(8))
    first = html[html.index("You noted 8.") : html.index("<form")]
    for slug in ("five-sense-orienting", "feet-seat-spine", "finger-tracing"):
        assert f'href="/exercises/{slug}/"' in first
    assert 'class="btn line" data-go' in html


def test_a_strangers_rating_is_not_found(
    theo: User, client_of: ClientOf, breath: Exercise, noted: Callable[[int], dict[str, str]]
) -> None:
    assert page(client_of(theo), breath, **noted(8)).status_code == 404


def test_a_visitor_sees_no_ones_rating(
    client: Client, breath: Exercise, noted: Callable[[int], dict[str, str]]
) -> None:
    assert "You noted" not in shown(client, breath, **noted(8))


@pytest.mark.parametrize("session", ["not-an-id", str(uuid4())])
def test_a_session_that_is_none_is_not_found(
    mara: User, client_of: ClientOf, breath: Exercise, session: str
) -> None:
    assert page(client_of(mara), breath, session=session).status_code == 404


def test_practice_is_counted_in_total_and_never_as_a_chain(
    mara: User, client_of: ClientOf, breath: Exercise, filled: Filled
) -> None:
    client = client_of(mara)
    assert "You have practised" not in shown(client, breath)
    save = reverse("exercises:session_save", args=[breath.slug])
    client.post(save, filled())
    assert "You have practised once." in shown(client, breath)
    client.post(reverse("exercises:session_save", args=["finger-tracing"]), filled())
    html = shown(client, breath)
    assert "You have practised 2 times." in html
    today = mara.today()
    assert f"This one last on {today.day} {today:%B}." in html


def test_a_rating_alone_is_no_practice(
    mara: User, client_of: ClientOf, breath: Exercise, noted: Callable[[int], dict[str, str]]
) -> None:
    noted(3)
    assert "You have practised" not in shown(client_of(mara), breath)


def test_after_a_rise_the_gentler_way_is_offered_next_time(
    mara: User, client_of: ClientOf, breath: Exercise, filled: Filled
) -> None:
    client = client_of(mara)
    save = reverse("exercises:session_save", args=[breath.slug])
    client.post(save, filled(before=2, after=5))
    assert "Last time this stirred things up." in shown(client, breath)
    client.post(save, filled(before=5, after=2))
    assert "Last time this stirred things up." not in shown(client, breath)
