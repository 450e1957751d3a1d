"""New references, ids and secrets: the only source of randomness."""

from __future__ import annotations

import re
import secrets
from typing import Final, Protocol

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""No character that is taken for another when it is read aloud or written down (0 O, 1 I L, U V)."""

_REFERENCE: Final = re.compile(r"[A-Z0-9]{1,40}-[2-9A-Z]{4}-[2-9A-Z]{4}")
_IN_SECRET = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


class Identities(Protocol):
    def reference(self, organisation: str) -> str:
        """Return a new case's reference: the initials of the procedure's slug and 39 random bits, such as
        `AB-7K3M-9QXT`, or `ABDP-7K3M-9QXT` for a data protection complaint."""

    def content_id(self) -> str:
        """Return an id for something that a person wrote."""

    def secret(self) -> str:
        """Return what a person acts with: 256 bits, as text that goes into an address."""

    def key(self) -> bytes:
        """Return what seals what people write, or the keys of cases: 256 bits."""


def initials(organisation: str) -> str:
    """Return with what the references of a procedure's cases begin. Two organisations can have the same."""
    return "".join(word[0] for word in organisation.replace("/", "-").split("-")).upper()


def is_reference(text: str) -> bool:
    """Return whether the text has the shape of a reference. Anything else is no case's, and may be no key."""
    return _REFERENCE.fullmatch(text) is not None


def is_secret(text: str) -> bool:
    """Return whether the text has the shape of a secret. Anything else was never given out."""
    return len(text) == 43 and _IN_SECRET.issuperset(text)


class RandomIdentities:
    """From the operating system's source of randomness."""

    def reference(self, organisation: str) -> str:
        drawn = "".join(secrets.choice(ALPHABET) for _ in range(8))
        return f"{initials(organisation)}-{drawn[:4]}-{drawn[4:]}"

    def content_id(self) -> str:
        return secrets.token_hex(8)

    def secret(self) -> str:
        return secrets.token_urlsafe(32)

    def key(self) -> bytes:
        return secrets.token_bytes(32)
