"""The shipped exercises: reads, checks, loads and writes back `content/*.yaml`."""

import json
from collections.abc import Collection, Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from exercises.blocks import KEY, SCALES
from exercises.models import EXERCISE_ID, LIMITS, STATES, Exercise
from exercises.timeline import Ask, is_gentle, timeline
from healing.editorial import loader
from healing.editorial.dumping import Dump, settle
from healing.editorial.shipped import BadContent, Fields, read_yaml, refuse_doubles, short
from healing.editorial.text_checks import Finding
from healing.editorial.writing import Ids, Inline, Prose, sentence, yaml_of

PLAIN = (
    "slug",
    "title",
    "kind",
    "intensity",
    "eyes",
    "breath_focus",
    "purpose",
    "intro",
    "gentler",
)
FRAMES = [value for value in Exercise.Frame.values if value]
FOLDER = Path(__file__).parent / "content"
SOURCE_ID = r"B\d{2,3}"
SLUG = r"[a-z0-9]+(-[a-z0-9]+)*"
# "90 seconds" may stand as one and a half minutes, "100 seconds" as two.
MINUTES_MAY_BE_OFF = 30


def read(folder: Path = FOLDER) -> list[dict[str, Any]]:
    """Every shipped exercise, checked; raises BadContent naming file and field."""
    files = sorted(folder.glob("*.yaml"))
    rows = [_exercise(Fields(read_yaml(file.read_text(), file), short(file))) for file in files]
    _together(rows)
    return rows


@cache
def shipped() -> dict[str, dict[str, Any]]:
    """The shipped exercises by id, read once: for pages that must open without a database."""
    return {row["id"]: row for row in read()}


def load() -> dict[str, loader.Upgrade]:
    """Bring the shipped exercises into the database."""
    return loader.load(Exercise, read(), _fill)


def findings(rows: Collection[loader.Row]) -> Iterator[tuple[str, Finding]]:
    """What is to be mended in what `read` has read, each with its id."""
    return loader.findings(Exercise, rows, _fill)


def dump() -> Dump:
    """The live exercises as shipped files; an unchanged one is its file, byte for byte."""
    dumped = Dump()
    files = dict(zip((row["id"] for row in read()), sorted(FOLDER.glob("*.yaml")), strict=True))
    shipped = {row["id"]: row for row in read()}
    kept = settle(
        dumped,
        shipped=shipped,
        live={one.content_id: one.as_row() for one in Exercise.objects.published()},
        read=lambda row: _exercise(Fields(_entry(row), row["id"])),
        together=_together,
        write=lambda row: yaml_of(_entry(row)),
    )
    for one, row in kept.items():
        dumped.put(files[one], yaml_of(_entry(row)), same=row == shipped[one])
    return dumped


def _entry(row: loader.Row) -> dict[str, Any]:
    """The exercise as its file writes it; what the standard way shares with the top stands once."""
    ways = [_way_entry(variant) for variant in row["variants"]]
    words = [{"kind": "text", "text": sentence(line)} for line in row["how"]]
    entry = {
        **{name: row[name] for name in ("id", "slug", "title", "kind")},
        "minutes": _minutes_entry(row["minutes"], row["minutes_to"]),
        "intensity": row["intensity"],
        "fits_state": Ids(row["fits_state"]),
        "eyes": row["eyes"],
        "breath_focus": row["breath_focus"],
        **{name: Prose(row[name]) for name in ("purpose", "intro")},
        "steps": ways[0].get("steps", words) if ways else words,
        **({"pattern": ways[0]["pattern"]} if ways and "pattern" in ways[0] else {}),
    }
    if row["rest_after"]:
        entry |= {"rest_after": row["rest_after"], "rest_text": Prose(row["rest_text"])}
    evidence = row["evidence"]
    entry |= {name: row[name] for name in LIMITS if row[name]}
    return entry | {
        "variants": ways,
        "not_when": [sentence(line) for line in row["not_when"]],
        "gentler": Prose(row["gentler"]),
        "gentler_exercise": row["gentler_exercise"] or None,
        "evidence": {
            "tag": evidence["tag"],
            "note": Prose(evidence["note"]),
            "sources": Ids(evidence["sources"]),
        },
    }


def _way_entry(variant: loader.Row) -> dict[str, Any]:
    way = {name: variant[name] for name in ("name", "label")} | {"note": sentence(variant["note"])}
    if "pattern" in variant:
        return way | {"pattern": Inline(variant["pattern"])}
    times = {"times": variant["times"]} if variant["times"] else {}
    return way | times | {"steps": [_step_entry(step) for step in variant["steps"]]}


def _step_entry(step: loader.Row) -> dict[str, Any]:
    """A step without what is said by being absent."""
    entry = {name: value for name, value in step.items() if value not in (0, False)}
    entry["text"] = Prose(step["text"])
    if "options" in step:
        entry["options"] = [sentence(one) for one in step["options"]]
    return entry


def _minutes_entry(least: Decimal, most: Decimal | None) -> Any:
    plain = [int(one) if one == int(one) else float(one) for one in (least, most) if one]
    return Ids(plain) if len(plain) > 1 else plain[0]


def _together(rows: Collection[loader.Row]) -> None:
    """Raise BadContent where exercises share an id or address, or one names another in vain."""
    refuse_doubles(rows, "id", "slug")
    known = {row["id"] for row in rows}
    for row in rows:
        if row["gentler_exercise"] not in {"", *known}:
            place = f"{short(FOLDER)} ({row['id']}), field gentler_exercise"
            raise BadContent(f"{place}: there is no exercise {row['gentler_exercise']}.")


def _exercise(fields: Fields) -> dict[str, Any]:
    rest = _rest(fields)
    row = {
        "id": fields.match("id", EXERCISE_ID),
        "slug": fields.match("slug", SLUG),
        "title": fields.text("title", 60),
        "kind": fields.text("kind", 60),
        **_minutes(fields),
        "intensity": fields.choice("intensity", Exercise.Intensity.values),
        "fits_state": sorted(fields.ids("fits_state", "|".join(STATES)), key=STATES.index),
        "eyes": fields.choice("eyes", Exercise.Eyes.values),
        "breath_focus": fields.yes_no("breath_focus"),
        "purpose": fields.text("purpose", 200),
        "intro": fields.text("intro", 300),
        **rest,
        "variants": _variants(fields),
        "not_when": _lines(fields, "not_when"),
        "gentler": fields.text("gentler", 600),
        "gentler_exercise": _gentler_exercise(fields),
        "evidence": _evidence(fields.part("evidence")),
        **_limits(fields),
    }
    row["how"] = _top(fields, row["variants"])
    fields.done()
    _check_minutes(fields, row)
    return row


def _top(fields: Fields, variants: list[dict[str, Any]]) -> list[str]:
    """How to do it, in words: the steps at the top of an exercise with a breathing pattern.

    Elsewhere the steps at the top are those of the standard way, and there are no such words.
    """
    entries = fields.take("steps", list, "a list")
    pattern = _pattern(fields.part("pattern")) if "pattern" in fields.left else None
    if pattern != variants[0].get("pattern"):
        raise fields.fail("pattern", "must be that of the standard way.")
    places = [(f"steps, entry {number}", one) for number, one in enumerate(entries, 1)]
    if pattern:
        return [_words(fields, name, one) for name, one in places]
    if [_step(fields, name, one) for name, one in places] != variants[0]["steps"]:
        raise fields.fail("steps", "must be those of the standard way.")
    return []


def _words(fields: Fields, name: str, entry: Any) -> str:
    step = Fields(entry, f"{fields.place}, field {name}")
    step.choice("kind", ["text"])
    words = step.text("text", 300)
    step.done()
    return words


def _step(fields: Fields, name: str, entry: Any) -> dict[str, Any]:
    step = Fields(entry, f"{fields.place}, field {name}")
    kind = step.choice("kind", ["timed", "text", *Ask])
    row: dict[str, Any] = {"kind": kind, "seconds": 0}
    if kind == "timed" or (kind != "text" and "seconds" in step.left):
        row["seconds"] = step.number("seconds", 1, 1200)
    row |= {"say": step.text("say", 60), "text": step.text("text", 400)}
    if kind in set(Ask):
        row["key"] = step.match("key", KEY)
    match kind:
        case Ask.WRITING:
            row["unsent"] = "unsent" in step.left and step.yes_no("unsent")
        case Ask.LIST:
            row["count"] = step.number("count", 1, 20)
        case Ask.RATING:
            row["scale"] = step.choice("scale", SCALES)
        case Ask.CHOICE:
            row["many"] = "many" in step.left and step.yes_no("many")
            row["options"] = _lines(step, "options")
    step.done()
    return row


def _pattern(fields: Fields) -> dict[str, int]:
    row = {
        "in": fields.number("in", 1, 6),
        "top_up": fields.number("top_up", 0, 2),
        "hold_in": fields.number("hold_in", 0, 4),
        "out": fields.number("out", 1, 10),
        "hold_out": fields.number("hold_out", 0, 4),
        "cycles": fields.number("cycles", 1, 60),
    }
    fields.done()
    if not is_gentle(row):
        raise fields.fail("out", "a breath takes six seconds or more, and out is no shorter.")
    return row


def _rest(fields: Fields) -> dict[str, Any]:
    if "rest_after" not in fields.left:
        return {"rest_after": 0, "rest_text": ""}
    return {
        "rest_after": fields.number("rest_after", 1, 60),
        "rest_text": fields.text("rest_text", 200),
    }


def _variants(fields: Fields) -> list[dict[str, Any]]:
    entries = fields.take("variants", list, "a list")
    rows = [_variant(fields, number, entry) for number, entry in enumerate(entries, 1)]
    names = [row["name"] for row in rows]
    if names[:1] != ["standard"] or "gentle" not in names or len(set(names)) < len(names):
        raise fields.fail("variants", "start with standard, hold gentle, and name none twice.")
    return rows


def _variant(fields: Fields, number: int, entry: Any) -> dict[str, Any]:
    place = f"variants, entry {number}"
    way = Fields(entry, f"{fields.place}, field {place}")
    row: dict[str, Any] = {
        "name": way.match("name", r"[a-z][a-z-]{1,30}"),
        "label": way.text("label", 60),
        "note": way.text("note", 300, empty=True),
    }
    if "pattern" in way.left:
        row["pattern"] = _pattern(way.part("pattern"))
    else:
        row["times"] = way.number("times", 1, 60) if "times" in way.left else 0
        steps = way.take("steps", list, "a list")
        named = [(f"{place}, steps, entry {index}", step) for index, step in enumerate(steps, 1)]
        row["steps"] = [_step(fields, name, step) for name, step in named]
        keys = [step["key"] for step in row["steps"] if "key" in step]
        if not row["steps"] or len(set(keys)) < len(keys):
            raise way.fail("steps", "needs at least one step, and no key twice.")
    way.done()
    return row


def _lines(fields: Fields, name: str) -> list[str]:
    """A list of sentences, at least one, each on a line of its own."""
    lines = [str(line).strip() for line in fields.take(name, list, "a list")]
    if not lines or not all(lines) or any("\n" in line for line in lines):
        raise fields.fail(name, "needs at least one sentence, and no empty one.")
    return lines


def _gentler_exercise(fields: Fields) -> str:
    """The id, or an empty text where the file says null."""
    if fields.left.get("gentler_exercise", "") is None:
        del fields.left["gentler_exercise"]
        return ""
    return fields.match("gentler_exercise", EXERCISE_ID)


def _evidence(fields: Fields) -> dict[str, Any]:
    row = {
        "tag": fields.choice("tag", Exercise.Evidence.values),
        "note": fields.text("note", 600),
        "sources": fields.ids("sources", SOURCE_ID),
    }
    fields.done()
    if not row["sources"]:
        raise fields.fail("sources", "names no source.")
    return row


def _limits(fields: Fields) -> dict[str, Any]:
    """What has to happen around the steps, and how often: mostly nothing, so each may be absent."""
    name = "requires_safety_screen"
    frame = "frame" in fields.left
    weekly = "max_per_week" in fields.left
    return {
        "frame": fields.choice("frame", FRAMES) if frame else "",
        name: name in fields.left and fields.yes_no(name),
        "max_per_week": fields.number("max_per_week", 1, 7) if weekly else 0,
    }


def _minutes(fields: Fields) -> dict[str, Decimal | None]:
    """How long it takes: a number, or the least and the most."""
    value = fields.take("minutes", (int, float, list), "a number, or two in a list")
    least, *most = value if isinstance(value, list) else [value]
    if len(most) > 1 or any(not isinstance(one, int | float) for one in (least, *most)):
        raise fields.fail("minutes", "must be a number, or two in a list.")
    if most and most[0] <= least:
        raise fields.fail("minutes", "the second number is the higher one.")
    to = Decimal(str(most[0])) if most else None
    return {"minutes": Decimal(str(least)), "minutes_to": to}


def _check_minutes(fields: Fields, row: dict[str, Any]) -> None:
    """A way with a clock lasts as long as the file says; untimed steps may fill up the rest."""
    plan = timeline(row["variants"][0])
    least, most = (float(row[name] or row["minutes"]) * 60 for name in ("minutes", "minutes_to"))
    too_short = plan.is_timed and plan.seconds < least - MINUTES_MAY_BE_OFF
    if too_short or plan.seconds > most + MINUTES_MAY_BE_OFF:
        raise fields.fail("minutes", f"{row['minutes']} does not fit {plan.seconds} seconds.")


def _fill(exercise: Exercise, row: loader.Row) -> None:
    for name in PLAIN:
        setattr(exercise, name, row[name])
    exercise.minutes = row["minutes"].quantize(Decimal("0.1"))
    exercise.minutes_to = row["minutes_to"] and row["minutes_to"].quantize(Decimal("0.1"))
    for state in STATES:
        setattr(exercise, f"fits_{state.replace('-', '_')}", state in row["fits_state"])
    exercise.how = "\n".join(row["how"])
    exercise.ways = json.dumps([_way(row["id"], variant) for variant in row["variants"]])
    exercise.rest_after, exercise.rest_text = row["rest_after"], row["rest_text"]
    exercise.not_when = "\n".join(row["not_when"])
    exercise.gentler_exercise = row["gentler_exercise"]
    exercise.evidence_tag = row["evidence"]["tag"]
    exercise.evidence_note = row["evidence"]["note"]
    exercise.sources = ", ".join(row["evidence"]["sources"])
    for name in LIMITS:
        setattr(exercise, name, row[name])


def _way(exercise: str, variant: dict[str, Any]) -> dict[str, Any]:
    """A variant as a StreamField keeps it, with ids that are the same each time."""
    name = variant["name"]
    value = {key: variant[key] for key in ("name", "label", "note")}
    kept = {"id": loader.block_id(exercise, name)}
    if pattern := variant.get("pattern"):
        breath = {("breath_in" if key == "in" else key): pattern[key] for key in pattern}
        return {**kept, "type": "breath", "value": {**value, **breath}}
    steps = [
        _step_block(step, loader.block_id(exercise, name, str(number)))
        for number, step in enumerate(variant["steps"], 1)
    ]
    return {**kept, "type": "steps", "value": {**value, "times": variant["times"], "steps": steps}}


def _step_block(step: dict[str, Any], block_id: str) -> dict[str, Any]:
    untimed = {"kind", "seconds"} if step["kind"] == "text" else {"kind"}
    value = {name: step[name] for name in step if name not in untimed}
    if "options" in value:
        value["options"] = [
            {"type": "item", "value": one, "id": loader.block_id(block_id, str(number))}
            for number, one in enumerate(value["options"], 1)
        ]
    return {"type": step["kind"], "value": value, "id": block_id}
