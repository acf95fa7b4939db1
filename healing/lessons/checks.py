"""The rules of a lesson, for `load_content --check` and beside the text in the editing screens."""

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from bs4 import BeautifulSoup, Tag
from django.urls import Resolver404, resolve
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from healing.editorial.reading import as_sentences, grade, words_in
from healing.editorial.text_checks import (
    CITES,
    Finding,
    check_findings,
    check_grade,
    check_words,
    runs,
)
from healing.lessons.areas import LOVE

# Programme 1.2; the paths beside the modules may be shorter.
FEWEST_WORDS, MOST_WORDS = 700, 1100
FEWEST_WORDS_BESIDE = 450
BESIDE = ("S", "Z")
SENTENCES_IN_SHORT = 2
LINK = "|"
PARAGRAPHS = ("p", "li", "h2", "h3")


@dataclass(frozen=True)
class Text:
    """A lesson, shipped or stored, as far as the rules look at it.

    `blocks` are {"type", "value"} with HTML in them, as `markdown.read_file` and a StreamField's
    `raw_data` both give them. `words` are the lesson's other texts, such as title and goal.
    """

    content_id: str
    short_version: str
    words: Collection[str]
    sources: Collection[str]
    blocks: Collection[Mapping[str, Any]] = field(repr=False)

    @cached_property
    def paragraphs(self) -> list[str]:
        """The text below the title, paragraph by paragraph, headings among them."""
        return [text for block in self.blocks for text in _paragraphs(block)]

    @cached_property
    def links(self) -> list[str]:
        """Where its links lead."""
        html = " ".join(_html(block) for block in self.blocks)
        return [str(link["href"]) for link in BeautifulSoup(html, "html.parser").select("a[href]")]

    @property
    def body(self) -> str:
        return "\n".join(self.paragraphs)

    @property
    def count(self) -> int:
        """How many words it has, without title and sources."""
        return len(words_in(CITES.sub("", self.body)))

    @property
    def grade(self) -> float:
        """Its reading grade; a heading or a list counts as sentences of its own."""
        return grade(CITES.sub("", as_sentences(self.paragraphs)))

    @cached_property
    def runs(self) -> set[str]:
        """Every run of eight words in it; the words of a link are often another lesson's title."""
        texts = [text for block in self.blocks for text in _paragraphs(block, links=False)]
        return {run for text in texts for part in text.split(LINK) for run in runs(part)}


@dataclass(frozen=True)
class Known:
    """What a lesson may refer to, and the other lessons: `slugs` and `sources` by name or id."""

    slugs: Collection[str]
    sources: Collection[str]
    others: Collection[Text] = ()


@lru_cache(maxsize=200)
def remembered(content_id: str, blocks: str) -> Text:
    """A lesson from its blocks as JSON, for its paragraphs and its runs of eight words alone.

    Finding either takes 4 ms a lesson. A preview asks for the runs of all of them while somebody
    types, and a search for the paragraphs of every lesson it shows.
    """
    return Text(content_id, short_version="", words=(), sources=(), blocks=json.loads(blocks))


def check(text: Text, known: Known) -> list[Finding]:
    """Everything about this lesson that has to be mended."""
    return [
        finding
        for rule in (_length, _language, _parts, _short, _sources, _links, _shared)
        for finding in rule(text, known)
    ]


def _length(text: Text, known: Known) -> Iterator[Finding]:
    fewest = FEWEST_WORDS_BESIDE if text.content_id.startswith(BESIDE) else FEWEST_WORDS
    if not fewest <= text.count <= MOST_WORDS:
        said = _("%(count)d words; a lesson has from %(fewest)d to %(most)d.")
        numbers = {"count": text.count, "fewest": fewest, "most": MOST_WORDS}
        yield Finding("length", str(said) % numbers)


def _language(text: Text, known: Known) -> Iterator[Finding]:
    yield from check_grade(as_sentences(text.paragraphs))
    yield from check_grade(as_sentences(text.words))
    for part in [*text.words, *text.paragraphs]:
        yield from check_words(part)
    yield from check_findings(text.paragraphs)


def _parts(text: Text, known: Known) -> Iterator[Finding]:
    kinds = [block["type"] for block in text.blocks if block["type"] != "exercise"]
    areas = {block["value"]["area"] for block in text.blocks if block["type"] == "example"}
    if not areas - {LOVE, "", None}:
        said = _("Add an example that is not about love: friends, family, work, a group, alone.")
        yield Finding("example", said)
    if kinds.count("reflect") != 1:
        yield Finding("question", _("A lesson asks one question to reflect on."))
    callouts = [block["value"]["kind"] for block in text.blocks if block["type"] == "callout"]
    if not kinds or kinds[-1] != "callout" or callouts[-1] != "try":
        said = _("The last part is a “Try this”: one small thing. Only exercises may follow it.")
        yield Finding("close", said)
    for block in text.blocks:
        if block["type"] == "picture":
            yield from _picture(block["value"])


def _picture(value: Mapping[str, Any]) -> Iterator[Finding]:
    if bool(value["alt"]) == bool(value["decorative"]):
        said = _("Say what the picture shows, or that it only decorates; not both.")
        yield Finding("picture", said, str(value["picture"]))


def _short(text: Text, known: Known) -> Iterator[Finding]:
    ends = sum(text.short_version.count(mark) for mark in ".?")
    if ends != SENTENCES_IN_SHORT:
        yield Finding("short", _("The short version has two sentences."))


def _sources(text: Text, known: Known) -> Iterator[Finding]:
    cited = {mark[1:-1] for mark in CITES.findall(text.body)}
    cited |= {block["value"]["source"] for block in text.blocks if block["type"] == "source"}
    for one in sorted(cited - {*text.sources}):
        yield Finding("source", _("Cited in the text, and not in the list of sources:"), one)
    for one in sorted({*text.sources} - cited):
        yield Finding("source", _("In the list of sources, and not cited in the text:"), one)
    for one in sorted({*cited, *text.sources} - {*known.sources}):
        yield Finding("source", _("There is no such source:"), one)


def _links(text: Text, known: Known) -> Iterator[Finding]:
    for href in text.links:
        if href.startswith("/") and not _leads_somewhere(href, known):
            yield Finding("link", _("There is no page at"), href)


def _leads_somewhere(href: str, known: Known) -> bool:
    path, _hash, place = href.partition("#")
    try:
        found = resolve(path)
    except Resolver404:
        return False
    if found.view_name == "lessons:lesson_detail":
        return found.kwargs["slug"] in known.slugs
    return found.view_name != "sources:source_list" or not place or place in known.sources


def _shared(text: Text, known: Known) -> Iterator[Finding]:
    for other in known.others:
        if other.content_id != text.content_id:
            for run in sorted(text.runs & other.runs)[:3]:
                said = _("Eight words in a row that also stand in %(other)s:")
                yield Finding("shared", str(said) % {"other": other.content_id}, run)


def _html(block: Mapping[str, Any]) -> str:
    """The HTML in a block, or nothing: an exercise and a picture have none."""
    value = block["value"]
    if block["type"] == "text":
        return str(value)
    return str(value["text"]) if block["type"] in {"callout", "example", "source"} else ""


def _paragraphs(block: Mapping[str, Any], *, links: bool = True) -> Iterator[str]:
    """The paragraphs of a block as plain words; without `links`, a mark stands for each link."""
    if block["type"] == "reflect":
        yield str(block["value"])
    soup = BeautifulSoup(_html(block), "html.parser")
    if not links:
        for link in soup.find_all("a"):
            link.replace_with(LINK)
    for part in soup.find_all(PARAGRAPHS):
        if isinstance(part, Tag) and not part.find(PARAGRAPHS):
            yield " ".join(part.get_text().split())
