"""What a mail server's refusal says, by its codes alone: its words may name an address."""

import re

# RFC 5321 and RFC 3463.
CODES = re.compile(r"[2-5]\d\d(?: [245]\.\d{1,3}\.\d{1,3})?")
# The look-around keeps out the numbers of a network address.
ENHANCED = re.compile(r"(?<![\d.])[245]\.\d{1,3}\.\d{1,3}(?![\d.])")

# RFC 3463 and RFC 7505: no such mailbox, no such domain, no address at all, moved without a trace,
# a domain that takes no mail.
NOBODY_THERE = frozenset({"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10"})


def codes_of(reply: str) -> str:
    """The codes at the beginning of a server's reply, without its words."""
    found = CODES.match(reply)
    return found[0] if found else "no answer"


def enhanced_code(text: str) -> str:
    """The first enhanced status code anywhere in the text; "" if there is none."""
    found = ENHANCED.search(text)
    return found[0] if found else ""


def nobody_there(reply: str) -> bool:
    """Whether the reply says that mail to this address can never arrive.

    A bare 550 or 553 says it not: servers also write it to a sender they do not trust.
    """
    return enhanced_code(reply) in NOBODY_THERE


def about_the_mailbox(reply: str) -> bool:
    """Whether it is this one mailbox that takes no mail now: full, switched off (x.2.x)."""
    return enhanced_code(reply)[1:4] == ".2."


def about_the_sender(reply: str) -> bool:
    """Whether it is about us and not about them: a policy, a filter, a signature (x.7.x)."""
    return enhanced_code(reply)[1:4] == ".7."
