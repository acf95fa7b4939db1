"""`manage.py score`: files as researchers have them, and nothing scored silently that is wrong."""

import csv
import random
from fractions import Fraction
from io import StringIO
from statistics import variance

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from healing.questionnaires.instrument_folder import from_files
from healing.questionnaires.scoring import score
from healing.questionnaires.table import Scorer

HEAD = [f"Q{number}" for number in range(1, 13)]


@pytest.fixture
def run(tmp_path):
    """Scores text as a file; gives the rows, what was said beside them, and the error."""

    def run(text, *options, instrument="ecr-s", name="in.csv"):
        file, out, said, problem = tmp_path / name, StringIO(), StringIO(), ""
        file.write_bytes(text.encode() if isinstance(text, str) else text)
        try:
            call_command("score", instrument, "--csv", str(file), *options, stdout=out, stderr=said)
        except CommandError as error:
            problem = str(error)
        return list(csv.DictReader(StringIO(out.getvalue()))), said.getvalue(), problem

    return run


def lines(*rows, head=HEAD, between=","):
    return "\n".join(between.join(map(str, row)) for row in [head, *rows]) + "\n"


# Worked by hand in test_keys.py: avoidance 24/6, anxiety 20/6.
GOOD = [7, 3] * 6


def test_a_row_for_each_respondent_with_scores_and_counts(run):
    rows, said, problem = run(lines(GOOD, GOOD))
    row = {
        "avoidance": "4.0",
        "avoidance_answered": "6",
        "anxiety": "3.333333",
        "anxiety_answered": "6",
    }
    assert rows == [{"row": "1", **row}, {"row": "2", **row}]
    assert "2 rows, 2 read, 0 not scored" in said
    assert problem == ""


@pytest.mark.parametrize("between", [",", ";", "\t", '","', '";"', '"\t"'])
def test_commas_semicolons_tabs_and_quotes_read_alike(run, between):
    text = lines(GOOD, between=between)
    if '"' in between:
        text = "\n".join(f'"{line}"' for line in text.splitlines()) + "\n"
    rows, _said, problem = run(text)
    assert (rows[0]["avoidance"], problem) == ("4.0", "")


@pytest.mark.parametrize(
    "change",
    [
        lambda text: "\ufeff" + text,
        lambda text: text.replace("\n", "\r\n"),
        lambda text: "\ufeff" + text.replace("\n", "\r\n").replace(",", ";"),
        lambda text: text + "\n\n",
        lambda text: text.replace("Q1,", "q1,"),
        lambda text: text.replace(",7", ",7.0").replace(",3", ", 3 "),
    ],
)
def test_what_other_programs_do_to_files_is_understood(run, change):
    rows, _said, problem = run(change(lines(GOOD, GOOD)))
    assert (len(rows), rows[1]["avoidance"], problem) == (2, "4.0", "")


def test_other_columns_are_ignored_in_any_order_and_coding(run):
    head = ["name", *reversed(HEAD), "country"]
    row = ["Zoë, Q", *reversed(GOOD), "España"]
    text = lines([f'"{one}"' for one in row], head=head)
    rows, said, problem = run(text.encode("latin-1"))
    assert (rows[0]["avoidance"], problem) == ("4.0", "")
    assert "not of this instrument" not in said


def test_the_other_sign_inside_a_cell_parts_nothing(run):
    head, row = ["name", *HEAD], ['"Roth; Ines, Dr"', *GOOD]
    for between in ",;":
        rows, _said, problem = run(lines(row, head=head, between=between))
        assert (rows[0]["avoidance"], problem) == ("4.0", "")


def test_a_key_of_thirty_six_names_a_thirty_seventh_column_and_one_that_is_not_there(run):
    head = [f"Q{number}" for number in range(1, 38)]
    rows, said, problem = run(lines([4] * 37, head=head), instrument="ecr")
    assert "line 1: not of this instrument: Q37." in said
    assert (rows[0]["avoidance"], rows[0]["avoidance_answered"], problem) == ("4.0", "18", "")
    head.remove("Q22")
    rows, _said, problem = run(lines([4] * 36, head=head), instrument="ecr")
    assert "line 1: there is no column Q22" in problem
    assert rows == []


def test_columns_that_look_like_items_and_are_none_are_named(run):
    _rows, said, problem = run(lines([*GOOD, 3], head=[*HEAD, "Q13"]))
    assert "line 1: not of this instrument: Q13." in said
    assert problem == ""


def test_the_twelve_are_scored_from_a_file_of_the_thirty_six(run):
    head = [f"Q{number}" for number in range(1, 37)]
    row = [6] * 36
    rows, said, _problem = run(lines(row, head=head), instrument="ecr-12")
    # Anxiety sixes; avoidance 6 + 5 * 2 = 16, by 6.
    assert (rows[0]["anxiety"], rows[0]["avoidance"]) == ("6.0", "2.666667")
    assert "Q1, Q3" in said


def test_missing_answers_leave_a_score_empty_where_too_few_are_left(run):
    rows, _said, problem = run(lines([0, *GOOD[1:]], ["", 3, 0, *GOOD[3:]]), "--missing", "0")
    # Without item 1: 23 by 5. Without 1 and 3: four of six, and five are needed.
    assert (rows[0]["avoidance"], rows[0]["avoidance_answered"]) == ("4.6", "5")
    assert (rows[1]["avoidance"], rows[1]["avoidance_answered"]) == ("", "4")
    assert rows[1]["anxiety"] == "3.333333"
    assert problem == ""


def test_reversal_follows_the_range(run):
    rows, _said, _problem = run(lines([2] * 12), "--range", "1-5")
    # 3*2 + 3*4 = 18, by 6; 5*2 + 4 = 14, by 6.
    assert (rows[0]["avoidance"], rows[0]["anxiety"]) == ("3.0", "2.333333")


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ([8, *GOOD[1:]], "line 3: Q1 is '8': not a step of 1-7."),
        ([0, 9, *GOOD[2:]], "line 3: Q1 is '0', Q2 is '9': not a step of 1-7."),
        (["x", *GOOD[1:]], "line 3: Q1 is 'x': not a step of 1-7."),
        ([3.5, *GOOD[1:]], "line 3: Q1 is '3.5': not a step of 1-7."),
        (GOOD[:-1], "line 3: has 11 cells, the head has 12."),
        ([*GOOD, 1], "line 3: has 13 cells, the head has 12."),
    ],
)
def test_a_row_that_is_wrong_is_told_by_line_and_not_scored(run, row, said):
    rows, heard, problem = run(lines(GOOD, row, GOOD))
    assert said in heard
    assert [one["avoidance"] for one in rows] == ["4.0", "", "4.0"]
    assert rows[1]["avoidance_answered"] == ""
    assert "avoidance: n 2," in heard
    assert problem == "1 of 3 rows were not scored."


@pytest.mark.parametrize(
    ("text", "options", "said"),
    [
        (lines(GOOD[1:], head=HEAD[1:]), (), "line 1: there is no column Q1"),
        (lines([1, *GOOD], head=["Q1", *HEAD]), (), "line 1: the column Q1 stands twice"),
        ("", (), "line 1: there is no column Q1, Q2"),
        (lines(GOOD), ("--missing", "3"), "3 is a step of 1-7"),
        (lines(GOOD), ("--range", "5-1"), "from a lower to a higher step"),
        (lines(GOOD), ("--range", "five"), "a range looks like 1-5"),
    ],
)
def test_a_file_that_cannot_be_scored_at_all_says_why(run, text, options, said):
    rows, _heard, problem = run(text, *options)
    assert said in problem
    assert rows == []


def test_an_unknown_instrument_names_those_there_are(run):
    _rows, _said, problem = run(lines(GOOD), instrument="ecr-x")
    assert "There are: attachment-map, ecr, ecr-12, ecr-r, ecr-rs, ecr-s, scs-sf" in problem


def test_a_file_that_is_not_there_is_named():
    with pytest.raises(CommandError, match=r"Cannot read nowhere\.csv"):
        call_command("score", "ecr", "--csv", "nowhere.csv")


def test_the_scores_go_to_a_new_file_and_never_over_an_old_one(run, tmp_path):
    out = tmp_path / "out.csv"
    rows, _said, problem = run(lines(GOOD), "--to", str(out))
    assert (rows, problem) == ([], "")
    assert out.read_text().splitlines()[1] == "1,4.0,6,3.333333,6"
    _rows, _said, problem = run(lines(GOOD), "--to", str(out))
    assert "File exists" in problem


# The summary --------------------------------------------------------------------------------------


def sixty():
    """Sixty made-up people on the ECR-S, the same at every run."""
    chance = random.Random(7)
    for _person in range(60):
        lean, worry = chance.gauss(4, 1.3), chance.gauss(4, 1.3)
        row = []
        for number in range(1, 13):
            near = (lean if number % 2 else worry) + chance.gauss(0, 1.2)
            step = min(7, max(1, round(near)))
            row.append(8 - step if number in (1, 5, 9, 8) else step)
        yield row


def test_the_summary_is_what_pingouin_says(run):
    # pingouin 0.7.0 and pandas 3.1.1 on these sixty rows, the reversed items turned by hand:
    # cronbach_alpha(data[[1, 3, 5, 7, 9, 11]]) = 0.8421242043230843, of the anxiety items
    # 0.8360122288298851; mean and std of the row means; corr r = -0.09217. It is not a
    # requirement of the tests, since it brings 576 MB of other packages.
    _rows, said, _problem = run(lines(*sixty()))
    assert "avoidance: n 60, mean 4.1722, SD 1.1813, alpha 0.8421 on 60 complete cases" in said
    assert "anxiety: n 60, mean 4.1778, SD 1.2243, alpha 0.8360 on 60 complete cases" in said
    assert "correlation of avoidance and anxiety: -0.0922 (n 60)" in said


def test_alpha_is_of_complete_cases_alone(run):
    holed = [[*row] for row in sixty()]
    for row in holed[:20]:
        row[2] = 0
    _rows, said, _problem = run(lines(*holed), "--missing", "0")
    _rows, whole, _problem = run(lines(*holed[20:]))
    alpha = whole.split("avoidance: ")[1].split("alpha ")[1].split(" on")[0]
    assert f"alpha {alpha} on 40 complete cases" in said
    assert "avoidance: n 60" in said


def test_no_spread_gives_no_number(run):
    _rows, said, problem = run(lines(GOOD))
    assert "SD nan, alpha nan on 1 complete cases" in said
    assert "nan (n 1)" in said
    assert problem == ""


TABLES = st.lists(st.lists(st.integers(1, 7), min_size=12, max_size=12), min_size=3, max_size=20)


@given(TABLES)
def test_alpha_and_scores_are_those_of_a_second_way(rows):
    instrument = from_files()["ecr-s"]
    scorer = Scorer(instrument, HEAD)
    for row in rows:
        found, fault = scorer.score([str(step) for step in row])
        expected = score(instrument, {f"q{n:02}": step for n, step in enumerate(row, start=1)})
        assert (found[1], fault) == (str(round(float(expected[0].value), 6)), "")
    # Cronbach's formula with the variances of columns, as a textbook has it.
    turned = [[8 - row[n] if n in (0, 4, 8) else row[n] for n in range(0, 12, 2)] for row in rows]
    total = variance(Fraction(sum(row)) for row in turned)
    if total:
        each = sum(
            variance(Fraction(step) for step in column) for column in zip(*turned, strict=True)
        )
        assert scorer.tallies[0].alpha() == pytest.approx(
            float(Fraction(6, 5) * (1 - each / total))
        )
