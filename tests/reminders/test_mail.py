"""What stands in the mail: nothing that gives the person away, and what is planned for its day."""

import email
import itertools
import re
from datetime import UTC, date, datetime, time, timedelta
from email.message import EmailMessage
from email.policy import default
from uuid import UUID, uuid4

import pytest
import textstat
from django.test import Client

from exercises.actions import record_session
from exercises.ratings import Ended
from healing.accounts.actions import give_consent
from healing.accounts.models import Consent, User
from healing.checkins import tokens as check_in_tokens
from healing.locker.actions import keep_moment
from healing.reminders import actions, claim, content, mail
from healing.reminders import tokens as stop_tokens
from healing.reminders.letters import write_letter
from healing.reminders.models import Delivery, Plan
from healing.reminders.wording import CHECK_IN, IN_BRACES, LAST_NOTE, MAILS, PREVIEW, lines_of

Holds = Plan.Holds

# Someone beside the phone, and whoever runs the mail server, may read all of it.
REVEALING = re.compile(
    r"\b("
    r"abandon|abuse|afraid|alarm|alone|anxi|assess|attach|avoid|behaviour|breakdown|breath|calm|"
    r"care|clinic|closeness|compuls|condition|cope|coping|counsel|crisis|depress|diagnos|"
    r"disorder|distress|emotion|exercise|fear|feel|grief|harm|heal|hurt|illness|journal|left|"
    r"letter|lonel|lover|mental|mind|miss|overwhelm|pain|panic|partner|patient|pattern|practi|"
    r"program|psych|"
    r"questionnaire|recover|reject|relationship|safe|self-harm|self-help|shame|sooth|stress|"
    r"suicid|support|symptom|therap|trauma|treat|trigger|unsafe|urge|violen|wellbeing|worry|"
    r"wound"
    r")\w*"
)

SMALL_THINGS = lines_of(content.shipped()[CHECK_IN].things)
LINK = re.compile(r"https?://\S+?(?=[\s\"<>]|$)")


@pytest.fixture
def built(mara, plan_for, due) -> mail.Mail:
    plan_for(mara)
    claim.claim(due)
    return mail.build(Delivery.objects.select_related("plan__owner").get(), now=due)


@pytest.fixture
def message(built) -> EmailMessage:
    return email.message_from_bytes(built.content, policy=default)


def text_of(message: EmailMessage, kind: str = "plain") -> str:
    part = message.get_body((kind,))
    assert part is not None
    return part.get_content().replace("\r\n", "\n")


def words(text: str) -> str:
    """What can be read: without links, whose tokens are noise."""
    return LINK.sub("", text).lower()


def sent(delivery: Delivery, now: datetime) -> EmailMessage:
    return email.message_from_bytes(mail.build(delivery, now=now).content, policy=default)


def mail_of(person: User, now: datetime) -> EmailMessage:
    """What the person gets at `now`, or got last."""
    claim.claim(now)
    rows = Delivery.objects.select_related("plan__owner").filter(person=person.pk)
    return sent(rows.exclude(state=Delivery.State.SKIPPED).latest("local_date"), now)


def choose(person: User, holds: str, now: datetime) -> None:
    actions.choose_mail(owner=person, time_zone="Europe/Berlin", quiet=None, holds=holds, now=now)


def letter_for(person: User, on_date: date, now: datetime, at: time = time(20, 30)) -> Plan:
    return write_letter(
        owner=person, letter=uuid4(), words="unspeakable", on_date=on_date, local_time=at,
        time_zone="Europe/Berlin", now=now,
    )  # fmt: skip


def paths(message: EmailMessage, kind: str = "plain") -> list[str]:
    """The pages it leads to, without the tokens."""
    found = (
        link.removeprefix("http://testserver") for link in LINK.findall(text_of(message, kind))
    )
    return [re.sub(r"^/(c|r)/[^/]+/", r"/\1/", path) for path in found]


DAILY = ["/c/", "/r/snooze/", "/r/stop/"]


def test_nothing_in_it_says_what_it_is_about_on_any_day(mara, plan_for, due):
    plan_for(mara)
    for day in range(len(SMALL_THINGS)):
        now = due + timedelta(days=day)
        claim.claim(now)
        delivery = Delivery.objects.select_related("plan__owner").latest("local_date")
        assert REVEALING.findall(words(mail.build(delivery, now=now).content.decode())) == []


def test_the_list_of_revealing_words_would_find_one():
    sentence = "A short mail for your therapy journal. https://x.test/heal/"
    assert REVEALING.findall(words(sentence)) == ["therap", "journal"]


def test_the_subject_is_the_same_quiet_line_for_everybody(message):
    assert message["Subject"] == "Two minutes to steady"


def test_it_names_nobody_but_the_address_it_goes_to(built, message):
    assert message["To"] == "mara@example.org"
    assert built.content.lower().count(b"mara") == 1


def test_it_goes_from_the_site_to_the_person(built, message, settings):
    assert message["From"] == settings.DEFAULT_FROM_EMAIL
    assert (built.sender, built.recipient) == ("hello@testserver", "mara@example.org")


def test_it_carries_one_small_thing_to_do_and_another_tomorrow(mara, plan_for, due):
    plan_for(mara)
    seen = []
    for day in range(len(SMALL_THINGS)):
        now = due + timedelta(days=day)
        claim.claim(now)
        delivery = Delivery.objects.select_related("plan__owner").latest("local_date")
        built = email.message_from_bytes(mail.build(delivery, now=now).content, policy=default)
        found = [thing for thing in SMALL_THINGS if thing in text_of(built)]
        assert len(found) == 1
        assert found[0] in text_of(built, "html")
        seen += found

    assert len(set(seen)) == len(SMALL_THINGS)


# What may stand in it ----------------------------------------------------------------------------


@pytest.mark.parametrize("holds", list(Holds))
@pytest.mark.parametrize("last_note", [False, True])
def test_no_word_of_any_shape_tells_what_it_is_about(mara, plan_for, due, holds, last_note):
    for kind in (Plan.Kind.CHECK_IN, Plan.Kind.LOOK_BACK, Plan.Kind.PRACTICE):
        plan_for(mara, kind=kind, exercise="E05" if kind == Plan.Kind.PRACTICE else "")
    letter_for(mara, date(2026, 11, 23), due - timedelta(days=2))
    choose(mara, holds, due - timedelta(hours=1))
    keep_moment(owner=mara, moment=uuid4(), words="We had soup.", in_mail=True)
    claim.claim(due)
    row = Delivery.objects.select_related("plan__owner").exclude(state="skipped").get()
    row.is_last_note = last_note
    message = sent(row, due)
    seen = [message["Subject"], message["From"].addresses[0].display_name]
    seen += [words(re.sub("<[^>]*>", "", text_of(message, kind))) for kind in ("plain", "html")]
    assert REVEALING.findall(" ".join(seen).lower()) == []
    assert len(paths(message)) == (2 if last_note else 6)


def test_the_words_that_come_with_the_program_tell_nothing_either():
    for wording in content.shipped().values():
        body = IN_BRACES.sub("", wording.body)
        assert REVEALING.findall(f"{wording.subject} {body} {wording.things}".lower()) == []
    for placeholder in itertools.chain.from_iterable(MAILS.values()):
        assert REVEALING.findall(str(placeholder.label).lower()) == []


@pytest.mark.parametrize("holds", list(Holds))
def test_its_first_words_are_the_same_for_everybody(mara, plan_for, due, holds):
    plan_for(mara)
    choose(mara, holds, due - timedelta(hours=1))
    keep_moment(owner=mara, moment=uuid4(), words="We had soup.", in_mail=True)
    message = mail_of(mara, due)
    opening = " ".join(content.shipped()[CHECK_IN].body.split("{")[0].split())
    assert len(opening) >= PREVIEW
    html = re.sub("<[^>]*>", " ", text_of(message, "html").partition("<body>")[2])
    for text in (text_of(message), html):
        assert " ".join(text.split()).startswith(opening)


def test_it_may_hold_nothing_but_its_subject_and_links(mara, plan_for, due):
    plan_for(mara)
    choose(mara, Holds.BARE, due - timedelta(hours=1))
    message = mail_of(mara, due)
    assert "\n\nTwo minutes to steady\n\n" in text_of(message)
    assert "<strong>Two minutes to steady</strong>" in text_of(message, "html")
    assert not [thing for thing in SMALL_THINGS if thing in text_of(message)]
    assert paths(message) == DAILY


def test_a_small_thing_is_what_stands_in_it_by_default(mara, plan_for, due):
    plan_for(mara)
    keep_moment(owner=mara, moment=uuid4(), words="She called.", in_mail=True)
    message = mail_of(mara, due)
    assert [thing for thing in SMALL_THINGS if thing in text_of(message)]
    assert "She called." not in text_of(message)
    assert "\nTwo minutes to steady" not in text_of(message)


def test_only_for_a_line_something_sealed_is_opened(mara, plan_for, due, django_assert_num_queries):
    plan_for(mara)
    keep_moment(owner=mara, moment=uuid4(), words="She called.", in_mail=True)
    claim.claim(due)
    wordings = content.wordings()
    for holds, queries in ((Holds.BARE, 1), (Holds.ACTION, 1), (Holds.LINE, 3)):
        Plan.objects.update(holds=holds)
        row = Delivery.objects.select_related("plan__owner").get()
        with django_assert_num_queries(queries):  # the plans; the line, and its key
            mail.build(row, now=due, wordings=wordings)


def test_a_line_stands_in_it_only_where_the_person_let_one(mara, theo, plan_for, due):
    for owner, in_mail in ((mara, False), (mara, True), (theo, True)):
        words = f"She <called> back, {owner.pk} {in_mail}"
        keep_moment(owner=owner, moment=uuid4(), words=words, in_mail=in_mail)
    plan_for(mara)
    choose(mara, Holds.LINE, due - timedelta(hours=1))
    built = mail_of(mara, due)
    assert f"Something you kept: She <called> back, {mara.pk} True" in text_of(built)
    assert f"She &lt;called&gt; back, {mara.pk} True" in text_of(built, "html")
    assert "False" not in text_of(built)
    assert "called" not in built["Subject"]
    assert not [thing for thing in SMALL_THINGS if thing in text_of(built)]


def kind_sentence(person: User, words: str, exercise: str = "E11") -> UUID:
    session = uuid4()
    note = {"key": "kind-sentence", "say": "A sentence", "kind": "writing", "value": words}
    record_session(
        owner=person, session=session, exercise=exercise, variant="sentence", before=None,
        after=None, seconds=None, ended=Ended.FINISHED, noted=[note],
    )  # fmt: skip
    return session


def test_the_sentence_somebody_kind_would_say_may_be_the_line(mara, plan_for, due):
    kind_sentence(mara, "An older one.")
    kind_sentence(mara, "Take your time,\r\nI have the kettle on.")
    kind_sentence(mara, "Of another exercise.", "E16")
    plan_for(mara)
    choose(mara, Holds.LINE, due - timedelta(hours=1))
    text = text_of(mail_of(mara, due))
    assert "Something you kept: Take your time, I have the kettle on.\n" in text

    keep_moment(owner=mara, moment=uuid4(), words="She called.", in_mail=True)
    assert "Something you kept: She called.\n" in text_of(mail_of(mara, due))


def test_where_there_is_no_line_a_small_thing_stands_instead(mara, plan_for, due):
    keep_moment(owner=mara, moment=uuid4(), words="She called.", in_mail=False)
    plan_for(mara)
    choose(mara, Holds.LINE, due - timedelta(hours=1))
    text = text_of(mail_of(mara, due))
    assert [thing for thing in SMALL_THINGS if thing in text]
    assert "She called." not in text
    assert "Something you kept" not in text


def test_without_a_line_its_paragraph_is_left_out(message):
    for kind in ("plain", "html"):
        assert "Something you kept" not in text_of(message, kind)


def test_it_says_when_the_next_one_comes_on_the_persons_own_clock(message):
    for kind in ("plain", "html"):
        assert "The next mail comes on Tuesday, 24 November at 20:30." in text_of(message, kind)


def test_two_clocks_that_show_one_moment_each_say_their_own_hour(mara, theo, plan_for, due):
    plan_for(mara)
    plan_for(theo, local_time=time(19, 30), time_zone="UTC")
    assert "Tuesday, 24 November at 20:30" in text_of(mail_of(mara, due))
    assert "Tuesday, 24 November at 19:30" in text_of(mail_of(theo, due))


def test_after_a_clock_change_the_next_time_is_the_time_on_the_wall(mara, plan_for):
    now = datetime(2026, 10, 24, 18, 30, tzinfo=UTC)
    plan_for(mara, now=now - timedelta(hours=1))
    claim.claim(now)
    delivery = Delivery.objects.select_related("plan__owner").get()

    built = mail.build(delivery, now=now).content.decode()

    assert "Sunday, 25 October at 20:30" in built


def test_both_parts_carry_the_same_three_links(built, message):
    plain, html = (LINK.findall(text_of(message, kind)) for kind in ("plain", "html"))
    assert plain == html
    check_in, later, stop = plain
    assert later == stop.replace("/stop/", "/snooze/")
    assert check_in.startswith("http://testserver/c/")
    assert stop.startswith("http://testserver/r/")
    assert stop.endswith("/stop/")
    # Read from the raw file too: no link is broken over lines or escaped.
    assert built.content.decode().count(check_in) == 2


def test_the_links_lead_to_this_person_and_this_date(message, mara):
    check_in, _later, stop = (link.split("/") for link in LINK.findall(text_of(message)))
    plan = Delivery.objects.get().plan

    assert check_in_tokens.read_token(check_in[4]) == (mara.pk, date(2026, 11, 23))
    assert stop_tokens.read_token(stop[4]) == plan.pk


def test_mail_programs_find_the_one_click_stop_in_the_headers(message):
    stop = LINK.findall(text_of(message))[2]

    assert message["List-Unsubscribe"] == f"<{stop}>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_no_header_is_folded_in_the_middle_of_a_link(built):
    headers = built.content.split(b"\r\n\r\n")[0]
    assert re.search(rb"^List-Unsubscribe: <http://\S+/stop/>\r?$", headers, re.MULTILINE)
    assert max(map(len, built.content.split(b"\r\n"))) < 998


def test_it_is_marked_as_sent_by_a_machine(message, due):
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Date"].datetime == due
    assert message["X-Delivery"] == str(Delivery.objects.get().pk)


def test_the_message_id_is_the_same_for_the_same_mail_and_another_tomorrow(built, mara, due):
    delivery = Delivery.objects.select_related("plan__owner").get()
    again = mail.build(delivery, now=due + timedelta(hours=1))
    claim.claim(due + timedelta(days=1))
    tomorrow = Delivery.objects.select_related("plan__owner").latest("local_date")

    assert again.message_id == built.message_id
    assert mail.build(tomorrow, now=due).message_id != built.message_id
    assert built.message_id == f"<{delivery.plan_id.hex}.20261123.1@testserver>"


def test_it_fetches_nothing_and_runs_nothing(message):
    html = text_of(message, "html")
    assert not re.search(r"<(img|script|link|iframe)|src=|url\(|@import|\bon\w+=", html)
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]


def test_it_is_easy_to_read(message):
    text = words(text_of(message))
    assert textstat.flesch_kincaid_grade(text) <= 8
    assert not re.search(r"\b(must|just|streak|miss you|don't forget)\b", text)


def test_a_plan_stopped_meanwhile_promises_no_next_mail(mara, plan_for, due):
    plan = plan_for(mara)
    claim.claim(due)
    plan.refresh_from_db()
    plan.stop()
    plan.save()

    built = mail.build(Delivery.objects.select_related("plan__owner").get(), now=due)

    assert b"next mail" not in built.content


def test_a_site_name_with_an_ampersand_is_not_mangled(mara, plan_for, due, settings):
    settings.SITE_NAME = "Rest & Root"
    plan_for(mara)
    claim.claim(due)
    built = mail.build(Delivery.objects.select_related("plan__owner").get(), now=due)
    read = email.message_from_bytes(built.content, policy=default)

    assert "Rest & Root" in text_of(read)
    assert "Rest &amp; Root" in text_of(read, "html")


# What is planned for the day ---------------------------------------------------------------------


def test_what_is_planned_for_one_day_is_one_mail(mara, plan_for, due):
    plan_for(mara)
    plan_for(mara, kind=Plan.Kind.LOOK_BACK, weekdays=frozenset([0]), local_time=time(21))
    plan_for(mara, kind=Plan.Kind.PRACTICE, weekdays=frozenset([0, 3]), exercise="E05")
    one = letter_for(mara, date(2026, 11, 23), due - timedelta(days=2), time(22))
    message = mail_of(mara, due)
    expected = ["/c/", "/look-back/", "/reminders/practice/go/", f"/reminders/letters/{one.pk}/"]
    assert paths(message) == paths(message, "html") == [*expected, "/r/snooze/", "/r/stop/"]
    assert "unspeakable" not in text_of(message)
    assert "E05" not in text_of(message)
    # What came along today is not the next one.
    assert "The next mail comes on Tuesday, 24 November at 20:30." in text_of(message)
    Delivery.objects.exclude(state="skipped").update(state="sent")
    assert paths(mail_of(mara, due + timedelta(days=1))) == DAILY


def test_what_is_planned_alone_comes_alone(mara, plan_for, due):
    one = letter_for(mara, date(2026, 11, 23), due - timedelta(days=2))
    give_consent(owner=mara, kind=Consent.Kind.MAIL)
    message = mail_of(mara, due)
    assert paths(message) == [f"/reminders/letters/{one.pk}/", "/r/snooze/", "/r/stop/"]
    assert "check in" not in text_of(message).lower()
    assert "next mail" not in text_of(message)


def test_two_of_a_kind_stand_one_below_the_other(mara, due):
    early, late = (
        letter_for(mara, date(2026, 11, 23), due - timedelta(days=2), time(hour))
        for hour in (9, 18)
    )
    message = mail_of(mara, due - timedelta(hours=1))
    links = [f"/reminders/letters/{one.pk}/" for one in (early, late)]
    for kind in ("plain", "html"):
        assert [path for path in paths(message, kind) if "letters" in path] == links
    assert text_of(message, "html").count("Open it</a>") == 2


def test_the_next_one_is_that_of_any_plan(mara, plan_for, due):
    plan_for(mara, weekdays=frozenset([0]))
    plan_for(mara, kind=Plan.Kind.PRACTICE, weekdays=frozenset([4]), local_time=time(8, 15))
    assert "comes on Friday, 27 November at 08:15." in text_of(mail_of(mara, due))


def test_a_next_one_that_is_far_away_has_its_year(mara, due):
    letter_for(mara, date(2026, 11, 23), due - timedelta(days=2))
    letter_for(mara, date(2028, 2, 29), due - timedelta(days=2))
    assert "comes on Tuesday, 29 February 2028 at 20:30." in text_of(mail_of(mara, due))


def test_a_mail_put_off_to_a_day_that_has_none_yet_still_names_that_days_mail(mara, plan_for, due):
    plan = plan_for(mara, weekdays=frozenset([0, 1]))
    claim.claim(due)
    actions.snooze(plan_id=plan.pk, at=due + timedelta(hours=12))
    again = Delivery.objects.select_related("plan__owner").get(seq__gt=1)
    message = sent(again, due + timedelta(hours=12))
    assert "comes on Tuesday, 24 November at 20:30." in text_of(message)
    assert paths(message) == DAILY


def test_a_mail_put_off_to_a_day_that_is_not_planned_holds_the_same(mara, plan_for, due):
    plan = plan_for(mara, weekdays=frozenset([0]))
    claim.claim(due)
    actions.snooze(plan_id=plan.pk, at=due + timedelta(hours=12))
    again = Delivery.objects.select_related("plan__owner").get(seq__gt=1)
    message = sent(again, due + timedelta(hours=12))
    assert paths(message) == DAILY
    assert "comes on Monday, 30 November at 20:30." in text_of(message)


# The last note -----------------------------------------------------------------------------------


@pytest.fixture
def last_note(mara, plan_for, due) -> EmailMessage:
    plan_for(mara)
    keep_moment(owner=mara, moment=uuid4(), words="She called.", in_mail=True)
    Plan.objects.update(holds=Holds.LINE)
    claim.claim(due)
    Delivery.objects.update(is_last_note=True)
    return sent(Delivery.objects.select_related("plan__owner").get(), due)


def test_the_last_note_says_that_it_goes_quiet_and_how_to_start_again(last_note):
    assert last_note["Subject"] == content.shipped()[LAST_NOTE].subject
    for kind in ("plain", "html"):
        text = " ".join(text_of(last_note, kind).split())
        assert "This is the last of these mails for now." in text
        assert "Nothing was lost." in text
        assert paths(last_note, kind) == ["/r/resume/", "/r/stop/"]


def test_the_last_note_promises_no_next_mail_and_opens_nothing_sealed(last_note):
    text = text_of(last_note)
    assert "next" not in text
    assert "She called." not in text
    assert not [thing for thing in SMALL_THINGS if thing in text]


def test_the_last_note_can_be_stopped_in_one_click_too(last_note):
    stop = LINK.findall(text_of(last_note))[1]
    assert last_note["List-Unsubscribe"] == f"<{stop}>"
    assert last_note["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_the_last_note_is_easy_to_read(last_note):
    text = words(text_of(last_note))
    assert textstat.flesch_kincaid_grade(text) <= 8


def test_its_link_starts_the_mails_again_in_one_click(last_note, mara, due):
    claim_rows = Plan.objects.filter(owner=mara)
    for plan in claim_rows:
        plan.rest(quiet=due)
        plan.save()
    link = LINK.findall(text_of(last_note))[0].removeprefix("http://testserver")
    outside = Client(enforce_csrf_checks=True)
    outside.get(link)
    outside.head(link)
    assert not claim_rows.running().exists()
    assert outside.post(link).status_code == 200
    assert claim_rows.running().exists()
