"""Reads shipped content files and says exactly where one is wrong: file, line or field."""

import re
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings

# The one in C is ten times as fast; PyYAML has it wherever libyaml was there when it was built.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class BadContent(ValueError):
    """A content file that cannot be used; the message names file and field."""


class Marked(dict[str, Any]):
    """A set of fields that knows the line it begins on, and the line of each field."""

    line: int
    lines: Mapping[str, int]


class _MarkedLoader(LOADER):  # type: ignore[misc,valid-type]
    """Reads sets of fields as Marked, and refuses a field that stands twice."""


def _marked(loader: Any, node: yaml.MappingNode) -> Iterator[Marked]:
    data = Marked()
    yield data
    data.line = node.start_mark.line
    data.lines = {str(key.value): key.start_mark.line for key, _value in node.value}
    if len(data.lines) < len(node.value):
        raise yaml.MarkedYAMLError(problem="a field stands twice", problem_mark=node.start_mark)
    data.update(loader.construct_mapping(node))


_MarkedLoader.add_constructor("tag:yaml.org,2002:map", _marked)


def short(file: Path) -> str:
    """The file's path as seen from the project's folder, where it lies in it."""
    base = settings.BASE_DIR
    return str(file.relative_to(base) if file.is_relative_to(base) else file)


def read_yaml(text: str, file: Path, first_line: int = 1, *, marked: bool = False) -> Any:
    """What the YAML `text` of `file` holds; raises BadContent naming the line.

    `first_line` is where the text begins in the file. With `marked`, what `Fields` says of it
    names the line too.
    """
    try:
        return yaml.load(text, _MarkedLoader if marked else LOADER)  # noqa: S506 - safe loaders
    except yaml.MarkedYAMLError as problem:
        mark = problem.problem_mark
        line = first_line + (mark.line if mark else 0)
        said = problem.problem or "it cannot be read"
        raise BadContent(f"{short(file)}, line {line}: not YAML ({said}).") from None
    except yaml.YAMLError as problem:
        raise BadContent(f"{short(file)}: not YAML ({str(problem).splitlines()[0]}).") from None


def read_list(file: Path) -> list[tuple[Mapping[str, Any], str]]:
    """The entries of a YAML file that holds a list, each with the words that name its place."""
    rows = read_yaml(file.read_text(), file)
    if not isinstance(rows, list):
        raise BadContent(f"{short(file)}: must hold a list of entries.")
    return [(row, f"{short(file)}, entry {number}") for number, row in enumerate(rows, start=1)]


class Fields:
    """The fields of one entry, taken one by one; what is left over at the end is a mistake.

    Every method raises BadContent naming the place and the field.
    """

    def __init__(self, data: Any, place: str) -> None:
        if not isinstance(data, Mapping):
            raise BadContent(f"{place}: must be a set of fields.")
        self.left = dict(data)
        self.marks = data if isinstance(data, Marked) else None
        self.place = f"{place} ({data['id']})" if isinstance(data.get("id"), str) else place

    def fail(self, name: str, why: str) -> BadContent:
        said = f"{self.place}, field {name}: {why}"
        if self.marks is None:
            return BadContent(said)
        line = self.marks.lines.get(name.split(", ", maxsplit=1)[0], self.marks.line) + 1
        return BadContent(f"{said} (line {line})")

    def take(self, name: str, kind: type | tuple[type, ...], said: str) -> Any:
        if name not in self.left:
            raise self.fail(name, "is missing.")
        value = self.left.pop(name)
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is int):
            raise self.fail(name, f"must be {said}, not {value!r}.")
        return value

    def text(self, name: str, most: int, *, empty: bool = False) -> str:
        """A text of at most `most` characters, without space around it."""
        value = str(self.take(name, str, "a text")).strip()
        if not value and not empty:
            raise self.fail(name, "is empty.")
        if len(value) > most:
            raise self.fail(name, f"has {len(value)} characters, at most {most} fit.")
        return value

    def match(self, name: str, pattern: str) -> str:
        """A text that matches `pattern` from end to end."""
        value = self.text(name, 200)
        if not re.fullmatch(pattern, value):
            raise self.fail(name, f"{value!r} does not look like {pattern}.")
        return value

    def number(self, name: str, low: int, high: int) -> int:
        """A whole number from `low` to `high`."""
        value: int = self.take(name, int, "a whole number")
        if not low <= value <= high:
            raise self.fail(name, f"must be from {low} to {high}, not {value}.")
        return value

    def yes_no(self, name: str) -> bool:
        return bool(self.take(name, bool, "true or false"))

    def choice(self, name: str, options: Collection[str]) -> str:
        value = self.text(name, 200)
        if value not in options:
            raise self.fail(name, f"must be one of {', '.join(options)}, not {value!r}.")
        return value

    def ids(self, name: str, pattern: str) -> list[str]:
        """A list of texts that all match `pattern`, none twice."""
        value = self.take(name, list, "a list")
        for one in value:
            if not isinstance(one, str) or not re.fullmatch(pattern, one):
                raise self.fail(name, f"{one!r} does not look like {pattern}.")
        if len(set(value)) < len(value):
            raise self.fail(name, "names something twice.")
        return list(value)

    def part(self, name: str) -> "Fields":
        """A field that is itself a set of fields."""
        return Fields(self.take(name, Mapping, "a set of fields"), f"{self.place}, field {name}")

    def done(self) -> None:
        """Everything has been taken; a field that nobody asked for is misspelt."""
        if self.left:
            raise self.fail(", ".join(map(str, self.left)), "is not known here.")


def refuse_doubles(rows: Collection[Mapping[str, Any]], *names: str) -> None:
    """Raise BadContent if two entries share the value of one of these fields."""
    for name in names:
        seen: set[Any] = set()
        for row in rows:
            if row[name] in seen:
                raise BadContent(f"{row[name]!r} stands twice as {name}.")
            seen.add(row[name])
