"""The eight items of the daily check-in."""

import pytest

from healing.checkins.items import ITEMS, Direction, is_asked, is_low


def test_the_order_and_the_keys_stay() -> None:
    assert [item.key for item in ITEMS] == [
        "steady",
        "left_worry",
        "urge_pull",
        "choice",
        "inner_voice",
        "own_side",
        "connected",
        "practice",
    ]


def test_seven_are_rated_and_one_is_counted() -> None:
    assert [len(item.anchors) for item in ITEMS] == [5] * 7 + [3]
    assert [item.key for item in ITEMS if item.direction is Direction.DOWN] == [
        "left_worry",
        "urge_pull",
    ]
    assert [item.key for item in ITEMS if item.direction is Direction.COUNT] == ["practice"]


def test_only_the_pull_decides_about_the_choice() -> None:
    (choice,) = (item for item in ITEMS if item.show_if)
    assert choice.key == "choice"
    asked = {pull: is_asked(choice, {"urge_pull": pull}) for pull in (None, 0, 1, 4)}
    assert asked == {None: False, 0: False, 1: True, 4: True}


@pytest.mark.parametrize(
    ("key", "lowest"),
    [
        ("steady", 0),
        ("left_worry", 4),
        ("urge_pull", 4),
        ("choice", 0),
        ("inner_voice", 0),
        ("own_side", 0),
        ("connected", 0),
    ],
)
def test_the_lowest_answer_of_any_rated_item_is_low(key: str, lowest: int) -> None:
    assert is_low({key: lowest})
    assert not any(is_low({key: other}) for other in range(5) if other != lowest)


@pytest.mark.parametrize("answers", [{}, {"practice": 0}, {"line": "0"}, {"steady": 1}])
def test_nothing_else_is_low(answers: dict[str, object]) -> None:
    assert not is_low(answers)
