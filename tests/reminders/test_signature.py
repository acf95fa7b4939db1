"""What the mail server signs with DKIM covers the one-click stop, as RFC 8058 asks (section 4)."""

import base64
import re
from datetime import UTC, datetime
from functools import cache
from uuid import UUID

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings

from healing.accounts.models import User
from healing.reminders import content, mail
from healing.reminders.models import Delivery, Plan

NOW = datetime(2026, 11, 23, 19, 30, tzinfo=UTC)
BOTH = [b"List-Unsubscribe", b"List-Unsubscribe-Post"]


@cache
def key() -> tuple[bytes, bytes]:
    """A private key, and its record as the name server tells it."""
    pair = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    private = pair.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    )
    public = pair.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return private, b"v=DKIM1; k=rsa; p=" + base64.b64encode(public)


def documented() -> list[bytes]:
    """The headers that docs/operations.md tells operators to sign."""
    text = (settings.BASE_DIR / "docs" / "operations.md").read_text()
    (found,) = re.findall(r"^SignHeaders (\S+)$", text, re.MULTILINE)
    return [name.encode() for name in found.split(",")]


def built(line: str = "") -> bytes:
    plan = Plan(
        id=UUID(int=5), owner=User(pk=7, email="mara@example.org", language="en"), weekdays=127,
        time_zone="UTC", local_time=NOW.time(), next_due_at=NOW, next_local_date=NOW.date(),
    )  # fmt: skip
    words = content.shipped()
    rendered = mail.render(Delivery.for_due(plan), now=NOW, wordings=words, plans=[plan])
    return rendered._replace(values=rendered.values | {"thing": line}).built().content


def signed(message: bytes, headers: list[bytes]) -> bytes:
    found: bytes = dkim.sign(message, b"mail", b"example.org", key()[0], include_headers=headers)
    return found + message


def holds(message: bytes) -> bool:
    return bool(dkim.verify(message, dnsfunc=lambda name, timeout=5: key()[1]))


def covered(message: bytes) -> list[str]:
    (found,) = re.findall(rb"(?<![a-z])h=([^;]+);", message.partition(b"\r\n\r\n")[0])
    return [name.strip().lower() for name in found.decode().split(":")]


def test_a_signature_as_documented_covers_both_headers():
    message = signed(built(), documented())
    assert holds(message)
    assert {"list-unsubscribe", "list-unsubscribe-post", "from"} <= set(covered(message))


@pytest.mark.parametrize("line", ["Zähl bis zehn. 👩‍👩‍👧", "x" * 3000, ".", "From me"])
def test_it_holds_for_any_words(line):
    assert holds(signed(built(line), documented()))


@pytest.mark.parametrize("name", BOTH)
def test_altering_either_header_breaks_it(name):
    message = signed(built(), documented())
    altered = re.sub(
        rb"(?m)^(%s: )(.*\r\n)" % re.escape(name), rb"\1<https://x.test/>, \2", message
    )
    assert altered != message
    assert not holds(altered)


@pytest.mark.parametrize("name", BOTH)
def test_a_signature_that_leaves_one_out_would_not_notice(name):
    """What the documented list is for."""
    listed = [one for one in documented() if one.lower() != name.lower()]
    message = signed(built(), listed)
    altered = re.sub(
        rb"(?m)^(%s: )(.*\r\n)" % re.escape(name), rb"\1<https://x.test/>, \2", message
    )
    assert altered != message
    assert holds(altered)


def test_every_header_the_mail_has_of_its_own_is_signed():
    """So that nobody on the way changes who it is from, when it was sent or what ends it."""
    head = built().partition(b"\r\n\r\n")[0].decode()
    own = {line.partition(":")[0].lower() for line in re.split(r"\r\n(?! )", head)}
    assert own - {"x-delivery"} == {name.decode().lower() for name in documented()} & own
