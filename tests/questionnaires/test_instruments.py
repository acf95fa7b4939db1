"""The shipped questionnaires are whole, and a mistake in one is named."""

import re
from dataclasses import replace

import pytest
import yaml

from healing.editorial.shipped import BadContent
from healing.questionnaires import instruments
from healing.questionnaires.apps import instruments_are_whole
from healing.questionnaires.instrument import Reliability
from healing.questionnaires.instrument_file import read, read_wording
from healing.questionnaires.instrument_folder import FOLDER, from_files

SHIPPED = FOLDER / "starting-picture.yaml"
KEY = read(FOLDER / "ecr-s.yaml")

# Item texts are agreed word for word; a change needs a new version of the instrument.
FIRST_AND_LAST = (
    "When someone important goes quiet I quickly expect the worst.",
    "When I am upset I do something that helps me settle.",
)


def test_the_starting_picture_has_its_fifteen_items_on_six_scales():
    picture = instruments.find("starting-picture")
    assert len(picture.items) == 15
    assert (picture.items[0].text, picture.items[-1].text) == FIRST_AND_LAST
    assert [len(one.items) for one in picture.subscales] == [3, 3, 3, 2, 2, 2]
    assert {one.minimum_answered for one in picture.subscales} == {2}
    assert {one.caution.band for one in picture.subscales} == {1.0}
    assert picture.source.unvalidated
    assert picture.retake_weeks == 6


def test_no_item_belongs_to_two_scales():
    for instrument in from_files().values():
        keys = [key for one in instrument.subscales for key in one.items]
        assert len(keys) == len(set(keys))


def test_an_unknown_questionnaire_is_not_found():
    assert instruments.find("no-such-thing") is None


def broken(change):
    data = yaml.safe_load(SHIPPED.read_text())
    change(data)
    return data


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda data: data.pop("title"), "field title: is missing"),
        (lambda data: data.update(id="other"), "field id: must be 'starting-picture'"),
        (lambda data: data.update(version="1"), "field version: must be a whole number"),
        (lambda data: data.update(tilte="x"), "field tilte: is not known"),
        (lambda data: data["scale"].update(max=5), "field scale, field anchors"),
        (
            lambda data: data["scale"]["anchors"].__setitem__(0, True),
            "field anchors: must be texts",
        ),
        (lambda data: data["items"][2].pop("text"), "field items, entry 3, field text"),
        (lambda data: data["items"][2].update(id=1), "field items, entry 3, field id: 1 stands"),
        (lambda data: data["items"][2].update(key="q01"), "field items: names 'q01' twice"),
        (lambda data: data.update(items=[]), "field items: is empty"),
        (lambda data: data["subscales"][0]["items"].append(99), "entry 1, field items: 99 is no"),
        (lambda data: data["subscales"][0]["items"].append(1), "entry 1, field items: names 1 "),
        (
            lambda data: data["subscales"][0].update(method="median"),
            "entry 1, field method: must be",
        ),
        (lambda data: data["subscales"][0].update(minimum_answered=4), "must be from 1 to 3"),
        (lambda data: data["subscales"][0].update(band="1"), "field band: must be a number"),
        (lambda data: data["subscales"][0].update(band=True), "field band: must be a number"),
        (lambda data: data["subscales"][0].update(reversed=[4]), "reversed: 4 is not among"),
        (lambda data: data["subscales"][0].pop("high"), "entry 1, field high: is missing"),
        (lambda data: data["subscales"][0].update(items=[]), "entry 1, field items: is empty"),
        (
            lambda data: data["subscales"][0].update(
                reliability={"kind": "alpha", "r": 1.2, "sd": 1, "source": "x"}
            ),
            "field reliability, field r: must lie between 0 and 1",
        ),
        (
            lambda data: data["subscales"][0].update(
                reliability={"kind": "alpha", "r": 0.9, "sd": 0, "source": "x"}
            ),
            "field sd: must be more than 0",
        ),
        (lambda data: data.pop("targets"), "field targets: is missing"),
        (lambda data: data["scale"].update(min=4), "field max: must be more than min"),
        (lambda data: data["items"][0].update(anchors=["x"]), "1 must name every step"),
        (lambda data: data["source"].update(address="here"), "field address"),
        (lambda data: data.pop("bands"), "field bands: is missing"),
        (lambda data: data["subscales"][1].update(key="support"), "subscales: names 'support'"),
        (lambda data: data["choices"][1]["options"][0].update(key=False), "options, entry 1"),
        (lambda data: data["next_step"].pop(), "field next_step: must end with an entry"),
        (lambda data: data["next_step"][0]["when"].update({"is": "x"}), "field when, field is"),
        (lambda data: data["next_step"][1]["when"].update(above="x"), "field when, field above"),
        (lambda data: data["next_step"][2]["when"].update(mood="x"), "field mood: is not known"),
        (lambda data: data["retake"].update(every_weeks=0), "field retake, field every_weeks"),
    ],
)
def test_a_mistake_is_named_with_its_file_and_field(tmp_path, change, said):
    file = tmp_path / "starting-picture.yaml"
    file.write_text(yaml.safe_dump(broken(change), allow_unicode=True, sort_keys=False))
    with pytest.raises(BadContent) as caught:
        read(file)
    assert "starting-picture.yaml" in str(caught.value)
    assert said in str(caught.value)


def test_a_mistake_is_named_with_its_line(tmp_path):
    file = tmp_path / "starting-picture.yaml"
    lines = SHIPPED.read_text().splitlines()
    number = next(n for n, line in enumerate(lines) if "key: q03" in line)
    lines[number] = lines[number].replace("key: q03", "key: Q 3")
    file.write_text("\n".join(lines))
    with pytest.raises(
        BadContent, match=rf"field items, entry 3, field key: .*\(line {number + 1}\)"
    ):
        read(file)


def test_a_field_that_stands_twice_is_named_with_its_line(tmp_path):
    file = tmp_path / "starting-picture.yaml"
    file.write_text("id: starting-picture\nversion: 1\nversion: 2\n")
    with pytest.raises(BadContent, match=r"starting-picture\.yaml, line 1: .*twice"):
        read(file)


def test_eighty_percent_rounded_up_is_the_least_that_must_be_answered():
    least = {
        (name, one.key): one.minimum_answered
        for name, instrument in from_files().items()
        for one in instrument.subscales
    }
    assert least["ecr", "avoidance"] == 15  # of 18: 14.4
    assert least["ecr-s", "anxiety"] == 5  # of 6: 4.8
    assert least["ecr-rs", "anxiety"] == 3  # of 3: 2.4
    assert least["scs-sf", "self_compassion"] == 10  # of 12: 9.6


def test_published_items_are_not_shipped():
    for instrument in from_files().values():
        if "Own items" not in instrument.source.citation:
            assert not any(item.text for item in instrument.items)
            assert not instrument.scale.anchors


def test_nothing_shipped_claims_a_reliability():
    # Whoever declares one names table and page; until then there is no verdict on change.
    for instrument in from_files().values():
        assert not any(one.reliability for one in instrument.subscales)


def test_the_map_has_six_lines_on_each_of_two_scales_and_says_it_is_untested():
    drawn = from_files()["attachment-map"]
    assert [len(one.items) for one in drawn.subscales] == [6, 6]
    assert [(one.caution, one.reliability) for one in drawn.subscales] == [(None, None)] * 2
    assert drawn.source.unvalidated
    assert "not been tested" in drawn.result_note
    assert len(drawn.targets) == 5


# What an operator adds ----------------------------------------------------------------------------


def test_added_wording_brings_its_own_range(wording, settings):
    settings.INSTRUMENTS_DIR = wording("ecr-s", numbers=range(1, 13), steps=5)
    worded = instruments.find("ecr-s")
    assert (worded.scale.lowest, worded.scale.highest) == (1, 5)
    assert worded.source.licence.startswith("Letter of the authors")
    assert worded.subscales == from_files()["ecr-s"].subscales


def test_what_was_measured_on_the_keys_own_range_does_not_hold_on_another(wording):
    measured = Reliability("alpha", 0.9, 1.1, "a table")
    scales = tuple(replace(one, reliability=measured) for one in KEY.subscales)
    for steps, kept in ((7, measured), (5, None)):
        file = wording("ecr-s", numbers=range(1, 13), steps=steps) / "ecr-s.yaml"
        worded = read_wording(file, replace(KEY, subscales=scales))
        assert {one.reliability for one in worded.subscales} == {kept}


def test_other_added_words_are_another_edition_and_the_same_words_the_same(wording):
    def edition(**more):
        # Files are read once for each process: another folder stands for the next start.
        folder = wording("ecr-s", numbers=range(1, 13), **{"steps": 7, **more})
        return read_wording(folder / "ecr-s.yaml", KEY).edition

    first = edition()
    assert re.fullmatch(r"1-[0-9a-f]{12}", first)
    assert edition() == first
    # What is said about the words is no part of them.
    assert edition(permission="Another letter", introduction="Twelve lines.") == first
    others = {
        edition(items={n: f"Agreed wording {n}{'!' * (n == 7)}" for n in range(1, 13)}),
        edition(steps=5),
        edition(scale={"min": 0, "max": 6, "anchors": [f"step {n}" for n in range(7)]}),
        edition(scale={"min": 1, "max": 7, "anchors": [f"Step {n}" for n in range(7)]}),
        edition(instruction="Think of the last week."),
    }
    assert len(others | {first}) == 6
    assert KEY.edition == "1"


@pytest.mark.parametrize(
    ("numbers", "more", "said"),
    [
        (range(1, 12), {}, "field items: Item 12 has no words."),
        (range(1, 14), {}, "field items: The key has no item 13."),
        (range(1, 13), {"version": 2}, "field version: must be from 1 to 1"),
        (range(1, 13), {"permission": ""}, "field permission: Say who gave the permission"),
        (
            range(1, 13),
            {"items": dict.fromkeys(range(1, 13), "licence needed")},
            "field items: Item 1 has no words.",
        ),
        (
            range(1, 13),
            {"scale": {"min": 1, "max": 7, "anchors": "licence needed"}},
            "field scale, field anchors: must be a list",
        ),
        (
            range(1, 13),
            {"scale": {"min": 1, "max": 7, "anchors": ["x"] * 5}},
            "field anchors: There are 7 steps, from 1 to 7, and each needs its words. 5 steps have",
        ),
        (range(1, 13), {"scale": {"min": 7, "max": 1, "anchors": []}}, "field scale: The steps go"),
        (range(1, 13), {"items": {"one": "x"}}, "field items, field one: is no item's number."),
        (range(1, 13), {"items": {1: 5}}, "field items, field 1: must be a text"),
        (range(1, 13), {"introduction": 5}, "field introduction: must be a text"),
    ],
)
def test_a_mistake_in_added_wording_stops_every_command(wording, settings, numbers, more, said):
    settings.INSTRUMENTS_DIR = wording("ecr-s", numbers=numbers, steps=7, **more)
    (fault,) = instruments_are_whole()
    assert "ecr-s.yaml" in fault.msg
    assert said in fault.msg


def test_an_instrument_of_their_own_stands_beside_the_shipped_ones(tmp_path, settings):
    data = broken(lambda data: data.update(id="our-own", title="Ours"))
    (tmp_path / "our-own.yaml").write_text(yaml.safe_dump(data, allow_unicode=True))
    settings.INSTRUMENTS_DIR = tmp_path
    assert instruments.find("our-own").title == "Ours"
    assert instruments.find("starting-picture")


def test_broken_yaml_is_named_with_its_line(tmp_path):
    file = tmp_path / "starting-picture.yaml"
    file.write_text("id: starting-picture\nversion: [1\ntitle: x\n")
    with pytest.raises(BadContent, match=r"starting-picture\.yaml, line 3"):
        read(file)


def test_the_file_read_from_elsewhere_is_the_same(tmp_path):
    file = tmp_path / "starting-picture.yaml"
    file.write_text(yaml.safe_dump(broken(lambda data: None), allow_unicode=True))
    assert read(file) == instruments.find("starting-picture")
