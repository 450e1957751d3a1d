"""What the complainant adds after the complaint is in: accepted or declined piece by piece, with a reason."""

from __future__ import annotations

from datetime import datetime

from domain.case import Case
from domain.commands import AddInformation, ConsiderInformation
from domain.errors import (
    AlreadyDone,
    FieldProblem,
    Incomplete,
    NotAllowed,
    NotNow,
    NotYours,
    Refused,
    UnknownChoice,
)
from domain.events import COMPLAINANT, Event, InformationAdded, InformationConsidered
from domain.life.standing import open_at, reviews
from domain.procedure import Procedure

MOST_ADDITIONS = 20
"""On one stage."""


def may_add(case: Case, by: str, stage: str, procedure: Procedure) -> Refused | None:
    if by != COMPLAINANT:
        return NotYours("Only the person who complained can add to the complaint here.")
    if refusal := open_at(case, stage):
        return refusal
    if procedure.stage(stage).late_information is None:
        return NotAllowed("This procedure does not provide for adding something on this stage.")
    if case.current.responded_at is not None:
        return AlreadyDone("We have sent our answer; nothing can be added to this stage any more.")
    if case.current.awaits_approval:
        return NotNow("Our answer is written; nothing can be added to this stage any more.")
    if len(case.current.additions) >= MOST_ADDITIONS:
        return NotNow(f"You have added something {MOST_ADDITIONS} times; please write or call instead.")
    return None


def add_information(
    case: Case, command: AddInformation, *, procedure: Procedure, now: datetime
) -> tuple[Event, ...]:
    if refusal := may_add(case, command.by, command.stage, procedure):
        raise refusal
    if not str(command.information.words.get("information", "")).strip():
        raise Incomplete((FieldProblem("information", "Write what you would like to add."),))
    return (InformationAdded(at=now, by=command.by, stage=command.stage, information=command.information.id),)


def may_consider(case: Case, by: str, stage: str) -> Refused | None:
    if refusal := open_at(case, stage) or reviews(case, by):
        return refusal
    if case.current.responded_at is not None:
        return AlreadyDone("The outcome of this stage has been sent.")
    if not case.current.undecided:
        return AlreadyDone("Nothing that the complainant added waits for a decision.")
    return None


def consider_information(case: Case, command: ConsiderInformation, *, now: datetime) -> tuple[Event, ...]:
    """UnknownChoice: nothing of the kind was added here. AlreadyDone: it was decided. Incomplete: no reason."""
    if refusal := may_consider(case, command.by, command.stage):
        raise refusal
    added = {addition.id: addition for addition in case.current.additions}
    if command.information not in added:
        raise UnknownChoice("The complainant has not added this here.")
    if added[command.information].accepted is not None:
        raise AlreadyDone("It has been decided on this already.")
    if not str(command.reason.words.get("reason", "")).strip():
        raise Incomplete((FieldProblem("reason", "Write why; the complainant is told."),))
    return (
        InformationConsidered(
            at=now,
            by=command.by,
            stage=command.stage,
            information=command.information,
            accepted=command.accepted,
            reason=command.reason.id,
        ),
    )


def require_considered(case: Case) -> None:
    """Incomplete: something that the complainant added waits for a decision, so that no outcome can be recorded."""
    if case.current.undecided:
        raise Incomplete(
            (FieldProblem("response", "Decide first whether what the complainant added is considered."),)
        )
