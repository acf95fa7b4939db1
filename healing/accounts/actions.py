"""Records consent, dated and with the version of the wording; clears sessions that have ended."""

from datetime import datetime, timedelta

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone

from healing.accounts.models import Consent, User

# Raise a number when the wording of that consent changes in substance; people are asked anew.
CONSENT_VERSION = {Consent.Kind.STORING: 1, Consent.Kind.MAIL: 1}
SEEN_EVERY = timedelta(minutes=10)


def has_consent(*, owner: User, kind: Consent.Kind) -> bool:
    """Whether the person agreed to the wording now in force."""
    rows = Consent.objects.of(owner).standing()
    return rows.filter(kind=kind, version=CONSENT_VERSION[kind]).exists()


@transaction.atomic
def give_consent(*, owner: User, kind: Consent.Kind) -> None:
    """Record that the person agrees; an older wording's consent ends here."""
    # Two at once would both find none.
    User.objects.select_for_update(no_key=True).get(pk=owner.pk)
    if has_consent(owner=owner, kind=kind):
        return
    withdraw_consent(owner=owner, kind=kind)
    Consent.objects.create(owner=owner, kind=kind, version=CONSENT_VERSION[kind])


def withdraw_consent(*, owner: User, kind: Consent.Kind) -> None:
    """Record that the person no longer agrees."""
    Consent.objects.of(owner).standing().filter(kind=kind).update(withdrawn=timezone.now())


def note_visit(person: User) -> None:
    """Write down that the person is here, at most every ten minutes."""
    now = timezone.now()
    if now - person.last_seen_at < SEEN_EVERY:
        return
    note_seen(person_id=person.pk, now=now)
    person.last_seen_at = now


def note_seen(*, person_id: int, now: datetime) -> None:
    """Write down that the person was here or answered a mail, however short a time ago."""
    User.objects.filter(pk=person_id).update(last_seen_at=now)


def clear_ended_sessions() -> None:
    """Delete ended sessions, and the network addresses and browser names noted with them."""
    Session.objects.filter(expire_date__lt=timezone.now()).delete()
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()
