"""A lesson's editing form as a browser sends it."""

from typing import Any

from wagtail.rich_text import RichText
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from healing.lessons.blocks import RICH, SHORT
from healing.lessons.models import Lesson

PLAIN = "title slug order minutes goal intensity content_note short_version reviewer"


def lesson_form(lesson: Lesson, **changes: Any) -> dict[str, Any]:
    """What the editing form of this lesson sends when nothing, or only `changes`, was touched."""
    data: dict[str, Any] = {name: getattr(lesson, name) for name in PLAIN.split()}
    data |= {"module": lesson.module_id}
    data |= {"gated": "on"} if lesson.gated else {}
    data |= {"reviewed_on": "", "review_due": "", "go_live_at": "", "expire_at": ""}
    data["body"] = _blocks(lesson.body)
    data["practise"] = _blocks(lesson.practise)
    data["sources"] = _blocks(lesson.sources)
    return nested_form_data(data | changes)


def _blocks(stream: Any) -> dict[str, Any]:
    form = streamfield([(block.block_type, _value(block.value, RICH)) for block in stream])
    for place, block in enumerate(stream):
        form[str(place)]["id"] = block.id
    return form


def _value(value: Any, features: list[str]) -> Any:
    """A block's value as its fields send it; a box without its tick sends nothing."""
    if isinstance(value, RichText):
        return rich_text(value.source, features=features)
    if isinstance(value, str):
        return value
    filled = {name: part for name, part in value.items() if part is not False}
    return {name: "on" if part is True else _value(part, SHORT) for name, part in filled.items()}
