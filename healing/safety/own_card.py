"""What the help page shows of a person's own card, and numbers to press in their words (no Django).

Cards stand above this room: `healing.urls`, which is above both, hands the question in.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

# From the shortest number to call to the longest (ITU-T E.164).
FEWEST_DIGITS, MOST_DIGITS = 3, 15
GROUP = r"(?:\(\d+\)|\d+)"
NUMBER = re.compile(rf"\+?{GROUP}(?:[ \u00a0\u2011\u2013./-]?{GROUP})*")
# “+49 (0)30”: the zero is dialled only without what stands before it.
TRUNK_ZERO = re.compile(r"(?<=\d)[ \u00a0]?\(0\)")


@dataclass(frozen=True)
class Piece:
    """A part of a line; `tel` is what to dial where it is a number, else empty."""

    text: str
    tel: str = ""


@dataclass(frozen=True)
class Part:
    """One heading of a card, and the lines below it."""

    heading: str
    lines: Sequence[Sequence[Piece]]


@dataclass(frozen=True)
class OwnCard:
    """A person's card in short, none of its parts if it is empty, and where to read or write it."""

    parts: Sequence[Part]
    address: str
    edit_address: str


def pieces(line: str) -> list[Piece]:
    """The line in pieces, telephone numbers apart from what stands between them."""
    return list(_pieces(line))


def digits_in(text: str) -> str:
    """Every digit of any script, in order, as 0 to 9."""
    return "".join(str(int(sign)) for sign in text if sign.isdecimal())


def _pieces(line: str) -> Iterator[Piece]:
    done = 0
    for found in NUMBER.finditer(line):
        if not (tel := _dialled(found[0])):
            continue
        if found.start() > done:
            yield Piece(line[done : found.start()])
        yield Piece(found[0], tel)
        done = found.end()
    if done < len(line):
        yield Piece(line[done:])


def _dialled(written: str) -> str:
    """What to dial, or empty where it is none: “24/7” and “10-12” are hours."""
    groups = re.findall(r"\d+", written)
    is_number = len(groups) > 2 or any(len(group) >= FEWEST_DIGITS for group in groups)
    plus = "+" if written.startswith("+") else ""
    digits = digits_in(TRUNK_ZERO.sub("", written) if plus else written)
    fits = FEWEST_DIGITS <= len(digits) <= MOST_DIGITS
    return plus + digits if is_number and fits else ""
