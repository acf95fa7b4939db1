"""Two questions about the other person before E25-E28: what they open, and that none is kept."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from exercises.models import Other, Session
from healing.accounts.models import User
from tests.exercises.conftest import SAFE, ClientOf, address, kept_of, save, the

ASKING = ["E25", "E26", "E27", "E28"]
Asked = Callable[..., Any]


@pytest.fixture
def asked(hers: Client) -> Asked:
    """Answers the questions before an exercise; a field of None is left open."""

    def answer(content_id: str = "E25", **changed: Any) -> Any:
        data = {"name": "K.", **SAFE, **changed}
        sent = {name: value for name, value in data.items() if value is not None}
        return hers.post(address(content_id, "person_screen"), sent)

    return answer


def opens(response: Any, content_id: str) -> bool:
    """Whether the answer leads to the steps, and not to the page in their place."""
    if response.status_code == 200:
        assert "<h1>Not suggested now</h1>" in response.content.decode()
        return False
    assert response.url.startswith(f"{address(content_id)}?open=")
    return True


def other(owner: User) -> Other:
    found: Other = Other.objects.of(owner).get()
    return found


def yesterday(owner: User) -> str:
    return (owner.today() - timedelta(days=1)).isoformat()


@pytest.mark.parametrize("content_id", ASKING)
def test_the_questions_come_before_the_steps(hers: Client, content_id: str) -> None:
    html = hers.get(address(content_id)).content.decode()
    assert f'action="{address(content_id, "person_screen")}"' in html
    assert 'class="phases"' not in html
    assert "Could this person hurt you, or make you pay for it, if you do this?" in html
    assert "Has this person hurt, threatened, followed or controlled you?" in html
    assert ("Do they mostly respect my no?" in html) is (content_id == "E28")


@pytest.mark.parametrize("content_id", ASKING)
def test_two_times_no_opens_the_steps(hers: Client, asked: Asked, content_id: str) -> None:
    response = asked(content_id)
    assert opens(response, content_id)
    html = hers.get(response.url).content.decode()
    assert '<ol class="phases"' in html
    assert "person_screen" not in html


@pytest.mark.parametrize("content_id", ASKING)
@pytest.mark.parametrize("question", ["could_hurt", "has_hurt"])
@pytest.mark.parametrize("answer", ["yes", "not_sure", None])
def test_anything_else_shows_help_in_their_place(
    mara: User, asked: Asked, content_id: str, question: str, answer: str | None
) -> None:
    response = asked(content_id, **{question: answer})
    assert not opens(response, content_id)
    html = response.content.decode()
    assert f'href="{reverse("safety:help")}"' in html
    assert 'id="help-now"' in html
    assert f'href="{address("E30")}"' in html
    assert other(mara).said["rests_since"] == mara.today().isoformat()


@pytest.mark.parametrize("answer", ["no", "not_sure", None])
def test_the_ladder_needs_a_yes_to_the_third_question(
    mara: User, asked: Asked, answer: str | None
) -> None:
    assert not opens(asked("E28", respects_no=answer), "E28")
    assert other(mara).said["rests_since"] is None
    assert opens(asked("E25"), "E25")


def test_nobody_in_particular_has_no_questions_and_keeps_nobody(asked: Asked) -> None:
    unasked = {"name": None, "could_hurt": None, "has_hurt": None, "respects_no": None}
    for content_id in ASKING:
        assert opens(asked(content_id, **unasked, nobody="on"), content_id)
    assert not Other.objects.exists()


@pytest.mark.parametrize("changed", [{"name": None}, {"name": " "}, {"nobody": "on"}])
def test_it_is_either_somebody_or_nobody(asked: Asked, changed: Any) -> None:
    response = asked(**changed)
    html = response.content.decode()
    assert "Write a nickname or an initial, or choose “nobody in particular”." in html
    assert 'class="phases"' not in html
    assert 'name="has_hurt" value="no" checked' in html
    assert not Other.objects.exists()


def test_a_wrong_answer_opens_nothing(asked: Asked) -> None:
    html = asked(has_hurt="maybe").content.decode()
    assert "Choose one of the answers, or none." in html
    assert 'class="phases"' not in html


# Whoever rests ------------------------------------------------------------------------------------


@pytest.mark.parametrize("content_id", ASKING)
def test_somebody_rests_in_all_four_for_the_rest_of_the_day(asked: Asked, content_id: str) -> None:
    asked("E25", has_hurt="yes")
    response = asked(content_id)
    assert not opens(response, content_id)
    assert "The questions can be answered again from tomorrow on." in response.content.decode()


def test_the_page_of_somebody_who_rests_gives_no_reason(asked: Asked) -> None:
    asked("E25", has_hurt="yes")
    html = asked("E25").content.decode()
    main = html[html.index("<h1>") : html.index('id="help-now"')]
    for word in ("hurt", "threat", "safe", "danger", "K."):
        assert word not in main


@pytest.mark.parametrize("name", ["k.", " K. ", "K."])
def test_a_name_is_the_same_however_it_is_written(asked: Asked, name: str) -> None:
    asked("E25", has_hurt="yes")
    assert not opens(asked("E26", name=name), "E26")
    assert Other.objects.count() == 1


def test_somebody_else_does_not_rest_with_them(asked: Asked) -> None:
    asked("E25", has_hurt="yes")
    assert opens(asked("E25", name="Jo"), "E25")


def test_from_the_next_day_on_two_times_no_opens_again(mara: User, asked: Asked) -> None:
    asked("E25", has_hurt="yes")
    row = other(mara)
    row.said = row.said | {"rests_since": yesterday(mara)}
    row.save()
    assert opens(asked("E25"), "E25")
    assert other(mara).said["rests_since"] is None
    assert opens(asked("E27"), "E27")


def test_the_next_day_one_not_sure_lets_them_rest_again(mara: User, asked: Asked) -> None:
    asked("E25", has_hurt="yes")
    row = other(mara)
    row.said = row.said | {"rests_since": yesterday(mara)}
    row.save()
    assert not opens(asked("E25", could_hurt="not_sure"), "E25")
    assert other(mara).said["rests_since"] == mara.today().isoformat()


def test_a_tick_in_alarm_or_answer_lets_them_rest(hers: Client, asked: Asked) -> None:
    hers.post(address("E30", "alarm_screen"), {"ticks": ["afraid"], "name": "K."})
    for content_id in ASKING:
        assert not opens(asked(content_id), content_id)


def test_none_of_these_in_alarm_or_answer_ends_no_rest(hers: Client, asked: Asked) -> None:
    asked("E25", has_hurt="yes")
    hers.post(address("E30", "alarm_screen"), {"ticks": ["none"], "name": "K."})
    assert not opens(asked("E25"), "E25")


# The mark in the address --------------------------------------------------------------------------


@pytest.mark.parametrize("mark", ["", "open", "open:1abc:xyz"])
def test_without_the_mark_the_questions_come(hers: Client, mark: str) -> None:
    html = hers.get(address("E25"), {"open": mark}).content.decode()
    assert 'class="phases"' not in html


def test_the_mark_opens_one_exercise_for_one_person(
    hers: Client, theo: User, client_of: ClientOf, asked: Asked
) -> None:
    query = asked("E25").url.partition("?")[2]
    assert b'class="phases"' in hers.get(f"{address('E25')}?{query}").content
    assert b'class="phases"' not in hers.get(f"{address('E26')}?{query}").content
    assert b'class="phases"' not in client_of(theo).get(f"{address('E25')}?{query}").content


def test_noting_a_number_does_not_ask_the_questions_again(hers: Client, asked: Asked) -> None:
    opened = asked("E25").url
    html = hers.get(opened).content.decode()
    query = opened.partition("?")[2].replace("&", "&amp;")
    action = f"{address('E25', 'session_save')}?{query}"
    assert f'action="{action}"' in html
    data = {"session": "0b0f7a3e-1111-4222-8333-444455556666", "variant": "standard", "before": 4}
    back = hers.post(action, data)
    shown = hers.get(back.url).content.decode()
    assert "You noted 4 before." in shown
    assert '<ol class="phases"' in shown


def test_the_way_and_session_asked_for_come_back_after_the_questions(hers: Client) -> None:
    session = save(hers, "E26", variant="small-no", **{"note-small-no": "No lift on Sunday"})
    query = {"session": str(session.pk), "variant": "small-no"}
    html = hers.get(address("E26"), query).content.decode()
    action = f"{address('E26', 'person_screen')}?session={session.pk}&variant=small-no"
    assert f'action="{action.replace("&", "&amp;")}"' in html
    shown = hers.get(hers.post(action, {"name": "K.", **SAFE}).url).content.decode()
    assert "No lift on Sunday</textarea>" in shown


# What is kept -------------------------------------------------------------------------------------


def test_no_column_and_no_sealed_word_holds_an_answer(mara: User, asked: Asked) -> None:
    answers = [
        {"could_hurt": "yes", "has_hurt": "no"},
        {"could_hurt": "no", "has_hurt": "yes"},
        {"could_hurt": "not_sure", "has_hurt": None},
    ]
    for number, one in enumerate(answers):
        asked("E28", name=f"Person {number}", **one)
    rows = list(Other.objects.of(mara))
    # However they were answered, the rows differ in the name alone.
    for row in rows:
        assert row.said | {"name": ""} == {
            "name": "",
            "rests_since": mara.today().isoformat(),
            "starts": {"E28": [mara.today().isoformat()]},
        }
    assert {field.name for field in Other._meta.fields} == {"id", "owner", "created", "said"}
    kept = kept_of(mara)
    for word in ("could_hurt", "has_hurt", "respects_no", "not_sure", '"yes"', '"no"'):
        assert word not in kept


def test_an_opened_exercise_keeps_no_answer_either(mara: User, asked: Asked) -> None:
    asked("E28")
    assert other(mara).said == {
        "name": "K.",
        "rests_since": None,
        "starts": {"E28": [mara.today().isoformat()]},
    }
    for word in ("could_hurt", "has_hurt", "respects_no", '"yes"', '"no"'):
        assert word not in kept_of(mara)
    assert not Session.objects.exists()


def test_only_the_last_two_weeks_of_starts_are_kept(mara: User, asked: Asked) -> None:
    asked("E25")
    row, today = other(mara), mara.today()
    days = [(today - timedelta(days=days)).isoformat() for days in (14, 13)]
    row.said = row.said | {"starts": {"E25": days}}
    row.save()
    asked("E25")
    assert other(mara).said["starts"]["E25"] == [days[1], today.isoformat()]


def test_sending_twice_makes_one_row(asked: Asked) -> None:
    asked("E25")
    asked("E25")
    assert Other.objects.count() == 1


# Access -------------------------------------------------------------------------------------------


def test_a_stranger_knows_nothing_of_who_rests(
    theo: User, client_of: ClientOf, asked: Asked
) -> None:
    asked("E25", has_hurt="yes")
    response = client_of(theo).post(address("E25", "person_screen"), {"name": "K.", **SAFE})
    assert opens(response, "E25")


@pytest.mark.parametrize("content_id", ["E01", "E30", "E32"])
def test_an_exercise_that_does_not_ask_is_not_found(hers: Client, content_id: str) -> None:
    assert hers.get(address(content_id, "person_screen")).status_code == 404


def test_opening_the_address_leads_to_the_exercise(hers: Client) -> None:
    assert hers.get(address("E25", "person_screen")).url == address("E25")


def test_an_expired_session_gives_the_form_back_filled(client: Client, shipped: None) -> None:
    data = {"name": "Aunt Ç", "could_hurt": "no", "has_hurt": "yes", "respects_no": "yes"}
    response = client.post(address("E28", "person_screen"), data)
    assert response.status_code == 403
    html = response.content.decode()
    assert 'value="Aunt Ç"' in html
    assert 'name="has_hurt" value="yes" checked' in html
    assert 'name="respects_no" value="yes" checked' in html
    assert not Other.objects.exists()


def test_a_stale_token_gives_the_form_back_filled(strict: Client) -> None:
    response = strict.post(address("E25", "person_screen"), {"name": "K.", **SAFE})
    assert response.status_code == 403
    assert 'value="K."' in response.content.decode()
    assert not Other.objects.exists()


def test_it_costs_a_known_number_of_queries(
    hers: Client, asked: Asked, django_assert_num_queries: Any
) -> None:
    asked("E25")
    at = address("E25", "person_screen")
    # session, person, exercise, exercise for the form, row and its key, savepoint, row, savepoint,
    # release, update, release
    with django_assert_num_queries(10):
        hers.post(at, {"name": "K.", **SAFE})


def test_the_exercise_is_the_one_of_the_address(hers: Client) -> None:
    assert the("E25").requires_safety_screen
    assert hers.get("/exercises/no-such-thing/person/").status_code == 404
