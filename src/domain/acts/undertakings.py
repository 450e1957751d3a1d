"""What is promised with an outcome, as it is planned: who does it by when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from domain.calendars import to_london
from domain.case import Case
from domain.errors import FieldProblem, UnknownChoice
from domain.frozen import Frozen
from domain.people import ids, those_who_handle
from domain.planned import ActionRecord, PlannedAction, owners
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
    """Return the actions of a complete outcome."""
    return tuple(
        PlannedAction(
            id=f"{stage}/action-{action.number}", person=action.person, role=action.role, due=action.due
        )
        for action in proposed
        if action.due is not None
    )


def begun(action: PlannedAction, *, wording: str) -> ActionRecord:
    """Return the action as it is once the outcome with this wording has been sent."""
    return ActionRecord(id=action.id, wording=wording, due=action.due, person=action.person, role=action.role)


def missing_in_actions(
    proposed: Sequence[ProposedAction], texts: Mapping[str, Any], at: Situation
) -> Iterator[FieldProblem]:
    """Yield what an action lacks, by field. UnknownChoice: two actions have the same number."""
    if len({action.number for action in proposed}) != len(proposed):
        raise UnknownChoice("Give each step a different number.", field="action_1")
    today = to_london(at.now).date()
    for action in proposed:
        if not str(texts.get(f"action-{action.number}", "")).strip():
            yield FieldProblem(f"action_{action.number}", f"Write what will be done (step {action.number}).")
        if not _is_somebody(action, at.procedure):
            yield FieldProblem(f"owner_{action.number}", f"Choose who will do it (step {action.number}).")
        if action.due is None or not today < action.due <= today + LONGEST:
            yield FieldProblem(
                f"due_{action.number}",
                f"Enter the date it will be done by (step {action.number}): after today and within a year.",
            )


def owned(case: Case, procedure: Procedure, actions: Sequence[str]) -> tuple[str, ...]:
    """Return those whose move it is in these actions, as long as they are not done. Whoever is involved in the matter
    hears nothing of the case: what they are to do is seen to by those who deal with it."""
    return tuple(
        person
        for action in case.actions
        if action.id in actions and action.done_at is None
        for person in _asked_to_do(action, case, procedure)
    )


def _asked_to_do(action: ActionRecord, case: Case, procedure: Procedure) -> tuple[str, ...]:
    own = owners(action, procedure)
    able = tuple(person for person in own if not case.is_barred(person))
    return able if able or not own else ids(those_who_handle(case, procedure))


def _is_somebody(action: ProposedAction, procedure: Procedure) -> bool:
    if action.person:
        return not action.role and procedure.person(action.person) is not None
    return bool(action.role) and bool(procedure.holders(action.role))
