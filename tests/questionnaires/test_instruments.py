"""The shipped questionnaires are whole, and a mistake in one is named."""

import pytest
import yaml

from healing.editorial.shipped import BadContent
from healing.questionnaires import instruments

SHIPPED = instruments.FOLDER / "starting-picture.yaml"

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
    assert {one.band for one in picture.subscales} == {1.0}
    assert picture.unvalidated
    assert picture.retake_weeks == 6


def test_no_item_belongs_to_two_scales():
    for instrument in instruments.every().values():
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
        (lambda data: data["subscales"][0].update(method="sum"), "entry 1, field method: must be"),
        (lambda data: data["subscales"][0].update(minimum_answered=4), "must be from 1 to 3"),
        (lambda data: data["subscales"][0].update(band="1"), "field band: must be a number"),
        (lambda data: data["subscales"][0].update(band=True), "field band: must be a number"),
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
        instruments.read(file)
    assert "starting-picture.yaml" in str(caught.value)
    assert said in str(caught.value)


def test_broken_yaml_is_named_with_its_line(tmp_path):
    file = tmp_path / "starting-picture.yaml"
    file.write_text("id: starting-picture\nversion: [1\ntitle: x\n")
    with pytest.raises(BadContent, match=r"starting-picture\.yaml, line 3"):
        instruments.read(file)


def test_the_file_read_from_elsewhere_is_the_same(tmp_path):
    file = tmp_path / "starting-picture.yaml"
    file.write_text(yaml.safe_dump(broken(lambda data: None), allow_unicode=True))
    assert instruments.read(file) == instruments.find("starting-picture")
