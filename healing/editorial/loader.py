"""Brings shipped texts into the database, and never over an editor's work.

Four cases when a shipped text arrives. It is new: it is created and published. It is the one that
came last time: nothing happens. It has changed and nobody touched the row: it is updated and
published. It has changed and an editor did touch the row: the editor's text stays live, their draft
stays on top, and the shipped text becomes a revision to compare.
"""

import logging
import uuid
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from wagtail.log_actions import log
from wagtail.models import Revision

from healing.editorial.models import EditedText
from healing.editorial.text_checks import Finding

logger = logging.getLogger(__name__)

Text = TypeVar("Text", bound=EditedText)
Row = Mapping[str, Any]
# Sets the fields of a text, its title among them, from a row; saves nothing.
Fill = Callable[[Text, Row], None]

SHIPPED = "editorial.shipped"  # the action in the history; cms/wagtail_hooks.py gives it words
NAMESPACE = uuid.UUID("5a3f2f5c-1a3e-4e0e-9d0e-5f6a2b7c8d90")


class Upgrade(StrEnum):
    """What became of one shipped text."""

    CREATED = "created"
    SAME = "same"
    UPDATED = "updated"
    KEPT = "kept"
    REFUSED = "refused"
    DROPPED = "no longer shipped"


def load(model: type[Text], rows: Collection[Row], fill: "Fill[Text]") -> dict[str, Upgrade]:
    """Load every row (each with its "id"); returns what became of each text, by id.

    A row that the database refuses, such as one whose address an editor's own text already has, is
    logged and said to be refused: one text must not keep the site from starting. A text that came
    with an earlier version and not with this one stays as it is, and is only named.
    """
    became = {row["id"]: _loaded(model, row, fill) for row in rows}
    shipped = model.objects.exclude(shipped_digest="").order_by("content_id")
    for content_id in shipped.values_list("content_id", flat=True):
        became.setdefault(content_id, Upgrade.DROPPED)
    return became


def _loaded(model: type[Text], row: Row, fill: "Fill[Text]") -> Upgrade:
    try:
        return load_one(model, row, fill)
    except (ValidationError, IntegrityError) as problem:
        named = getattr(problem, "message_dict", None) or str(problem)
        logger.error("%s %s was not loaded: %s", model._meta.label, row["id"], named)
        return Upgrade.REFUSED


@transaction.atomic
def load_one(model: type[Text], row: Row, fill: "Fill[Text]") -> Upgrade:
    """Load one shipped text and say what became of it."""
    # Locked: a draft that an editor saves at this moment comes before or after, and is seen.
    one = model.objects.select_for_update(of=("self",)).order_by()
    live = one.filter(content_id=row["id"]).first()
    if live is None:
        return _create(model, row, fill)
    shipped = model.objects.get(pk=live.pk)
    fill(shipped, row)
    shipped.shipped_digest = digest(shipped)
    if shipped.shipped_digest == live.shipped_digest:
        return Upgrade.SAME
    model.objects.filter(pk=live.pk).update(shipped_digest=shipped.shipped_digest)
    if touched(live):
        _keep(live, shipped)
        return Upgrade.KEPT
    shipped.save_revision().publish()
    return Upgrade.UPDATED


def touched(text: EditedText) -> bool:
    """Whether an editor's decision stands: a change, a draft, a lock, a review, an unpublishing."""
    return (
        text.has_unpublished_changes
        or not text.live
        or text.locked
        or text.is_reviewed
        or text.shipped_digest != digest(text)
    )


def digest(text: EditedText) -> str:
    """SHA-256 of what the text says, whatever the block ids and the space between blocks."""
    return text.digest(text.words())


def block_id(*parts: str) -> str:
    """A StreamField block's id, always the same for these parts: answers refer to it."""
    return str(uuid.uuid5(NAMESPACE, "/".join(parts)))


def findings(
    model: type[Text], rows: Collection[Row], fill: "Fill[Text]"
) -> Iterator[tuple[str, Finding]]:
    """What is to be mended in the shipped texts, each with its id; needs no database."""
    for row in rows:
        for finding in _filled(model, row, fill).report().findings:
            yield row["id"], finding


def _filled(model: type[Text], row: Row, fill: "Fill[Text]") -> Text:
    text = model(content_id=row["id"], live=False)
    fill(text, row)
    return text


def _create(model: type[Text], row: Row, fill: "Fill[Text]") -> Upgrade:
    text = _filled(model, row, fill)
    text.shipped_digest = digest(text)
    text.full_clean()
    text.save()
    text.save_revision(clean=False).publish()
    return Upgrade.CREATED


def _keep(live: EditedText, shipped: EditedText) -> None:
    """Put the shipped text into the history, below the editor's own version."""
    on_top = live.latest_revision
    revision = shipped.save_revision(changed=False)
    type(live).objects.filter(pk=live.pk).update(latest_revision=on_top)
    if on_top:
        # Wagtail takes the newest revision for the draft on top, so this one is dated before it.
        before = on_top.created_at - timedelta(milliseconds=1)
        Revision.objects.filter(pk=revision.pk).update(created_at=before)
    log(instance=live, action=SHIPPED, revision=revision, content_changed=False)
