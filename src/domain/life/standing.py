"""Where a person stands in a case: what every room asks first."""

from __future__ import annotations

from domain.case import Case
from domain.errors import CaseClosed, NotAllowed, NotYours, Refused, StagePassed
from domain.procedure import Person, Procedure


def open_at(case: Case, stage: str) -> Refused | None:
    """Whether the case is open and on `stage`."""
    if not case.is_open:
        return CaseClosed("This case is closed.")
    if case.current.stage != stage:
        return StagePassed("This case has moved on to another stage.")
    return None


def reviews(case: Case, by: str) -> Refused | None:
    """Whether `by` is a reviewer of the current stage."""
    if by in case.current.reviewers:
        return None
    if not case.current.reviewers:
        return NotYours("No reviewer is assigned to this stage yet.")
    return NotYours("This stage is assigned to somebody else.")


def works_on(case: Case, by: str, procedure: Procedure) -> Refused | None:
    """Whether `by` reviews the current stage or coordinates all cases."""
    if reviews(case, by) is None or holds_role(by, (procedure.coordinator,), procedure) is None:
        return None
    return reviews(case, by)


def holds_role(by: str, roles: tuple[str, ...], procedure: Procedure) -> Refused | None:
    """Whether the directory gives `by` one of the roles."""
    person = procedure.person(by)
    if person is not None and any(role in person.roles for role in roles):
        return None
    titles = " or ".join(procedure.role(role).title for role in roles)
    return NotAllowed(f"Only {titles} can do this.")


def assigners(case: Case, procedure: Procedure) -> tuple[str, ...]:
    """The roles that can name the reviewers of the current stage."""
    assigned_by = procedure.stage(case.current.stage).review.assigned_by
    return (assigned_by, procedure.coordinator) if assigned_by else (procedure.coordinator,)


def candidates(case: Case, procedure: Procedure) -> tuple[Person, ...]:
    """Who can review the current stage."""
    review = procedure.stage(case.current.stage).review
    barred = case.involved_before(case.current.stage) if review.fresh else frozenset[str]()
    return tuple(person for person in procedure.holders(review.role) if person.id not in barred)


def approvers(case: Case, procedure: Procedure) -> tuple[Person, ...]:
    """Who can approve the outcome that is recorded on the current stage, and has not yet."""
    approval = procedure.stage(case.current.stage).approval
    if approval is None or not case.current.awaits_approval:
        return ()
    current = case.current
    if approval.by == "fellow-reviewers":
        able = tuple(person for person in procedure.people if person.id in current.reviewers)
    else:
        able = procedure.holders(approval.role)
    return tuple(
        person for person in able if person.id != current.recorded_by and person.id not in current.approved_by
    )
