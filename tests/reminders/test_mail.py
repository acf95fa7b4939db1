"""What stands in the mail: nothing that gives the person away, one small thing, two links."""

import email
import re
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from email.policy import default
from uuid import uuid4

import pytest
import textstat

from healing.checkins import tokens as check_in_tokens
from healing.locker.actions import keep_moment
from healing.reminders import claim, content, mail
from healing.reminders import tokens as stop_tokens
from healing.reminders.models import Delivery
from healing.reminders.wording import CHECK_IN, lines_of

# Someone beside the phone, and whoever runs the mail server, may read all of it.
REVEALING = re.compile(
    r"\b("
    r"abandon|abuse|afraid|alarm|alone|anxi|assess|attach|avoid|behaviour|breakdown|breath|calm|"
    r"care|clinic|closeness|compuls|condition|cope|coping|counsel|crisis|depress|diagnos|"
    r"disorder|distress|emotion|exercise|fear|feel|grief|harm|heal|hurt|illness|journal|left|"
    r"lonel|lover|mental|mind|miss|overwhelm|pain|panic|partner|patient|pattern|program|psych|"
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
    return part.get_content()


def words(text: str) -> str:
    """What can be read: without links, whose tokens are noise."""
    return LINK.sub("", text).lower()


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


def test_a_line_stands_in_it_only_where_the_person_let_one(mara, theo, plan_for, due):
    for owner, in_mail in ((mara, False), (mara, True), (theo, True)):
        words = f"She <called> back, {owner.pk} {in_mail}"
        keep_moment(owner=owner, moment=uuid4(), words=words, in_mail=in_mail)
    plan_for(mara)
    claim.claim(due)
    delivery = Delivery.objects.select_related("plan__owner").get()
    built = email.message_from_bytes(mail.build(delivery, now=due).content, policy=default)
    assert f"Something you kept: She <called> back, {mara.pk} True" in text_of(built)
    assert f"She &lt;called&gt; back, {mara.pk} True" in text_of(built, "html")
    assert "False" not in text_of(built)
    assert "called" not in built["Subject"]


def test_without_a_line_its_paragraph_is_left_out(message):
    for kind in ("plain", "html"):
        assert "Something you kept" not in text_of(message, kind)


def test_it_says_when_the_next_one_comes_on_the_persons_own_clock(message):
    for kind in ("plain", "html"):
        assert "The next mail comes on Tuesday, 24 November at 20:30." in text_of(message, kind)


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
    assert not re.search(r"<(img|script|link|style|iframe)|src=|style=|\bon\w+=", html)
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
