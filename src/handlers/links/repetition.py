"""What a second click would do again although the domain could not tell it from a second wish.

Nothing is read to find out: the ids of what was written say it (`adapters.people.links.fingerprint`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Final

from domain.acting import Action
from domain.case import Case
from domain.commands import Command, Writing
from domain.errors import AlreadyDone
from handlers.links.form import Filled, day

if TYPE_CHECKING:
    from handlers.links.situation import Situation

_SAID_ONCE: Final = frozenset({"note", "ask", "disclose", "add"})
"""A second click on these would be one more of the same words."""

_NOT_SAID_AGAIN: Final[Mapping[str, str]] = {
    "aspects": "These points are agreed already.",
    "lessons": "This is recorded already.",
    "hold": "The case is held for this reason already.",
    "progress": "The complainant has been told this already.",
}
"""Why a second click on these is refused as long as what it says is what is true."""


def refuse_repetition(action: Action, form: Filled, case: Case) -> None:
    """AlreadyDone: what was filled in is what the case holds already."""
    given = case.current.respond_by
    if action == "interim" and given is not None and day(form, "respond_by") == given:
        raise AlreadyDone("The complainant has been given this date already.")


def marked(command: Command, action: Action, situation: Situation) -> Command:
    """`command` with an id of what was written that is the same, or begins the same, for the same words from the same
    link. AlreadyDone: it is a second click.

    What is said only once is refused when it is stored, for its id is taken."""
    from adapters.people.links import fingerprint

    if action not in _SAID_ONCE and action not in _NOT_SAID_AGAIN:
        return command
    written = {one.name: getattr(command, one.name) for one in fields(command)}
    ((name, writing),) = ((name, value) for name, value in written.items() if isinstance(value, Writing))
    # That somebody could not be reached is noted without words, and may well be true again.
    if not any(writing.words.values()):
        return command
    mark = fingerprint(situation.secret, action, writing.words)
    if action in _SAID_ONCE:
        return _with_id(command, name, mark)
    if any(one.startswith(mark) for one in _standing(action, situation.case)):
        raise AlreadyDone(_NOT_SAID_AGAIN[action])
    return _with_id(command, name, mark + writing.id)


def _with_id(command: Command, name: str, written: str) -> Command:
    changed = {name: Writing(written, getattr(command, name).words)}
    return replace(command, **changed)  # type: ignore[arg-type]


def _standing(action: Action, case: Case) -> tuple[str, ...]:
    """The ids of what was written with this action before and is still true."""
    match action:
        case "aspects":
            return (case.agreed,)
        case "lessons":
            return case.lessons
        case "hold":
            return case.holds
        case "progress":
            return (case.current.progress,)
        case _:
            return ()
