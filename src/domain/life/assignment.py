"""Who reviews a stage: named by a person, or taken from the directory where that leaves no choice."""

from __future__ import annotations

from datetime import datetime

from domain.case import Case
from domain.commands import AssignReviewers
from domain.errors import AlreadyDone, ConflictOfInterest, FieldProblem, Incomplete, Refused, UnknownChoice
from domain.events import SYSTEM, Event, ReviewerAssigned
from domain.life.standing import assigners, candidates, conflicted, heads, holds_role, open_at, review_role
from domain.procedure import Procedure


def may_assign(case: Case, by: str, stage: str, procedure: Procedure) -> Refused | None:
    if refusal := open_at(case, stage):
        return refusal
    if case.current.responded_at is not None:
        return AlreadyDone("The outcome of this stage has been sent.")
    if refusal := conflicted(case, by):
        return refusal
    if may_override(case, by, procedure):
        return None
    return holds_role(by, assigners(case, procedure), procedure)


def may_override(case: Case, by: str, procedure: Procedure) -> bool:
    """Whether `by` can assign somebody in spite of a conflict of interest, with the reason on record."""
    role = procedure.stage(case.current.stage).review.conflict_override
    return bool(role) and conflicted(case, by) is None and holds_role(by, (role,), procedure) is None


def assign_reviewers(
    case: Case, command: AssignReviewers, *, procedure: Procedure, now: datetime
) -> tuple[Event, ...]:
    """UnknownChoice: a person who does not have the stage's role. ConflictOfInterest: one who is involved, or was on an
    earlier stage. Incomplete: too few or too many, nobody to head them, or no reason for an override. AlreadyDone: they
    are assigned."""
    if refusal := may_assign(case, command.by, command.stage, procedure):
        raise refusal
    review = procedure.stage(command.stage).review
    chosen = tuple(dict.fromkeys(command.reviewers))
    able = {person.id for person in candidates(case, procedure)}
    role = review_role(case, procedure)
    holders = {person.id for person in (*procedure.holders(role), *procedure.holders(review.role))}
    overrides = may_override(case, command.by, procedure)
    for person in chosen:
        if person not in holders:
            raise UnknownChoice(f"A reviewer of this stage has to be {procedure.role(role).title}.")
        if _is_away(person, procedure) and person not in able:
            raise UnknownChoice("This person is away. Choose somebody who is there.", field="reviewers")
        if person in case.involved and not overrides:
            raise ConflictOfInterest("Somebody who is involved in the matter cannot review it.")
        if person not in able and not overrides:
            raise ConflictOfInterest(
                "Somebody who was involved in an earlier stage of this case cannot review this one."
            )
    if len(chosen) != review.count:
        number = "one reviewer" if review.count == 1 else f"{review.count} reviewers"
        raise Incomplete((FieldProblem("reviewers", f"This stage has to have {number}."),))
    able_to_head = heads(case, procedure)
    if able_to_head and not any(_has_role(person, review.head, procedure) for person in chosen):
        title = procedure.role(review.head).title
        raise Incomplete((FieldProblem("reviewers", f"One of them has to be {title}, who heads them."),))
    chosen = _headed(chosen, review.head, procedure)
    if set(chosen) == set(case.current.reviewers):
        raise AlreadyDone("This stage is assigned to them already.")
    override = ""
    if any(person not in able for person in chosen):
        if command.override is None or not str(command.override.words.get("reason", "")).strip():
            raise Incomplete(
                (FieldProblem("override", "Write why this person reviews it in spite of the conflict."),)
            )
        override = command.override.id
    return (
        ReviewerAssigned(at=now, by=command.by, stage=command.stage, reviewers=chosen, override=override),
    )


def assign_without_choice(case: Case, *, procedure: Procedure, now: datetime) -> tuple[Event, ...]:
    """The assignment that needs nobody to make it; none where the procedure has a person do it, where the
    directory has more or fewer persons than the stage needs, or where it would be somebody who is away."""
    review = procedure.stage(case.current.stage).review
    able = candidates(case, procedure)
    if review.assigned_by or len(able) != review.count or any(person.is_away for person in able):
        return ()
    reviewers = _headed(tuple(person.id for person in able), review.head, procedure)
    return (ReviewerAssigned(at=now, by=SYSTEM, stage=case.current.stage, reviewers=reviewers),)


def _is_away(person: str, procedure: Procedure) -> bool:
    found = procedure.person(person)
    return found is not None and found.is_away


def _has_role(person: str, role: str, procedure: Procedure) -> bool:
    found = procedure.person(person)
    return found is not None and role in found.roles


def _headed(reviewers: tuple[str, ...], head: str, procedure: Procedure) -> tuple[str, ...]:
    """The same, whoever heads them first."""
    return tuple(sorted(reviewers, key=lambda person: not _has_role(person, head, procedure)))
