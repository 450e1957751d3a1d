"""Where a person stands in a case: what every room asks first."""

from __future__ import annotations

from domain.case import Case
from domain.errors import CaseClosed, ConflictOfInterest, NotAllowed, NotNow, NotYours, Refused, StagePassed
from domain.events import COMPLAINANT, SYSTEM
from domain.frozen import replace
from domain.procedure import Person, Procedure


def has_left(by: str, procedure: Procedure) -> Refused | None:
    """Whether `by` was in the directory once and no longer is, or never was."""
    if by in (COMPLAINANT, SYSTEM) or procedure.person(by) is not None:
        return None
    return NotYours("Only people in the organisation's directory can do this.")


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
    if refusal := conflicted(case, by):
        return refusal
    if not case.current.reviewers:
        return NotYours("No reviewer is assigned to this stage yet.")
    return NotYours("This stage is assigned to somebody else.")


def conflicted(case: Case, by: str) -> Refused | None:
    """Whether `by` is involved in the matter, and was not assigned in spite of it."""
    if by in case.involved and by not in case.current.reviewers:
        return ConflictOfInterest("Somebody who is involved in the matter takes no part in this case.")
    return None


def works_on(case: Case, by: str, procedure: Procedure) -> Refused | None:
    """Whether `by` reviews the current stage or coordinates all cases, and is not involved in the matter."""
    if refusal := conflicted(case, by):
        return refusal
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


def decides_lateness(case: Case, procedure: Procedure) -> str:
    """The role at whose discretion this late complaint is considered; empty where there is nothing to decide."""
    if not case.late:
        return ""
    rules = procedure.stage(case.stages[0].stage).deadlines
    role = next((rule.discretion_role for rule in rules if rule.name == "submit"), "")
    # Where everybody who could decide is involved in the matter, lateness does not stand against the complaint.
    return role if role and _uninvolved(case, (role,), procedure) else ""


def deciders(what: str, case: Case, procedure: Procedure) -> tuple[str, ...]:
    """Who can decide on a late complaint (`lateness`) or a late reply (`late-reply`), or send the letter to an
    exhausted case (`letter`), by id; nobody for anything else."""
    roles: tuple[str, ...] = ()
    if what == "lateness":
        roles = (decides_lateness(case, procedure),)
    elif what == "late-reply" and procedure.late_reply is not None:
        roles = (procedure.late_reply.role,)
    elif what == "letter" and procedure.exhausted is not None:
        roles = procedure.exhausted.letter_from
    able = (person.id for role in roles for person in procedure.holders(role))
    return tuple(dict.fromkeys(person for person in able if person not in case.involved))


def not_to_be_sent(case: Case, procedure: Procedure) -> Refused | None:
    """What has to be decided or heard before an outcome of the current stage can go out."""
    if decides_lateness(case, procedure) and not case.lateness:
        return NotNow(
            "This complaint came late. Before an outcome can be sent, it has to be decided whether it is considered."
        )
    if case.waits_for_form:
        return NotNow("Before an outcome can be sent, the complaint has to be there in writing.")
    if case.represented and not case.consent:
        return NotNow(
            "Somebody acts for the complainant. Before an outcome can be sent, the complainant's consent has to be on "
            "record."
        )
    if case.current.external == "open":
        return NotNow("Before an outcome can be sent, the answer from outside has to be recorded.")
    return None


def assigners(case: Case, procedure: Procedure) -> tuple[str, ...]:
    """The roles that can name the reviewers of the current stage."""
    assigned_by = procedure.stage(case.current.stage).review.assigned_by
    roles = (assigned_by, procedure.coordinator) if assigned_by else (procedure.coordinator,)
    return roles if _there(case, roles, procedure) else (*roles, procedure.escalates_to)


def waits_for(case: Case, person: str) -> bool:
    """Whether `person` reviews the current stage, whose answer has not been sent."""
    return case.is_open and case.current.responded_at is None and person in case.current.reviewers


def those_who_assign(case: Case, procedure: Procedure) -> tuple[Person, ...]:
    """Who is asked to name the reviewers of the current stage: nobody who is involved in the matter."""
    able = _without_involved(case, procedure)
    return in_line(assigners(case, able), able)


def those_who_handle(case: Case, procedure: Procedure) -> tuple[Person, ...]:
    """The reviewers of the current stage who are in the directory. Where there are none, those who coordinate; where
    these are away or involved in the matter, those over them."""
    found = (procedure.person(one) for one in case.current.reviewers)
    reviewers = tuple(person for person in found if person is not None)
    return reviewers or in_line((procedure.coordinator,), _without_involved(case, procedure))


def _without_involved(case: Case, procedure: Procedure) -> Procedure:
    return replace(procedure, people=tuple(one for one in procedure.people if one.id not in case.involved))


def review_role(case: Case, procedure: Procedure) -> str:
    """The role that reviews the current stage: where everybody who has it is involved in the matter, or away, the
    alternative that the procedure names."""
    review = procedure.stage(case.current.stage).review
    if review.alternative_role and not _there(case, (review.role,), procedure):
        involved = not _uninvolved(case, (review.role,), procedure)
        # Whoever is away comes back; the alternative has to be there to be of any use.
        if involved or _there(case, (review.alternative_role,), procedure):
            return review.alternative_role
    return review.role


def _uninvolved(case: Case, roles: tuple[str, ...], procedure: Procedure) -> bool:
    """Whether anybody who has one of the roles is not involved in the matter."""
    return any(person.id not in case.involved for role in roles for person in procedure.holders(role))


def _there(case: Case, roles: tuple[str, ...], procedure: Procedure) -> bool:
    """Whether anybody who has one of the roles is there, and not involved in the matter."""
    return any(
        person.id not in case.involved and not person.is_away
        for role in roles
        for person in procedure.holders(role)
    )


def candidates(case: Case, procedure: Procedure) -> tuple[Person, ...]:
    """Who can review the current stage; people who are away only where it cannot do without them."""
    review = procedure.stage(case.current.stage).review
    barred = case.involved_before(case.current.stage) if review.fresh else frozenset[str]()
    able = tuple(
        person
        for person in procedure.holders(review_role(case, procedure))
        if person.id not in barred and person.id not in case.involved
    )
    return those_there(able, needed=review.count)


def those_there(people: tuple[Person, ...], *, needed: int = 1) -> tuple[Person, ...]:
    """Those who are not away; all of them where that leaves fewer than `needed`."""
    there = tuple(person for person in people if not person.is_away)
    return there if len(there) >= needed else people


def in_line(roles: tuple[str, ...], procedure: Procedure) -> tuple[Person, ...]:
    """Whom a message for the roles goes to: those who are there; where nobody is, also those whom a breach is
    escalated to and who are there. Never nobody as long as anybody has a role."""
    holders = tuple(dict.fromkeys(person for role in roles for person in procedure.holders(role)))
    if any(not person.is_away for person in holders):
        return those_there(holders)
    over = (person for person in procedure.holders(procedure.escalates_to) if not person.is_away)
    return tuple(dict.fromkeys((*holders, *over)))


def heads(case: Case, procedure: Procedure) -> tuple[str, ...]:
    """Who can head the reviewers of the current stage, by id; nobody where nobody heads them, or where everybody who
    could is involved in the matter or was on an earlier stage."""
    head = procedure.stage(case.current.stage).review.head
    return tuple(person.id for person in candidates(case, procedure) if head in person.roles) if head else ()


def approvers(case: Case, procedure: Procedure) -> tuple[Person, ...]:
    """Who can approve the outcome that is recorded on the current stage, and has not yet."""
    approval = procedure.stage(case.current.stage).approval
    if approval is None or not case.current.awaits_approval:
        return ()
    current = case.current
    if approval.by == "fellow-reviewers":
        able = tuple(person for person in procedure.people if person.id in current.reviewers)
    else:
        able = tuple(one for one in procedure.holders(approval.role) if one.id not in case.involved)
    return tuple(
        person for person in able if person.id != current.recorded_by and person.id not in current.approved_by
    )
