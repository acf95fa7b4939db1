"""The shipped sources alone, without the lessons above them."""

import pytest

from healing.sources.content import _fill, read
from healing.sources.models import Source


@pytest.fixture
def sources(db: None) -> None:
    """Every shipped source, published; without the history that the loader writes."""
    rows = []
    for row in read():
        rows.append(Source(content_id=row["id"]))
        _fill(rows[-1], row)
    Source.objects.bulk_create(rows)
