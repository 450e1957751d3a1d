"""What is promised with an outcome, as it is planned: who does it by when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from domain.calendars import to_london
from domain.case import ActionRecord, Case, PlannedAction
from domain.errors import FieldProblem, UnknownChoice
from domain.frozen import Frozen
from domain.people import ids
from domain.procedure import Procedure
from domain.situation import Situation

LONGEST = timedelta(days=360)
"""An alarm lives for a year at most; what takes longer is promised in steps."""


class ProposedAction(Frozen):
    """An action as it was filled in, perhaps not completely: a person or a role does it by the end of `due`. What is
    to be done is in the wording's `actions`, under `action-<number>`."""

    number: int
    person: str = ""
    role: str = ""
    due: date | None = None


def planned(proposed: Iterable[ProposedAction], stage: str) -> tuple[PlannedAction, ...]:
    """The actions of a complete outcome."""
    return tuple(
        PlannedAction(id=f"{stage}/action-{one.number}", person=one.person, role=one.role, due=one.due)
        for one in proposed
        if one.due is not None
    )


def begun(action: PlannedAction, *, wording: str) -> ActionRecord:
    """The action as it is once the outcome with this wording has been sent."""
    return ActionRecord(id=action.id, wording=wording, due=action.due, person=action.person, role=action.role)


def missing_in_actions(
    proposed: Sequence[ProposedAction], texts: Mapping[str, Any], at: Situation
) -> Iterator[FieldProblem]:
    """What an action lacks, by field. UnknownChoice: two actions have the same number."""
    if len({one.number for one in proposed}) != len(proposed):
        raise UnknownChoice("Give each step a different number.", field="action_1")
    today = to_london(at.now).date()
    for one in proposed:
        if not str(texts.get(f"action-{one.number}", "")).strip():
            yield FieldProblem(f"action_{one.number}", f"Write what will be done (step {one.number}).")
        if not _is_somebody(one, at.procedure):
            yield FieldProblem(f"owner_{one.number}", f"Choose who will do it (step {one.number}).")
        if one.due is None or not today < one.due <= today + LONGEST:
            yield FieldProblem(
                f"due_{one.number}",
                f"Enter the date it will be done by (step {one.number}): after today and within a year.",
            )


def owners(action: ActionRecord, procedure: Procedure) -> tuple[str, ...]:
    """The persons who can do it; nobody where its owner has left the directory."""
    if action.role:
        return ids(procedure.holders(action.role))
    return (action.person,) if procedure.person(action.person) is not None else ()


def owned(case: Case, procedure: Procedure, actions: Sequence[str]) -> tuple[str, ...]:
    """Those whose move it is in these actions, as long as they are not done."""
    return tuple(
        person
        for action in case.actions
        if action.id in actions and action.done_at is None
        for person in owners(action, procedure)
    )


def _is_somebody(one: ProposedAction, procedure: Procedure) -> bool:
    if one.person:
        return not one.role and procedure.person(one.person) is not None
    return bool(one.role) and bool(procedure.holders(one.role))
