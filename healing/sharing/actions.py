"""Makes, opens and ends the links for a therapist."""

import base64
import json
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from healing.accounts.clock import local_today
from healing.accounts.models import User
from healing.sharing import seal, tries
from healing.sharing.models import Share
from healing.sharing.packet import Packet
from healing.vault.keyring import SealBroken


class NoSuchLink(Exception):
    """The link opens nothing: it never did, or it has ended."""


class Resting(Exception):
    """Too many wrong tries in the last hour."""


class WrongPassphrase(Exception):
    """The link is there, and this is not its passphrase."""


def make_share(
    *,
    owner: User,
    form_id: UUID,
    label: str,
    days: int,
    token: str,
    passphrase: str,
    packet: Packet,
) -> Share:
    """Store what the link shows, once: the same form again meets its own row.

    Raises Share.DoesNotExist if the id or the token belongs to another row.
    """
    due = timezone.now() + timedelta(days=days)
    shown = {**packet.to_json(), "ends": local_today(owner.time_zone, due).isoformat()}
    plain = json.dumps(shown, ensure_ascii=False).encode()
    sealed = seal.seal_packet(plain, token=token, passphrase=passphrase, row=str(form_id))
    share = Share(
        id=form_id,
        owner=owner,
        due=due,
        token_hash=seal.token_hash(token),
        packet=sealed.packet,
        key={
            name: base64.b64encode(getattr(sealed, name)).decode() for name in ("salt", "wrapped")
        },
        said={"label": label, "opened": [], "wrong": []},
    )
    try:
        with transaction.atomic():
            share.save(force_insert=True)
    except IntegrityError:
        return made_before(owner=owner, form_id=form_id, token=token)
    return share


def made_before(*, owner: User, form_id: UUID, token: str) -> Share:
    """The link that this form made; raises Share.DoesNotExist."""
    rows = Share.objects.of(owner).listed()
    met: Share = rows.get(pk=form_id, token_hash=seal.token_hash(token))
    return met


def open_share(*, token: str, passphrase: str) -> tuple[Packet, date]:
    """What the link shows, and the day it ends; writes the try into its log.

    1. The try counts as a wrong one, before anything is known of it: however many come at once,
       no more are looked at than the link takes.
    2. The passphrase is tried, outside of any transaction: it takes a while.
    3. If it was the right one, the log says so instead.

    Raises NoSuchLink, Resting or WrongPassphrase.
    """
    share = _begin(token) if seal.TOKEN.fullmatch(token) else None
    if share is None:
        seal.try_in_vain(token=token, passphrase=passphrase)
        raise NoSuchLink
    row, moment = str(share.pk), share.said["wrong"][-1]
    try:
        plain = seal.open_packet(_sealed(share), token=token, passphrase=passphrase, row=row)
    except SealBroken:
        _note_wrong(share.pk)
        raise WrongPassphrase from None
    if not _note_opened(share.pk, moment):
        raise NoSuchLink
    shown = json.loads(plain)
    return Packet.from_json(shown), date.fromisoformat(shown["ends"])


def _sealed(share: Share) -> seal.Sealed:
    key = {name: base64.b64decode(value) for name, value in share.key.items()}
    return seal.Sealed(key["salt"], key["wrapped"], bytes(share.packet or b""))


@transaction.atomic
def _begin(token: str) -> Share | None:
    """The living link with one more try in its log; None for none. Raises Resting."""
    now = timezone.now()
    rows = Share.objects.living(now).select_for_update(of=("self",))
    share: Share | None = rows.filter(token_hash=seal.token_hash(token)).first()
    if share is None or tries.is_spent(share.wrong):
        return None
    if tries.is_closed(share.wrong, now):
        raise Resting
    share.said = {**share.said, "wrong": [*share.said["wrong"], now.isoformat()]}
    share.save(update_fields=["said"])
    return share


@transaction.atomic
def _note_wrong(pk: UUID) -> None:
    """The try stays in the log as a wrong one; the last that a link takes ends it."""
    share = Share.objects.listed().select_for_update().filter(pk=pk).first()
    if share is not None and tries.is_spent(share.wrong):
        _empty(share, Share.State.SPENT)


@transaction.atomic
def _note_opened(pk: UUID, moment: str) -> bool:
    """The try of that moment opened the link; False if it has ended meanwhile."""
    rows = Share.objects.listed().select_for_update()
    share = rows.filter(pk=pk, state=Share.State.OPEN).first()
    if share is None:
        return False
    wrong, opened = list(share.said["wrong"]), [*share.said["opened"], moment]
    wrong.remove(moment)
    share.said = {**share.said, "wrong": wrong, "opened": opened[-tries.OPENINGS :]}
    share.save(update_fields=["said"])
    return True


@transaction.atomic
def end_share(*, owner: User, pk: UUID) -> None:
    """End the link at once; raises Share.DoesNotExist. Ending it twice does no harm."""
    share = Share.objects.of(owner).listed().select_for_update().get(pk=pk)
    if share.state == Share.State.OPEN:
        _empty(share, Share.State.ENDED)


@transaction.atomic
def forget_share(*, owner: User, pk: UUID) -> None:
    """Delete the link and its log; raises Share.DoesNotExist."""
    Share.objects.of(owner).select_for_update().get(pk=pk).delete()


def expire_shares(now: datetime) -> int:
    """Empty the links whose time is over; returns how many. They opened nothing before, either."""
    late = Share.objects.filter(state=Share.State.OPEN, due__lte=now).values_list("pk", flat=True)
    return sum(_expire(pk) for pk in list(late))


@transaction.atomic
def _expire(pk: UUID) -> bool:
    rows = Share.objects.listed().select_for_update()
    share = rows.filter(pk=pk, state=Share.State.OPEN).first()
    if share is not None:
        _empty(share, Share.State.EXPIRED)
    return share is not None


def _empty(share: Share, state: Share.State) -> None:
    """Nothing can open it from here on: what it showed is gone, and the key to it."""
    share.state, share.packet, share.key = state, None, None
    share.save(update_fields=["state", "packet", "key"])
