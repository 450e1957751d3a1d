"""Who can assign, review, approve or decide in a case, and whom a message for a role goes to."""

from __future__ import annotations

from typing import get_args

from domain.case import Case
from domain.frozen import replace
from domain.procedure import DecisionName, Person, Procedure

_DISAGREE = 2
"""Returns after which those who have to agree are taken not to."""


def decides_lateness(case: Case, procedure: Procedure) -> str:
    """Return the role at whose discretion this late complaint is considered; empty where there is nothing to
    decide."""
    if not case.late:
        return ""
    rules = procedure.stage(case.stages[0].stage).deadlines
    role = next((rule.discretion_role for rule in rules if rule.name == "submit"), "")
    # Where everybody who could decide is involved in the matter, lateness does not stand against the complaint.
    return role if role and _uninvolved(case, (role,), procedure) else ""


def deciders(what: str, case: Case, procedure: Procedure) -> tuple[str, ...]:
    """Return who can decide on a late complaint (`lateness`) or a late reply (`late-reply`), or send the letter to an
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


def assigners(case: Case, procedure: Procedure) -> tuple[str, ...]:
    """Return the roles that can name the reviewers of the current stage."""
    assigned_by = procedure.stage(case.current.stage).review.assigned_by
    roles = (assigned_by, procedure.coordinator) if assigned_by else (procedure.coordinator,)
    return roles if _there(case, roles, procedure) else (*roles, procedure.escalates_to)


def waits_for(case: Case, person: str) -> bool:
    """Return whether `person` reviews the current stage, whose answer has not been sent."""
    return case.is_open and case.current.responded_at is None and person in case.current.reviewers


def those_who_assign(case: Case, procedure: Procedure) -> tuple[Person, ...]:
    """Return who is asked to name the reviewers of the current stage: nobody who is involved in the matter."""
    able = _without_involved(case, procedure)
    return in_line(assigners(case, able), able)


def those_who_handle(case: Case, procedure: Procedure) -> tuple[Person, ...]:
    """Return the reviewers of the current stage who are in the directory. Where there are none, those who coordinate;
    where these are away or involved in the matter, those over them."""
    found = (procedure.person(person) for person in case.current.reviewers)
    reviewers = tuple(person for person in found if person is not None)
    return reviewers or in_line((procedure.coordinator,), _without_involved(case, procedure))


def _without_involved(case: Case, procedure: Procedure) -> Procedure:
    return replace(
        procedure, people=tuple(person for person in procedure.people if person.id not in case.involved)
    )


def review_role(case: Case, procedure: Procedure) -> str:
    """Return the role that reviews the current stage: where everybody who has it is involved in the matter, or away,
    the alternative that the procedure names."""
    review = procedure.stage(case.current.stage).review
    if review.alternative_role and not _there(case, (review.role,), procedure):
        involved = not _uninvolved(case, (review.role,), procedure)
        # Whoever is away comes back; the alternative has to be there to be of any use.
        if involved or _there(case, (review.alternative_role,), procedure):
            return review.alternative_role
    return review.role


def _uninvolved(case: Case, roles: tuple[str, ...], procedure: Procedure) -> bool:
    """Return whether anybody who has one of the roles is not involved in the matter."""
    return any(person.id not in case.involved for role in roles for person in procedure.holders(role))


def _there(case: Case, roles: tuple[str, ...], procedure: Procedure) -> bool:
    """Return whether anybody who has one of the roles is there, and not involved in the matter."""
    return any(
        person.id not in case.involved and not person.is_away
        for role in roles
        for person in procedure.holders(role)
    )


def candidates(case: Case, procedure: Procedure) -> tuple[Person, ...]:
    """Return who can review the current stage; people who are away only where it cannot do without them."""
    review = procedure.stage(case.current.stage).review
    barred = case.involved_before(case.current.stage) if review.fresh else frozenset[str]()
    able = tuple(
        person
        for person in procedure.holders(review_role(case, procedure))
        if person.id not in barred and person.id not in case.involved
    )
    return those_there(able, needed=review.count)


def those_there(people: tuple[Person, ...], *, needed: int = 1) -> tuple[Person, ...]:
    """Return those who are not away; all of them where that leaves fewer than `needed`."""
    there = tuple(person for person in people if not person.is_away)
    return there if len(there) >= needed else people


def in_line(roles: tuple[str, ...], procedure: Procedure) -> tuple[Person, ...]:
    """Return whom a message for the roles goes to: those who are there; where nobody is, also those whom a breach is
    escalated to and who are there. Never nobody as long as anybody has a role."""
    holders = holders_of(roles, procedure)
    if any(not person.is_away for person in holders):
        return those_there(holders)
    over = (person for person in procedure.holders(procedure.escalates_to) if not person.is_away)
    return tuple(dict.fromkeys((*holders, *over)))


def heads(case: Case, procedure: Procedure) -> tuple[str, ...]:
    """Return who can head the reviewers of the current stage, by id; nobody where nobody heads them, or where
    everybody who could is involved in the matter or was on an earlier stage."""
    head = procedure.stage(case.current.stage).review.head
    return tuple(person.id for person in candidates(case, procedure) if head in person.roles) if head else ()


def approvers(case: Case, procedure: Procedure) -> tuple[Person, ...]:
    """Return who can approve the outcome that is recorded on the current stage, and has not yet."""
    approval = procedure.stage(case.current.stage).approval
    if approval is None or not case.current.awaits_approval:
        return ()
    current = case.current
    if approval.by == "fellow-reviewers":
        able = tuple(person for person in procedure.people if person.id in current.reviewers)
    else:
        able = tuple(person for person in procedure.holders(approval.role) if person.id not in case.involved)
    return tuple(
        person
        for person in dict.fromkeys((*able, *settlers(case, procedure)))
        if person.id != current.recorded_by and person.id not in current.approved_by
    )


def settlers(case: Case, procedure: Procedure) -> tuple[Person, ...]:
    """Return who decides on an outcome on which those who have to agree do not: nobody before it was returned
    twice."""
    approval = procedure.stage(case.current.stage).approval
    if approval is None or case.current.returned < _DISAGREE:
        return ()
    able = procedure.holders(approval.settled_by or procedure.escalates_to)
    return tuple(person for person in able if person.id not in case.involved)


def keepers_of_closed(procedure: Procedure) -> tuple[str, ...]:
    """Return the roles that can open a closed case again."""
    return (procedure.reopened.role or procedure.coordinator, procedure.escalates_to)


def ids(people: tuple[Person, ...]) -> tuple[str, ...]:
    """Return their ids."""
    return tuple(person.id for person in people)


def holders_of(roles: tuple[str, ...], procedure: Procedure) -> tuple[Person, ...]:
    """Return everybody who has one of the roles; a role without a name has nobody."""
    return tuple(dict.fromkeys(person for role in roles if role for person in procedure.holders(role)))


def responsible(case: Case, procedure: Procedure) -> tuple[str, ...]:
    """Return the persons whose move it is on the current stage, other than the complainant. Where none of them is
    there, those too who can name somebody else."""
    if approvers(case, procedure):
        return asked_to_approve(case, procedure)
    found = [procedure.person(person) for person in case.current.reviewers]
    reviewers = tuple(person for person in found if person is not None)
    if any(not person.is_away for person in reviewers):
        return ids(reviewers)
    return tuple(dict.fromkeys((*ids(reviewers), *ids(in_line(assigners(case, procedure), procedure)))))


def asked_to_approve(case: Case, procedure: Procedure) -> tuple[str, ...]:
    """Return those who can approve and are there, as long as they are enough."""
    approval = procedure.stage(case.current.stage).approval
    waiting = approvers(case, procedure)
    by_role = approval is not None and approval.by == "role"
    needed = (
        approval.count - len(case.current.approved_by) if approval is not None and by_role else len(waiting)
    )
    return ids(those_there(waiting, needed=needed))


def whose_move(deadline: str, case: Case, procedure: Procedure) -> tuple[str, ...]:
    """Return who has to do what is due: of a decision those who can take it, of anything else those responsible."""
    what = deadline.rpartition("/")[2]
    return deciders(what, case, procedure) if what in get_args(DecisionName) else responsible(case, procedure)


def passed_to(case: Case, procedure: Procedure) -> str:
    """Return the role that a suggestion or a compliment is passed on to."""
    form = procedure.form(case.form)
    return (form.passed_to if form is not None else "") or procedure.coordinator


class _Names(dict[str, str]):
    """Names by id. Who has left the directory stays in what happened, without a name."""

    def __missing__(self, person: str) -> str:
        return "Somebody who has left"


def names_in(procedure: Procedure) -> dict[str, str]:
    """Return the names of the people in the directory, by id; one that is not there any more stands for somebody who
    has left."""
    return _Names({person.id: person.name for person in procedure.people})
