"""The shipped crisis lines are whole, and loading them never touches an editor's record."""

from collections import Counter
from datetime import date

import pytest
import yaml

from healing.editorial.loader import Upgrade
from healing.editorial.shipped import BadContent
from healing.safety import content
from healing.safety.models import CrisisLine
from tests.factories import record_review

NEEDED = {"US", "GB", "IE", "AU", "CA", "NZ", "ES", "NL", "FR", "DE"}


@pytest.fixture
def ship(tmp_path):
    """Writes a changed crisis.yaml, and answers with where it lies."""

    def write(change):
        data = yaml.safe_load(content.FILE.read_text())
        change(data)
        file = tmp_path / "crisis.yaml"
        file.write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False))
        return file

    return write


def country(data, code):
    return next(one for one in data["countries"] if one["code"] == code)


def test_each_country_has_one_emergency_number_and_a_line():
    rows = content.read()
    assert {row["country_code"] for row in rows} == NEEDED
    for code in NEEDED:
        kinds = [row["kind"] for row in rows if row["country_code"] == code]
        assert kinds[0] == CrisisLine.Kind.EMERGENCY
        assert kinds.count(CrisisLine.Kind.EMERGENCY) == 1
        assert len(kinds) >= 2


def test_no_shipped_number_claims_to_be_checked(db):
    content.load()
    assert not any(line.reviewed_on or line.is_reviewed for line in CrisisLine.objects.all())


def test_loading_twice_changes_nothing(db):
    assert Counter(content.load().values()) == {Upgrade.CREATED: len(content.read())}
    assert Counter(content.load().values()) == {Upgrade.SAME: len(content.read())}


def test_a_line_put_between_two_others_leaves_their_ids(ship):
    before = {row["id"] for row in content.read()}
    new = {"name": "Another line", "number": "1", "tel": "116000", "for_whom": "Anyone"}
    file = ship(lambda data: country(data, "GB")["lines"].insert(0, new))
    assert {row["id"] for row in content.read(file)} - before == {"GB-another-line"}


def test_a_changed_number_arrives_where_nobody_checked_the_old_one(db, ship):
    content.load()
    file = ship(lambda data: country(data, "GB")["lines"][0].update(number="116 124", tel="116124"))
    assert Counter(content.load(file).values())[Upgrade.UPDATED] == 1
    assert CrisisLine.objects.get(content_id="GB-samaritans").tel == "116124"


def test_a_checked_number_stands_until_an_editor_decides(db, ship):
    content.load()
    line = CrisisLine.objects.get(content_id="GB-samaritans")
    record_review(line, on=date(2026, 11, 3), by="Ines, by telephone")
    file = ship(lambda data: country(data, "GB")["lines"][0].update(number="116 124", tel="116124"))
    assert Counter(content.load(file).values())[Upgrade.KEPT] == 1
    line.refresh_from_db()
    assert (line.tel, line.is_reviewed) == ("116123", True)
    versions = [revision.as_object() for revision in line.revisions.all()]
    assert [one.is_reviewed for one in versions if one.tel == "116124"] == [False]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda data: data.pop("elsewhere"), "field elsewhere: is missing"),
        (lambda data: data.update(more=1), "field more: is not known"),
        (lambda data: data.update(countries=[]), "field countries: is empty"),
        (lambda data: data["elsewhere"].update(advice=[]), "field advice: must be"),
        (lambda data: country(data, "GB").update(code="gb"), "entry 2, field code"),
        (lambda data: country(data, "GB").update(code="ZZ"), "ZZ stands for another country"),
        (lambda data: country(data, "GB").pop("emergency"), "entry 2, field emergency"),
        (lambda data: country(data, "GB").update(lines=[]), "entry 2, field lines: is empty"),
        (lambda data: country(data, "GB")["lines"][0].update(tel="116 123"), "field tel"),
        (lambda data: country(data, "GB")["lines"][0].update(tel=116123), "field tel: must be"),
        (
            lambda data: country(data, "GB")["lines"].append(country(data, "GB")["lines"][0]),
            "twice",
        ),
        (lambda data: country(data, "GB")["lines"][0].update(text_to="no"), "field text_to"),
    ],
)
def test_a_mistake_is_named_with_its_file_and_field(ship, change, said):
    file = ship(change)
    with pytest.raises(BadContent) as caught:
        content.read(file)
    assert said in str(caught.value)
