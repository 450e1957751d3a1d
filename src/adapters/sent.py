"""What the complainant was told, as it was sent: kept with the effect that it was made of, sealed like all content.

A procedure and its templates change; a letter that was sent does not. Links are left out, for a secret is stored
nowhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from adapters.mail import Mail
from adapters.sealing import open_sealed, seal
from adapters.store import CaseStore

_OUTBOX = "OUTBOX#"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A message to the complainant. `body` is HTML: a heading and paragraphs, with no page around them."""

    id: str
    notice: str
    stage: str
    at: datetime
    subject: str
    body: str
    to_name: str
    to_address: str
    """The email address; empty where it went by post alone."""


def letter_id(effect: str) -> str:
    """The name of the letter that an effect (its sort key) is sent as."""
    return effect.removeprefix(_OUTBOX).replace("#", "-")


def sealed_letter(ref: str, mail: Mail) -> bytes:
    """What is kept of a message."""
    words = {
        "subject": mail.subject,
        "body": mail.letter,
        "to_name": mail.to_name,
        "to_address": mail.to_address,
    }
    return seal(ref, words)


def sent_to_complainant(ref: str, store: CaseStore) -> tuple[Sent, ...]:
    """Everything that was sent, oldest first."""
    found = (_read(ref, item) for item in store.query(f"CASE#{ref}", _OUTBOX) if "sent" in item)
    return tuple(sorted(found, key=lambda one: (one.at, one.id)))


def sent_letter(ref: str, letter: str, store: CaseStore) -> Sent | None:
    """One of them; None: there is none of that name."""
    item = store.get(f"CASE#{ref}", _OUTBOX + letter.replace("-", "#", 1))
    return _read(ref, item) if item is not None and "sent" in item else None


def _read(ref: str, item: Mapping[str, Any]) -> Sent:
    words = open_sealed(ref, bytes(item["sent"]))
    return Sent(
        id=letter_id(item["SK"]),
        notice=item["effect"]["notice"],
        stage=item["effect"]["stage"],
        at=datetime.fromisoformat(item["delivered_at"]),
        **words,
    )
