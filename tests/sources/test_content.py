"""The shipped sources are sound, and a mistake in one is named with file and field."""

from pathlib import Path

import pytest
import textstat
import yaml

from healing.editorial.shipped import BadContent
from healing.sources.content import FOLDER, read
from healing.sources.models import Source

SHIPPED = (FOLDER / "sources.yaml").read_text()


def test_every_shipped_source_can_be_read() -> None:
    rows = read()
    assert [row["id"] for row in rows] == [f"B{number:02d}" for number in range(1, 90)]
    assert sum(row["core"] for row in rows) == 50
    assert len({row["group"] for row in rows}) == 11
    assert all(row["supports"] and row["limits"] for row in rows)
    assert len({row["limits"] for row in rows}) == len(rows)  # each says something of its own


def test_a_doi_that_nobody_opened_is_marked() -> None:
    for row in read():
        if row["seen"] != "record":
            assert row["doi_from_memory"] == bool(row["doi"])
        assert row["doi"] or not row["doi_from_memory"]


def test_what_each_can_and_cannot_support_is_plain_to_read() -> None:
    hard = {
        row["id"]: grade
        for row in read()
        if (grade := textstat.flesch_kincaid_grade(f"{row['supports']} {row['limits']}")) > 8
    }
    assert hard == {}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("id", "48"),
        ("year", "2018"),
        ("doi", "https://doi.org/10.1/x"),
        ("group", "Breathing"),
        ("core", "yes"),
        ("supports", ""),
        ("confidence", "very"),
        ("seen", "somewhere"),
        ("colour", "green"),
    ],
)
def test_a_mistake_is_named_with_file_entry_and_field(
    tmp_path: Path, field: str, value: str
) -> None:
    rows = yaml.safe_load(SHIPPED)
    rows[1][field] = value
    (tmp_path / "sources.yaml").write_text(yaml.safe_dump(rows))
    with pytest.raises(BadContent, match=rf"sources\.yaml, entry 2.* field {field}"):
        read(tmp_path)


def test_broken_yaml_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "sources.yaml").write_text("- id: B01\n  citation: [open\n")
    with pytest.raises(BadContent, match="line 3: not YAML"):
        read(tmp_path)


@pytest.mark.usefixtures("sources")
def test_a_source_is_called_by_its_first_author_and_year() -> None:
    assert Source.objects.get(content_id="B40").title == "Zaccaro A et al, 2018"
