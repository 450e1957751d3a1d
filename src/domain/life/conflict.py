"""Who is involved in the matter takes no part in deciding on it."""

from __future__ import annotations

from datetime import datetime

from domain.case import Case, evolve
from domain.commands import DeclareInvolvement
from domain.errors import AlreadyDone, FieldProblem, Incomplete, NotAllowed, Refused, UnknownChoice
from domain.events import Event, PersonInvolved
from domain.life.assignment import assign_without_choice
from domain.life.standing import approvers, assigners, conflicted, holds_role, open_at
from domain.procedure import Procedure


def may_declare(case: Case, by: str, stage: str, procedure: Procedure) -> Refused | None:
    """Whoever assigns can mark anybody, whoever works on the stage themselves."""
    if refusal := conflicted(case, by) or open_at(case, stage):
        return refusal
    if case.current.responded_at is not None:
        return AlreadyDone("The outcome of this stage has been sent.")
    if by in case.current.reviewers or by in {person.id for person in approvers(case, procedure)}:
        return None
    return holds_role(by, assigners(case, procedure), procedure)


def declare_involvement(
    case: Case, command: DeclareInvolvement, *, procedure: Procedure, now: datetime
) -> tuple[Event, ...]:
    """The person loses the assignment, and where that leaves no choice, the next one gets it. UnknownChoice: nobody
    in the directory. NotAllowed: somebody else, marked by one who does not assign. Incomplete: no reason."""
    if refusal := may_declare(case, command.by, command.stage, procedure):
        raise refusal
    if procedure.person(command.person) is None:
        raise UnknownChoice("Choose a person from the directory.")
    if command.person != command.by and holds_role(command.by, assigners(case, procedure), procedure):
        raise NotAllowed("You can say this of yourself only.")
    if command.person in case.involved:
        raise AlreadyDone("This person is marked as involved already.")
    if not str(command.reason.words.get("reason", "")).strip():
        raise Incomplete((FieldProblem("reason", "Write how the person is involved."),))
    current = case.current
    involved = PersonInvolved(
        at=now,
        by=command.by,
        stage=command.stage,
        person=command.person,
        reason=command.reason.id,
        was_reviewer=command.person in current.reviewers,
    )
    after = evolve(case, involved, ref=case.ref)
    needed = procedure.stage(command.stage).review.count
    if len(after.current.reviewers) >= needed:
        return (involved,)
    return (involved, *assign_without_choice(after, procedure=procedure, now=now))
