"""The shipped questionnaires, read from instruments/*.yaml and checked."""

from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

from healing.editorial.shipped import Fields, read_yaml, short
from healing.questionnaires.instrument import Choice, Instrument, Item, Rule, Scale, Subscale

FOLDER = Path(__file__).parent / "instruments"
KEY = r"[a-z][a-z0-9_]*"
DIRECTIONS = ("less_is_calmer", "more_is_support")
LONG = 2000


def find(slug: str) -> Instrument | None:
    """The questionnaire called `slug`, if there is one."""
    return every().get(slug)


@cache
def every() -> dict[str, Instrument]:
    """All shipped questionnaires by id; raises BadContent for the first one that is wrong."""
    return {file.stem: read(file) for file in sorted(FOLDER.glob("*.yaml"))}


def read(file: Path) -> Instrument:
    """One instrument file; raises BadContent naming file and field."""
    fields = Fields(read_yaml(file.read_text(encoding="utf-8"), file), short(file))
    if fields.match("id", r"[a-z0-9-]+") != file.stem:
        raise fields.fail("id", f"must be {file.stem!r}, like the file.")
    scale, items = _scale(fields.part("scale")), _items(fields)
    subscales = tuple(_subscale(part, items) for part in _parts(fields, "subscales"))
    _refuse_doubles(fields, "subscales", [one.key for one in subscales])
    choices = tuple(_choice(part) for part in _parts(fields, "choices"))
    _refuse_doubles(fields, "choices", [one.key for one in choices])
    source, bands, retake = (fields.part(name) for name in ("source", "bands", "retake"))
    instrument = Instrument(
        id=file.stem,
        version=fields.number("version", 1, 32767),
        title=fields.text("title", 120),
        introduction=fields.text("introduction", LONG),
        instruction=fields.text("instruction", LONG),
        time_frame=fields.text("time_frame", 120),
        citation=source.text("citation", LONG),
        licence=source.text("licence", 200),
        unvalidated=source.yes_no("unvalidated"),
        source_note=source.text("note", LONG),
        scale=scale,
        items=tuple(items.values()),
        low_below=_number(bands, "low_below"),
        high_from=_number(bands, "high_from"),
        subscales=subscales,
        choices=choices,
        result_note=fields.text("result_note", LONG),
        retake_weeks=retake.number("every_weeks", 1, 520),
        retake_text=retake.text("text", LONG),
        rules=_rules(fields, subscales, choices),
    )
    for part in (source, bands, retake, fields):
        part.done()
    return instrument


def _scale(fields: Fields) -> Scale:
    lowest, highest = fields.number("min", 0, 100), fields.number("max", 0, 100)
    anchors = tuple(fields.take("anchors", list, "a list"))
    if not all(isinstance(anchor, str) and anchor for anchor in anchors):
        raise fields.fail("anchors", "must be texts.")
    if len(anchors) != highest - lowest + 1 or len(anchors) < 2:
        raise fields.fail("anchors", "must name every step from min to max, and no other.")
    fields.done()
    return Scale(lowest, anchors)


def _items(fields: Fields) -> dict[int, Item]:
    """Items by their number in the file."""
    items: dict[int, Item] = {}
    for part in _parts(fields, "items"):
        number = part.number("id", 1, 999)
        if number in items:
            raise part.fail("id", f"{number} stands twice.")
        items[number] = Item(part.match("key", KEY), part.text("text", LONG))
        part.done()
    _refuse_doubles(fields, "items", [item.key for item in items.values()])
    return items


def _subscale(fields: Fields, items: dict[int, Item]) -> Subscale:
    fields.choice("method", ["mean"])
    numbers = fields.take("items", list, "a list")
    for number in numbers:
        if not isinstance(number, int) or number not in items:
            raise fields.fail("items", f"{number!r} is no item's id.")
    _refuse_doubles(fields, "items", numbers)
    subscale = Subscale(
        key=fields.match("key", KEY),
        title=fields.text("title", 120),
        items=tuple(items[number].key for number in numbers),
        minimum_answered=fields.number("minimum_answered", 1, len(numbers)),
        more_is_support=fields.choice("direction", DIRECTIONS) == "more_is_support",
        band=_number(fields, "band"),
        about_the_same_below=_number(fields, "about_the_same_below"),
        low=fields.text("low", LONG),
        middle=fields.text("middle", LONG),
        high=fields.text("high", LONG),
    )
    fields.done()
    return subscale


def _choice(fields: Fields) -> Choice:
    options = tuple(
        (part.match("key", KEY), part.text("text", 200)) for part in _parts(fields, "options")
    )
    _refuse_doubles(fields, "options", [key for key, _text in options])
    choice = Choice(
        fields.match("key", KEY), fields.text("text", LONG), fields.yes_no("multi"), options
    )
    fields.done()
    return choice


def _rules(
    fields: Fields, subscales: Iterable[Subscale], choices: Iterable[Choice]
) -> tuple[Rule, ...]:
    scales = [one.key for one in subscales]
    answers = {one.key: [key for key, _text in one.options] for one in choices}
    rules = tuple(_rule(part, scales, answers) for part in _parts(fields, "next_step"))
    if rules[-1].choice or rules[-1].subscale:
        raise fields.fail("next_step", "must end with an entry that always fits (when: {}).")
    return rules


def _rule(fields: Fields, scales: list[str], answers: dict[str, list[str]]) -> Rule:
    key, text, when = fields.match("key", KEY), fields.text("text", LONG), fields.part("when")
    rule = Rule(key, text)
    if "choice" in when.left:
        choice = when.choice("choice", answers)
        rule = Rule(key, text, choice=choice, answer=when.choice("is", answers[choice]))
    elif "subscale" in when.left:
        rule = Rule(
            key,
            text,
            subscale=when.choice("subscale", scales),
            at_least=_number(when, "at_least"),
            above=when.choice("above", scales),
            by=_number(when, "by"),
        )
    when.done()
    fields.done()
    return rule


def _parts(fields: Fields, name: str) -> list[Fields]:
    """The entries of the list `name`, each a set of fields."""
    entries = fields.take(name, list, "a list")
    if not entries:
        raise fields.fail(name, "is empty.")
    place = f"{fields.place}, field {name}"
    return [Fields(entry, f"{place}, entry {n}") for n, entry in enumerate(entries, start=1)]


def _number(fields: Fields, name: str) -> float:
    value = fields.take(name, (int, float), "a number")
    if isinstance(value, bool):
        raise fields.fail(name, f"must be a number, not {value!r}.")
    return float(value)


def _refuse_doubles(fields: Fields, name: str, keys: Sequence[str | int]) -> None:
    for key in keys:
        if keys.count(key) > 1:
            raise fields.fail(name, f"names {key!r} twice.")
