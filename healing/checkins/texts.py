"""Joins what a person wrote in two places about one day, so that neither is lost."""

from django.utils.crypto import salted_hmac

NAMES = ("practice_which", "good_moment", "line")


def digest(text: str) -> str:
    """A short mark by which a text is known again; it says nothing about the words."""
    return salted_hmac("healing.checkins.texts", _plain(text)).hexdigest()[:16]


def joined(stored: str, new: str) -> str:
    """`stored` with `new` below it, once: nothing is added whose lines are all there already."""
    stored, new = _plain(stored), _plain(new)
    if not stored or _has_lines(new, stored):
        return new or stored
    return stored if not new or _has_lines(stored, new) else f"{stored}\n{new}"


def merged(stored: str, new: str, opened: str) -> str:
    """What to keep of a text, where `opened` is the digest of what its form was opened with.

    Only a text that is still as it was opened can be replaced or taken back. To one that was
    changed since, `new` is added, unless nobody touched it in this form.
    """
    if opened == (digest(stored) if stored else ""):
        return _plain(new)
    return stored if new and digest(new) == opened else joined(stored, new)


def _plain(text: str) -> str:
    """The text with the line ends of a file, where a browser sends its own."""
    return text.replace("\r\n", "\n").strip()


def _has_lines(text: str, lines: str) -> bool:
    return f"\n{lines}\n" in f"\n{text}\n"
