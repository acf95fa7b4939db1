"""One exercise: open to everyone, with ratings for a person."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags

from exercises.models import Exercise, Session
from exercises.page import short_first
from exercises.timeline import timeline
from healing.accounts.models import User
from tests.exercises.conftest import ClientOf, Filled, address, begin, save, the
from tests.factories import record_review


def page(client: Client, exercise: Exercise, **query: str) -> Any:
    return client.get(exercise.get_absolute_url(), query)


def shown(client: Client, exercise: Exercise, **query: str) -> str:
    return page(client, exercise, **query).content.decode()


def test_purpose_and_time_come_before_the_start_in_under_fifty_words(
    client: Client, shipped: None
) -> None:
    too_long = {}
    for exercise in Exercise.objects.published():
        html = shown(client, exercise).partition('<div class="two exercise">')[2]
        # The player; a list of steps without a clock; what stands there instead of the steps.
        starts = ("data-go data-pause", '<ol class="phases"', '<div class="note flow">')
        before = html[: min(html.index(start) for start in starts if start in html)]
        words = strip_tags(re.sub("<[^>]*$", "", before)).split()
        assert exercise.purpose.split()[0] in words
        if len(words) >= 50:
            too_long[exercise.content_id] = len(words)
    assert too_long == {}


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
    assert 'method="post"' not in html
    assert "csrfmiddlewaretoken" not in html
    assert not response.cookies


def test_a_visitor_costs_two_queries(
    client: Client, breath: Exercise, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(2):  # the exercise, and those it links to
        page(client, breath)


def test_a_person_costs_seven_queries(
    mara: User, client_of: ClientOf, breath: Exercise, django_assert_num_queries: Any
) -> None:
    client = client_of(mara)
    # session, person, exercise, sessions, choices, linked ones, count
    with django_assert_num_queries(7):
        page(client, breath)


def test_one_with_a_frame_costs_eleven_queries(
    hers: Client, ready: User, django_assert_num_queries: Any
) -> None:
    exercise = the("E32")
    # as above, and: high ones, this week, what is open, the key to it
    with django_assert_num_queries(11):
        page(hers, exercise)


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


# Without an account -------------------------------------------------------------------------------

SCREENED = ["E25", "E26", "E27", "E28", "E30", "E32", "E33", "E35"]


@pytest.mark.parametrize("content_id", SCREENED)
def test_a_visitor_sees_no_step_of_what_asks_first_and_gets_no_cookie(
    client: Client, shipped: None, content_id: str
) -> None:
    exercise = the(content_id)
    for way in exercise.as_row()["variants"]:
        response = page(client, exercise, variant=way["name"], open="open", session=str(uuid4()))
        html = unescape(response.content.decode())
        assert 'class="phases"' not in html
        assert "data-go" not in html
        for phase in timeline(way).round:
            assert str(phase.text) not in html
        assert f"{reverse('account_login')}?next={exercise.get_absolute_url()}" in html
        assert not response.cookies


def test_a_visitor_sees_the_steps_of_all_others(client: Client, shipped: None) -> None:
    for exercise in Exercise.objects.published().exclude(content_id__in=SCREENED):
        response = page(client, exercise)
        assert 'class="phases"' in response.content.decode(), exercise
        assert not response.cookies


def test_a_visitor_is_told_of_help_where_it_is_about_another_person(
    client: Client, shipped: None
) -> None:
    html = shown(client, the("E25"))
    assert "you do not need an exercise first" in html
    assert f'href="{reverse("safety:help")}"' in html


def test_every_player_can_be_stopped(hers: Client, ready: User) -> None:
    for exercise in Exercise.objects.published().exclude(content_id__in=SCREENED):
        html = shown(hers, exercise)
        if exercise.as_row() and "guided-player" in html:
            assert "data-stop" in html, exercise
    for content_id in ("E32",):
        session = begin(hers, content_id)
        html = shown(hers, the(content_id), session=str(session.pk))
        assert 'data-back="Stop: the way back"' in html


def test_a_search_finds_no_step_that_something_is_asked_before(shipped: None) -> None:
    for content_id in ("E25", "E26", "E27", "E28", "E30", "E32", "E33", "E35"):
        exercise = the(content_id)
        words = " ".join(exercise.open_text())
        assert exercise.purpose in words
        for way in exercise.as_row()["variants"]:
            for phase in timeline(way).round:
                assert str(phase.text) not in words
                assert str(phase.label) not in words
    assert "Five things you see" in the("E01").open_text()


# So many breaths ----------------------------------------------------------------------------------


def test_so_many_breaths_can_be_asked_for(client: Client, breath: Exercise) -> None:
    html = shown(client, breath, variant="gentle", rounds="5")
    assert "5 breaths like this" in html
    assert "Breathe in</b> <small>3 seconds</small>" in html
    assert 'name="rounds" type="number" min="1" max="60" inputmode="numeric" value="5"' in html


@pytest.mark.parametrize("rounds", ["0", "61", "many", "9" * 5000])
def test_a_number_of_breaths_that_is_none_gives_the_usual(
    client: Client, breath: Exercise, rounds: str
) -> None:
    assert "18 breaths like this" in shown(client, breath, rounds=rounds)


def test_steps_have_no_field_for_breaths(client: Client, shipped: None) -> None:
    assert 'name="rounds"' not in shown(client, the("E01"))


def test_a_frame_has_no_other_length(hers: Client, ready: User) -> None:
    session = begin(hers, "E32")
    html = shown(hers, the("E32"), session=str(session.pk), length="half")
    assert "How long" not in html
    assert "Feet and seat</b> <small>40 seconds</small>" in html


# The trigger chain --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "hour", "short"),
    [
        pytest.param(7, 12, False, id="at seven by day"),
        pytest.param(8, 12, True, id="at eight"),
        pytest.param(None, 12, False, id="by day"),
        pytest.param(None, 21, False, id="before ten in the evening"),
        pytest.param(None, 22, True, id="from ten in the evening on"),
        pytest.param(None, 5, True, id="before six in the morning"),
        pytest.param(None, 6, False, id="from six in the morning on"),
    ],
)
def test_the_short_form_of_the_chain_comes_first_in_a_wave_and_at_night(
    shipped: None, before: int | None, hour: int, short: bool
) -> None:
    assert short_first(the("E16"), before, hour) is short
    assert not short_first(the("E17"), before, hour)


def hours_away(owner: User, *, hour: int) -> None:
    """Lets the person live where it is this hour of the day now."""
    shift = (hour - datetime.now(UTC).hour) % 24
    shift = shift if shift <= 14 else shift - 24
    # POSIX names count the other way round.
    owner.time_zone = f"Etc/GMT{-shift:+d}" if shift else "Etc/GMT"
    owner.save()


def test_at_night_the_page_shows_the_short_form_and_the_whole_chain_is_one_tap_away(
    mara: User, hers: Client
) -> None:
    hours_away(mara, hour=23)
    html = shown(hers, the("E16"))
    assert "<b>Short form</b>" in html
    assert 'href="?variant=standard"' in html
    assert "<b>The whole chain</b>" in shown(hers, the("E16"), variant="standard")


def test_by_day_the_page_shows_the_whole_chain(mara: User, hers: Client) -> None:
    hours_away(mara, hour=12)
    assert "<b>The whole chain</b>" in shown(hers, the("E16"))


def test_at_eight_before_the_page_shows_the_short_form(mara: User, hers: Client) -> None:
    hours_away(mara, hour=12)
    for before, label in ((7, "The whole chain"), (8, "Short form")):
        session = save(hers, "E16", before=before, ended=None)
        assert f"<b>{label}</b>" in shown(hers, the("E16"), session=str(session.pk))


# What lasts days ----------------------------------------------------------------------------------


def test_the_evidence_file_goes_on_where_it_was_left_whatever_the_day(
    mara: User, hers: Client
) -> None:
    file = the("E21")
    assert "<b>First sitting: open the file</b>" in shown(hers, file)
    first = save(hers, "E21", **{"note-core-sentence": "People go", "note-belief": "70"})
    Session.objects.filter(pk=first.pk).update(
        created=first.created - timedelta(days=90),
        local_date=first.local_date - timedelta(days=90),
    )
    for number in range(14):
        assert "<b>Each day: one note</b>" in shown(hers, file), number
        save(hers, "E21", variant="day", **{"note-daily-item": f"Small thing {number}"})
    html = shown(hers, file)
    assert "<b>Look back: the number again</b>" in html
    assert "What you wrote up to now" in html
    for words in ("People go", "Small thing 0", "Small thing 13"):
        assert words in html
    save(hers, "E21", variant="look-back", **{"note-belief": "40"})
    assert "<b>First sitting: open the file</b>" in shown(hers, file)


def test_no_day_of_a_course_is_counted_against_anyone(hers: Client) -> None:
    save(hers, "E21")
    save(hers, "E21", variant="day")
    text = strip_tags(shown(hers, the("E21")))
    assert not re.search(r"in a row|streak|missed|day \d+ of|\d+ of 14|days? left", text, re.I)


def test_a_note_stays_with_its_course_and_an_earlier_course_is_not_shown(hers: Client) -> None:
    save(hers, "E21", **{"note-core-sentence": "The old one"})
    save(hers, "E21", **{"note-core-sentence": "The new one"})
    html = shown(hers, the("E21"))
    assert "The new one" in html
    assert "The old one" not in html


def test_notes_of_an_exercise_of_one_sitting_are_not_shown_again(hers: Client) -> None:
    save(hers, "E17", **{"note-echo": "the empty hallway"})
    assert "the empty hallway" not in shown(hers, the("E17"))


def test_a_stranger_sees_no_course_of_hers(theo: User, hers: Client, client_of: ClientOf) -> None:
    save(hers, "E21", **{"note-core-sentence": "People go"})
    html = shown(client_of(theo), the("E21"))
    assert "People go" not in html
    assert "<b>First sitting: open the file</b>" in html


# What their numbers say ---------------------------------------------------------------------------


def test_the_page_says_what_the_numbers_say(hers: Client, breath: Exercise) -> None:
    for _ in range(5):
        save(hers, "E05", before=6, after=4)
    words = "Your number after it, of 5 times: usually fell by 2; between −2 and −2."
    assert words in shown(hers, breath)


# The loop map -------------------------------------------------------------------------------------


def test_the_loop_map_is_open_at_seven_and_closed_for_the_day_at_eight(hers: Client) -> None:
    seven = save(hers, "E20", before=7, ended=None)
    assert 'class="phases"' in shown(hers, the("E20"), session=str(seven.pk))
    eight = save(hers, "E20", before=8, ended=None)
    html = shown(hers, the("E20"), session=str(eight.pk))
    assert "Closed for today." in html
    assert 'class="phases"' not in html
    for content_id in ("E01", "E34"):
        assert f'href="{address(content_id)}"' in html
    assert "Closed for today." in shown(hers, the("E20"))


def test_a_loud_number_before_another_exercise_closes_nothing(hers: Client) -> None:
    save(hers, "E05", before=10, after=10)
    assert 'class="phases"' in shown(hers, the("E20"))
