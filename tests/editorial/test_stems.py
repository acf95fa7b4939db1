"""The words of a text by their stems, and where they stand."""

import pytest

from healing.editorial.stems import stem, words_of


@pytest.mark.parametrize(
    ("forms", "cut"),
    [
        (["breath", "Breathe", "BREATHING", "breaths", "breath’s", "breath's"], "breath"),
        (["abandon", "abandoned", "abandonment"], "abandon"),
        (["don't", "don’t", "Dont"], "dont"),
        (["naive", "naïve"], "naiv"),
        (["ﬁne"], "fine"),
        (["̈", "!"], ""),
    ],
)
def test_forms_of_a_word_share_a_stem_of_plain_letters(forms: list[str], cut: str) -> None:
    assert {stem(form) for form in forms} <= {cut, f"{cut}e"}


def test_words_stand_where_the_text_has_them() -> None:
    text = "“Don’t leave,” he said – self-soothing_10."
    found = [(word.stem, text[word.start : word.end]) for word in words_of(text)]
    assert found == [
        ("dont", "Don’t"), ("leav", "leave"), ("he", "he"), ("said", "said"), ("self", "self"),
        ("sooth", "soothing"), ("10", "10"),
    ]  # fmt: skip
