"""Writes a lesson as the file that ships: the way back from `markdown.read_text`.

There is one form, so that writing what was read gives the same file, byte for byte:

- front matter as `editorial.writing` puts YAML, its fields always in the same order;
- one blank line between the parts of the text, and a paragraph on one line, however long;
- `-` before the items of a list, or `1.` `2.` `3.`, and no blank lines between them;
- `**bold**`, `_italic_`, `## heading`, and a backslash at the end of a line for a line break;
- a backslash before a sign that would mean something else. Where a backslash does not help, a
  character stands as its number: `&#97;**!**`, for bold cannot begin between a letter and `!`.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString, PageElement
from markdown_it.common.utils import isMdAsciiPunct, isPunctChar, isWhiteSpace

from healing.editorial.shipped import BadContent
from healing.editorial.tidy import tidy
from healing.editorial.writing import yaml_of
from healing.lessons.markdown import FENCE, markdown

MARKS = {"b": "**", "strong": "**", "i": "_", "em": "_"}
HEADINGS = {"h2": "## ", "h3": "### "}
LISTS = ("ul", "ol")
BREAK = "\\\n"
# Signs that would mean something wherever they stand; an ampersand only before what it would name.
SIGNS = re.compile(r"[\\`*_\[\]<]|&(?=#?\w+;)")
# And those that would mean something at the beginning of a line, or at the end of a heading.
AT_START = re.compile(r"^(\d{1,9}(?=[.)](?:\s|$))|(?=[#>+=~-]|:::))")
HASHES_AT_END = re.compile(r"(?<!\S)(?=#+$)")
# What Markdown cannot hold even as a number.
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f]")
SPACES = re.compile(r"[ \t\n\f\r]+")
SOURCE_ID = re.compile(r"B\d{2,3}")


def write_text(front: Mapping[str, Any], blocks: Iterable[Mapping[str, Any]]) -> str:
    """The file: `front` as its front matter, then the blocks, as `read_text` gives both.

    HTML in the blocks is as the editing screens store it. Raises BadContent for a part of it that
    Markdown has no place for; whatever else is no lesson, reading the file refuses.
    """
    parts = (part for block in blocks for part in _written(block))
    return "\n".join([FENCE, yaml_of(front) + FENCE, "", "\n\n".join(parts), ""])


def markdown_of(html: str) -> str:
    """The Markdown of stored HTML; raises BadContent."""
    soup = BeautifulSoup(tidy(CONTROLS.sub("", html)), "html.parser")
    return "\n\n".join(_part(node) for node in soup.children)


def _written(block: Mapping[str, Any]) -> Iterator[str]:
    kind, value = block["type"], block["value"]
    if kind == "text":
        yield from filter(None, [markdown_of(value)])
    elif kind == "exercise":
        yield f"[[exercise:{value}]]"
    elif kind == "picture":
        alt = "" if value["decorative"] else f"|{_one_line(value['alt'])}"
        yield f"[[picture:{value['picture']}{alt}]]"
    elif kind == "reflect":
        yield f"::: reflect {block['id']}\n{_one_line(value)}\n:::"
    else:
        named = {"callout": "kind", "example": "area", "source": "source"}[kind]
        sign = value[named] if kind == "callout" else f"{kind} {value[named]}"
        yield f"::: {sign}\n{markdown_of(value['text'])}\n:::"


def _one_line(words: str) -> str:
    return " ".join(words.split())


def _part(node: PageElement) -> str:
    """A paragraph, a heading or a list."""
    if isinstance(node, Tag) and node.name == "p":
        return _line(node)
    if isinstance(node, Tag) and node.name in HEADINGS:
        line = _line(node).replace(BREAK, " ")  # a heading has one line
        return HEADINGS[node.name] + HASHES_AT_END.sub(r"\\", line)
    if isinstance(node, Tag) and node.name in LISTS:
        return _list(node)
    raise BadContent(f"{str(node)[:60]!r} has no place between the paragraphs of a lesson.")


def _list(node: Tag) -> str:
    items = []
    for number, item in enumerate(node.find_all("li", recursive=False), start=1):
        sign = "- " if node.name == "ul" else f"{number}. "
        inner = [_list(part) for part in item.find_all(LISTS, recursive=False)]
        lines = "\n".join(filter(None, [_line(item), *inner]))
        items.append(sign + lines.replace("\n", "\n" + " " * len(sign)))
    return "\n".join(items)


@dataclass
class Piece:
    """A stretch of a line: `words`, a `mark` that opens or shuts bold or italic, or a `sign`."""

    kind: str
    text: str
    opens: bool = False


def _line(node: Tag) -> str:
    """The words of a paragraph, a heading or a list's item, without the lists inside it."""
    pieces: list[Piece] = []
    for piece in _pieces(node):
        if piece.kind == "words":
            piece.text = _escaped(piece.text, first=not pieces or pieces[-1].text == BREAK)
        elif pieces and pieces[-1].kind == "words":
            pieces[-1].text = _before(piece, pieces[-1].text)
        pieces += [piece] if piece.text else []
    while any(_part_from_word(pieces, place) for place in range(len(pieces))):
        pass
    return "".join(piece.text for piece in pieces)


def _pieces(node: Tag) -> Iterator[Piece]:
    """The pieces inside `node`, from left to right; words are not escaped yet."""
    for child in node.children:
        name = child.name if isinstance(child, Tag) else ""
        if isinstance(child, NavigableString):
            yield Piece("words", str(child))
        elif isinstance(child, Tag) and name in MARKS:
            yield Piece("mark", MARKS[name], opens=True)
            yield from _pieces(child)
            yield Piece("mark", MARKS[name])
        elif isinstance(child, Tag) and name == "a":
            yield from _link(child)
        elif name == "br":
            yield Piece("sign", BREAK)
        elif name not in LISTS:
            raise BadContent(f"{str(child)[:60]!r} has no place in a paragraph of a lesson.")


def _link(node: Tag) -> Iterator[Piece]:
    href, plain = str(node.get("href") or ""), not node.find(True)
    words = node.get_text() if plain else ""
    if SOURCE_ID.fullmatch(words[1:-1]) and (words, href) == _citation(words[1:-1]):
        yield Piece("sign", words)
        return
    yield Piece("sign", "[")
    if SOURCE_ID.fullmatch(words):  # in brackets it would be a citation
        yield Piece("sign", _number(words[0]) + words[1:])
    else:
        yield from _pieces(node)
    destination = re.sub(r"[\\()&]", r"\\\g<0>", markdown.normalizeLink(href))
    yield Piece("sign", f"]({destination})")


def _citation(source: str) -> tuple[str, str]:
    return f"[{source}]", f"/sources/#{source}"


def _escaped(words: str, *, first: bool) -> str:
    """Words as Markdown; `first` says that a line begins with them."""
    plain = SPACES.sub(" ", words)
    text = SIGNS.sub(r"\\\g<0>", plain.lstrip(" ") if first else plain)
    if first:
        text = AT_START.sub(r"\1\\", text)
    return "".join(_number(one) if one.isspace() and one != " " else one for one in text)


def _number(sign: str) -> str:
    return "&nbsp;" if sign == "\xa0" else f"&#{ord(sign)};"


def _before(piece: Piece, words: str) -> str:
    """Words as they have to end before this piece."""
    if piece.text == BREAK:
        return words.rstrip(" ")
    if piece.text.startswith("[") and words.endswith("!"):  # else it would be a picture
        return words[:-1] + "\\!"
    return words


def _part_from_word(pieces: list[Piece], place: int) -> bool:
    """Put the letter outside a mark as a number where the mark would not count; say if it was so.

    CommonMark: `_` never counts inside a word, `**` only if a letter stands on its inside too.
    """
    mark = pieces[place]
    if mark.kind != "mark":
        return False
    left = pieces[place - 1].text[-1] if place else ""
    right = pieces[place + 1].text[0] if place + 1 < len(pieces) else ""
    inner, outer = (right, left) if mark.opens else (left, right)
    if not _in_word(outer) or (_in_word(inner) and mark.text == "**"):
        return False
    if mark.opens:
        before = pieces[place - 1]
        before.text = before.text[:-1] + _number(outer)
    else:
        after = pieces[place + 1]
        after.text = _number(outer) + after.text[1:]
    return True


def _in_word(sign: str) -> bool:
    """Whether CommonMark takes the character for a part of a word."""
    return bool(sign) and not (
        isWhiteSpace(ord(sign)) or isMdAsciiPunct(ord(sign)) or isPunctChar(sign)
    )
