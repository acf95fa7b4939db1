"""Reads one instrument file, or the wording an operator adds to one, and says where it is wrong."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from healing.editorial.shipped import BadContent, Fields, read_yaml, short
from healing.questionnaires.instrument import (
    Caution,
    Choice,
    Instrument,
    Item,
    Reliability,
    Rule,
    Scale,
    Source,
    Subscale,
    Words,
)
from healing.questionnaires.wording import (
    HIGHEST,
    LICENCE_NEEDED,
    LONG,
    Wording,
    faults,
    worded,
)

KEY = r"[a-z][a-z0-9_]*"
DIRECTIONS = ("less_is_calmer", "more_is_support")


def read(file: Path) -> Instrument:
    """One instrument file; raises BadContent naming file, field and line."""
    fields = _fields(file)
    scale, items = _scale(fields.part("scale")), _items(fields)
    subscales = tuple(_subscale(part, items) for part in _parts(fields, "subscales"))
    _refuse_doubles(fields, "subscales", [one.key for one in subscales])
    _refuse_wrong_anchors(fields, scale, items)
    choices = tuple(_choice(part) for part in _parts(fields, "choices", needed=False))
    _refuse_doubles(fields, "choices", [one.key for one in choices])
    low_below, high_from = _bands(fields, subscales)
    retake = fields.part("retake")
    instrument = Instrument(
        id=file.stem,
        version=fields.number("version", 1, 32767),
        title=fields.text("title", 120),
        introduction=fields.text("introduction", LONG),
        instruction=fields.text("instruction", LONG),
        time_frame=fields.text("time_frame", 120),
        source=_source(fields.part("source")),
        scale=scale,
        items=tuple(items.values()),
        low_below=low_below,
        high_from=high_from,
        subscales=subscales,
        targets=_targets(fields),
        choices=choices,
        result_note=fields.text("result_note", LONG),
        retake_weeks=retake.number("every_weeks", 1, 520),
        retake_text=retake.text("text", LONG),
        rules=_rules(fields, subscales, choices),
        for_people=fields.yes_no("for_people") if "for_people" in fields.left else True,
    )
    for part in (retake, fields):
        part.done()
    return instrument


def read_wording(file: Path, key: Instrument) -> Instrument:
    """`key` with the words an operator may show, and their range if it is another one.

    The file names the version it belongs to, the permission, the scale and every item's text by
    number. Raises BadContent naming file, field and line.
    """
    fields = _fields(file)
    fields.number("version", key.version, key.version)
    scale, items = fields.part("scale"), fields.part("items")
    wording = Wording(
        permission=fields.text("permission", 200, empty=True),
        lowest=scale.number("min", 0, HIGHEST),
        highest=scale.number("max", 0, HIGHEST),
        anchors=_texts(scale, "anchors"),
        texts=_texts_by_number(items),
        introduction=_text_if_any(fields, "introduction"),
        instruction=_text_if_any(fields, "instruction"),
    )
    for part in (scale, fields):
        part.done()
    for name, fault in faults(key, wording):
        raise fields.fail(name, fault)
    return worded(key, wording)


def _texts(fields: Fields, name: str) -> tuple[str, ...]:
    texts = fields.take(name, list, "a list")
    if not all(isinstance(text, str) for text in texts):
        raise fields.fail(name, "must be texts.")
    return tuple(text.strip() for text in texts)


def _texts_by_number(fields: Fields) -> dict[int, str]:
    fields.left = {str(number): text for number, text in fields.left.items()}
    for number in fields.left:
        if not number.isdecimal():
            raise fields.fail(number, "is no item's number.")
    return {int(number): fields.text(number, LONG, empty=True) for number in list(fields.left)}


def _text_if_any(fields: Fields, name: str) -> str:
    return fields.text(name, LONG) if name in fields.left else ""


def _fields(file: Path) -> Fields:
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        raise BadContent(f"{short(file)}: cannot be read ({problem}).") from None
    fields = Fields(read_yaml(text, file, marked=True), short(file))
    if fields.match("id", r"[a-z0-9-]+") != file.stem:
        raise fields.fail("id", f"must be {file.stem!r}, like the file.")
    return fields


def _source(fields: Fields) -> Source:
    source = Source(
        citation=fields.text("citation", LONG),
        licence=fields.text("licence", 500),
        address=fields.match("address", r"https?://\S+") if "address" in fields.left else "",
        unvalidated=fields.yes_no("unvalidated"),
        note=fields.text("note", LONG),
    )
    fields.done()
    return source


def _scale(fields: Fields) -> Scale:
    lowest, highest = fields.number("min", 0, 100), fields.number("max", 0, 100)
    if highest <= lowest:
        raise fields.fail("max", "must be more than min.")
    anchors: tuple[str, ...] = ()
    if fields.left.get("anchors") == LICENCE_NEEDED:
        fields.left.pop("anchors")
    else:
        anchors = _anchors(fields, highest - lowest + 1)
    fields.done()
    return Scale(lowest, highest, anchors)


def _anchors(fields: Fields, steps: int) -> tuple[str, ...]:
    anchors = tuple(fields.take("anchors", list, "a list"))
    if not all(isinstance(anchor, str) and anchor for anchor in anchors):
        raise fields.fail("anchors", "must be texts.")
    if len(anchors) != steps:
        raise fields.fail("anchors", "must name every step from min to max, and no other.")
    return anchors


def _items(fields: Fields) -> dict[int, Item]:
    """Items by their number in the file."""
    items: dict[int, Item] = {}
    for part in _parts(fields, "items"):
        number = part.number("id", 1, 999)
        if number in items:
            raise part.fail("id", f"{number} stands twice.")
        key, text = part.match("key", KEY), part.text("text", LONG)
        own = part.take("anchors", list, "a list") if "anchors" in part.left else ()
        items[number] = Item(number, key, "" if text == LICENCE_NEEDED else text, tuple(own))
        part.done()
    _refuse_doubles(fields, "items", [item.key for item in items.values()])
    return items


def _refuse_wrong_anchors(fields: Fields, scale: Scale, items: dict[int, Item]) -> None:
    steps = scale.highest - scale.lowest + 1
    for item in items.values():
        words = item.anchors
        if words and (len(words) != steps or not all(isinstance(one, str) for one in words)):
            raise fields.fail("items", f"{item.number} must name every step with a text.")


def _subscale(fields: Fields, items: dict[int, Item]) -> Subscale:
    method = fields.choice("method", ["mean", "sum"])
    numbers = _numbers_of(fields, "items", items)
    if not numbers:
        raise fields.fail("items", "is empty.")
    turned = _numbers_of(fields, "reversed", items) if "reversed" in fields.left else []
    for number in turned:
        if number not in numbers:
            raise fields.fail("reversed", f"{number} is not among the scale's items.")
    subscale = Subscale(
        key=fields.match("key", KEY),
        title=fields.text("title", 120),
        items=tuple(items[number].key for number in numbers),
        reversed=frozenset(items[number].key for number in turned),
        summed=method == "sum",
        minimum_answered=_minimum(fields, len(numbers)),
        more_is_support=fields.choice("direction", DIRECTIONS) == "more_is_support",
        reliability=_reliability(fields),
        caution=_caution(fields),
        words=_words(fields),
    )
    fields.done()
    return subscale


def _numbers_of(fields: Fields, name: str, items: dict[int, Item]) -> list[int]:
    numbers: list[int] = fields.take(name, list, "a list")
    for number in numbers:
        if not isinstance(number, int) or number not in items:
            raise fields.fail(name, f"{number!r} is no item's id.")
    _refuse_doubles(fields, name, numbers)
    return numbers


def _minimum(fields: Fields, items: int) -> int:
    """As the file says, or 80 % of the items, rounded up."""
    if "minimum_answered" in fields.left:
        return fields.number("minimum_answered", 1, items)
    return -(-items * 4 // 5)


def _reliability(fields: Fields) -> Reliability | None:
    if "reliability" not in fields.left:
        return None
    part = fields.part("reliability")
    r, sd = _number(part, "r"), _number(part, "sd")
    if not 0 < r < 1:
        raise part.fail("r", "must lie between 0 and 1.")
    if not sd > 0:
        raise part.fail("sd", "must be more than 0.")
    kind, source = part.choice("kind", ["alpha", "retest"]), part.text("source", LONG)
    part.done()
    return Reliability(kind, r, sd, source)


def _caution(fields: Fields) -> Caution | None:
    if not fields.left.keys() & {"band", "about_the_same_below"}:
        return None
    return Caution(_number(fields, "band"), _number(fields, "about_the_same_below"))


def _words(fields: Fields) -> Words | None:
    if not fields.left.keys() & {"low", "middle", "high"}:
        return None
    return Words(*(fields.text(name, LONG) for name in ("low", "middle", "high")))


def _bands(fields: Fields, subscales: Iterable[Subscale]) -> tuple[float, float]:
    """Where the words change; asked for only where there are words."""
    if "bands" not in fields.left and not any(one.words for one in subscales):
        return 0, 0
    part = fields.part("bands")
    low_below, high_from = _number(part, "low_below"), _number(part, "high_from")
    part.done()
    return low_below, high_from


def _targets(fields: Fields) -> tuple[tuple[str, str], ...]:
    targets = []
    for part in _parts(fields, "targets"):
        targets.append((part.match("key", KEY), part.text("title", 80)))
        part.done()
    _refuse_doubles(fields, "targets", [key for key, _title in targets])
    return tuple(targets)


def _choice(fields: Fields) -> Choice:
    options = []
    for part in _parts(fields, "options"):
        options.append((part.match("key", KEY), part.text("text", 200)))
        part.done()
    _refuse_doubles(fields, "options", [key for key, _text in options])
    choice = Choice(
        fields.match("key", KEY), fields.text("text", LONG), fields.yes_no("multi"), tuple(options)
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


def _parts(fields: Fields, name: str, *, needed: bool = True) -> list[Fields]:
    """The entries of the list `name`, each a set of fields."""
    if not needed and name not in fields.left:
        return []
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
