"""Writes content files as `shipped` reads them: YAML in one form, whoever wrote it before."""

import re
from collections.abc import Iterator
from typing import Any

import yaml

WIDTH = 100
# A text with one of these cannot be broken at its spaces and put together again.
UNFOLDABLE = re.compile(r"[\t-\r\x1c-\x1f\x85\u2028\u2029]|  |^ | $")


class Prose(str):
    """Sentences: folded at `WIDTH` columns, and with line breaks of their own kept as they are."""

    __slots__ = ()


def sentence(words: str) -> str:
    """Words on a line of their own while they fit there, else folded."""
    return Prose(words) if len(words) > WIDTH - 10 else words


class Inline(dict[str, Any]):
    """A few short fields on one line."""


class Ids(list[Any]):
    """Short names or numbers on one line."""


class _Dumper(yaml.SafeDumper):
    """PyYAML's writer with indented lists, double quotes, and prose folded no wider than it says.

    PyYAML's own folding breaks after the word that passes the width.
    """

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> Any:
        return super().increase_indent(flow, False)

    def choose_scalar_style(self) -> Any:
        style = super().choose_scalar_style()
        return '"' if style == "'" else style

    def generate_anchor(self, node: Any) -> str:
        return "standard"

    def write_folded(self, text: str) -> None:
        self.write_indicator(">-", True)
        for line in _folded(text, WIDTH - (self.indent or 0)):
            self.write_line_break()
            self.write_indent()
            self.stream.write(line)
            self.column += len(line)


def yaml_of(data: Any) -> str:
    """The YAML of lists, mappings, texts, numbers and None; reading it gives the same again.

    Something that stands in it twice is written once, and referred to as `*standard`.
    """
    return str(yaml.dump(data, Dumper=_Dumper, width=10**6, allow_unicode=True, sort_keys=False))


def _folded(text: str, width: int) -> Iterator[str]:
    """The lines of a text broken at single spaces; `textwrap` would drop a no-break space."""
    line, *words = text.split(" ")
    for word in words:
        if len(line) + 1 + len(word) > width:
            yield line
            line = word
        else:
            line = f"{line} {word}"
    yield line


def _prose(dumper: yaml.SafeDumper, text: Prose) -> yaml.Node:
    text = Prose(text.replace("\r\n", "\n"))  # as browsers send what was typed
    style = "|" if "\n" in text else None if not text or UNFOLDABLE.search(text) else ">"
    return dumper.represent_scalar("tag:yaml.org,2002:str", str(text), style=style)


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.Node:
    # A telephone number is no number, and 08001110111 is one to some readers of YAML.
    style = '"' if text.isdigit() else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


def _inline(dumper: yaml.SafeDumper, data: Inline) -> yaml.Node:
    return dumper.represent_mapping("tag:yaml.org,2002:map", data, flow_style=True)


def _ids(dumper: yaml.SafeDumper, ids: Ids) -> yaml.Node:
    return dumper.represent_sequence("tag:yaml.org,2002:seq", ids, flow_style=True)


_Dumper.add_representer(str, _text)
_Dumper.add_representer(Prose, _prose)
_Dumper.add_representer(Inline, _inline)
_Dumper.add_representer(Ids, _ids)
