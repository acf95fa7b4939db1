"""A mail with gaps: rendered once for its words and its shape, then filled in for each person.

Building a message with the email package takes far more than ten times as long as filling one in
(docs/decisions.md). What is sent is plain ASCII, which every server takes.
"""

import re
import secrets
from binascii import b2a_qp
from collections.abc import Mapping
from functools import lru_cache
from html import escape
from typing import NamedTuple

from django.template.loader import render_to_string

from healing.reminders.wording import MAILS, UNSEEN, Wording, as_text, filled

# How many links or words stand at each placeholder, by its name; 0 leaves its paragraph out.
Shape = tuple[tuple[str, int], ...]

# No text holds a NUL (see `wording.UNSEEN`), so nothing an editor writes looks like a gap.
GAP = re.compile("\x00([a-z_]+:[0-9]+)\x00")
# A line that no server cuts (RFC 5322, section 2.1.1).
LONGEST_LINE = 990


class Skeleton(NamedTuple):
    """Both parts of a mail, for the % operator."""

    plain: str
    html: str


def shape_of(values: Mapping[str, str]) -> Shape:
    """What the mail will look like with these values, by placeholder name."""
    return tuple((name, value.count("\n") + 1 if value else 0) for name, value in values.items())


@lru_cache(maxsize=256)
def skeleton(mail: str, words: Wording, shape: Shape, language: str) -> Skeleton:
    """The mail `mail` in these words, with gaps; `language` is the active one.

    Kept by its words: a text that an editor changed is another skeleton.
    """
    gaps = {
        name: "\n".join(f"\x00{name}:{place}\x00" for place in range(count))
        for name, count in shape
    }
    paragraphs = filled(words.body, MAILS[mail], gaps)
    context = {"subject": words.subject, "paragraphs": paragraphs}
    html = render_to_string("mail/mail.html", context)
    return Skeleton(_with_gaps(as_text(paragraphs) + "\n"), _with_gaps(html))


def _with_gaps(text: str) -> str:
    return GAP.sub(r"%(\1)s", text.replace("%", "%%")).replace("\n", "\r\n")


def message(headers: Mapping[str, str], parts: Skeleton, values: Mapping[str, str]) -> bytes:
    """The finished message; `headers` are ASCII, as they are sent.

    Characters that cannot be seen are left out of the values: some of them end a line.
    """
    plain = {
        f"{name}:{place}": line if line.isprintable() else UNSEEN.sub("", line)
        for name, value in values.items()
        for place, line in enumerate(value.split("\n"))
    }
    html = {gap: escape(line) for gap, line in plain.items()}
    # Nobody can know it beforehand, so no line of a text can end the part it stands in.
    border = secrets.token_hex(16)
    head = "".join([f"{name}: {said}\r\n" for name, said in headers.items()])
    return (
        f"{head}MIME-Version: 1.0\r\n"
        f'Content-Type: multipart/alternative; boundary="{border}"\r\n\r\n'
        f"--{border}\r\n{_part('plain', parts.plain % plain)}\r\n"
        f"--{border}\r\n{_part('html', parts.html % html)}\r\n"
        f"--{border}--\r\n"
    ).encode("ascii")


def _part(subtype: str, text: str) -> str:
    """One part as it travels: as it is where every server takes that, else quoted."""
    encoding = "7bit"
    if not text.isascii() or max(map(len, text.split("\r\n"))) > LONGEST_LINE:
        encoding = "quoted-printable"
        # A lone surrogate has no bytes of its own; better a question mark than no mail.
        text = b2a_qp(text.encode("utf-8", "replace")).decode("ascii")
    return (
        f'Content-Type: text/{subtype}; charset="utf-8"\r\n'
        f"Content-Transfer-Encoding: {encoding}\r\n\r\n{text}"
    )
