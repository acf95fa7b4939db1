"""The screen that answers a session, with help on it when it is loud."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from exercises.models import Exercise
from healing.accounts.models import User
from healing.cards.actions import keep_card
from healing.cards.kinds import SAFETY
from tests.exercises.conftest import ClientOf, Filled, address, begin, save


@pytest.fixture
def answered(
    mara: User, client_of: ClientOf, breath: Exercise, filled: Filled
) -> Callable[..., str]:
    """Saves a session of E05, or of the named exercise, and gives the page that answers it."""

    def save(slug: str = breath.slug, **changed: Any) -> str:
        address = reverse("exercises:session_save", args=[slug])
        response = client_of(mara).post(address, filled(**changed), follow=True)
        assert response.redirect_chain
        return response.content.decode()

    return save


def has_help(html: str) -> bool:
    return 'id="help-now"' in html and f'href="{reverse("safety:help")}"' in html


def offers(html: str, slug: str) -> bool:
    return f'href="/exercises/{slug}/"' in html[html.index("<h1") : html.index("Saved, sealed")]


def test_the_end_is_enough(answered: Callable[..., str]) -> None:
    html = answered(before=5, after=4)
    assert "<h1>That is enough.</h1>" in html
    assert "You noted 5 before and 4 after." in html
    assert "You have practised once." in html
    assert not has_help(html)


def test_stopping_is_fine_with_one_grounding(answered: Callable[..., str]) -> None:
    html = answered(ended="stopped")
    assert "<h1>That is fine.</h1>" in html
    assert offers(html, "feet-seat-spine")
    assert not offers(html, "five-sense-orienting")
    assert not has_help(html)


def test_a_rise_steadies_first_with_help_on_the_same_screen(answered: Callable[..., str]) -> None:
    html = answered(before=3, after=5)
    assert "<h1>That stirred things up. Let us steady first.</h1>" in html
    assert offers(html, "five-sense-orienting")
    assert offers(html, "here-and-now-facts")
    assert has_help(html)


def test_still_loud_says_so_with_help_on_the_same_screen(answered: Callable[..., str]) -> None:
    html = answered(before=8, after=8)
    assert "<h1>It is still loud. You do not have to carry it alone.</h1>" in html
    assert offers(html, "five-sense-orienting")
    assert offers(html, "here-and-now-facts")
    assert has_help(html)


def test_where_help_stands_the_persons_own_card_stands_too(
    mara: User, answered: Callable[..., str]
) -> None:
    answers = {"people": "Aunt Rosa, 030 1234567"}
    keep_card(owner=mara, kind=SAFETY, answers=answers, opened_with="")
    assert "Aunt Rosa" in answered(after=8)
    assert "Aunt Rosa" not in answered(after=7)


def test_help_comes_even_if_the_exercises_are_gone(answered: Callable[..., str]) -> None:
    Exercise.objects.exclude(content_id="E05").update(live=False)
    html = answered(after=9)
    assert has_help(html)
    assert not offers(html, "here-and-now-facts")


def test_no_rating_is_named_where_none_was_given(answered: Callable[..., str]) -> None:
    assert "You noted" not in answered()


def test_title_and_address_hold_nothing_private(
    mara: User, client_of: ClientOf, breath: Exercise, filled: Filled
) -> None:
    data = filled(after=9)
    address = reverse("exercises:session_save", args=[breath.slug])
    response = client_of(mara).post(address, data, follow=True)
    assert response.redirect_chain[-1][0] == f"/exercises/done/{data['session']}/"
    assert "<title>Practised - Steady Ground</title>" in response.content.decode()
    assert "no-store" in response.headers["Cache-Control"]


def test_a_stranger_and_a_rating_alone_are_not_found(
    mara: User, theo: User, client_of: ClientOf, breath: Exercise, filled: Filled
) -> None:
    address = reverse("exercises:session_save", args=[breath.slug])
    done, begun = filled(after=9), filled(before=9, ended=None, seconds=None)
    for data in (done, begun):
        client_of(mara).post(address, data)
    assert client_of(theo).get(f"/exercises/done/{done['session']}/").status_code == 404
    assert client_of(mara).get(f"/exercises/done/{begun['session']}/").status_code == 404


def test_a_visitor_is_asked_to_sign_in(
    client: Client, mara: User, client_of: ClientOf, breath: Exercise, filled: Filled
) -> None:
    data = filled()
    client_of(mara).post(reverse("exercises:session_save", args=[breath.slug]), data)
    address = f"/exercises/done/{data['session']}/"
    assert client.get(address).url == f"{reverse('account_login')}?next={address}"


def test_it_costs_eight_queries(
    mara: User,
    client_of: ClientOf,
    breath: Exercise,
    filled: Filled,
    django_assert_num_queries: Any,
) -> None:
    client, data = client_of(mara), filled(after=9)
    client.post(reverse("exercises:session_save", args=[breath.slug]), data)
    # session, person, row, data key, the exercise, those that are offered, the card, count
    with django_assert_num_queries(8):
        client.get(f"/exercises/done/{data['session']}/")


# After Alarm or answer? ---------------------------------------------------------------------------

OFTEN = ["Sometimes", "Mostly", "I cannot tell"]


def after_alarm(client: Client, **notes: str) -> str:
    """The page that answers a session of E30 with these choices."""
    session = save(client, "E30", **{f"note-{key}": value for key, value in notes.items()})
    return client.get(reverse("exercises:session_detail", args=[session.pk])).content.decode()


@pytest.mark.parametrize(
    ("reading", "moves"),
    [
        ("Mostly an old echo", ["E17"]),
        ("Mostly the present", ["E25", "E26"]),
        ("Both", ["E17", "E25"]),
        ("I cannot tell", []),
    ],
)
def test_the_sentence_picked_says_what_comes_next(
    hers: Client, reading: str, moves: list[str]
) -> None:
    html = after_alarm(hers, reading=reading)
    shown = html[html.index("<h1") : html.index("Saved, sealed")]
    assert re.findall(r'<a href="(/exercises/[^"]+)">', shown) == [address(one) for one in moves]
    assert ("this comes next" in shown) is bool(moves)
    assert not has_help(html)


def test_without_a_sentence_nothing_comes_next(hers: Client) -> None:
    assert "this comes next" not in after_alarm(hers, repair="Mostly")


def test_a_no_that_is_rarely_respected_keeps_help_on_the_page(hers: Client) -> None:
    html = after_alarm(hers, no="Rarely", reading="Mostly an old echo")
    assert has_help(html)


@pytest.mark.parametrize("answer", [*OFTEN, ""])
def test_any_other_answer_about_the_no_brings_no_help(hers: Client, answer: str) -> None:
    assert not has_help(after_alarm(hers, no=answer))


@pytest.mark.parametrize("key", ["repair", "deeds", "room"])
def test_rarely_elsewhere_brings_no_help(hers: Client, key: str) -> None:
    assert not has_help(after_alarm(hers, **{key: "Rarely"}))


def test_there_is_never_a_score_of_the_other_person(hers: Client) -> None:
    worst = dict.fromkeys(("repair", "deeds", "room"), "Rarely")
    html = after_alarm(hers, **worst, reading="I cannot tell")
    assert not re.search(r"score|points?\b|\d of 4|\d/4", html[html.index("<h1") :], re.I)


# After one with a frame ---------------------------------------------------------------------------


def test_after_the_return_comes_something_ordinary(hers: Client, ready: User) -> None:
    begun = begin(hers, "E32")
    save(hers, "E32", session=str(begun.pk), after=4)
    html = hers.get(f"/exercises/done/{begun.pk}/").content.decode()
    assert "choose something ordinary for ten minutes" in html
    assert "You noted 4 before and 4 after." in html


# What was written ---------------------------------------------------------------------------------


def test_what_was_written_stands_there_and_can_be_changed(hers: Client) -> None:
    session = save(hers, "E17", **{"note-echo": "the <b>empty</b> hallway"})
    html = hers.get(f"/exercises/done/{session.pk}/").content.decode()
    assert "the &lt;b&gt;empty&lt;/b&gt; hallway" in html
    change = f"{address('E17')}?session={session.pk}&amp;variant=standard"
    assert f'href="{change}"' in html
    page = hers.get(change.replace("&amp;", "&")).content.decode()
    assert "the &lt;b&gt;empty&lt;/b&gt; hallway</textarea>" in page
