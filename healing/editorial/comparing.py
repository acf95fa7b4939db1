"""How two versions of a text are compared: by their words, whatever an editor's HTML carries."""

import re
from typing import Any

from wagtail.admin.compare import StreamFieldComparison

from healing.editorial.digest import plain_html

# Wagtail compares text without its tags, and would run one paragraph into the next.
END_OF_BLOCK = re.compile(r"(</(?:p|h[1-6]|li)>)")


class WordsComparison(StreamFieldComparison):
    """Wagtail's, over blocks in their plainest form.

    A block that was only opened and saved again says the same, and is left out.
    """

    def __init__(self, field: Any, before: Any, after: Any) -> None:
        super().__init__(field, before, after)
        self.val_a: Any = _in_plain_form(field.value_from_object(before))
        self.val_b: Any = _in_plain_form(field.value_from_object(after))


def _in_plain_form(value: Any) -> Any:
    block = value.stream_block
    return block.to_python(_plain(block.get_prep_value(value)))


def _plain(value: Any) -> Any:
    """A block's stored value with every text in its plainest form; ids stay."""
    if isinstance(value, str):
        return END_OF_BLOCK.sub(r"\1\n", plain_html(value))
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    return [_plain(part) for part in value] if isinstance(value, list) else value
