"""Three entries that are alike while the strength rises: the rule, and where it is said."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import combinations
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from healing.accounts.models import User
from journal.circling import Moment, circling, moment, resemble
from journal.models import Entry
from tests.journal.conftest import Write

NEW = reverse("journal:entry_create")
NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
SAYS = "Your body first, or a person"


def at(hours: float, strength: int | None, *chosen: str) -> Moment:
    pairs = frozenset(("feelings", key) for key in chosen)
    return Moment(NOW + timedelta(hours=hours), strength, pairs)


def by_hand(moments: Sequence[Moment]) -> list[Moment]:
    """The same rule, by trying every three."""
    found = []
    for three in combinations(range(len(moments)), 3):
        one, two, last = (moments[place] for place in three)
        if three[2] != len(moments) - 1 or last.at - one.at > timedelta(hours=24):
            continue
        strengths = [one.strength, two.strength, last.strength]
        if None in strengths or not strengths[0] < strengths[1] < strengths[2]:  # type: ignore[operator]
            continue
        shares = [
            len(a.chosen & b.chosen) / len(a.chosen | b.chosen) if a.chosen | b.chosen else 0
            for a, b in ((one, two), (two, last))
        ]
        if min(shares) >= 0.5:
            found.append((three[1], three[0], [one, two, last]))
    return max(found)[2] if found else []


MOMENTS = st.lists(
    st.builds(
        at,
        st.integers(0, 40),
        st.none() | st.integers(0, 10),
    ).flatmap(
        lambda one: st.sets(st.sampled_from(["afraid", "sad", "angry", "numb"])).map(
            lambda keys: at((one.at - NOW).total_seconds() / 3600, one.strength, *keys)
        )
    ),
    max_size=8,
).map(lambda found: sorted(found, key=lambda one: one.at))


@given(MOMENTS)
def test_it_finds_what_trying_every_three_finds(moments: list[Moment]) -> None:
    assert circling(moments) == by_hand(moments)


def test_three_alike_and_rising_within_a_day_circle() -> None:
    three = [at(0, 4, "afraid", "sad"), at(10, 6, "afraid"), at(24, 8, "afraid", "sad")]
    assert circling(three) == three


@pytest.mark.parametrize(
    "moments",
    [
        [],
        [at(0, 4, "afraid"), at(1, 6, "afraid")],
        [at(0, 4, "afraid"), at(1, 6, "afraid"), at(24.1, 8, "afraid")],
        [at(0, 4, "afraid"), at(1, 4, "afraid"), at(2, 8, "afraid")],
        [at(0, 4, "afraid"), at(1, 6, "afraid"), at(2, None, "afraid")],
        [at(0, 4, "afraid"), at(1, 6, "afraid"), at(2, 8, "sad")],
        [at(0, 4, "afraid"), at(1, 6, "afraid"), at(2, 8, "afraid", "sad", "angry")],
        [at(0, 4), at(1, 6), at(2, 8)],
        # It was so, and then it got calmer.
        [at(0, 4, "afraid"), at(1, 6, "afraid"), at(2, 8, "afraid"), at(3, 2, "afraid")],
    ],
)
def test_anything_less_does_not(moments: list[Moment]) -> None:
    assert circling(moments) == []


def test_another_entry_in_between_changes_nothing() -> None:
    one, between, two, last = (
        at(0, 4, "afraid"), at(1, 9, "sad"), at(2, 6, "afraid"), at(3, 8, "afraid"),
    )  # fmt: skip
    assert circling([one, between, two, last]) == [one, two, last]


def test_five_lists_are_compared_and_something_else_is_nothing() -> None:
    content = {
        "trigger": "quarrel", "feelings": ["sad"], "urges": ["call_again"], "who": "partner",
        "needs": ["comfort"], "strength": 3, "body": ["tight_chest"], "note": "words",
    }  # fmt: skip
    found = moment(NOW, content)
    assert {name for name, _key in found.chosen} == {"trigger", "feelings", "urges", "who", "needs"}
    assert found.strength == 3
    assert moment(NOW, {"trigger": "other"}).chosen == frozenset()
    assert not resemble(moment(NOW, {"trigger": "other"}), moment(NOW, {"trigger": "other"}))


# On the pages -------------------------------------------------------------------------------------


@pytest.fixture
def hers(mara: User, client_of: Callable[[User], Client]) -> Client:
    return client_of(mara)


@pytest.fixture
def three(mara: User, write: Write) -> list[Entry]:
    return [
        write(mara, trigger="quarrel", feelings=["afraid"], strength=strength)
        for strength in (4, 6, 8)
    ]


def test_before_a_fourth_the_offer_is_the_body_or_a_person_and_writing_stays(
    hers: Client, three: list[Entry]
) -> None:
    page = hers.get(NEW).content.decode()
    assert SAYS in page
    assert "each was stronger than the one before: 4, 6, 8" in page
    for way in ("/exercises/feet-seat-spine/", "/exercises/five-sense-orienting/", "/help/"):
        assert f'href="{way}"' in page.split('id="circling"')[1].split("</aside>")[0]
    assert "/cards/safety-card/" in page
    assert 'name="trigger"' in page


def test_it_is_said_on_the_page_of_the_third_and_of_no_other(
    hers: Client, three: list[Entry]
) -> None:
    pages = [hers.get(f"/journal/{entry.pk}/").content.decode() for entry in three]
    assert [SAYS in page for page in pages] == [False, False, True]


def test_two_are_not_yet_a_circle(hers: Client, mara: User, write: Write) -> None:
    for strength in (4, 6):
        entry = write(mara, trigger="quarrel", strength=strength)
    assert SAYS not in hers.get(NEW).content.decode()
    assert SAYS not in hers.get(f"/journal/{entry.pk}/").content.decode()


def test_a_day_later_it_is_over(hers: Client, three: list[Entry]) -> None:
    for entry in three:
        created = entry.created - timedelta(hours=24)
        Entry.objects.filter(pk=entry.pk).update(created=created)
    assert SAYS not in hers.get(NEW).content.decode()


def test_what_a_stranger_wrote_is_not_compared(
    theo: User, client_of: Callable[[User], Client], three: list[Entry], write: Write
) -> None:
    write(theo, trigger="quarrel", feelings=["afraid"], strength=9)
    assert SAYS not in client_of(theo).get(NEW).content.decode()


def test_a_refused_form_still_says_it(hers: Client, three: list[Entry], mara: User) -> None:
    posted: dict[str, Any] = {"note": "words", "local_date": mara.today().isoformat()}
    assert SAYS in hers.post(NEW, posted).content.decode()
