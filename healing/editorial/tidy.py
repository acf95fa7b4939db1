"""An editor's HTML in its plainest form: same words, same marks, nothing empty (no Django)."""

import re

GAP = r"(?:\s|<br\s*/?>)"
MARK = r"(?:b|i|strong|em)"
# An attribute ends where the next tag begins: what is never shut is not read again and again.
LINK = r"a(?:\s[^<>]*)?"
BLOCK = r"(?:p|h[1-6]|ul|ol|li)"
STEPS = (
    # What follows its like without a gap is one with it.
    (re.compile(rf"</({MARK}|ul|ol)><\1>"), ""),
    # Bold, italic and links end at words: on a gap at their edge they cannot be seen.
    (re.compile(rf"(<(?:{MARK}|{LINK})>)({GAP}+)"), r"\2\1"),
    # Gaps that touch no tag are matched too, and put back: a long one is read once.
    (re.compile(rf"({GAP}++)(</(?:{MARK}|a)>)?"), r"\2\1"),
    (re.compile(rf"{GAP}*+(</?{BLOCK}\b[^<>]*>){GAP}*+|({GAP}++)"), r"\1\2"),
    (re.compile(rf"<({BLOCK}|{MARK}|a)(?:\s[^<>]*)?></\1>"), ""),
)
# Each round works one level of marks deeper, and an editor's three can hold no more.
MOST_ROUNDS = 10


def tidy(html: str) -> str:
    """The same text without gaps at the edges of its parts, and without parts that say nothing."""
    for _ in range(MOST_ROUNDS):
        before = html
        for pattern, put in STEPS:
            html = pattern.sub(put, html)
        if html == before:
            break
    return html
