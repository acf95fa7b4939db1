"""What a text may not say, and how hard it may be: the rules that hold for every text (no Django).

The same rules stand beside the text in the editing screens and in `load_content --check`. They find
words and numbers. Whether a text is true and kind, a reader has to say.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from healing.editorial.reading import as_sentences, grade, words_in

HIGHEST_GRADE = 8.0
# A name and two or three words more have no reading grade that means anything.
FEWEST_WORDS_FOR_GRADE = 30
RUN = 8  # so many words in a row, and two texts share a sentence
AROUND = 45  # letters shown on each side of what was found


@dataclass(frozen=True)
class Finding:
    """One thing to mend: the rule, what it asks for, and the words it is about."""

    rule: str
    said: str | Promise
    words: str = ""

    def __str__(self) -> str:
        return f"{self.said} “{self.words}”" if self.words else str(self.said)


@dataclass(frozen=True)
class Report:
    """What stands beside a text while it is edited; `grade` is None where it is too short."""

    words: int
    grade: float | None
    findings: Sequence[Finding]


# Programme 1.2 and claims policy 2.5. A promise may be named in order to deny it: “not a cure”.
PROMISES = (
    r"cur(?:e|es|ed|ing|able)",
    r"(?:complete|full|total) (?:healing|recovery)",
    r"heal(?:s|ed|ing)? (?:completely|fully|for good)",
    r"(?:completely|fully) heal(?:s|ed|ing)?",
    r"permanent(?:ly)?",
    r"(?:clinically|scientifically) (?:proven|tested)",
    r"proven to",
    r"guarantee(?:s|d)?",
)
LABELS = (
    r"rewir(?:e|es|ed|ing)",
    r"toxic",
    r"needy",
    r"clingy",
    r"broken",
    r"damaged",
    r"your wounds?",
    r"you must(?:n't| not)?",
    r"just",
    r"(?:stored|trapped|locked) (?:trauma|in (?:the|your) body)",
    r"releas(?:e|es|ed|ing) (?:the |your |old |stored )*trauma",
    r"trauma (?:stored|trapped) in",
    r"neural path(?:way)?s?",
    r"neurological level",
)
DENIED = re.compile(
    r"\b(?:no|not|never|nobody|neither|nor|cannot|without|n['’]t)\b[^.!?:;]{0,40}$", re.IGNORECASE
)
DENIED_WITHIN = 60  # letters: the longest that `DENIED` can be, and some
BANNED = re.compile(rf"\b(?:{'|'.join([*PROMISES, *LABELS])})\b", re.IGNORECASE)
PROMISE = re.compile("|".join(PROMISES), re.IGNORECASE)

# Numbers, people, places and titles that nobody could trace (claims, part 2).
UNTRACEABLE = re.compile(
    r"\b(?:68|62|83) ?(?:%|per ?cent)"
    r"|\b(?:sixty-eight|sixty-two|eighty-three) per ?cent"
    r"|\bRebecca Chen\b|\bMartin Flores\b|\bSarah Winters\b|\bElena Rodriguez\b"
    r"|\bDr\.? (?:Chen|Flores|Winters|Rodriguez)\b"
    r"|\bBlackwell Institute\b|\bResearch Bulletin\b|\bTrauma Psychology Quarterly\b"
    r"|\bLongitudinal Studies Review\b|\bClinical Research Findings\b"
    r"|\bInternational Journal of Trauma Resolution\b"
    r"|(?<!British )(?<!European )\bJournal of Developmental Psychology\b"
    r"|\bNeural Adaptations to Early Abandonment\b"
    r"|\bAutonomic Responses in Attachment Disruption\b"
    r"|\bMulti-Modal Approaches to Attachment Trauma\b"
    r"|\bDevelopmental Origins of Adult Attachment Patterns\b",
    re.IGNORECASE,
)
# Nobody is quoted as an authority; whose work it is stands among the sources.
EXPERT = re.compile(r"\b(?:Dr|Prof|Professor)\.? [A-Z]\w+")
# What speaks of findings names where they come from.
FINDING = re.compile(
    r"\d ?%|\bper ?cent\b|\b(?:stud(?:y|ies)|trials?|meta-analys[ei]s|researchers?|research"
    r"|scientists?)\b",
    re.IGNORECASE,
)
CITES = re.compile(r"\[B\d{2,3}\]")
TOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


def report(parts: Iterable[str | None]) -> Report:
    """The report on a text that has no rules of its own; a draft's empty parts are left out."""
    filled = [part for part in parts if part]
    whole = as_sentences(filled)
    words = len(words_in(whole))
    long_enough = words >= FEWEST_WORDS_FOR_GRADE
    findings = [finding for part in filled for finding in check_words(part)]
    if long_enough:
        findings = [*check_grade(whole), *findings]
    return Report(words, grade(whole) if long_enough else None, findings)


def check_words(text: str) -> Iterator[Finding]:
    """What no text may say, wherever it stands."""
    for found in BANNED.finditer(text):
        if not (PROMISE.fullmatch(found[0]) and _is_denied(text, found.start())):
            said = str(_("Find another word for “%(word)s”.")) % {"word": found[0]}
            yield Finding("word", said, _around(text, found))
    for found in UNTRACEABLE.finditer(text):
        yield Finding("untraceable", _("Nobody could trace this. Leave it out."), found[0])
    for found in EXPERT.finditer(text):
        yield Finding("expert", _("No expert is quoted. Cite a source."), _around(text, found))


def check_findings(paragraphs: list[str]) -> Iterator[Finding]:
    """Paragraphs that speak of research and name no source, nor does the one before."""
    for before, text in zip(["", *paragraphs], paragraphs, strict=False):
        found = FINDING.search(text)
        if found and not CITES.search(text) and not CITES.search(before):
            said = _("This speaks of research. Name its source, such as [B48].")
            yield Finding("source", said, _around(text, found))


def check_grade(text: str) -> Iterator[Finding]:
    """Whether the text is too hard to read."""
    measured = grade(CITES.sub("", text))
    if measured > HIGHEST_GRADE:
        said = _("Reading grade %(grade).1f. Shorter sentences and plainer words bring it to 8.")
        yield Finding("grade", str(said) % {"grade": measured}, _beginning(text))


def runs(text: str) -> set[str]:
    """Every run of eight words in `text`, in lower case."""
    words = [word.replace("’", "'") for word in TOKEN.findall(CITES.sub("", text).lower())]
    return {" ".join(words[place : place + RUN]) for place in range(len(words) - RUN + 1)}


def _is_denied(text: str, place: int) -> bool:
    """Whether what stands there is named in order to deny it; the words before it say so."""
    return bool(DENIED.search(text, max(0, place - DENIED_WITHIN), place))


def _beginning(text: str) -> str:
    words = text.split()
    return " ".join(words[:RUN]) + ("…" if len(words) > RUN else "")


def _around(text: str, found: re.Match[str]) -> str:
    """What was found, with some words before and after it."""
    start, end = max(0, found.start() - AROUND), min(len(text), found.end() + AROUND)
    before, after = text[start : found.start()], text[found.end() : end]
    if start:
        before = "…" + before.partition(" ")[2]
    if end < len(text):
        after = after.rpartition(" ")[0] + "…"
    return " ".join(f"{before}{found[0]}{after}".split())
