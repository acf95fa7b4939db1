"""Builds the message of a delivery: neutral outside, inside what is planned for its day."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from email.headerregistry import Address
from email.policy import default
from email.utils import format_datetime, parseaddr
from functools import cache, lru_cache
from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.encoding import punycode
from django.utils.translation import get_language

from exercises.models import Session
from healing.checkins import tokens as check_in_tokens
from healing.locker.actions import line_for_mail
from healing.reminders import content, wording
from healing.reminders import tokens as stop_tokens
from healing.reminders.models import Delivery, Plan
from healing.reminders.outlook import next_mail
from healing.reminders.skeleton import Skeleton, message, shape_of, skeleton
from healing.reminders.words import moment

Kind, Holds = Plan.Kind, Plan.Holds

# Fits every address that takes a token or an id.
STAND_IN = str(UUID(int=0))
# An address that may stand in a header as it is; any other takes the long way.
PLAIN_ADDRESS = re.compile(r"[\w.+-]+@[\w.-]+", re.ASCII)


class Mail(NamedTuple):
    """One message ready to go, and the id it can be found by."""

    message_id: str
    sender: str
    recipient: str
    content: bytes


class Sender(NamedTuple):
    """Who the mails come from: as the header has it, and the bare address with its domain."""

    header: str
    address: str
    domain: str


class Rendered(NamedTuple):
    """Everything that one mail is made of, in words."""

    sender: str
    recipient: str
    headers: dict[str, str]
    parts: Skeleton
    values: dict[str, str]

    def built(self) -> Mail:
        content = message(self.headers, self.parts, self.values)
        return Mail(self.headers["Message-ID"], self.sender, self.recipient, content)


def build(
    delivery: Delivery,
    *,
    now: datetime,
    wordings: Mapping[str, wording.Wording] | None = None,
    plans: Sequence[Plan] | None = None,
) -> Mail:
    """The mail of `delivery`, dated `now`; the delivery needs its plan and the plan its owner.

    `wordings` is what `content.wordings()` found, `plans` the person's plans; without them, they
    are asked here.
    """
    found = content.wordings() if wordings is None else wordings
    return render(delivery, now=now, wordings=found, plans=plans).built()


def render(
    delivery: Delivery,
    *,
    now: datetime,
    wordings: Mapping[str, wording.Wording],
    plans: Sequence[Plan] | None = None,
) -> Rendered:
    """The words of a mail, its links and its headers; all else as in `build`."""
    kind = wording.LAST_NOTE if delivery.is_last_note else wording.CHECK_IN
    words, person = wordings[kind], delivery.plan.owner
    token = stop_tokens.make_token(delivery.plan)
    with translation.override(person.language):
        if delivery.is_last_note:
            values = {"resume": _address("reminders:resume", token)}
        else:
            values = {"later": _address("reminders:snooze", token)}
            values |= _of_the_day(delivery, words, now, plans)
        values["stop"] = _address("reminders:stop", token)
        values["site"] = settings.SITE_NAME
        parts = skeleton(kind, words, shape_of(values), person.language)
    sender = _sender(settings.DEFAULT_FROM_EMAIL)
    headers = _headers(delivery, sender, words.subject, values["stop"], now)
    return Rendered(sender.address, person.email, headers, parts, values)


def _of_the_day(
    delivery: Delivery, words: wording.Wording, now: datetime, plans: Sequence[Plan] | None
) -> dict[str, str]:
    """What is planned for the mail's date: words as the person chose, a link for each plan.

    A mail that was asked for once more holds its own plan on whatever day it comes.
    """
    own, day = delivery.plan, delivery.local_date
    if plans is None:
        plans = list(Plan.objects.around([own.owner_id], day, now=now))
    planned = [own, *(plan for plan in plans if plan.pk != own.pk and plan.is_in_mail)]
    kinds = {plan.kind for plan in planned}
    # A letter in this mail brings no other.
    coming = [plan for plan in plans if not (plan.on_date and plan.is_in_mail)]
    letters = sorted((one.on_date, one.local_time, one.pk) for one in planned if one.on_date)
    check_in = check_in_tokens.make_token(own.owner_id, day)
    return {
        **_chosen_words(delivery, words),
        "link": _address("checkins:from_mail", check_in) if Kind.CHECK_IN in kinds else "",
        "look_back": _address("checkins:look_back") if Kind.LOOK_BACK in kinds else "",
        "practice": _address("reminders:practice_go") if Kind.PRACTICE in kinds else "",
        "letter": "\n".join(_address("reminders:letter_detail", pk) for *_day, pk in letters),
        "next": _said(next_mail(coming, now, _had(delivery)), day),
    }


def _said(local: datetime | None, today: date) -> str:
    """As `moment` says it."""
    # Without its zone: two clocks that show different hours of one moment would be one key.
    return _moment(local.replace(tzinfo=None), today, get_language() or "") if local else ""


@lru_cache(maxsize=1024)
def _moment(wall: datetime, today: date, language: str) -> str:
    """Kept, since many mails have it in common; `language` is the active one."""
    return moment(wall, today=today)


def _had(delivery: Delivery) -> list[date]:
    """The mail's date, if the mail of that date is this one or has gone: only one comes a day."""
    if delivery.seq > 1:
        first = Delivery.objects.filter(
            person=delivery.person, local_date=delivery.local_date, seq=1
        ).exclude(state=Delivery.State.SKIPPED)
        if not first.exists():
            return []
    return [delivery.local_date]


def _chosen_words(delivery: Delivery, words: wording.Wording) -> dict[str, str]:
    """What the person lets stand beside the links; a line that is not there gives way to a thing.

    Only here is something sealed opened for a mail, and only for those who chose it.
    """
    empty = {"subject": "", "thing": "", "line": ""}
    if delivery.plan.holds == Holds.BARE:
        return empty | {"subject": words.subject}
    if delivery.plan.holds == Holds.LINE and (line := _line(delivery)):
        return empty | {"line": line}
    return empty | {"thing": words.thing_on(delivery.local_date)}


def _line(delivery: Delivery) -> str:
    """One of those kept for the mail, else the sentence the person would like to hear."""
    owner = delivery.plan.owner
    kept = line_for_mail(owner=owner, day=delivery.local_date)
    return kept or Session.objects.of(owner).kind_sentence()


def message_id_of(delivery: Delivery, domain: str) -> str:
    """From plan, date and seq alone: a mail that went out twice would carry the same id."""
    day = delivery.local_date.strftime("%Y%m%d")
    return f"<{delivery.plan_id.hex}.{day}.{delivery.seq}@{domain}>"


# Headers -----------------------------------------------------------------------------------------


def _headers(
    delivery: Delivery, sender: Sender, subject: str, stop: str, now: datetime
) -> dict[str, str]:
    """Each as it is sent, in ASCII."""
    return {
        "Subject": _subject(subject),
        "From": sender.header,
        "To": _recipient(delivery.plan.owner.email),
        "Date": format_datetime(now.astimezone(UTC)),
        "Message-ID": message_id_of(delivery, sender.domain),
        "X-Delivery": str(delivery.pk),
        "Auto-Submitted": "auto-generated",
        "List-Unsubscribe": f"<{stop}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


@cache
def _sender(written: str) -> Sender:
    name, address = parseaddr(written)
    found = _in_ascii(address, name)
    return Sender(_encoded("From", found), found.addr_spec, found.domain)


@lru_cache(maxsize=16)
def _subject(subject: str) -> str:
    return _encoded("Subject", subject)


def _recipient(address: str) -> str:
    """As it stands in the header; raises ValueError for an address that no server reads."""
    return address if PLAIN_ADDRESS.fullmatch(address) else _encoded("To", _in_ascii(address))


def _in_ascii(address: str, name: str = "") -> Address:
    """With the domain as every server reads it."""
    local, _at, domain = address.rpartition("@")
    if local.startswith('"'):
        return Address(name, addr_spec=f"{local}@{punycode(domain)}")
    return Address(name, local, punycode(domain))


def _encoded(name: str, value: str | Address) -> str:
    """The value of a header as it is sent; raises ValueError if it has more than one line."""
    folded: str = default.header_store_parse(name, value)[1].fold(policy=default)
    return folded.partition(":")[2].strip().replace("\n", "\r\n")


# Addresses ---------------------------------------------------------------------------------------


def _address(name: str, *token: object) -> str:
    path = _path(name, len(token))
    return settings.SITE_URL + (path.replace(STAND_IN, str(token[0])) if token else path)


@cache
def _path(name: str, tokens: int) -> str:
    """The path of a page, with the stand-in where a token belongs: `reverse` alone is slow."""
    return reverse(name, args=[STAND_IN] * tokens)
