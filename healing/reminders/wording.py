"""The words of a mail: which placeholders each mail has, what it may not say, and its filling in.

A mail's subject, its paragraphs and its small things come from editors. What makes it a mail that
may be sent (the way to stop it, the line that says when the next one comes) is held here.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy

CHECK_IN = "mail-check-in"
LAST_NOTE = "mail-last-note"

PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
# Everything that somebody may have meant as one: `{ link }`, `{link`, `{{link}}`, `{link.url}`.
IN_BRACES = re.compile(r"\{+[^{}\n]*\}+|\{+[^{}\s]*|\}+")
BLANK_LINES = re.compile(r"\n(?:[ \t]*\n)+")
# Unseen characters; some of them end a line, and would end a header.
UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")

# What a mail is about is nobody's business beside its reader's (programme 1.8): these beginnings of
# words stand nowhere in it.
TOPIC = (
    "abandon abus anxi attach clinic compuls counsel crisis depress diagnos disorder distress fear "
    "grief heal lonel mental panic patient phobi psych reject relationship self-harm self-help "
    "shame suicid symptom therap trauma trigger violen wound"
)
# The subject stands on a locked screen, where everyday words of the topic already tell too much.
TELLING = (
    "afraid alarm alone avoid behavio breakdown breath calm care caring closeness cope coping "
    "emotion exercise feel harm hurt ill illness journal left letter lover mind miss overwhelm "
    "pain partner pattern practi program questionnaire recover safe sooth stress support treat "
    "unsafe urge wellbeing worr"
)
# So many characters of a mail show beside its subject, on a list and on a locked screen.
PREVIEW = 120
NAMES_TOPIC = re.compile(rf"\b(?:{'|'.join(TOPIC.split())})\w*", re.IGNORECASE)
TELLS_TOO_MUCH = re.compile(rf"\b(?:{'|'.join([TOPIC, TELLING]).replace(' ', '|')})\w*", re.I)


@dataclass(frozen=True)
class Placeholder:
    """One thing that a mail fills in.

    `label` is what the formatted part shows for a link. What is `alone` has a line to itself; what
    `may_be_empty` has a paragraph to itself, which is then left out. What is `private` keeps out of
    the first `PREVIEW` characters.
    """

    name: str
    said: str | Promise
    sample: str
    required: bool = True
    label: str | Promise = ""
    alone: bool = False
    may_be_empty: bool = False
    private: bool = False

    @property
    def written(self) -> str:
        """As it stands in a text: `{link}`."""
        return f"{{{self.name}}}"


SUBJECT = Placeholder(
    "subject",
    gettext_lazy(
        "the subject once more, for those who want no other words in their mail; else its "
        "paragraph is left out"
    ),
    "",
    alone=True,
    may_be_empty=True,
)
THING = Placeholder(
    "thing",
    gettext_lazy(
        "the small thing of the day, from the list below, for those who want one; else its "
        "paragraph is left out"
    ),
    "",
    alone=True,
    may_be_empty=True,
)
LINE = Placeholder(
    "line",
    gettext_lazy(
        "a line of the person's own, for those who want one instead; else its paragraph is left out"
    ),
    "“She called back the same evening.”",
    may_be_empty=True,
    private=True,
)
LINK = Placeholder(
    "link",
    gettext_lazy("the link to the check-in, on its days; else its paragraph is left out"),
    "/c/sample/",
    label=gettext_lazy("Check in"),
    alone=True,
    may_be_empty=True,
)
LOOK_BACK = Placeholder(
    "look_back",
    gettext_lazy("the link to the look-back, on its day; else its paragraph is left out"),
    "/look-back/",
    label=gettext_lazy("Look back"),
    alone=True,
    may_be_empty=True,
)
PRACTICE = Placeholder(
    "practice",
    gettext_lazy("the link to what they planned, on its days; else its paragraph is left out"),
    "/reminders/practice/go/",
    label=gettext_lazy("Begin"),
    alone=True,
    may_be_empty=True,
)
LETTER = Placeholder(
    "letter",
    gettext_lazy(
        "the link to what they wrote to themselves, on its day; else its paragraph is left out"
    ),
    "/reminders/letters/sample/",
    label=gettext_lazy("Open it"),
    alone=True,
    may_be_empty=True,
)
NEXT = Placeholder(
    "next",
    gettext_lazy("when the next mail comes; its paragraph is left out when none does"),
    "Tuesday, 24 November at 20:30",
    may_be_empty=True,
)
LATER = Placeholder(
    "later",
    gettext_lazy("the link to have this mail again later, or to pause; it may be left out"),
    "/r/sample/snooze/",
    required=False,
    label=gettext_lazy("Later, or pause"),
    alone=True,
)
RESUME = Placeholder(
    "resume",
    gettext_lazy("the link that starts these mails again"),
    "/r/sample/resume/",
    label=gettext_lazy("Start these mails again"),
    alone=True,
)
STOP = Placeholder(
    "stop",
    gettext_lazy("the link that stops these mails"),
    "/r/sample/stop/",
    label=gettext_lazy("Stop these mails"),
    alone=True,
)
SITE = Placeholder(
    "site", gettext_lazy("the name of this site; it may be left out"), "", required=False
)

# The mails that the product sends to a person, and what each fills in.
MAILS: dict[str, tuple[Placeholder, ...]] = {
    CHECK_IN: (
        SUBJECT, THING, LINE, LINK, LOOK_BACK, PRACTICE, LETTER, NEXT, LATER, STOP, SITE,
    ),
    LAST_NOTE: (RESUME, STOP, SITE),
}  # fmt: skip


@dataclass(frozen=True)
class Wording:
    """What an editor decides about a mail. `things` holds one small thing a line."""

    subject: str
    body: str
    things: str = ""

    def thing_on(self, day: date) -> str:
        """The small thing of that day: each in its turn. Empty if the mail has none."""
        found = lines_of(self.things)
        return found[day.toordinal() % len(found)] if found else ""


@dataclass(frozen=True)
class Line:
    """One line as it is sent: words, or a link with the words it is shown by."""

    text: str
    link: str = ""
    strong: bool = False


def tidy(text: str) -> str:
    """The text with one kind of line ending, and no space around it."""
    return text.replace("\r\n", "\n").strip()


def lines_of(things: str) -> list[str]:
    """The lines of a field that holds one thing a line, empty ones left out."""
    return [line.strip() for line in tidy(things).split("\n") if line.strip()]


# What is wrong with it --------------------------------------------------------------------------


def faults(content_id: str, wording: Wording) -> list[tuple[str, str]]:
    """Why the mail `content_id` cannot be sent in these words: pairs of field and sentence."""
    known = MAILS[content_id]
    checked = [
        ("subject", _subject_faults(wording.subject)),
        ("body", _body_faults(tidy(wording.body), known)),
        ("things", _things_faults(wording.things, wanted=THING in known)),
    ]
    return [(field, fault) for field, found in checked for fault in found]


def _subject_faults(subject: str) -> Iterator[str]:
    if not subject.strip():
        yield gettext("The subject is empty.")
    if UNSEEN.search(subject) or "\n" in subject or "\t" in subject:
        yield gettext("The subject is one line of plain letters.")
    if found := IN_BRACES.search(subject):
        yield gettext("A subject is the same for everybody: leave out “%(found)s”.") % {
            "found": found[0]
        }
    for found in TELLS_TOO_MUCH.finditer(subject):
        yield gettext(
            "“%(found)s” may tell others what this is about: the subject shows on a locked screen. "
            "Find a neutral word."
        ) % {"found": found[0]}


def _body_faults(body: str, known: tuple[Placeholder, ...]) -> Iterator[str]:
    written = [one.written for one in known]
    for found in dict.fromkeys(IN_BRACES.findall(body)):  # each once
        if found not in written:
            yield gettext(
                "“%(found)s” is not a placeholder of this mail. It has %(known)s, written just "
                "like that."
            ) % {"found": found, "known": ", ".join(written)}
    for one in known:
        yield from _placing_faults(body, one)
    yield from _preview_faults(body, known)
    yield from _words_faults(body)


def _preview_faults(body: str, known: tuple[Placeholder, ...]) -> Iterator[str]:
    """Whether the first words, which show beside the subject, keep to themselves."""
    for found in dict.fromkeys(TELLS_TOO_MUCH.findall(_always_first(body, known)[:PREVIEW])):
        if not NAMES_TOPIC.fullmatch(found):  # said of the whole text
            yield gettext(
                "“%(found)s” may tell others what this is about: the first %(count)d characters "
                "show on a locked screen. Find a neutral word."
            ) % {"found": found, "count": PREVIEW}
    for one in known:
        before, written, _after = body.partition(one.written)
        if one.private and written and len(_always_first(before, known)) < PREVIEW:
            yield gettext(
                "%(name)s needs %(count)d characters of other words before it: the first ones show "
                "on a locked screen."
            ) % {"name": one.written, "count": PREVIEW}


def _always_first(body: str, known: tuple[Placeholder, ...]) -> str:
    """The words of `body` in one line, without the paragraphs that may be left out."""
    optional = {one.written for one in known if one.may_be_empty}
    parts = BLANK_LINES.split(body)
    kept = [part for part in parts if not optional.intersection(IN_BRACES.findall(part))]
    return " ".join(IN_BRACES.sub("", " ".join(kept)).split())


def _placing_faults(body: str, one: Placeholder) -> Iterator[str]:
    """Whether a placeholder stands where it has to, and as often."""
    times = IN_BRACES.findall(body).count(one.written)
    named = {"name": one.written}
    if one.required and times == 0:
        yield gettext("%(name)s is missing. No mail goes out without it.") % named
    if one.required and times > 1:
        yield gettext("%(name)s stands here more than once.") % named
    lines = [line for line in body.split("\n") if one.written in IN_BRACES.findall(line)]
    if one.alone and any(line.strip() != one.written for line in lines):
        yield gettext("%(name)s needs a line to itself.") % named
    parts = [
        part for part in map(IN_BRACES.findall, BLANK_LINES.split(body)) if one.written in part
    ]
    if one.may_be_empty and any(len(part) > 1 for part in parts):
        yield gettext("%(name)s needs a paragraph without other placeholders.") % named


def _things_faults(things: str, *, wanted: bool) -> Iterator[str]:
    if wanted and not lines_of(things):
        yield gettext("The mail needs at least one small thing.")
    if not wanted and lines_of(things):
        yield gettext("This mail holds no small thing.")
    for found in IN_BRACES.findall(things):
        yield gettext("Placeholders belong in the mail itself: leave out “%(found)s”.") % {
            "found": found
        }
    yield from _words_faults(tidy(things))


def _words_faults(text: str) -> Iterator[str]:
    if UNSEEN.search(text):
        yield gettext("It holds a character that cannot be seen. Type the words anew.")
    for found in dict.fromkeys(NAMES_TOPIC.findall(text)):
        yield gettext(
            "“%(found)s” names what this is about, and others may see the mail. Find a neutral "
            "word."
        ) % {"found": found}


# Filling it in ----------------------------------------------------------------------------------


def filled(
    body: str, known: tuple[Placeholder, ...], values: Mapping[str, str]
) -> list[list[Line]]:
    """The paragraphs of a mail, each a list of lines; `values` by placeholder name.

    Values are put in as they are, once, by name alone: nothing in a text can reach further. Of a
    link there may be several, one a line.
    """
    silent = {one.written for one in known if one.may_be_empty and not values[one.name]}
    return [
        [found for line in part.split("\n") for found in _lines(line.strip(), known, values)]
        for part in BLANK_LINES.split(tidy(body))
        if not silent.intersection(IN_BRACES.findall(part))
    ]


def _lines(line: str, known: tuple[Placeholder, ...], values: Mapping[str, str]) -> Iterator[Line]:
    one = next((one for one in known if one.alone and one.written == line), None)
    if one is None:
        yield Line(PLACEHOLDER.sub(lambda found: values.get(found[1], found[0]), line))
    elif one.label:
        for link in values[one.name].split("\n"):
            yield Line(str(one.label), link=link)
    else:
        yield Line(values[one.name], strong=True)


def as_text(paragraphs: list[list[Line]]) -> str:
    """The plain part of the mail; a link stands there as its address."""
    return "\n\n".join(
        "\n".join(line.link or line.text for line in paragraph) for paragraph in paragraphs
    )
