"""The shipped modules and lessons: reads, checks, loads and writes back `content/`."""

import json
from collections.abc import Collection, Iterator, Mapping
from copy import copy
from dataclasses import replace
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext
from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter

from healing.editorial import digest, loader
from healing.editorial.dumping import Dump, settle
from healing.editorial.shipped import BadContent, Fields, read_list, refuse_doubles, short
from healing.editorial.text_checks import Finding
from healing.editorial.tidy import tidy
from healing.editorial.writing import Ids, Prose, yaml_of
from healing.lessons.blocks import PRACTICES, RICH, SHORT
from healing.lessons.checks import Known, Text, check
from healing.lessons.markdown import read_file, read_text
from healing.lessons.models import Intensity, Lesson, Module
from healing.lessons.writing import write_text
from healing.sources.models import Source

FOLDER = Path(__file__).parent / "content"
MODULE_ID = r"M\d|S|Z"
LESSON_ID = r"(M\d|S|Z)\.\d"
SLUG = r"[a-z0-9]+(-[a-z0-9]+)*"
SOURCE_ID = r"B\d{2,3}"
# Fields of a lesson that stand in its file as they stand in its row.
PLAIN = (
    "slug",
    "order",
    "title",
    "minutes",
    "goal",
    "intensity",
    "content_note",
    "gated",
    "short_version",
)


def read(folder: Path = FOLDER) -> list[dict[str, Any]]:
    """Every shipped lesson, checked; raises BadContent naming file and line or field."""
    modules = {row["id"] for row in read_modules(folder)}
    rows = [_lesson(*read_file(file), file, modules) for file in sorted(folder.glob("*/*.md"))]
    refuse_doubles(rows, "id", "slug")
    return rows


def read_modules(folder: Path = FOLDER) -> list[dict[str, Any]]:
    """Every shipped module, checked; raises BadContent naming file and field."""
    rows = [_module(Fields(*entry)) for entry in read_list(folder / "modules.yaml")]
    refuse_doubles(rows, "id", "slug", "order")
    return rows


def text(row: Mapping[str, Any]) -> Text:
    """A shipped lesson as the rules of `checks` look at it."""
    return Text(
        content_id=row["id"],
        short_version=row["short_version"],
        words=[row[name] for name in ("title", "goal", "content_note", "short_version")],
        sources=row["sources"],
        blocks=row["blocks"],
    )


def load(folder: Path = FOLDER) -> dict[str, loader.Upgrade]:
    """Bring modules and lessons into the database; their sources must be there."""
    modules, lessons = read_modules(folder), read(folder)
    refuse_unknown(lessons, sources=set(Source.objects.values_list("content_id", flat=True)))
    return {
        **loader.load(Module, modules, _fill_module),
        **loader.load(Lesson, lessons, _fill_lesson),
    }


def dump(*, sources: Collection[str]) -> Dump:
    """The live modules and lessons as shipped files; `sources` are the ids that ship.

    A module that is not published stays as it shipped. Raises nothing: what fits no file is in
    `aside`, and what a file cannot hold in full in `noted`.
    """
    dumped = Dump()
    modules = _dump_modules(dumped)
    shipped = {row["id"]: row for row in read()}
    live = {one.content_id: one for one in Lesson.objects.published().select_related("module")}

    written: dict[str, str] = {}

    def read_back(row: loader.Row) -> dict[str, Any]:
        file = settings.BASE_DIR / shipped[row["id"]]["file"]
        written[row["id"]] = _write(row)
        again = _lesson(*read_text(written[row["id"]], file), file, modules)
        refuse_unknown([again], sources=sources)
        return again

    kept = settle(
        dumped,
        shipped=shipped,
        live={one: _row_of(lesson) for one, lesson in live.items()},
        read=read_back,
        together=lambda rows: refuse_doubles(rows, "id", "slug"),
        write=_write,
    )
    for one, row in kept.items():
        dumped.files[row["file"]] = written[one]
        if _digest_of(live[one], row) != loader.digest(live[one]):
            dumped.noted[one] = gettext("has a layout that a file cannot hold in full.")
    for one, aside in list(dumped.aside.items()):
        dumped.aside[one] = replace(aside, ending=".md") if one in live else aside
    return dumped


def canonical(file: Path) -> str:
    """A shipped lesson's file in the form that `writing` describes; raises BadContent."""
    row = _lesson(*read_file(file), file, {row["id"] for row in read_modules()})
    return _write({**row, "blocks": [_as_edited(block) for block in row["blocks"]]})


def refuse_unknown(lessons: Collection[Mapping[str, Any]], *, sources: Collection[str]) -> None:
    """Raise BadContent where a lesson names a source that is not there."""
    for lesson in lessons:
        for one in lesson["sources"]:
            if one not in sources:
                raise BadContent(f"{lesson['file']}: there is no source {one}.")


def findings(
    lessons: Collection[Mapping[str, Any]], *, sources: Collection[str]
) -> Iterator[tuple[str, Finding]]:
    """What has to be mended in the shipped lessons, each with its file."""
    texts = [text(lesson) for lesson in lessons]
    slugs = {lesson["slug"] for lesson in lessons}
    for lesson, one in zip(lessons, texts, strict=True):
        for finding in check(one, Known(slugs=slugs, sources=sources, others=texts)):
            yield lesson["file"], finding


def not_here_yet(
    lessons: Collection[Mapping[str, Any]], *, exercises: Collection[str]
) -> dict[str, list[str]]:
    """What lessons name to practise and nobody has written yet, each with those lessons' ids."""
    missing: dict[str, list[str]] = {}
    for lesson in lessons:
        for one in lesson["exercise_ids"]:
            if one not in exercises:
                missing.setdefault(one, []).append(lesson["id"])
    return missing


def _module(fields: Fields) -> dict[str, Any]:
    row = {
        "id": fields.match("id", MODULE_ID),
        "slug": fields.match("slug", SLUG),
        "order": fields.number("order", 1, 99),
        "title": fields.text("title", 200),
        "aim": fields.text("aim", 400),
        "intensity": fields.choice("intensity", Intensity.values),
        "optional": fields.yes_no("optional"),
    }
    fields.done()
    return row


def _lesson(
    front: Any, blocks: list[dict[str, Any]], file: Path, modules: Collection[str]
) -> dict[str, Any]:
    fields = Fields(front, short(file))
    row: dict[str, Any] = {
        "id": fields.match("id", LESSON_ID),
        "slug": fields.match("slug", SLUG),
        "module": fields.choice("module", modules),
        "order": fields.number("order", 1, 99),
        "title": fields.text("title", 200),
        "minutes": fields.number("minutes", 1, 30),
        "goal": fields.text("goal", 400),
        "intensity": fields.choice("intensity", Intensity.values),
        "content_note": fields.text("content_note", 400, empty=True),
        "gated": fields.yes_no("gated") if "gated" in fields.left else False,
        "short_version": fields.text("short_version", 600),
        "practise": fields.ids("practise", "|".join(PRACTICES)),
        "sources": fields.ids("sources", SOURCE_ID),
    }
    fields.done()
    linked = [block["value"] for block in blocks if block["type"] == "exercise"]
    for one in linked:
        if one not in PRACTICES:
            raise BadContent(f"{short(file)}: there is no exercise {one} in the programme.")
    if sum(block["type"] == "reflect" for block in blocks) > 1:
        raise BadContent(f"{short(file)}: a lesson asks one question to reflect on, not more.")
    ids = list(dict.fromkeys(linked + row["practise"]))
    return {**row, "blocks": blocks, "file": short(file), "exercise_ids": ids}


def _dump_modules(dumped: Dump) -> Collection[str]:
    """Write the modules; the ids of all that ship."""
    file = FOLDER / "modules.yaml"
    shipped = {row["id"]: row for row in read_modules()}
    names = [*next(iter(shipped.values())).keys() - {"id"}]
    live = {
        one.content_id: {"id": one.content_id, **{name: getattr(one, name) for name in names}}
        for one in Module.objects.published()
    }
    kept = settle(
        dumped,
        shipped=shipped,
        live=live,
        read=lambda row: _module(Fields(dict(row), row["id"])),
        together=lambda rows: refuse_doubles(rows, "id", "slug", "order"),
        write=lambda row: yaml_of([dict(row)]),
    )
    rows = shipped | kept
    in_order = sorted(rows.values(), key=lambda row: row["order"])
    entries = [{**row, "aim": Prose(row["aim"])} for row in in_order]
    dumped.put(file, yaml_of(entries), same=rows == shipped)
    return shipped.keys()


def _row_of(lesson: Lesson) -> dict[str, Any]:
    """A stored lesson as `_lesson` reads one from its file; two texts side by side become one."""
    blocks: list[dict[str, Any]] = []
    for block in lesson.body.raw_data:
        if block["type"] == "text" and blocks and blocks[-1]["type"] == "text":
            blocks[-1]["value"] += block["value"]
        else:
            blocks.append(dict(block))
    return {
        "id": lesson.content_id,
        **{name: getattr(lesson, name) for name in PLAIN},
        "module": lesson.module.content_id,
        "practise": lesson.practise_ids,
        "sources": lesson.source_ids,
        "blocks": [_as_edited(block) for block in blocks],
    }


def _write(row: loader.Row) -> str:
    """The file of a lesson; raises BadContent where its HTML has no place in one."""
    front = {
        **{name: row[name] for name in ("id", "slug", "module", "order", "title", "minutes")},
        "goal": Prose(row["goal"]),
        "intensity": row["intensity"],
        **({"gated": True} if row["gated"] else {}),
        "content_note": Prose(row["content_note"]),
        "short_version": Prose(row["short_version"]),
        "practise": Ids(row["practise"]),
        "sources": Ids(row["sources"]),
    }
    return write_text(front, row["blocks"])


def _digest_of(live: Lesson, row: loader.Row) -> str:
    """The digest that the live lesson would have if it were loaded from this row."""
    loaded = copy(live)
    _fill_lesson(loaded, row)
    return loader.digest(loaded)


def _fill_module(module: Module, row: loader.Row) -> None:
    for name in row.keys() - {"id"}:
        setattr(module, name, row[name])


def _fill_lesson(lesson: Lesson, row: loader.Row) -> None:
    for name in PLAIN:
        setattr(lesson, name, row[name])
    lesson.module = Module.objects.get(content_id=row["module"])
    body = [_as_edited(block) for block in row["blocks"]]
    lesson.body = json.dumps(_with_ids(lesson, "body", body))
    practise = [{"type": "exercise", "value": one} for one in row["practise"]]
    lesson.practise = json.dumps(_with_ids(lesson, "practise", practise))
    sources = [{"type": "source", "value": one} for one in row["sources"]]
    lesson.sources = json.dumps(_with_ids(lesson, "sources", sources))


def _with_ids(lesson: Lesson, part: str, blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The blocks with ids: a block that the lesson has already keeps its own.

    So answers stay with their question, and a comparison shows what changed and no more. A new
    block's id follows from its words, so that loading twice gives the same.
    """
    before = list(getattr(lesson, part).raw_data)
    old, new = ([json.dumps(digest.said(one)) for one in each] for each in (before, blocks))
    ids = [block.get("id", "") for block in blocks]
    for what, a, a_end, b, b_end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        left = before[a:a_end] if what in {"equal", "replace"} else []
        for place in range(b, b_end):
            same = [one for one in left if one["type"] == blocks[place]["type"]]
            if same and not ids[place]:
                ids[place] = same[0]["id"]
                left.remove(same[0])
    for place, words in enumerate(new):
        for count in range(len(new)):
            own = loader.block_id(lesson.content_id, part, words, str(count))
            if not ids[place] and own not in ids:
                ids[place] = own
    return [{**block, "id": ids[place]} for place, block in enumerate(blocks)]


def _as_edited(block: dict[str, Any]) -> dict[str, Any]:
    """The block with its HTML as the editing screen would store it.

    So a lesson that someone opens and saves unchanged still counts as the shipped one.
    """
    kind, value = block["type"], block["value"]
    if kind == "text":
        return {**block, "value": _stored_html(value, tuple(RICH))}
    if kind in {"callout", "example", "source"}:
        return {**block, "value": {**value, "text": _stored_html(value["text"], tuple(SHORT))}}
    return block


def _stored_html(html: str, features: tuple[str, ...]) -> str:
    converter = _converter(features)
    stored = converter.to_database_format(converter.from_database_format(tidy(html)))
    return digest.EDITOR_KEYS.sub("", stored)


@cache
def _converter(features: tuple[str, ...]) -> ContentstateConverter:
    return ContentstateConverter(list(features))
