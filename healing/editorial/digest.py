"""What a text says, as one short mark: two versions with the same mark say the same."""

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from healing.editorial.tidy import tidy

EDITOR_KEYS = re.compile(r'\sdata-block-key="[^"]*"')
SPACE = re.compile(r"\s+")
SPACE_AT_BLOCKS = re.compile(r" ?(</?(?:p|h[1-6]|ul|ol|li|br|hr|blockquote)\b[^<>]*>) ?")


def digest_of(fields: Mapping[str, Any]) -> str:
    """SHA-256, in hexadecimal, of what these fields say, by name.

    Block ids and the space between blocks do not count.
    """
    plain = json.dumps(said(fields), sort_keys=True, cls=DjangoJSONEncoder)
    return hashlib.sha256(plain.encode()).hexdigest()


def said(value: Any) -> Any:
    """What a stored value says: without block ids and the marks an HTML editor leaves."""
    if isinstance(value, str):
        if value[:1] in "[{" and (opened := _opened(value)) is not None:
            return said(opened)
        return plain_html(value)
    if isinstance(value, Mapping):
        left_out = {"id"} if {"id", "type", "value"} <= value.keys() else set()
        parts = {key: said(part) for key, part in value.items() if key not in left_out}
        # Empty is as good as absent: else a field that an upgrade adds would look like an edit.
        return {key: part for key, part in parts.items() if part}
    if isinstance(value, list | tuple):
        return [said(part) for part in value]
    return value


def plain_html(html: str) -> str:
    """HTML without what an editor's screen adds: keys of its own, and space around blocks."""
    return SPACE_AT_BLOCKS.sub(r"\1", SPACE.sub(" ", tidy(EDITOR_KEYS.sub("", html)))).strip()


def _opened(text: str) -> Any:
    """A StreamField's value, which is serialized as JSON text; None for any other text."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
