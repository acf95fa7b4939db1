"""Finds lessons and exercises by words, and in each the line that fits best.

The databases' full text does the finding, through Wagtail's search: `editorial.stems` says what
words they see. A gated lesson is known there by its title and goal alone.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from wagtail.search.backends import get_search_backend

from exercises.models import Exercise
from healing.editorial.stems import WORD, Word, stem, words_of
from healing.editorial.text_checks import CITES
from healing.lessons.models import Lesson

LONGEST_QUERY = 100  # letters
LONGEST_LINE = 160  # letters
BEFORE = 40  # letters a cut line keeps before the first word it was found by, where it can
MOST = 20
KINDS: dict[type[Lesson | Exercise], Promise] = {Lesson: _("Lesson"), Exercise: _("Exercise")}
SENTENCE = re.compile(r"(?:(?<=[.!?])|(?<=[.!?][”’\"')]))\s+")
# They stand in every text, so they say nothing about which one is meant.
EMPTY_WORDS = """
a about am an and any are as at be been but by can can't could did didn't do does doesn't doing
don't done for from had has have he her him his how i i'm if in into is isn't it it's its just me my
not of on or our she should so some than that the their them then there they this to too us was we
were what when where which who why will with won't would you your
"""
EMPTY = frozenset(map(stem, EMPTY_WORDS.split()))


class Part(NamedTuple):
    """A piece of a line, and whether it is a word that was looked for."""

    text: str
    hit: bool


class Sentence(NamedTuple):
    """A sentence of a published text, with the stems in it."""

    text: str
    stems: frozenset[str]

    def hits(self, stems: Collection[str]) -> int:
        return len(self.stems.intersection(stems))


@dataclass(frozen=True)
class Result:
    """One text that was found."""

    title: Sequence[Part]
    address: str
    kind: Promise
    line: Sequence[Part]


@dataclass(frozen=True)
class Found:
    """What was found, the best first; `whole` says whether each holds every word."""

    results: Sequence[Result]
    whole: bool


def stems_of(query: str) -> list[str]:
    """The stems to look for, each once; any sign of the databases' query languages is dropped."""
    stems = dict.fromkeys(filter(None, map(stem, WORD.findall(query))))
    return [one for one in stems if one not in EMPTY] or list(stems)


def search(stems: Collection[str]) -> Found:
    """Published texts that hold all stems or, if none does, those that hold some (2-4 queries)."""
    texts, whole = _holding(stems, "and"), True
    if not texts and len(stems) > 1:
        texts, whole = _holding(stems, "or"), False
    ranked = sorted(texts, key=lambda text: _rank(text, stems))
    return Found([_result(text, stems) for text in ranked[:MOST]], whole)


def _holding(stems: Collection[str], operator: str) -> list[Any]:
    backend, words = get_search_backend(), " ".join(stems)
    return [
        text
        for model in KINDS
        for text in backend.search(
            words, model.objects.published(), operator=operator
        ).annotate_score("score")
    ]


def _rank(text: Any, stems: Collection[str]) -> tuple[int, int, float, str]:
    """Sorts by words that stand close together, by words in the title, by the database's score.

    SQLite does not weigh the title, and its scores grow downwards from zero where PostgreSQL's
    grow upwards; a database without full text gives none.
    """
    in_title = len({word.stem for word in words_of(text.title)}.intersection(stems))
    close = max(in_title, _best(text.open_text(), stems).hits(stems))
    return -close, -in_title, -abs(text.score or 0), text.content_id


def _result(text: Lesson | Exercise, stems: Collection[str]) -> Result:
    return Result(
        title=marked(text.title, stems),
        address=text.get_absolute_url(),
        kind=KINDS[type(text)],
        line=line(text.open_text(), stems),
    )


def line(paragraphs: Sequence[str], stems: Collection[str]) -> list[Part]:
    """The first of the sentences with most of the stems, in `LONGEST_LINE` letters at most."""
    return marked(_cut(_best(paragraphs, stems).text, stems), stems)


def _best(paragraphs: Sequence[str], stems: Collection[str]) -> Sentence:
    sentences = (sentence for paragraph in paragraphs for sentence in _sentences(paragraph))
    return max(sentences, key=lambda sentence: sentence.hits(stems))


@lru_cache(maxsize=2**13)  # more than all shipped paragraphs; nothing a person typed comes here
def _sentences(paragraph: str) -> list[Sentence]:
    texts = SENTENCE.split(" ".join(CITES.sub("", paragraph).split()))
    return [Sentence(text, frozenset(word.stem for word in words_of(text))) for text in texts]


def marked(text: str, stems: Collection[str]) -> list[Part]:
    """The text in pieces, the words with these stems apart from what stands between them."""
    return list(_parts(text, stems))


def _parts(text: str, stems: Collection[str]) -> Iterator[Part]:
    done = 0
    for word in words_of(text):
        if word.stem in stems:
            if word.start > done:
                yield Part(text[done : word.start], False)
            yield Part(text[word.start : word.end], True)
            done = word.end
    if done < len(text):
        yield Part(text[done:], False)


def _cut(text: str, stems: Collection[str]) -> str:
    """The text around the first word that was found, cut between words, with … where it was cut."""
    if len(text) <= LONGEST_LINE:
        return text
    room = LONGEST_LINE - 2  # beside a … at each end
    hits = [word for word in words_of(text) if word.stem in stems] or [Word("", 0, 0)]
    start = 0
    if hits[-1].end > room:
        start = text.rfind(" ", 0, max(0, hits[0].start - BEFORE)) + 1
    if hits[0].end - start > room:
        start = hits[0].start
    end = len(text)
    if end - start > room:
        between = text.rfind(" ", max(start, hits[0].end), start + room + 1)
        end = between if between > start else start + room
    return f"{'…' if start else ''}{text[start:end]}{'…' if end < len(text) else ''}"
