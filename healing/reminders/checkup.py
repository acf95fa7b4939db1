"""Looks over everything a mail needs to leave and to work, and says how to mend what does not."""

import smtplib
import ssl
import urllib.request
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from email import message_from_bytes
from email.policy import default
from email.utils import parseaddr
from importlib.metadata import version
from urllib.parse import urlsplit
from uuid import UUID
from zoneinfo import TZPATH

from django.conf import settings
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from healing.accounts.models import User
from healing.reminders import mail, rate, upkeep
from healing.reminders.models import Delivery, Engine, Plan, Suppression
from healing.reminders.schedule import next_due
from healing.reminders.transport import connected
from healing.reminders.wording import TELLS_TOO_MUCH

# A clock further off than this sends mails at a wrong hour, and signs links for a wrong day.
CLOCK_MAY_DIFFER = timedelta(seconds=30)
# A website that does not answer within this is no help in a mail.
PATIENCE = 10  # seconds
# Looks are written down once a minute; so many may be missed, by a restart, without a word.
LOOKS_MISSED = 4

Finding = tuple[bool, str]


def checkup() -> Iterator[tuple[str, bool, str]]:
    """What was looked at, whether it is well, and what was found or how to mend it."""
    looks: dict[str, Callable[[], Finding]] = {
        "mail server": mail_server,
        "encryption": encryption,
        "headers": headers,
        "sender": sender,
        "links": links,
        "returned mail": returned_mail,
        "rate": sending_rate,
        "beat": beat,
        "clock": clock,
        "time zones": time_zones,
    }
    for name, look in looks.items():
        yield name, *look()


def mail_server() -> Finding:
    """Whether the mail server greets us and lets us in."""
    if not settings.EMAIL_URL:
        return True, f"none is set: mails become files in {settings.MAIL_DIR}."
    try:
        server = connected()
    except (OSError, smtplib.SMTPException) as problem:
        where = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
        return False, f"{where}: {_said(problem)}. Look at EMAIL_URL, and whether it is reachable."
    server.close()
    return True, f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT} answers and lets us in."


def encryption() -> Finding:
    """Whether passwords and addresses travel to the mail server in the clear."""
    if not settings.EMAIL_URL:
        return True, "nothing travels: there is no mail server."
    if settings.EMAIL_USE_SSL or settings.EMAIL_USE_TLS:
        return True, f"TLS, and the certificate is checked ({ssl.OPENSSL_VERSION})."
    if settings.EMAIL_HOST in {"localhost", "127.0.0.1", "::1"}:
        return True, "none, and the mail server is on this machine."
    return False, "none: add ?tls=starttls to EMAIL_URL, or write smtps:// and port 465."


def headers() -> Finding:
    """Whether a mail built now is neutral outside, and carries what mail programs ask for."""
    message = message_from_bytes(_sample(), policy=default)
    stop = str(message["List-Unsubscribe"] or "").strip("<>")
    if not message["List-Unsubscribe-Post"] or not stop:
        return False, "a mail has no one-click stop. This is a fault of the site; report it."
    sender = str(message["From"])
    if telling := TELLS_TOO_MUCH.search(sender):
        return False, (
            f"“{telling[0]}” in the sender {sender} may tell others what the mails are about. Set "
            "DEFAULT_FROM_EMAIL to a neutral one."
        )
    if urlsplit(stop).scheme != "https":
        return not settings.EMAIL_URL, (
            f"the stop link begins with {settings.SITE_URL}, and mail programs take only https. "
            "Set SITE_URL to the address people use."
        )
    return True, (
        f"one-click stop (RFC 8058), sender {sender}. The mail server has to sign "
        "List-Unsubscribe and List-Unsubscribe-Post with DKIM: see docs/operations.md."
    )


def sender() -> Finding:
    """Says what cannot be seen from here, so that nobody takes silence for a yes."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    if not settings.EMAIL_URL:
        return True, f"mails would come from {domain}."
    return True, (
        f"mails come from {domain}. Whether its SPF, DKIM and DMARC records name your mail server "
        "stands in the DNS and is not looked up here: send one mail to a tester of your choice."
    )


def links() -> Finding:
    """Whether the address in the mails leads to this site."""
    address = f"{settings.SITE_URL}/help/"
    try:
        with urllib.request.urlopen(address, timeout=PATIENCE) as answer:  # noqa: S310
            well = answer.status == 200
    except (OSError, ValueError) as problem:
        return False, f"{address}: {_said(problem)}. Look at SITE_URL, and whether the site runs."
    return well, f"{address} answers."


def returned_mail() -> Finding:
    """Whether anybody tells us of mail that came back, and over a line that keeps the secret."""
    ended = Suppression.objects.filter(since__isnull=False).count()
    count = f"Addresses that get no more mail: {ended}."
    if not settings.MAIL_WEBHOOK:
        return True, f"nobody reports it: MAIL_WEBHOOK is not set. {count}"
    address = settings.SITE_URL + reverse("reminders:mail_events")
    if urlsplit(address).scheme != "https":
        return (
            False,
            f"{settings.MAIL_WEBHOOK} would post to {address}. Set SITE_URL to https. {count}",
        )
    return True, f"{settings.MAIL_WEBHOOK} posts to {address}. {count}"


def sending_rate() -> Finding:
    """How many mails may leave now; a rate that a server has slowed is no fault of the site."""
    now, limit = timezone.now(), settings.REMINDERS_PER_SECOND
    present = rate.present(now)
    if present is None:
        return True, "no limit is set (REMINDERS_PER_SECOND), and the mail server asked for none."
    if not limit or present < limit:
        return True, f"{present:.1f} a second: the mail server had asked for less. It grows again."
    return True, f"{present:.1f} a second, as REMINDERS_PER_SECOND says."


def beat() -> Finding:
    """Whether somebody looks for due mails."""
    ticked_at = Engine.objects.values_list("ticked_at", flat=True).first()
    if ticked_at is None:
        return True, "nobody has looked for due mails yet. Start beat and a worker."
    age = timezone.now() - ticked_at
    words = f"the last look for due mails was {age.total_seconds():.0f} s ago"
    if age > upkeep.BEAT + LOOKS_MISSED * timedelta(seconds=settings.REMINDERS_TICK_SECONDS):
        return False, f"{words}. Look whether beat and a worker run."
    return True, f"{words}."


def clock() -> Finding:
    """Whether this machine and the database agree on the time."""
    if connection.vendor != "postgresql":
        return True, f"{timezone.now():%Y-%m-%d %H:%M:%S} UTC, and there is no other to compare."
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (theirs,) = cursor.fetchone()
    return compared(timezone.now(), theirs)


def compared(ours: datetime, theirs: datetime) -> Finding:
    """What two clocks say of each other."""
    apart = abs(ours - theirs)
    seconds = f"{apart.total_seconds():.1f} s"
    if apart > CLOCK_MAY_DIFFER:
        return False, f"this machine and the database are {seconds} apart. Set both by NTP."
    return True, f"this machine and the database are {seconds} apart."


def time_zones() -> Finding:
    """Whether local hours come from the pinned table and not from the operating system."""
    if TZPATH:
        return False, f"zones are read from {TZPATH[0]}. Install tzdata as requirements.txt says."
    return True, f"tzdata {version('tzdata')}, the same on every machine."


def _sample() -> bytes:
    """The bytes of a mail that nobody gets, to nobody's plan."""
    now = timezone.now()
    nobody = User(pk=0, email="nobody@example.org", language=settings.LANGUAGE_CODE)
    day, moment = next_due(now, zone="UTC", weekdays=frozenset(range(7)), at=now.time())
    plan = Plan(
        id=UUID(int=0), owner=nobody, weekdays=127, local_time=now.time(), time_zone="UTC",
        next_due_at=moment, next_local_date=day,
    )  # fmt: skip
    return mail.build(Delivery.for_due(plan), now=now).content


def _said(problem: Exception) -> str:
    return f"{type(problem).__name__}: {problem}"
