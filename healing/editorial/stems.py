"""The words of a text by their stems: “breathe” and “breathing” are one word to a search.

Both databases index and look up what is made here, so they find the same, and what a page marks in
a line is what was found.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NamedTuple

from snowballstemmer import stemmer
from wagtail.search.index import SearchField

WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
# More than the vocabulary of all shipped texts, so that a search stems next to nothing.
WORDS_KEPT = 2**15


class Word(NamedTuple):
    """A word of a text: its stem, and where it stands."""

    stem: str
    start: int
    end: int


def stem(word: str) -> str:
    """The stem (Snowball's English) in small letters without accents; empty if nothing is left."""
    # The library's stemmers hold the word they are at, so threads cannot share one.
    cut = stemmer("english").stemWord(word.lower().replace("’", "'"))
    return "".join(sign for sign in unicodedata.normalize("NFKD", cut) if sign.isalnum())


# For published words alone: what someone looks for stays in no memory but its request's.
_kept_stem = lru_cache(WORDS_KEPT)(stem)


def words_of(text: str) -> Iterator[Word]:
    """The words of a published text."""
    for found in WORD.finditer(text):
        if cut := _kept_stem(found[0]):
            yield Word(cut, *found.span())


class StemField(SearchField):
    """Indexes the stems of a field, or of a method that gives a list of texts."""

    def get_value(self, obj: Any) -> str:
        value = super().get_value(obj)
        texts = [value] if isinstance(value, str) else value
        return " ".join(word.stem for text in texts for word in words_of(text))
