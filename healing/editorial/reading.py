"""How hard a text is to read: the Flesch-Kincaid grade (no Django)."""

import re
from collections.abc import Iterable
from functools import cache

from pyphen import Pyphen

WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
ENDS = re.compile(r"[.!?:](?=[\s”’\"')\]]|$)")


def words_in(text: str) -> list[str]:
    """The words of `text`; a number is none, and “don't” is one."""
    return WORD.findall(text)


def as_sentences(parts: Iterable[str]) -> str:
    """The parts one after another, each with an end: a heading has no full stop of its own."""
    return " ".join(part if part.endswith((".", "?", ":")) else f"{part}." for part in parts)


def grade(text: str) -> float:
    """The Flesch-Kincaid grade of `text`, in US school years; 0.0 for no words.

    0.39 x words per sentence + 11.8 x syllables per word - 15.59 (Kincaid JP et al., Navy Training
    Command report 8-75, 1975). Syllables are counted as hyphenation points plus one, which finds
    fewer than speech has: on our lessons the grade comes out about half a year too low.
    """
    words = words_in(text)
    if not words:
        return 0.0
    sentences = sum(bool(words_in(part)) for part in ENDS.split(text))
    syllables = sum(_syllables(word.lower()) for word in words)
    return 0.39 * len(words) / sentences + 11.8 * syllables / len(words) - 15.59


@cache
def _hyphenation() -> Pyphen:
    return Pyphen(lang="en_US")


def _syllables(word: str) -> int:
    return len(_hyphenation().positions(word)) + 1
