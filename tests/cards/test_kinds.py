"""The five cards: what they ask, in words that the rules for texts allow, and when T2 is filled."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from healing.cards.kinds import BY_ID, BY_SLUG, CALLED, KINDS, SAFETY, SHORT, Kind, missing
from healing.cards.kinds import is_filled as filled
from healing.editorial.text_checks import report

NAMES = SAFETY.names
FILLED = {"warning_signs": "x", "alone": "y", "people": "112"}

texts = st.text(max_size=40)
answers = st.dictionaries(st.sampled_from(NAMES), texts)


def words_of(kind: Kind) -> list[str]:
    topics = [
        str(words) for topic in kind.topics for words in (topic.label, *topic.questions.values())
    ]
    fields = [str(words) for field in kind.fields for words in (field.label, field.hint) if words]
    return [str(kind.title), str(kind.purpose), str(kind.empty), *topics, *fields]


def test_there_are_the_five_of_the_programme() -> None:
    assert list(BY_ID) == ["T1", "T2", "T3", "T4", "T5"]
    assert len(BY_SLUG) == len(KINDS)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.id)
def test_each_name_stands_for_one_answer(kind: Kind) -> None:
    assert len(kind.names) == len(set(kind.names))


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.id)
def test_its_words_are_plain_and_promise_nothing(kind: Kind) -> None:
    found = report(words_of(kind))
    assert found.findings == []
    assert found.grade is not None


def test_a_word_that_promises_would_be_found() -> None:
    assert report([*words_of(SAFETY), "It will cure you."]).findings


def test_the_therapist_card_has_the_eight_topics_with_two_or_three_questions() -> None:
    topics = {topic.name: len(topic.questions) for topic in BY_ID["T4"].topics}
    assert list(topics) == [
        "training", "experience", "way", "goals", "cost", "crisis", "holidays", "ending",
    ]  # fmt: skip
    assert set(topics.values()) <= {2, 3}


def test_what_is_shown_in_short_and_what_can_be_called_exists() -> None:
    assert set(SHORT) <= set(NAMES)
    assert {name for kind in KINDS for name in kind.names} >= CALLED


@given(answers)
def test_filled_is_a_warning_sign_a_thing_to_do_alone_and_a_number(said: dict[str, str]) -> None:
    def has_number(name: str) -> bool:
        return sum(sign.isdecimal() for sign in said.get(name, "")) >= 3

    expected = (
        said.get("warning_signs", "").strip() != ""
        and said.get("alone", "").strip() != ""
        and (has_number("people") or has_number("services"))
    )
    assert filled(said) == expected


@given(answers)
def test_more_words_never_take_filled_away(said: dict[str, str]) -> None:
    assert filled({**said, **FILLED})


@given(answers, st.sampled_from(sorted(FILLED)))
def test_each_of_the_three_is_needed(said: dict[str, str], name: str) -> None:
    without = {**said, **FILLED, "services": "", name: ""}
    assert not filled(without)
    assert len(missing(without)) == 1


@pytest.mark.parametrize("name", ["warning_signs", "alone"])
@given(spaces=st.text(" \t\r\n\u00a0", min_size=1))
def test_white_space_is_no_answer(name: str, spaces: str) -> None:
    assert not filled({**FILLED, name: spaces})


@pytest.mark.parametrize(
    ("people", "services", "is_filled"),
    [
        ("Jonas 112", "", True),
        ("", "988", True),
        ("Jonas ٠٣٠", "", True),
        ("Jonas 11", "", False),
        ("Jonas 11", "1", False),
        ("Jonas", "my doctor", False),
        ("²³¹", "", False),
    ],
)
def test_a_number_has_three_digits_in_one_of_the_two(
    people: str, services: str, is_filled: bool
) -> None:
    assert filled({**FILLED, "people": people, "services": services}) == is_filled
