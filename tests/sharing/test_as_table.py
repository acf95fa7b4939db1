"""The packet as a table for a spreadsheet."""

import csv
import io

from django.test import Client
from django.urls import reverse

from healing.accounts.models import User
from tests.sharing.conftest import DAY, asked, looked, write
from tests.sharing.taking import holds_the_rules


def test_it_holds_the_rules_of_taking(hers: Client, mara: User) -> None:
    holds_the_rules(hers, mara, "as_table")


def test_a_line_is_a_row_and_a_formula_does_not_run(hers: Client, mara: User) -> None:
    write(mara, DAY, strength=7, note='=HYPERLINK("http://example.org","x")')
    answer = hers.post(reverse("sharing:as_table"), looked(hers, asked()))
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="notes.csv"'
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows == [
        ["date", "kind", "question", "answer"],
        ["2026-05-04", "Journal entry", "How strong", "7 of 10"],
        ["2026-05-04", "Journal entry", "In my own words",
         '\'=HYPERLINK("http://example.org","x")'],
    ]  # fmt: skip
