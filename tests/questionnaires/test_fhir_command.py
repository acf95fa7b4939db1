"""`manage.py fhir`: published files import, totals are recomputed, and bad files are named."""

import json
import re
import stat
from contextlib import suppress
from copy import deepcopy
from hashlib import sha256
from io import StringIO
from operator import attrgetter
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from healing.questionnaires import instruments
from healing.questionnaires.actions import submit
from healing.questionnaires.fhir import MODELS, fault_of, read
from healing.questionnaires.fhir_export import questionnaire
from healing.questionnaires.fhir_form import (
    HL7,
    BadFhir,
    instrument_of,
    read_answers,
    read_form,
    recompute,
)
from healing.questionnaires.instrument_dump import dump
from healing.questionnaires.instrument_folder import from_files
from healing.questionnaires.models import Submission

pytestmark = pytest.mark.django_db

DATA = Path(__file__).parent / "data"
PHQ, PHQ_SAID = DATA / "phq-9-hl7-sdc.json", DATA / "phq-9-hl7-sdc-response.json"
GAD, GAD_SAID = DATA / "gad-7-loinc.json", DATA / "gad-7-loinc-response.json"
PHQ_LOINC = DATA / "phq-9-loinc.json"
NAME = attrgetter("name")
PAIRS = [(PHQ, PHQ_SAID), (GAD, GAD_SAID), (PHQ_LOINC, None)]


def run(*words):
    """What the command says, and its error."""
    out, problem = StringIO(), ""
    try:
        call_command("fhir", *map(str, words), stdout=out, stderr=out)
    except CommandError as error:
        problem = str(error)
    return out.getvalue(), problem


@pytest.fixture
def changed(tmp_path):
    """A copy of a published file with something changed in it."""

    def change(file, do):
        data = json.loads(file.read_text())
        do(data)
        copy = tmp_path / f"changed-{file.name}"
        copy.write_text(json.dumps(data))
        return copy

    return change


# Published files ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("file", "items", "least", "release"),
    [
        (PHQ, 9, 8, "R4B"),
        (GAD, 7, 6, "R4B"),
        # An expression's name with an underscore is no id, which R4 and R4B ask it to be.
        (PHQ_LOINC, 9, 8, "R5"),
    ],
)
def test_published_files_import(file, items, least, release):
    said, problem = run("import", file)
    assert problem == ""
    assert f"Questionnaire, read as {release}." in said
    assert f"{items} items of 0 to 3 count, {least} must be answered" in said
    assert "totals stated: 1." in said


@pytest.mark.parametrize("release", list(MODELS))
@pytest.mark.parametrize(
    "file", [PHQ, PHQ_SAID, GAD, GAD_SAID, PHQ_LOINC], ids=lambda one: one.name
)
def test_which_published_file_reads_as_which_release(file, release):
    fault = fault_of(json.loads(file.read_text()), release)
    if (file, release) == (PHQ_LOINC, "R4B"):
        assert "item[9].extension[2].valueExpression.name" in str(fault)
    else:
        assert fault is None


def test_the_original_files_of_hl7_are_here_byte_for_byte():
    # A checkout that changes line ends, or a well-meant tidying, would make copies of them.
    assert [sha256(file.read_bytes()).hexdigest()[:16] for file in (PHQ, PHQ_SAID)] == [
        "2f4f4b45907b0261",
        "586abf7940cae522",
    ]


def as_r5(data):
    """A form in the words of R5: the type of a choice and the weight have other names there."""
    text = json.dumps(data).replace('"type": "choice"', '"type": "coding"')
    return json.loads(text.replace(f"{HL7}ordinalValue", f"{HL7}itemWeight"))


@pytest.mark.parametrize("file", [PHQ, GAD, PHQ_LOINC], ids=NAME)
def test_the_same_form_in_the_words_of_r5_is_the_same_form(file):
    data = json.loads(file.read_text())
    turned = as_r5(data)
    assert turned != data
    assert fault_of(turned, "R5") is None
    assert read_form(turned) == read_form(data)


def test_the_line_about_difficulty_has_no_weight_and_does_not_count():
    assert "69722-7" not in run("import", PHQ_LOINC)[0]


def test_a_total_is_recomputed_and_agrees():
    # 1 + 2 + 3 + 0 + 1 + 2 + 3.
    said, problem = run("import", GAD_SAID, "--of", GAD)
    assert "Total: 12 (7 of 7 answered); stated 12, which agrees." in said
    assert problem == ""


def test_the_published_response_states_a_total_that_disagrees():
    # 0 + 0 + 0 + 1 + 2 + 1 + 3 + 2 + 1 is 10.
    said, problem = run("import", PHQ_SAID, "--of", PHQ)
    assert "Total: 10 (9 of 9 answered); stated 13, which DISAGREES." in said
    assert problem == "A stated total disagrees with the answers."


def test_a_missing_answer_is_stood_in_for_and_too_few_give_no_number(changed):
    one = changed(GAD_SAID, lambda data: data["item"].pop(0))
    # Six answers make 11; the seventh counts as their mean.
    assert (
        "Total: 12.8333 (6 of 7 answered); stated 12, which DISAGREES"
        in run("import", one, "--of", GAD)[0]
    )
    two = changed(GAD_SAID, lambda data: data.update(item=data["item"][:5]))
    assert (
        "Total: not enough answers (5 of 7 answered); no total stated."
        in run("import", two, "--of", GAD)[0]
    )


def test_expressions_are_never_run(changed):
    def evil(data):
        for extension in data["item"][0]["item"][-1]["extension"]:
            extension["valueExpression"]["expression"] = "__import__('os').system('touch evil')"

    said, problem = run("import", changed(PHQ, evil))
    assert ("9 items" in said, problem) == (True, "")
    assert not Path("evil").exists()


def test_an_imported_questionnaire_becomes_a_file_that_scores(tmp_path, settings):
    _said, problem = run("import", GAD, "--to", tmp_path / "gad-7.yaml")
    assert problem == ""
    settings.INSTRUMENTS_DIR = tmp_path
    gad = from_files()["gad-7"]
    assert [item.anchors[2] for item in gad.items if item.anchors] == ["More days than not"]
    assert gad.scale.anchors[2] == "More than half the days"
    # It asks no one until an operator says so.
    assert instruments.find("gad-7") is None
    answers = tmp_path / "answers.csv"
    answers.write_text("Q1,Q2,Q3,Q4,Q5,Q6,Q7\n1,2,3,0,1,2,3\n")
    out = StringIO()
    call_command("score", "gad-7", "--csv", str(answers), stdout=out, stderr=StringIO())
    assert out.getvalue().splitlines()[1] == "1,12.0,7"


# Bad files ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda data: data.update(resourceType="Patient"), "resourceType: 'Patient' is neither"),
        (lambda data: data.update(colour="blue"), "colour: Extra inputs"),
        (
            lambda data: data["item"][1]["answerOption"][2].update(valueCoding=7),
            "item[1].answerOption[2].valueCoding: ",
        ),
        (lambda data: data["item"][1].pop("linkId"), "item[1].linkId: "),
        (
            lambda data: data["item"][1].update(linkId="/69725-0"),
            "item[1].linkId: '/69725-0' stands twice",
        ),
        (
            lambda data: data["item"][1]["answerOption"][2].pop("extension"),
            "item[1].answerOption: some options have a weight and some have none",
        ),
        (
            lambda data: data["item"][1]["answerOption"][2]["extension"][1].update(
                valueDecimal=0.5
            ),
            "Questionnaire.item: a weight is not a whole number",
        ),
        (
            lambda data: data["item"][1]["answerOption"][2]["extension"][1].update(
                valueDecimal=1e300
            ),
            "is not a usable number",
        ),
        (
            lambda data: data.update(item=data["item"][-1:]),
            "Questionnaire.item: no choice item has options with a weight",
        ),
    ],
)
def test_a_bad_questionnaire_gets_an_error_that_names_the_element(changed, change, said):
    assert said in run("import", changed(GAD, change))[1]


def test_a_value_set_that_is_not_in_the_file_is_named(changed):
    copy = changed(PHQ, lambda data: data.pop("contained"))
    assert "item[0].item[0].answerValueSet: #VSPHQ9 is not contained" in run("import", copy)[1]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            lambda data: data["item"][1]["answer"][0]["valueCoding"].update(code="LA1"),
            "item[1].answer[0].valueCoding: 'LA1' is no option of /68509-9",
        ),
        (
            lambda data: data["item"][1]["answer"][0]["valueCoding"].update(system="http://x.org"),
            "item[1].answer[0].valueCoding: ",
        ),
        (
            lambda data: data["item"][1].update(linkId="/1"),
            "item[1].linkId: the questionnaire has no item '/1'",
        ),
        (
            lambda data: data["item"][1]["answer"].append({"valueCoding": {"code": "LA6568-5"}}),
            "item[1].answer: holds several answers",
        ),
        (lambda data: data["item"].append(data["item"][0]), "item[8].linkId: '/69725-0' stands"),
        (
            lambda data: data["item"][-1].update(answer=[{"valueString": "twelve"}]),
            "item[7].answer[0]: is not a number",
        ),
    ],
)
def test_a_bad_response_gets_an_error_that_names_the_element(changed, change, said):
    assert said in run("import", changed(GAD_SAID, change), "--of", GAD)[1]


@pytest.mark.parametrize("text", ["", "[]", "{", "[" * 100_000, "7"])
def test_what_is_no_resource_is_refused(tmp_path, text):
    file = tmp_path / "file.json"
    file.write_text(text)
    assert "the file: is not JSON" in (said := run("import", file)[1]) or "resourceType" in said


@pytest.mark.parametrize("kind", ["x", 7, None, {}])
def test_a_contained_resource_of_no_known_kind_is_named(changed, kind):
    copy = changed(PHQ, lambda data: data["contained"][0].update(resourceType=kind))
    assert run("import", copy)[1].startswith("contained")


@pytest.mark.parametrize("depth", [50, 200, 5000])
def test_items_within_items_are_read_or_refused_and_never_a_crash(tmp_path, depth):
    file = tmp_path / "deep.json"
    begins = '{"resourceType": "Questionnaire", "status": "draft", "item": ['
    deep = '{"linkId": "%d", "type": "group", "item": ['
    inside = "".join(deep % number for number in range(depth))
    choice = json.dumps(json.loads(GAD.read_text())["item"][0])
    file.write_text(begins + inside + choice + "]}" * depth + "]}")
    said, problem = run("import", file)
    assert ("1 items of 0 to 3 count" in said) or NAMED.match(problem)


def test_a_response_needs_its_questionnaire():
    assert "Say with --of" in run("import", GAD_SAID)[1]


def test_a_file_that_is_not_there_is_named(tmp_path):
    assert "Cannot read" in run("import", tmp_path / "nowhere.json")[1]


def places(data, above=()):
    """The way to every value in a JSON text."""
    yield above
    if isinstance(data, (dict, list)):
        for key, value in data.items() if isinstance(data, dict) else enumerate(data):
            yield from places(value, (*above, key))


ANYTHING = st.sampled_from(
    [None, 7, 1e308, True, "x", "", "#VSPHQ9", [], {}, [None], [{}], {"a": 1}]
)
# Where in the file, and what about it.
NAMED = re.compile(r"(the file|[A-Za-z]\w*(\[\d+\])?(\.\w+(\[\d+\])?)*): \S")


def damage(data, chance):
    """Remove one element, say it twice, or put something of another type in its place."""
    *way, last = chance.draw(st.sampled_from(list(places(data))[1:]))
    inner = data
    for key in way:
        inner = inner[key]
    kind = chance.draw(st.sampled_from(["remove", "double", "replace"]))
    if kind == "remove":
        del inner[last]
    elif kind == "double" and isinstance(inner, list):
        inner.append(deepcopy(inner[last]))
    else:
        inner[last] = deepcopy(chance.draw(ANYTHING))


@given(st.data())
def test_a_damaged_file_imports_or_is_refused_by_the_name_of_an_element(chance):
    form, filled = chance.draw(st.sampled_from(PAIRS))
    both = [json.loads(file.read_text()) for file in (form, filled) if file]
    damaged = chance.draw(st.sampled_from(both))
    for _time in range(chance.draw(st.integers(1, 3))):
        damage(damaged, chance)
    fault = ""
    try:
        asked = read_form(read(json.dumps(both[0]))[0])
        instrument = instrument_of(asked, "x")
        with suppress(ValueError):  # a step without words, which the command says
            dump(instrument)
        if filled:
            said = read_answers(asked, read(json.dumps(both[1]))[0])
            recompute(asked, instrument, said, own=False)
    except BadFhir as problem:
        fault = str(problem)
    assert not fault or NAMED.match(fault), fault


# Export -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("release", list(MODELS))
@pytest.mark.parametrize("slug", sorted(from_files()))
def test_every_instrument_exports_as_both_releases(tmp_path, slug, release):
    file = tmp_path / "out.json"
    assert run("export", slug, "--release", release, "--to", file)[1] == ""
    data = json.loads(file.read_text())
    assert fault_of(data, release) is None
    kinds = {one["type"] for one in data["item"]}
    assert kinds == {{"R5": "coding", "R4B": "choice"}[release], "decimal"}
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_an_exported_questionnaire_holds_no_licensed_word_and_turned_weights():
    data = questionnaire(from_files()["ecr"], "R5", "https://x.org/")
    assert "licence needed" not in json.dumps(data)
    assert not any("text" in one for one in data["item"] if one["type"] == "coding")
    third = read_form(data).questions[2]
    # Item 3 is reversed: step 1 weighs 7.
    assert [(one.code, int(one.weight)) for one in third.options][:2] == [("1", 7), ("2", 6)]


@pytest.mark.parametrize("release", list(MODELS))
def test_what_a_person_answered_comes_back_with_the_same_totals(mara, tmp_path, release):
    picture = instruments.find("starting-picture")
    answers = {"q01": 4, "q02": 3, "q04": 1, "q05": 0, "q10": 2, "q11": 1}
    submit(
        owner=mara,
        instrument=picture,
        row=Submission().id,
        answers=answers,
        choices={"focus": ["love", "work"], "in_therapy": "no"},
    )
    file, one = tmp_path / "bundle.json", tmp_path / "one.json"
    said, problem = run(
        "export", picture.id, "--person", mara.email, "--release", release, "--to", file
    )
    assert ("with 1 responses" in said, problem) == (True, "")
    asked, filled = (entry["resource"] for entry in json.loads(file.read_text())["entry"])
    assert asked["resourceType"] == "Questionnaire"
    assert mara.email not in file.read_text()
    one.write_text(json.dumps(filled))
    said, problem = run("import", one, "--of", picture.id)
    assert problem == ""
    assert "Worry about being left: 3.5 (2 of 3 answered); stated 3.5, which agrees." in said
    assert "Size of the alarm: not enough answers (0 of 3 answered); no total stated." in said


def test_reversed_items_come_back_as_they_were_chosen(mara, tmp_path):
    drawn = from_files()["attachment-map"]
    answers = {item.key: 4 for item in drawn.items}
    submit(
        owner=mara,
        instrument=drawn,
        row=Submission().id,
        answers=answers,
        choices={},
        target="friend",
    )
    file, one = tmp_path / "bundle.json", tmp_path / "one.json"
    run("export", drawn.id, "--person", mara.email, "--to", file)
    filled = json.loads(file.read_text())["entry"][1]["resource"]
    assert filled["item"][0]["answer"][0]["valueCoding"]["display"] == "A friend"
    one.write_text(json.dumps(filled))
    # Five fours and a four turned to nought: 20 by 6.
    assert (
        "Worry about being left: 3.33333 (6 of 6 answered); stated 3.333333, which agrees"
        in (run("import", one, "--of", drawn.id)[0])
    )


def test_answers_on_another_version_or_range_are_left_out(mara, tmp_path):
    picture = instruments.find("starting-picture")
    for changes in ({"version": 2}, {"said": {"answers": {}, "choices": {}, "range": [1, 5]}}):
        row = {"instrument": picture.id, "version": 1, "local_date": mara.today()}
        said = {"said": {"answers": {"q01": 1}, "choices": {}}}
        Submission.objects.create(owner=mara, **{**row, **said, **changes})
    file = tmp_path / "out.json"
    said, _problem = run("export", picture.id, "--person", mara.email, "--to", file)
    assert "2 of another version or range were left out." in said
    assert "with 0 responses" in said


def test_an_unknown_person_and_an_old_file_are_refused(db, tmp_path):
    file = tmp_path / "out.json"
    assert "no person" in run("export", "ecr", "--person", "no@example.org", "--to", file)[1]
    file.write_text("mine")
    assert "Cannot make" in run("export", "ecr", "--to", file)[1]
    assert file.read_text() == "mine"


def test_the_first_release_that_fits_is_the_one_that_is_named():
    assert read(GAD.read_text())[1] == "R4B"
    with pytest.raises(BadFhir, match="resourceType"):
        read("{}")
