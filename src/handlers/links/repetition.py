"""What a second click would do again although the domain could not tell it from a second wish.

Nothing is read to find out: the ids of what was written say it (`adapters.people.links.fingerprint`).
"""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING, Literal

from domain.act import Standing
from domain.command import Command
from domain.errors import AlreadyDone
from domain.words import Writing

if TYPE_CHECKING:
    from handlers.links.visit import Visit


def marked(command: Command, act: str, again: Literal["once"] | Standing, visit: Visit) -> Command:
    """Return `command` with an id of what was written that is the same, or begins the same, for the same words from the
    same link. AlreadyDone: it is a second click.

    What is said only once is refused when it is stored, for its id is taken."""
    from adapters.people.links import fingerprint

    written = {field.name: getattr(command, field.name) for field in fields(command)}
    ((name, writing),) = ((name, value) for name, value in written.items() if isinstance(value, Writing))
    # That somebody could not be reached is noted without words, and may well be true again.
    if not any(writing.words.values()):
        return command
    mark = fingerprint(visit.secret, act, writing.words)
    if again == "once":
        return _with_id(command, name, mark)
    if any(content.startswith(mark) for content in again.ids(visit.case)):
        raise AlreadyDone(again.sentence)
    return _with_id(command, name, mark + writing.id)


def _with_id(command: Command, name: str, written: str) -> Command:
    changed = {name: Writing(written, getattr(command, name).words)}
    return replace(command, **changed)
