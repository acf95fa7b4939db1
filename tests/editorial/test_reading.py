"""The reading grade is the published formula's."""

import pytest
import textstat
from hypothesis import given
from hypothesis import strategies as st

from healing.editorial.reading import grade, words_in


def test_words_are_counted_as_a_reader_would() -> None:
    assert words_in("Don’t go, half-way at 12 o'clock.") == [
        "Don’t", "go", "half-way", "at", "o'clock",
    ]  # fmt: skip


def test_a_text_worked_out_by_hand() -> None:
    # Two sentences, nine words, ten syllables: 0.39 x 4.5 + 11.8 x 10 / 9 - 15.59
    assert grade("The dog ran home. The cat sat in silence.") == pytest.approx(-0.724, abs=0.01)


def test_longer_sentences_and_longer_words_are_harder() -> None:
    easy = "You wait. She calls. You talk."
    longer = "You wait until she calls and then you talk for a while about the day."
    harder = "Uncertainty regarding interpersonal availability necessitates communication."
    assert grade(easy) < grade(longer) < grade(harder)


def test_nothing_has_no_grade() -> None:
    assert grade("") == grade("12 34 ...") == 0.0


def test_it_agrees_with_another_implementation() -> None:
    text = (
        "The body gets ready for danger. The mind stares at the one thing that scares it. "
        "Other thoughts have not gone away. They are hard to reach while the alarm is loud. "
        "When the body comes down a little, some choice tends to come back again."
    )
    assert grade(text) == pytest.approx(textstat.flesch_kincaid_grade(text), abs=0.5)


@given(st.text())
def test_any_text_has_a_grade(text: str) -> None:
    assert isinstance(grade(text), float)
