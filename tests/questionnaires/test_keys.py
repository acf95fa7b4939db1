"""The shipped keys against a table typed on its own, examples worked by hand, a naive scorer."""

from dataclasses import replace
from fractions import Fraction
from statistics import mean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from healing.questionnaires.instrument import with_range
from healing.questionnaires.instrument_folder import from_files
from healing.questionnaires.scoring import across_targets, score

# Typed from the publications, item by item and not from the files: x avoidance, a anxiety,
# c self-compassion; a capital is reversed. One letter an item, in tens.
TABLE = {
    "ecr": "xaXaxaxaxa xaxaXaxaXa xAxaXaXaXa XaXaXa",
    "ecr-r": "aaaaaaaaAa AaaaaaaaxX xXxxxXXXXX XxXXXX",
    "ecr-s": "XaxaXaxAXa xa",
    "ecr-rs": "XXXXxxaaa",
    "scs-sf": "CccCcccCCc CC",
}
LETTERS = {"x": "avoidance", "a": "anxiety", "c": "self_compassion"}
# The twelve of the ECR-12 by their numbers among the 36: those after the stroke are avoidance.
ECR_12 = ("2 6 8 14 18 24", "9 15R 25R 27R 29R 31R")


def typed(slug):
    """(scale, number, reversed) of every item, from the table."""
    if slug == "ecr-12":
        for name, numbers in zip(("anxiety", "avoidance"), ECR_12, strict=True):
            for word in numbers.split():
                yield name, int(word.rstrip("R")), word.endswith("R")
        return
    for number, letter in enumerate(TABLE[slug].replace(" ", ""), start=1):
        yield LETTERS[letter.lower()], number, letter.isupper()


def shipped(instrument):
    numbers = {item.key: item.number for item in instrument.items}
    return {
        (one.key, numbers[key], key in one.reversed)
        for one in instrument.subscales
        for key in one.items
    }


SLUGS = [*TABLE, "ecr-12"]


@pytest.mark.parametrize("slug", SLUGS)
def test_the_key_is_the_published_one(slug):
    assert shipped(from_files()[slug]) == set(typed(slug))


def scores(slug, answers, span=None, key=None):
    """Scale -> value, for answers by item number; `key` stands for the shipped one."""
    instrument = key or from_files()[slug]
    if span:
        instrument = with_range(instrument, *span)
    keys = {item.number: item.key for item in instrument.items}
    found = score(instrument, {keys[number]: step for number, step in answers.items()})
    return {one.subscale.key: one.value for one in found}


def of(steps, numbers):
    return dict.fromkeys(numbers, steps)


ODD, EVEN = range(1, 37, 2), range(2, 37, 2)


def without(answers, *numbers):
    return {number: step for number, step in answers.items() if number not in numbers}


# Worked by hand. On 1 to 7 a reversed 6 counts 2 and a reversed 2 counts 6; on 1 to 5 a reversed 5
# counts 1, a reversed 4 counts 2 and a reversed 2 counts 4.
ECR = {**of(6, ODD), **of(2, EVEN)}
ECR_R = {**of(6, range(1, 19)), **of(3, range(19, 37))}
ECR_S = {**of(7, ODD[:6]), **of(3, EVEN[:6])}
ECR_12_ALL = {**of(5, (2, 6, 8, 14, 18, 24)), **of(6, (9, 15, 25, 27, 29, 31))}
ECR_RS = {**of(2, range(1, 5)), 5: 4, 6: 5, 7: 1, 8: 2, 9: 6}
SCS = dict(enumerate((1, 5, 4, 2, 3, 5, 4, 1, 2, 4, 3, 2), start=1))


# Key, range if not the publication's, answers by item number, scores.
EXAMPLES = [
    # Avoidance: 9 sixes and 9 turned to two, 54 + 18 = 72, by 18.
    # Anxiety: 17 twos and item 22 turned to six, 34 + 6 = 40, by 18.
    ("ecr", None, ECR, {"avoidance": 4, "anxiety": Fraction(40, 18)}),
    # Without three reversed ones: 54 + 12 = 66, by 15. Anxiety without item 22: all twos.
    (
        "ecr",
        None,
        without(ECR, 3, 15, 19, 22),
        {"avoidance": Fraction(66, 15), "anxiety": 2},
    ),
    # A fourth missing one leaves 14 of 18, and 15 are needed.
    ("ecr", None, without(ECR, 3, 15, 19, 25), {"avoidance": None, "anxiety": Fraction(20, 9)}),
    # 1 to 5, fives throughout: 9*5 + 9*1 = 54, by 18; 17*5 + 1 = 86, by 18.
    (
        "ecr",
        (1, 5),
        of(5, range(1, 37)),
        {"avoidance": 3, "anxiety": Fraction(86, 18)},
    ),
    # Anxiety: 16 sixes and 2 turned to two, 96 + 4 = 100, by 18.
    # Avoidance on threes: 6 straight (19, 21, 23, 24, 25, 32) and 12 turned to five,
    # 18 + 60 = 78, by 18.
    (
        "ecr-r",
        None,
        ECR_R,
        {"anxiety": Fraction(100, 18), "avoidance": Fraction(78, 18)},
    ),
    # Without 9 and 11 anxiety is sixes alone; without 19, 21, 23: 3*3 + 12*5 = 69, by 15.
    (
        "ecr-r",
        None,
        without(ECR_R, 9, 11, 19, 21, 23),
        {"anxiety": 6, "avoidance": Fraction(69, 15)},
    ),
    (
        "ecr-r",
        None,
        without(ECR_R, 1, 2, 3, 4),
        {"anxiety": None, "avoidance": Fraction(13, 3)},
    ),
    # 1 to 5, fours: 16*4 + 2*2 = 68, by 18; 6*4 + 12*2 = 48, by 18.
    (
        "ecr-r",
        (1, 5),
        of(4, range(1, 37)),
        {"anxiety": Fraction(68, 18), "avoidance": Fraction(48, 18)},
    ),
    # Avoidance on sevens: 3, 7, 11 straight, 1, 5, 9 turned to one, 21 + 3 = 24, by 6.
    # Anxiety on threes: five threes and item 8 turned to five, 15 + 5 = 20, by 6.
    ("ecr-s", None, ECR_S, {"avoidance": 4, "anxiety": Fraction(20, 6)}),
    # Without 1: 21 + 2 = 23, by 5. Without 8: threes alone.
    ("ecr-s", None, without(ECR_S, 1, 8), {"avoidance": Fraction(23, 5), "anxiety": 3}),
    ("ecr-s", None, without(ECR_S, 1, 3), {"avoidance": None, "anxiety": Fraction(10, 3)}),
    # 1 to 5, twos: 3*2 + 3*4 = 18, by 6; 5*2 + 4 = 14, by 6.
    ("ecr-s", (1, 5), of(2, range(1, 13)), {"avoidance": 3, "anxiety": Fraction(14, 6)}),
    # Anxiety fives. Avoidance on sixes: item 9 straight and five turned to two, 6 + 10 = 16.
    ("ecr-12", None, ECR_12_ALL, {"anxiety": 5, "avoidance": Fraction(16, 6)}),
    # Anxiety 1 + 7 + 4 + 2 + 6 + 3 = 23, by 6. Avoidance: item 9 straight 2; 1>7, 3>5, 6>2, 7>1,
    # 5>3 are 18 together; 20 by 6.
    (
        "ecr-12",
        None,
        {2: 1, 6: 7, 8: 4, 14: 2, 18: 6, 24: 3, 9: 2, 15: 1, 25: 3, 27: 6, 29: 7, 31: 5},
        {"anxiety": Fraction(23, 6), "avoidance": Fraction(20, 6)},
    ),
    # Without item 9: the five turned ones.
    ("ecr-12", None, without(ECR_12_ALL, 9, 2), {"anxiety": 5, "avoidance": 2}),
    ("ecr-12", None, without(ECR_12_ALL, 9, 15), {"anxiety": 5, "avoidance": None}),
    # 1 to 5, anxiety fives; avoidance fours: 4 + 5*2 = 14, by 6.
    (
        "ecr-12",
        (1, 5),
        {**ECR_12_ALL, **of(4, (9, 15, 25, 27, 29, 31))},
        {"anxiety": 5, "avoidance": Fraction(14, 6)},
    ),
    # Avoidance: four twos turned to six, then 4 and 5: 24 + 9 = 33, by 6. Anxiety: 9 by 3.
    ("ecr-rs", None, ECR_RS, {"avoidance": Fraction(33, 6), "anxiety": 3}),
    # Without item 1: 18 + 9 = 27, by 5. Two of three are under 80 %.
    ("ecr-rs", None, without(ECR_RS, 1, 7), {"avoidance": Fraction(27, 5), "anxiety": None}),
    # 1 to 5: four twos turned to four, then 4 and 5: 16 + 9 = 25, by 6; 1 + 2 + 5 = 8, by 3.
    (
        "ecr-rs",
        (1, 5),
        {**ECR_RS, 9: 5},
        {"avoidance": Fraction(25, 6), "anxiety": Fraction(8, 3)},
    ),
    # 1: 1>5, 4: 2>4, 8: 1>5, 9: 2>4, 11: 3>3, 12: 2>4 are 25 together;
    # 2, 3, 5, 6, 7, 10 are 5 + 4 + 3 + 5 + 4 + 4 = 25. 50 by 12.
    ("scs-sf", None, SCS, {"self_compassion": Fraction(50, 12)}),
    # Without 1 and 2: 20 + 20 = 40, by 10.
    ("scs-sf", None, without(SCS, 1, 2), {"self_compassion": 4}),
    ("scs-sf", None, without(SCS, 1, 2, 3), {"self_compassion": None}),
    # 1 to 7: each turned one is two more, 25 + 12 = 37. 62 by 12.
    ("scs-sf", (1, 7), SCS, {"self_compassion": Fraction(62, 12)}),
    # The map, 0 to 4: worry 4, 4, 4, 4, 4 and item 11 turned from 1 to 3: 23 by 6.
    # Unease 1, 1, 1, 1, 1 and item 12 turned from 4 to 0: 5 by 6.
    (
        "attachment-map",
        None,
        {**of(4, (1, 3, 5, 7, 9, 12)), **of(1, (2, 4, 6, 8, 10, 11))},
        {
            "worry_about_being_left": Fraction(23, 6),
            "unease_with_closeness": Fraction(5, 6),
        },
    ),
    # Without item 11: fours alone; without 2 and 4 of unease four are too few.
    (
        "attachment-map",
        None,
        {**of(4, (1, 3, 5, 7, 9, 12)), **of(1, (6, 8, 10))},
        {"worry_about_being_left": 4, "unease_with_closeness": None},
    ),
]


@pytest.mark.parametrize(("slug", "span", "answers", "expected"), EXAMPLES)
def test_an_example_worked_by_hand(slug, span, answers, expected):
    assert scores(slug, answers, span) == expected


def test_every_key_has_examples_on_both_ranges_and_with_missing_answers():
    for slug in SLUGS:
        mine = [(span, answers) for name, span, answers, _expected in EXAMPLES if name == slug]
        asked = {number for _scale, number, _reversed in typed(slug)}
        assert {span for span, _answers in mine} == {None, (1, 7) if slug == "scs-sf" else (1, 5)}
        assert any(answers.keys() < asked for _span, answers in mine)


# Wrong keys ---------------------------------------------------------------------------------------


def wrong_keys(slug):
    """Every way to lose or gain one reversal, to move one item, and to swap the scales."""
    key = from_files()[slug]
    for place, one in enumerate(key.subscales):
        for item in one.items:
            yield f"{item} turned", changed(key, place, reversed=one.reversed ^ {item})
            left = tuple(name for name in one.items if name != item)
            yield f"{item} lost", changed(key, place, items=left)
    if len(key.subscales) == 2:
        first, second = key.subscales
        swapped = (
            replace(first, items=second.items, reversed=second.reversed),
            replace(second, items=first.items, reversed=first.reversed),
        )
        yield "scales swapped", replace(key, subscales=swapped)
        unturned = (replace(first, items=second.items), replace(second, items=first.items))
        yield "items swapped", replace(key, subscales=unturned)


def changed(key, place, **changes):
    scales = list(key.subscales)
    scales[place] = replace(scales[place], **changes)
    return replace(key, subscales=tuple(scales))


def notices(slug, key):
    """Whether an example worked by hand comes out otherwise with this key."""
    mine = [example[1:] for example in EXAMPLES if example[0] == slug]
    return any(scores(slug, answers, span, key) != wanted for span, answers, wanted in mine)


@pytest.mark.parametrize("slug", SLUGS)
def test_a_wrong_key_is_noticed_by_the_table_and_by_the_examples(slug):
    assert not notices(slug, from_files()[slug])
    wrong = list(wrong_keys(slug))
    # Two for each item, and for two scales the two ways to swap them.
    scales = len(from_files()[slug].subscales)
    assert len(wrong) == 2 * len(set(typed(slug))) + (2 if scales == 2 else 0)
    for name, key in wrong:
        assert shipped(key) != set(typed(slug)), name
        assert notices(slug, key), name


def test_a_sum_lets_the_persons_mean_stand_in_for_what_is_missing():
    ecr_s = from_files()["ecr-s"]
    summed = replace(ecr_s, subscales=tuple(replace(one, summed=True) for one in ecr_s.subscales))
    answers = {f"q{number:02}": step for number, step in without(ECR_S, 1).items()}
    # Five answers of avoidance make 23; the sixth counts as their mean, 23/5.
    assert score(summed, answers)[0].value == Fraction(23, 5) * 6


def test_the_global_score_is_the_mean_over_the_targets():
    instrument = from_files()["ecr-rs"]
    about = {f"q{number:02}": step for number, step in ECR_RS.items()}
    # 33/6 and, with fours throughout, 4: their mean is 4.75. Anxiety: 3 and 4.
    both = across_targets(instrument, {"mother": about, "friend": dict.fromkeys(about, 4)})
    assert [one.value for one in both] == [Fraction(19, 4), Fraction(7, 2)]
    half = across_targets(instrument, {"mother": about, "friend": {"q07": 4}})
    assert [one.value for one in half] == [None, None]


# A second scorer, as plain as can be -------------------------------------------------------------


def naively(slug, lowest, highest, answers):
    """Scale -> mean by the typed table, with reversal looked up in a list turned round."""
    steps = list(range(lowest, highest + 1))
    turned = dict(zip(steps, reversed(steps), strict=True))
    found = {}
    for wanted in {name for name, _number, _reversed in typed(slug)}:
        items = [(number, back) for name, number, back in typed(slug) if name == wanted]
        values = []
        for number, back in items:
            if number in answers:
                values.append(turned[answers[number]] if back else answers[number])
        enough = len(values) / len(items) >= 0.8
        found[wanted] = mean(Fraction(value) for value in values) if enough else None
    return found


@given(st.data())
def test_any_answers_score_as_the_naive_way_does(data):
    slug = data.draw(st.sampled_from(SLUGS))
    lowest, highest = data.draw(st.sampled_from([(1, 7), (1, 5), (0, 4)]))
    numbers = [number for _name, number, _back in typed(slug)]
    missing = data.draw(st.sets(st.sampled_from(numbers), max_size=8))
    answered = [number for number in numbers if number not in missing]
    answers = {number: data.draw(st.integers(lowest, highest)) for number in answered}
    expected = naively(slug, lowest, highest, answers)
    assert scores(slug, answers, (lowest, highest)) == expected
