"""What was promised with an outcome: who does it by when, until it is done. It outlives the closure of the case."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from domain.calendars import to_london
from domain.case import ActionRecord, Case
from domain.commands import CompleteAction, ProposedAction, RecordOutcome
from domain.errors import AlreadyDone, FieldProblem, NotNow, NotYours, Refused, UnknownChoice
from domain.events import ActionDone, Event, PlannedAction
from domain.procedure import Procedure

LONGEST = timedelta(days=360)
"""An alarm lives for a year at most; what takes longer is promised in steps."""


def planned(command: RecordOutcome) -> tuple[PlannedAction, ...]:
    """The actions of a complete outcome."""
    return tuple(
        PlannedAction(
            id=f"{command.stage}/action-{one.number}", person=one.person, role=one.role, due=one.due
        )
        for one in command.actions
        if one.due is not None
    )


def missing_in_actions(
    command: RecordOutcome, procedure: Procedure, *, now: datetime
) -> Iterator[FieldProblem]:
    """What an action lacks, by field. UnknownChoice: two actions have the same number."""
    if len({one.number for one in command.actions}) != len(command.actions):
        raise UnknownChoice("Two of the actions have the same number.", field="action_1")
    texts = command.wording.words.get("actions", {})
    today = to_london(now).date()
    for one in command.actions:
        if not str(texts.get(f"action-{one.number}", "")).strip():
            yield FieldProblem(f"action_{one.number}", f"Write what is done (action {one.number}).")
        if not _is_somebody(one, procedure):
            yield FieldProblem(f"owner_{one.number}", f"Choose who does it (action {one.number}).")
        if one.due is None or not today < one.due <= today + LONGEST:
            yield FieldProblem(
                f"due_{one.number}",
                f"Enter by which day it is done (action {one.number}): later than today, and within a year.",
            )


def owners(action: ActionRecord, procedure: Procedure) -> tuple[str, ...]:
    """The persons who can do it; nobody where its owner has left the directory."""
    if action.role:
        return tuple(person.id for person in procedure.holders(action.role))
    return (action.person,) if procedure.person(action.person) is not None else ()


def completable(case: Case, by: str, procedure: Procedure) -> tuple[ActionRecord, ...]:
    """The open actions that `by` can say are done: their own, and for the coordinator those that are overdue."""
    person = procedure.person(by)
    coordinates = person is not None and procedure.coordinator in person.roles
    return tuple(
        action
        for action in case.actions
        if action.done_at is None
        and (by in owners(action, procedure) or (coordinates and action.overdue_at is not None))
    )


def may_complete(case: Case, by: str, procedure: Procedure) -> Refused | None:
    if case.erasing:
        return NotNow("The destruction of this case has begun.")
    if not completable(case, by, procedure):
        return NotYours("No action of this case waits for you.")
    return None


def complete_action(
    case: Case, command: CompleteAction, *, procedure: Procedure, now: datetime
) -> tuple[Event, ...]:
    """UnknownChoice: there is no such action. AlreadyDone, NotYours: as they say."""
    if refusal := may_complete(case, command.by, procedure):
        raise refusal
    action = next((one for one in case.actions if one.id == command.action), None)
    if action is None:
        raise UnknownChoice("There is no such action in this case.", field="done")
    if action.done_at is not None:
        raise AlreadyDone("This action is done already.")
    if action not in completable(case, command.by, procedure):
        raise NotYours("This action is somebody else's.")
    note = command.note.id if command.note is not None else ""
    return (ActionDone(at=now, by=command.by, action=action.id, note=note),)


def _is_somebody(one: ProposedAction, procedure: Procedure) -> bool:
    if one.person:
        return not one.role and procedure.person(one.person) is not None
    return bool(one.role) and bool(procedure.holders(one.role))
