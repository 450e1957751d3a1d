"""What the complainant was told, as it was sent: content of the case like all that is written.

A procedure and its templates change; a letter that was sent does not. Links are left out, for a secret is stored
nowhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from domain.case import COMPLAINANT
from domain.notices import AS_SENT
from domain.records import instant
from domain.words import Writing

if TYPE_CHECKING:
    # Whoever reads what was sent composes nothing.
    from adapters.cases.store import CaseStore
    from adapters.post.messages import Message
    from domain.effect import Tell


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A message to the complainant. `heading` and `body` are HTML, from templates that escaped what people wrote."""

    id: str
    notice: str
    stage: str
    at: datetime
    subject: str
    heading: str
    body: str
    to_name: str
    to_address: str
    """The email address; empty where it went by post alone."""
    says_less: str = ""
    """Not empty where it left out what came in by a form."""


def letter_id(effect: str) -> str:
    """Return the name of the letter that an effect (its sort key) is sent as."""
    return effect.removeprefix("OUTBOX#").replace("#", "-")


def kept_of(effect: str, tell: Tell, message: Message, *, at: datetime) -> Writing | None:
    """Return what the case keeps of a message; None: it went to staff, or was no more than a link."""
    if tell.person != COMPLAINANT or tell.notice == "fresh-link":
        return None
    words = {
        "notice": tell.notice,
        "stage": tell.stage,
        "at": instant(at),
        "subject": message.subject,
        "heading": message.heading,
        "body": message.letter,
        "to_name": message.to.name,
        "to_address": message.to.email,
        **({"says_less": "yes"} if message.says_less else {}),
    }
    return Writing(f"{AS_SENT}{letter_id(effect)}", words)


def sent_to_complainant(ref: str, store: CaseStore) -> tuple[Sent, ...]:
    """Return everything that was sent, oldest first."""
    found = store.all_contents(ref, AS_SENT).items()
    read = (_read(name.removeprefix(AS_SENT), words) for name, words in found)
    return tuple(sorted(read, key=lambda letter: (letter.at, letter.id)))


def sent_letter(ref: str, letter: str, store: CaseStore) -> Sent | None:
    """Return one of them; None: there is none of that name."""
    words = store.contents(ref, [AS_SENT + letter]).get(AS_SENT + letter)
    return _read(letter, words) if words is not None else None


def _read(letter: str, words: Mapping[str, Any]) -> Sent:
    return Sent(id=letter, **{**words, "at": datetime.fromisoformat(words["at"])})
