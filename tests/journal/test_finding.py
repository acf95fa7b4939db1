"""Looking through opened entries: words, answers and a nickname, and the quick look before it."""

import json
import re
import unicodedata
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from journal.finding import TEXTS, Wanted, fold

LETTERS = st.text(st.sampled_from('aAeéÉß"\\ñ\n ’＂ıİ\u0301кЙ'), max_size=12)
CONTENT = st.fixed_dictionaries(
    {"form": st.just("quick")},
    optional={
        "trigger": st.sampled_from(["quarrel", "goodbye"]),
        "feelings": st.lists(st.sampled_from(["afraid", "sad"]), min_size=1, max_size=2),
        "strength": st.integers(0, 10),
        "person": LETTERS,
        "note": LETTERS,
        "trigger_own": LETTERS,
    },
)
CHOSEN = st.dictionaries(
    st.sampled_from(["trigger", "feelings"]), st.sampled_from(["quarrel", "afraid"]), max_size=2
)


def as_stored(content: dict[str, Any]) -> bytes:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def slowly(wanted: Wanted, content: dict[str, Any]) -> bool:
    """The same rule, written as it is said."""

    def plain(text: str) -> str:
        taken = unicodedata.normalize("NFKD", text).casefold()
        return "".join(one for one in taken if not unicodedata.combining(one))

    said = [plain(str(content[name])) for name in TEXTS if name in content]
    for name, key in wanted.chosen.items():
        answer = content.get(name, [])
        if key not in (answer if isinstance(answer, list) else [answer]):
            return False
    person = plain(wanted.person).strip()
    if person and plain(content.get("person", "")).strip() != person:
        return False
    return all(any(word in text for text in said) for word in plain(wanted.words).split())


@given(st.builds(Wanted, words=LETTERS, chosen=CHOSEN, person=LETTERS), CONTENT)
@example(Wanted(words='"'), {"form": "quick", "note": 'he said "no"'})
@example(Wanted(words="＂"), {"form": "quick", "note": "＂"})
def test_both_steps_together_are_the_plain_rule(wanted: Wanted, content: dict[str, Any]) -> None:
    quick = wanted.may_match(as_stored(content)) and wanted.matches(content)
    assert quick == slowly(wanted, content)


@given(st.builds(Wanted, words=LETTERS, chosen=CHOSEN, person=LETTERS), CONTENT)
def test_the_quick_look_rules_out_nothing_that_matches(
    wanted: Wanted, content: dict[str, Any]
) -> None:
    assert wanted.may_match(as_stored(content)) or not wanted.matches(content)


@given(LETTERS, LETTERS)
def test_folding_goes_letter_by_letter(one: str, other: str) -> None:
    assert fold(one + other) == fold(one) + fold(other)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("cafe", True),
        ("CAFÉ", True),
        ("cafe\u0301", True),
        ("caf phone", True),
        ("phone  caf", True),
        ("cafe zeppelin", False),
        ("strasse", True),
        ("Straße", True),
        ("москва", True),
        ("Мо́сква", True),
        ("note", False),
        ("quick", False),
        ("reply_late", False),
        ("", True),
    ],
)
def test_every_word_has_to_be_there_without_regard_to_accents_and_capitals(
    words: str, found: bool
) -> None:
    content = {
        "form": "quick",
        "trigger": "reply_late",
        "trigger_own": "the phone, again",
        "note": "At the Café in Ludwigstraße, Москва́",
    }
    wanted = Wanted(words=words)
    assert (wanted.may_match(as_stored(content)) and wanted.matches(content)) is found


def test_words_do_not_run_from_one_answer_into_the_next() -> None:
    assert not Wanted(words="ab").matches({"guess": "a", "note": "b"})


def test_a_nickname_is_whole() -> None:
    assert Wanted(person="m.").matches({"person": " M. "})
    assert not Wanted(person="m").matches({"person": "Mara"})


def test_only_what_she_wrote_is_looked_through() -> None:
    assert {"note", "camera", "trigger_own", "urges_own", "person"} <= set(TEXTS)
    assert not {"trigger", "strength", "form", "sessions"} & set(TEXTS)
    assert not [name for name in TEXTS if not re.fullmatch("[a-z_]+", name)]
