"""What an email address is: one to which mail can be delivered.

SES takes no other characters before the @, and a domain with others only in its ASCII form. Whether the address exists,
the first mail shows; asking the DNS would cost time and prove nothing.
"""

from __future__ import annotations

from typing import Final

LONGEST: Final = 254
"""Characters of an address: what a mail's envelope has room for."""

ADDRESS_WANTED: Final = "Enter an email address in the correct format, like name@example.com."

# Checked without expressions: one is compiled at each start, and people wait for it.
_IN_MAILBOX = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+/=?^_`{|}~-")


def is_address(text: str) -> bool:
    """Return whether the text, with no space around it, is an address."""
    mailbox, _, domain = text.rpartition("@")
    return len(text) <= LONGEST and _is_mailbox(mailbox) and _is_domain(domain)


def is_same(one: str, other: str) -> bool:
    """Return whether two addresses are one: nobody tells them apart by capital letters."""
    return one.casefold() == other.casefold()


def _is_mailbox(mailbox: str) -> bool:
    return len(mailbox) <= 64 and all(part and _IN_MAILBOX.issuperset(part) for part in mailbox.split("."))


def _is_domain(domain: str) -> bool:
    labels = domain.split(".")
    last = labels[-1]
    return (
        len(labels) > 1
        and all(_is_label(label) for label in labels)
        and ((last.isalpha() and len(last) > 1) or last.lower().startswith("xn--"))
    )


def _is_label(label: str) -> bool:
    return (
        0 < len(label) <= 63
        and label.isascii()
        and label.replace("-", "").isalnum()
        and not (label.startswith("-") or label.endswith("-"))
    )
