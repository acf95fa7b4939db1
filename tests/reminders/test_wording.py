"""The words of a mail: what an editor may write, and how placeholders are filled in."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes
from email.policy import default

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from healing.accounts.models import User
from healing.reminders import content, mail
from healing.reminders.models import Delivery, Plan
from healing.reminders.wording import (
    CHECK_IN,
    IN_BRACES,
    MAILS,
    PREVIEW,
    Line,
    Wording,
    as_text,
    faults,
    filled,
)

SHIPPED = content.shipped()[CHECK_IN]
EMPTY = dict.fromkeys([one.name for one in MAILS[CHECK_IN]], "")
VALUES = EMPTY | {
    "thing": "Count to ten.",
    "link": "https://x.test/c/1/",
    "next": "Tuesday at 20:30",
    "later": "https://x.test/r/1/snooze/",
    "stop": "https://x.test/r/1/stop/",
    "site": "Steady Ground",
}


def said(**changes: str) -> list[tuple[str, str]]:
    return faults(CHECK_IN, replace(SHIPPED, **changes))


def body_without(words: str) -> str:
    assert words in SHIPPED.body
    return SHIPPED.body.replace(words, "")


def test_the_shipped_words_are_without_fault():
    assert said() == []


# The subject -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "word",
    ["abandonment", "Fear", "left", "ATTACHMENT", "therapy", "distress", "trigger", "triggers",
     "alone", "miss", "feelings", "journal", "panic-free", "self-help"],
)  # fmt: skip
def test_a_subject_that_names_the_topic_is_refused_and_the_word_named(word):
    (fault,) = said(subject=f"Two minutes: {word}")
    assert fault[0] == "subject"
    assert f"“{word.partition('-free')[0]}” may tell others" in fault[1]


@pytest.mark.parametrize("subject", ["A minute for you", "Your check-in", "Clefts and skills"])
def test_a_neutral_subject_is_accepted(subject):
    assert said(subject=subject) == []


@pytest.mark.parametrize(
    ("subject", "sentence"),
    [
        ("", "The subject is empty."),
        ("  ", "The subject is empty."),
        ("Two minutes\r\nBcc: all@example.org", "The subject is one line of plain letters."),
        ("Two\nminutes", "The subject is one line of plain letters."),
        ("Two\u2028minutes", "The subject is one line of plain letters."),
        ("Two\tminutes", "The subject is one line of plain letters."),
        ("Hello from {site}", "A subject is the same for everybody: leave out “{site}”."),
        ("Two {", "A subject is the same for everybody: leave out “{”."),
    ],
)
def test_a_subject_that_is_no_plain_line_is_refused(subject, sentence):
    assert said(subject=subject) == [("subject", sentence)]


# Placeholders ------------------------------------------------------------------------------------


NEEDED = [
    "{subject}", "{thing}", "{line}", "{link}", "{look_back}", "{practice}", "{letter}", "{next}",
    "{stop}",
]  # fmt: skip


@pytest.mark.parametrize("name", NEEDED)
def test_a_placeholder_the_mail_needs_cannot_be_edited_away(name):
    assert said(body=body_without(name)) == [
        ("body", f"{name} is missing. No mail goes out without it.")
    ]


def test_the_name_of_the_site_may_be_left_out_or_stand_twice():
    assert said(body=body_without("{site}")) == []
    assert said(body=f"{SHIPPED.body}\n\n{{site}}, {{site}}") == []


@pytest.mark.parametrize("name", NEEDED)
def test_a_placeholder_the_mail_needs_stands_once(name):
    body = f"{SHIPPED.body}\n\n{name}"
    assert said(body=body) == [("body", f"{name} stands here more than once.")]


@pytest.mark.parametrize(
    "written",
    ["{name}", "{Link}", "{ link }", "{link.url}", "{link!r}", "{link:>9}", "{0}", "{}", "{{link}}",
     "{link", "link}", "{link}}", "{site.__class__}", "{stop link}", "{lines}", "{"],
)  # fmt: skip
def test_what_is_not_a_placeholder_of_this_mail_is_refused_and_named(written):
    ((field, sentence),) = said(body=f"{SHIPPED.body}\n\nHello {written} there.")
    assert field == "body"
    assert sentence.startswith(f"“{IN_BRACES.search(written)[0]}” is not a placeholder")
    assert ", ".join([*NEEDED[:-1], "{later}", "{stop}", "{site}"]) in sentence


def test_a_misspelt_placeholder_does_not_stand_for_the_right_one():
    body = SHIPPED.body.replace("{stop}", "{Stop}")
    assert [sentence.partition(" ")[0] for _, sentence in said(body=body)] == ["“{Stop}”", "{stop}"]


@pytest.mark.parametrize("name", ["{subject}", "{thing}", "{link}", "{letter}", "{stop}"])
def test_a_link_stands_on_a_line_of_its_own(name):
    body = SHIPPED.body.replace(name, f"Here: {name}.")
    assert said(body=body) == [("body", f"{name} needs a line to itself.")]
    assert said(body=SHIPPED.body.replace(name, f"  {name} \r")) == []


@pytest.mark.parametrize("other", ["{stop}", "{later}", "{site}"])
@pytest.mark.parametrize("name", ["{subject}", "{thing}", "{link}", "{letter}", "{next}"])
def test_what_may_be_left_out_takes_no_other_placeholder_along(name, other):
    line = next(line for line in SHIPPED.body.split("\n") if name in line)
    body = body_without(other).replace(line, f"{other}\n{line}")
    assert said(body=body) == [("body", f"{name} needs a paragraph without other placeholders.")]


# The first words ---------------------------------------------------------------------------------


@pytest.mark.parametrize("word", ["Breathe", "calm", "Letters", "feelings"])
def test_the_first_words_say_as_little_as_the_subject(word):
    (fault,) = said(body=f"{word} for you.\n\n{SHIPPED.body}")
    assert fault[0] == "body"
    assert f"“{word}” may tell others what this is about: the first {PREVIEW}" in fault[1]
    assert said(body=f"{SHIPPED.body}\n\n{word} for you.") == []


def test_a_word_of_the_topic_among_the_first_ones_is_named_once():
    (fault,) = said(body=f"Your therapy.\n\n{SHIPPED.body}")
    assert "names what this is about" in fault[1]


def test_a_line_of_their_own_does_not_stand_among_the_first_words():
    opening, _, rest = SHIPPED.body.partition("{subject}")
    short = f"Hello,\n\n{{subject}}{rest}"
    sentence = f"{{line}} needs {PREVIEW} characters of other words before it"
    ((field, fault),) = said(body=short)
    assert field == "body"
    assert fault.startswith(sentence)
    # What is left out of some mails does not keep it away in those.
    assert said(body=short.replace("{thing}", f"{'x ' * PREVIEW}\n{{thing}}")) != []
    assert said(body=f"{opening}{{subject}}{rest}") == []


@pytest.mark.parametrize(
    "words", ["After that, think of your fear.", "Open your panic plan.", "Your Therapist says hi."]
)
def test_nothing_in_the_mail_may_name_the_topic(words):
    for field in ("body", "things"):
        before = getattr(SHIPPED, field)
        ((found, sentence),) = said(**{field: f"{before}\n{words}"})
        assert found == field
        assert "names what this is about" in sentence


def test_everyday_words_that_a_subject_may_not_hold_may_stand_in_the_mail():
    assert said(things="Feel your left foot on the floor.") == []
    assert said(subject="Feel your left foot") != []


@pytest.mark.parametrize("unseen", ["\x00", "\x0c", "\u2028", "\x85"])
@pytest.mark.parametrize("field", ["body", "things"])
def test_unseen_characters_are_refused(field, unseen):
    ((found, sentence),) = said(**{field: f"{getattr(SHIPPED, field)}{unseen}more"})
    assert (found, sentence[:22]) == (field, "It holds a character t")


@pytest.mark.parametrize("things", ["", " \n\n "])
def test_a_mail_with_a_small_thing_needs_one(things):
    assert said(things=things) == [("things", "The mail needs at least one small thing.")]


def test_small_things_hold_no_placeholders():
    assert said(things="Go to {link} now.") == [
        ("things", "Placeholders belong in the mail itself: leave out “{link}”.")
    ]


# Filling in --------------------------------------------------------------------------------------


def fill(body: str, **values: str) -> list[list[Line]]:
    return filled(body, MAILS[CHECK_IN], VALUES | values)


def test_paragraphs_and_lines_stay_as_they_were_written():
    assert fill("One\r\ntwo\r\n\r\n\r\nThree\n \nFour") == [
        [Line("One"), Line("two")],
        [Line("Three")],
        [Line("Four")],
    ]


def test_links_carry_words_in_one_part_and_their_address_in_the_other():
    found = fill("Go on:\n{link}\n\n{stop}")
    assert found == [
        [Line("Go on:"), Line("Check in", "https://x.test/c/1/")],
        [Line("Stop these mails", "https://x.test/r/1/stop/")],
    ]
    assert as_text(found) == "Go on:\nhttps://x.test/c/1/\n\nhttps://x.test/r/1/stop/"


def test_without_a_next_mail_its_paragraph_is_left_out_and_nothing_else():
    assert as_text(fill("One\n\nThe next comes on {next}.\n\nTwo", next="")) == "One\n\nTwo"


def test_a_value_is_never_read_as_a_text_of_its_own():
    (lines,) = fill("From {site}", site="{stop} {link} {0.__class__} \\1 $stop")
    assert lines == [Line("From {stop} {link} {0.__class__} \\1 $stop")]


def test_filling_in_reaches_no_attribute_even_of_a_text_that_no_check_has_seen():
    (lines,) = fill("{site.__class__} {0} {site!r} {site:>99} {{site}} {who}")
    assert lines == [Line("{site.__class__} {0} {site!r} {site:>99} {Steady Ground} {who}")]


def test_the_small_thing_stands_out():
    assert fill("{thing}") == [[Line("Count to ten.", strong=True)]]


def test_each_day_brings_the_next_small_thing():
    words = Wording("", "", "a\r\n\n b \nc")
    day = date(2026, 11, 23)
    found = [words.thing_on(day + timedelta(days=n)) for n in range(4)]
    assert sorted(found[:3]) == ["a", "b", "c"]
    assert found[3] == found[0]


def test_of_a_link_there_may_be_several():
    found = fill("Here:\n{letter}", letter="https://x.test/1/\nhttps://x.test/2/")
    assert found == [
        [Line("Here:"), Line("Open it", "https://x.test/1/"), Line("Open it", "https://x.test/2/")]
    ]


LINE = st.text(st.sampled_from("abc xyz. é€😀<&>\"'\\$%"), min_size=1).filter(str.strip)
LINES = st.lists(LINE, min_size=1, max_size=4).map("\r\n".join)
ODD = st.text(st.sampled_from("{}linkstopx \r\n\t\x0b\x1c\x85\u2028\ufeff"), max_size=3)
SUBJECTS = st.one_of(LINE, LINE, LINE, st.builds(str.__add__, LINE, ODD))
WRITTEN = st.one_of(LINES, LINES, LINES, st.builds(str.__add__, LINES, ODD))


OPENING = f"{'Some words. ' * 12}\n\n"
OPTIONAL = "\n\n".join(["{subject}", "{line}", "{look_back}", "{practice}", "{letter}"])


@given(subject=SUBJECTS.map(str.strip), before=WRITTEN, between=WRITTEN, things=WRITTEN)
@example(subject="a\x0bb", before="", between="", things="a")
@example(subject="a", before="a\r", between="\r", things="a\rb")
@example(subject="é", before="x" * 2000, between="From me\n.\n", things="ü")
@example(subject="a", before="50 % %(stop:0)s %s", between="--x", things="%d")
def test_whatever_an_editor_writes_is_refused_or_makes_a_whole_mail(
    subject, before, between, things
):
    body = (
        f"{OPENING}{before}\n\n{{thing}}\n\n{{link}}\n\n{OPTIONAL}\n\n{between}\n\n"
        "Next: {next}\n\n{stop}\n\n{site}"
    )
    wording = Wording(subject, body, things)
    if faults(CHECK_IN, wording):
        return
    now = datetime(2026, 11, 23, 19, 30, tzinfo=UTC)
    plan = Plan(
        owner=User(pk=7, email="mara@example.org"), weekdays=127, time_zone="UTC",
        local_time=now.time(), next_due_at=now, next_local_date=now.date(),
    )  # fmt: skip
    delivery = Delivery.for_due(plan)
    plan.last_local_date = delivery.local_date
    plan.schedule_after(now)

    built = mail.build(delivery, now=now, wordings={CHECK_IN: wording}, plans=[plan])

    read = message_from_bytes(built.content, policy=default)
    assert read["Subject"].split() == subject.split()
    stop = read["List-Unsubscribe"].strip("<>")
    plain, html = (read.get_body((kind,)).get_content() for kind in ("plain", "html"))
    for text in (plain, html):
        assert stop in text
        assert "/c/" in text
        assert "Next: Tuesday, 24 November at 19:30" in text
    assert wording.thing_on(now.date()) in plain
    for line in before.splitlines():
        assert line.strip() in plain
