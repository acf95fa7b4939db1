"""Looks for words and chosen answers in entries that have been opened.

Two steps, since most rows do not match: `may_match` looks at the unparsed JSON and rules out nearly
all of them, `matches` looks at the answers of the rest. The first never rules out what the second
would find.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from journal.parts import PARTS

# Where words of the person's own stand: text answers, and what they wrote beside a list.
TEXTS = (
    *(part.name for part in PARTS if part.taxonomy is None and not part.number),
    *(part.own for part in PARTS if part.own),
)
# Accents and the like, which NFKD has taken off their letters. (Marks beyond U+FFFF belong to old
# scripts and to music, and would make this ten times slower.)
MARK = f"[{''.join(one for one in map(chr, range(0x300, 0x10000)) if unicodedata.combining(one))}]"
MARKS = re.compile(f"{MARK}+")
# Names and keys that entries are stored with: whoever looks for such a word finds it in most rows
# before they are parsed, so parsing them at once is quicker.
STORED = " ".join(
    [part.name for part in PARTS] + [item.key for part in PARTS for item in part.taxonomy or ()]
)
# What JSON writes in another way than it was typed.
ESCAPED = re.compile(r'["\\\x00-\x1f]')


def fold(text: str) -> str:
    """The text without capitals and accents: "Café" and "cafe" come out the same.

    Letter by letter, so that a part of a text folds to a part of the folded text.
    """
    if text.isascii():
        return text.lower()
    return MARKS.sub("", _decomposed(text))


def _decomposed(text: str) -> str:
    return unicodedata.normalize("NFKD", text).casefold()


@dataclass(frozen=True)
class Wanted:
    """What an entry has to hold: every one of the words, every answer, and this person.

    `chosen` maps names of lists to a key; `person` is a nickname, whole.
    """

    words: str = ""
    chosen: Mapping[str, str] = field(default_factory=dict)
    person: str = ""

    def __bool__(self) -> bool:
        return bool(self._words or self.chosen or self._person)

    @cached_property
    def _words(self) -> tuple["Word", ...]:
        return tuple(map(Word, fold(self.words).split()))

    @cached_property
    def _person(self) -> str:
        return fold(self.person).strip()

    @cached_property
    def _keys(self) -> tuple[bytes, ...]:
        return tuple(f'"{key}"'.encode() for key in self.chosen.values())

    @cached_property
    def _plain(self) -> tuple["Word", ...]:
        """Words that stand in JSON as they are, and only where somebody wrote them."""
        words = [*self._words, *map(Word, self._person.split())]
        return tuple(
            word for word in words if word.folded not in STORED and not ESCAPED.search(word.folded)
        )

    def may_match(self, opened: bytes) -> bool:
        """False if an entry cannot match; `opened` is its JSON, UTF-8, with no \\u for letters."""
        if not all(key in opened for key in self._keys):
            return False
        return not self._plain or _all_in(opened.decode(), self._plain)

    def matches(self, content: Mapping[str, Any]) -> bool:
        """Whether an entry's answers hold all that is wanted."""
        if not all(_chose(content.get(name), key) for name, key in self.chosen.items()):
            return False
        if self._person and fold(content.get("person") or "").strip() != self._person:
            return False
        if not self._words:
            return True
        said = [str(content[name]) for name in TEXTS if name in content]
        return _all_in("\n".join(said), self._words)


class Word:
    """A folded word, and how to find it in a text whose marks have not been taken out.

    Taking them out of every text would cost more than all the rest.
    """

    def __init__(self, folded: str) -> None:
        self.folded = folded
        self.is_in = re.compile(f"{MARK}*".join(map(re.escape, folded))).search


def _all_in(text: str, words: tuple[Word, ...]) -> bool:
    if text.isascii():
        text = text.lower()
        return all(word.folded in text for word in words)
    text = _decomposed(text)
    return all(word.is_in(text) for word in words)


def _chose(said: Any, key: str) -> bool:
    return said == key or (isinstance(said, list) and key in said)
