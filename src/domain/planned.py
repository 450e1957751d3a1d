"""What an outcome promises to do, and what became of it."""

from __future__ import annotations

from datetime import date, datetime

from domain.frozen import Frozen
from domain.procedure import Procedure


class PlannedAction(Frozen):
    """Something that an outcome promises, to be done by the end of `due` by a person or a role of the directory: one
    of the two is given. `id` is `<stage>/action-<number>`; what is to be done is in the outcome's wording."""

    id: str
    due: date
    person: str = ""
    role: str = ""


class ActionRecord(Frozen):
    """What an outcome that was sent promised, and what became of it; `wording` is the content that says it. It lives
    on after the closure until it is done."""

    id: str
    wording: str
    due: date
    person: str = ""
    role: str = ""
    reminded_at: datetime | None = None
    overdue_at: datetime | None = None
    done_at: datetime | None = None
    chased: int = 0
    """How often people were told again that it is overdue, and when last."""
    chased_at: datetime | None = None


def owners(action: ActionRecord, procedure: Procedure) -> tuple[str, ...]:
    """Return the persons who can do it; nobody where its owner has left the directory."""
    if action.role:
        return tuple(person.id for person in procedure.holders(action.role))
    return (action.person,) if procedure.person(action.person) is not None else ()
