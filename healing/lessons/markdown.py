"""Turns a shipped lesson file into its fields and the blocks of its text.

A file is YAML between two lines of `---`, then Markdown. Beyond plain paragraphs, headings of the
second and third level, lists, bold, italic and links, the text may hold

    ::: note                    (or caution, try; ended by a line of three colons)
    ::: example work            (a scene, and where in life it happens)
    ::: reflect first-sign      (the question to the reader; its key stays the same for ever)
    ::: source B48              (a note on one source)
    [[exercise:E03]]            (alone on its line: a link to an exercise)
    [[picture:wave]]            (alone on its line: a picture that only decorates)
    [[picture:wave|A wave]]     (the same, with what it shows in words)
    [B48]                       (anywhere in a sentence: a link to a source)
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

from healing.editorial.shipped import BadContent, read_yaml, short
from healing.lessons.areas import AREAS
from healing.lessons.pictures import PICTURES

# A callout from its opening line to its closing one, or an exercise alone on its line.
PART = re.compile(
    r"^::: ?(?P<kind>note|caution|try|example|reflect|source)(?P<about> [A-Za-z0-9-]+)?[ ]*\n"
    r"(?P<inside>.*?)^:::[ ]*$"
    r"|^\[\[(?P<link>exercise|picture):(?P<name>[A-Za-z0-9-]+)(\|(?P<alt>[^\]\n]+))?\]\][ ]*$",
    re.MULTILINE | re.DOTALL,
)
STRAY = re.compile(r"^(:::|\[\[).*$", re.MULTILINE)
SOURCE = re.compile(r"\[(B\d{2,3})\]")
LINK = re.compile(r"(/|https://)[^\s<>\"]*")
FENCE = "---"
# What may stand after the kind of a part; the kinds that are not here take nothing.
ABOUT = {
    **dict.fromkeys(("note", "caution", "try"), re.compile("")),
    "example": re.compile("|".join(AREAS)),
    "exercise": re.compile(r"[ET]\d{1,2}"),
    "picture": re.compile("|".join(map(re.escape, PICTURES))),
    "reflect": re.compile(r"[a-z0-9]+(-[a-z0-9]+)*"),
    "source": re.compile(r"B\d{2,3}"),
}
# Kinds of token that the editing screens can make too; an opening one brings its closing one.
KNOWN = frozenset({"inline", "text", "softbreak", "hardbreak"})
KNOWN_PAIRS = re.compile(
    r"(paragraph|heading|bullet_list|ordered_list|list_item|strong|em|link)_(open|close)"
)
HEADINGS = frozenset({"h2", "h3"})

markdown = MarkdownIt("commonmark", {"html": False})


@dataclass(frozen=True)
class Piece:
    """A stretch of the text that becomes one block: its kind, its lines, where they begin."""

    kind: str
    text: str
    line: int
    about: str = ""


def read_file(file: Path) -> tuple[Any, list[dict[str, Any]]]:
    """The front matter, and the blocks as `{"type", "value"}`; raises BadContent."""
    return read_text(file.read_text(encoding="utf-8"), file)


def read_text(text: str, file: Path) -> tuple[Any, list[dict[str, Any]]]:
    """As `read_file`, for text already in hand; `file` only names it."""
    lines = text.split("\n")
    if lines[0].rstrip() != FENCE:
        raise BadContent(f"{short(file)}, line 1: must begin with a line of three hyphens.")
    ends = [number for number, line in enumerate(lines[1:], 1) if line.rstrip() == FENCE]
    if not ends:
        raise BadContent(f"{short(file)}: the second line of three hyphens is missing.")
    front = read_yaml("\n".join(lines[1 : ends[0]]), file, first_line=2)
    pieces = _pieces("\n".join(lines[ends[0] + 1 :]), first=ends[0] + 2)
    blocks = [_block(piece, file) for piece in pieces]
    if not blocks:
        raise BadContent(f"{short(file)}: there is no text under the front matter.")
    return front, blocks


def _pieces(body: str, first: int) -> Iterator[Piece]:
    """Cut the text at callouts and exercise links; `first` is the number of its first line."""

    def line_at(place: int) -> int:
        return first + body.count("\n", 0, place)

    done = 0
    for part in PART.finditer(body):
        if body[done : part.start()].strip():
            yield Piece("text", body[done : part.start()], line_at(done))
        if part["link"]:
            alt = (part["alt"] or "").strip()
            yield Piece(part["link"], alt, line_at(part.start()), part["name"])
        else:
            about = (part["about"] or "").strip()
            yield Piece(part["kind"], part["inside"], line_at(part.start("inside")), about)
        done = part.end()
    if body[done:].strip():
        yield Piece("text", body[done:], line_at(done))


def _block(piece: Piece, file: Path) -> dict[str, Any]:
    """The block that the editing screen would make of it; `id` only where answers hang on it."""
    known = ABOUT.get(piece.kind)
    if known is not None and not known.fullmatch(piece.about):
        # The line above is the one that names it.
        line = piece.line - (piece.kind not in {"exercise", "picture"})
        raise BadContent(f"{short(file)}, line {line}: {_named(piece)} is not known here.")
    if piece.kind == "exercise":
        return {"type": "exercise", "value": piece.about}
    if piece.kind == "picture":
        value = {"picture": piece.about, "alt": piece.text, "decorative": not piece.text}
        return {"type": "picture", "value": value}
    if piece.kind == "reflect":
        return {"type": "reflect", "value": _plain(piece, file), "id": piece.about}
    html = _html(piece, file)
    if piece.kind == "text":
        return {"type": "text", "value": html}
    if piece.kind in {"example", "source"}:
        name = {"example": "area", "source": "source"}[piece.kind]
        return {"type": piece.kind, "value": {name: piece.about, "text": html}}
    return {"type": "callout", "value": {"kind": piece.kind, "text": html}}


def _named(piece: Piece) -> str:
    return repr(f"{piece.kind} {piece.about}".strip())


def _plain(piece: Piece, file: Path) -> str:
    """A question is one paragraph of plain words."""
    text = " ".join(piece.text.split())
    if not text or STRAY.search(piece.text) or "\n\n" in piece.text.strip():
        raise BadContent(f"{short(file)}, line {piece.line}: a question is one paragraph.")
    return text


def _html(piece: Piece, file: Path) -> str:
    """The piece as HTML, after a look at every token: what editors cannot make is refused."""
    if stray := STRAY.search(piece.text):
        line = piece.line + piece.text.count("\n", 0, stray.start())
        raise BadContent(f"{short(file)}, line {line}: {stray[0]!r} is not closed or not known.")
    tokens = markdown.parse(SOURCE.sub(r"[\\[\1\\]](/sources/#\1)", piece.text))
    if not tokens:
        raise BadContent(f"{short(file)}, line {piece.line}: there is nothing in it.")
    for token in tokens:
        line = piece.line + (token.map[0] if token.map else 0)
        for part in [token, *(token.children or [])]:
            _refuse(part, piece, f"{short(file)}, line {line}")
    return str(markdown.renderer.render(tokens, markdown.options, {})).strip()


def _refuse(token: Token, piece: Piece, place: str) -> None:
    if token.type not in KNOWN and not KNOWN_PAIRS.fullmatch(token.type):
        raise BadContent(f"{place}: {token.type} has no place in a lesson.")
    # The editing screens keep no paragraphs or headings inside an item, and would put them outside.
    if token.type in {"paragraph_open", "heading_open"} and token.level and not token.hidden:
        raise BadContent(f"{place}: a list's item is plain words, with no blank line before it.")
    if token.type == "heading_open" and (piece.kind != "text" or token.tag not in HEADINGS):
        raise BadContent(f"{place}: headings are of level 2 or 3, and not inside a callout.")
    href = str(token.attrGet("href") or "")
    if token.type == "link_open" and not LINK.fullmatch(href):
        raise BadContent(f"{place}: the link {href!r} must begin with / or https://.")
