"""Numbers to press in what somebody wrote."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from healing.safety.own_card import MOST_DIGITS, digits_in, pieces


def called(line: str) -> list[str]:
    return [piece.tel for piece in pieces(line) if piece.tel]


@given(st.text() | st.text("0123456789 +()-/.,a٣", max_size=40))
def test_the_pieces_are_the_line(line: str) -> None:
    assert "".join(piece.text for piece in pieces(line)) == line


@given(st.text("0123456789 +()-/.,a٣", max_size=40))
def test_what_is_dialled_are_digits_that_stand_there(line: str) -> None:
    for piece in pieces(line):
        if piece.tel:
            digits = piece.tel.removeprefix("+")
            assert digits.isascii()
            assert digits.isdigit()
            assert 3 <= len(digits) <= MOST_DIGITS
            assert len(digits) <= len(digits_in(piece.text))


@pytest.mark.parametrize(
    ("line", "dialled"),
    [
        ("Jonas 0151 2345 6789", ["015123456789"]),
        ("+49 (0)30 1234567 (until 10)", ["+49301234567"]),
        ("(555) 123-4567", ["5551234567"]),
        ("01.42.34.56.78", ["0142345678"]),
        ("Emergency services (Ireland): 112 or 999", ["112", "999"]),
        ("Lifeline 13 11 14", ["131114"]),
        ("9-8-8", ["988"]),
        ("٠٣٠ ١٢٣٤", ["0301234"]),
        ("Call 112. 24 hours.", ["112"]),
        ("0151 234 (10 to 12)", ["0151234"]),
    ],
)
def test_a_number_is_found_as_people_write_it(line: str, dialled: list[str]) -> None:
    assert called(line) == dialled


@pytest.mark.parametrize(
    "line",
    ["", "Jonas", "open 24/7", "Mondays 10-12", "9:00-17:30", "2345/0151 9999 8888 7777", "²³¹"],
)
def test_hours_are_no_numbers_and_two_numbers_in_one_are_none(line: str) -> None:
    assert called(line) == []
