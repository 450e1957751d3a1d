"""Who can assign, review, approve or decide in a case, and whom a message for a role goes to."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping
from typing import Any, Literal, get_args

from domain.case import Case
from domain.frozen import replace
from domain.ladder import DeadlineRule
from domain.managers import managers_of
from domain.notices import Notice
from domain.procedure import DecisionName, Person, Procedure

_DISAGREE = 2
"""Returns after which those who have to agree are taken not to."""


def decides_lateness(case: Case, procedure: Procedure) -> str:
    """Return the role at whose discretion this late complaint is considered; empty where there is nothing to
    decide."""
    if not case.late:
        return ""
    rules = procedure.stage(case.made.stage).deadlines
    return next((late_decided_by(case, rule, procedure) for rule in rules if rule.name == "submit"), "")


def late_decided_by(case: Case, rule: DeadlineRule, procedure: Procedure) -> str:
    """Return the role to which the limit `rule` leaves whether the case is considered if it comes late, or that stands
    in where everybody who has it is involved. Empty: nobody decides, of a case from before this had a default, or
    because nobody is left who could; then lateness does not stand against the complaint."""
    role = procedure.decides_late(rule) if case.late_is_decided else rule.discretion_role
    able = (one for one in (role, *procedure.above) if _uninvolved(case, (one,), procedure))
    return next(able, "") if role else ""


def standing_in(
    roles: tuple[str, ...],
    case: Case,
    procedure: Procedure,
    *,
    needed: int = 1,
    but: Container[str] = (),
) -> tuple[Person, ...]:
    """Return those who have one of the roles and are not involved in the matter. Where they are fewer than `needed`,
    those over them as well, so that nothing waits for somebody who may not do it. Never anybody in `but`."""
    found: dict[str, Person] = {}
    for group in (roles, *((role,) for role in procedure.above)):
        for person in holders_of(group, procedure):
            if person.id not in case.involved and person.id not in but:
                found[person.id] = person
        if len(found) >= needed:
            break
    return tuple(found.values())


def deciders(what: str, case: Case, procedure: Procedure) -> tuple[Person, ...]:
    """Return who can decide on a late complaint (`lateness`), a late reply (`late-reply`) or a limit on contact
    (`contact-limit`), send the letter to an exhausted case (`letter`) or the one that is owed after the closure
    (`completion`); nobody for anything else."""
    if what == "lateness" and (role := decides_lateness(case, procedure)):
        return standing_in((role,), case, procedure)
    if what == "late-reply":
        return standing_in((procedure.late_replies.role,), case, procedure)
    if what == "contact-limit":
        return standing_in((procedure.limits_on_contact.role,), case, procedure)
    if what == "letter" and procedure.exhausted is not None:
        return standing_in(procedure.exhausted.letter_from, case, procedure)
    if what == "completion" and procedure.completion is not None:
        return standing_in(procedure.completion.letter_from, case, procedure)
    return ()


def those_who_confirm(case: Case, procedure: Procedure) -> tuple[Person, ...]:
    """Return who can say who is involved: those who assign, and for each time that nobody did, those who come next;
    where the complaint names all of these, whoever else is in the directory. Nobody whom it names."""
    able = without_involved(case, procedure)
    asked: dict[str, Person] = {}
    left = case.involvement_reminders
    for roles in (assigners(case, able), *((role,) for role in procedure.above)):
        more = [person for person in holders_of(roles, able) if person.id not in asked]
        if more and asked:
            if left == 0:
                break
            left -= 1
        asked |= {person.id: person for person in more}
    return tuple(asked.values()) or able.people


def keepers(case: Case, procedure: Procedure) -> tuple[Person, ...]:
    """Return who can hold the case, and is told beforehand of its destruction."""
    return those_who_confirm(case, procedure) if case.is_unconfirmed else certified(case, procedure)


def certified(case: Case, procedure: Procedure) -> tuple[Person, ...]:
    """Return to whom the destruction of the case is certified, which says nothing of what it was about."""
    return standing_in((procedure.retention.told,), case, procedure)


def coordinating(case: Case, procedure: Procedure) -> tuple[str, ...]:
    """Return the roles that coordinate the case: where everybody who does is involved in the matter, those over
    them."""
    roles: tuple[str, ...] = (procedure.coordinator,)
    for role in procedure.above:
        if not _uninvolved(case, roles, procedure):
            roles = (*roles, role)
    return roles


def assigners(case: Case, procedure: Procedure) -> tuple[str, ...]:
    """Return the roles that can name the reviewers of the current stage."""
    assigned_by = procedure.stage(case.current.stage).review.assigned_by
    roles = (assigned_by, procedure.coordinator) if assigned_by else (procedure.coordinator,)
    for role in procedure.above:
        if not _there(case, roles, procedure):
            roles = (*roles, role)
    return roles


def waits_for(case: Case, person: str) -> bool:
    """Return whether `person` reviews the current stage, whose answer has not been sent."""
    return case.is_open and case.current.responded_at is None and person in case.current.reviewers


def those_who_assign(case: Case, procedure: Procedure) -> tuple[Person, ...]:
    """Return who is asked to name the reviewers of the current stage: nobody who is involved in the matter."""
    able = without_involved(case, procedure)
    return in_line(assigners(case, able), able)


def those_who_handle(case: Case, procedure: Procedure) -> tuple[Person, ...]:
    """Return the reviewers of the current stage who are in the directory. Where there are none, those who coordinate;
    where these are away or involved in the matter, those over them."""
    found = (procedure.person(person) for person in case.current.reviewers)
    reviewers = tuple(person for person in found if person is not None)
    return reviewers or in_line(coordinating(case, procedure), without_involved(case, procedure))


def without_involved(case: Case, procedure: Procedure) -> Procedure:
    """Return the procedure without the people who are involved in the matter."""
    if not case.involved:
        return procedure
    return replace(
        procedure, people=tuple(person for person in procedure.people if person.id not in case.involved)
    )


def names_people(answers: Mapping[str, Any], roles: tuple[str, ...]) -> bool:
    """Return whether a filled-in form names anybody, by a role or in words."""
    return bool(roles) or bool(answers.get("people_involved"))


def involved_by(answers: Mapping[str, Any], roles: tuple[str, ...], procedure: Procedure) -> tuple[str, ...]:
    """Return the persons whom a filled-in form names: everybody who has one of the `roles`, and whoever is named in
    the answer to who was involved."""
    said = answers.get("people_involved") or ""
    words = "\n".join(said) if isinstance(said, list) else str(said)
    return tuple(dict.fromkeys((*ids(holders_of(roles, procedure)), *named_in(words, procedure))))


def named_in(words: str, procedure: Procedure) -> tuple[str, ...]:
    """Return the persons whose name, or the title of one of whose roles, stands in these words."""
    said = words.casefold()

    def names(text: str) -> bool:
        return re.search(rf"(?<!\w){re.escape(text.casefold())}(?!\w)", said) is not None

    titles = {role.id: role.title for role in procedure.roles}
    return tuple(
        person.id
        for person in procedure.people
        if names(person.name) or any(names(titles[role]) for role in person.roles if role in titles)
    )


def review_role(case: Case, procedure: Procedure) -> str:
    """Return the role that reviews the current stage: where everybody who has it is involved in the matter, or away,
    the alternative that the procedure names."""
    review = procedure.stage(case.current.stage).review
    if managers := managers_of(case, procedure):
        return managers[0]
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
    """Return who can review the current stage; people who are away only where it cannot do without them. Where those
    who have the role are too few, those of the alternative role as well, and those over them."""
    review = procedure.stage(case.current.stage).review
    if managers := managers_of(case, procedure):
        return managers[1]
    barred = case.involved_before(case.current.stage) if review.fresh else frozenset[str]()
    able: tuple[Person, ...] = ()
    for roles in ((review_role(case, procedure),), (review.role, review.alternative_role)):
        if len(able) < review.count:
            able = standing_in(roles, case, procedure, needed=0, but=barred)
    if len(able) < review.count:
        able = standing_in(roles, case, procedure, needed=review.count, but=barred)
    return those_there(able, needed=review.count)


def reviewers_needed(case: Case, procedure: Procedure) -> int:
    """Return how many have to review the current stage: as many as the procedure says, or as are left."""
    count = procedure.stage(case.current.stage).review.count
    return min(count, len(candidates(case, procedure)) or count)


def lacks_reviewers(case: Case, procedure: Procedure) -> bool:
    """Return whether somebody still has to be named to review the current stage."""
    current = case.current
    if not case.is_open or current.responded_at is not None:
        return False
    named, wanted = len(current.reviewers), procedure.stage(current.stage).review.count
    # Who could be named matters only where fewer are than the procedure asks for.
    return named < wanted and named < reviewers_needed(case, procedure)


def those_there(people: tuple[Person, ...], *, needed: int = 1) -> tuple[Person, ...]:
    """Return those who are not away; all of them where that leaves fewer than `needed`."""
    there = tuple(person for person in people if not person.is_away)
    return there if len(there) >= needed else people


def in_line(roles: tuple[str, ...], procedure: Procedure) -> tuple[Person, ...]:
    """Return whom a message for the roles goes to: those who are there; where nobody is, also those whom a breach is
    escalated to and who are there, or else the last resort. Never nobody as long as anybody has a role."""
    holders = holders_of(roles, procedure)
    if any(not person.is_away for person in holders):
        return those_there(holders)
    for role in procedure.above:
        if over := tuple(person for person in procedure.holders(role) if not person.is_away):
            return tuple(dict.fromkeys((*holders, *over)))
    return holders


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
    done = {current.recorded_by, *current.approved_by}
    if approval.by == "fellow-reviewers":
        able = tuple(person for person in procedure.people if person.id in current.reviewers)
        if len(current.reviewers) == 1 and not current.approved_by:
            # Who reviews alone, because nobody else is left, has no fellows: somebody above agrees.
            able = standing_in((), case, procedure, but=done)
    else:
        needed = approval.count - len(current.approved_by)
        able = standing_in((approval.role,), case, procedure, needed=needed, but=done)
    return tuple(
        person for person in dict.fromkeys((*able, *settlers(case, procedure))) if person.id not in done
    )


def settlers(case: Case, procedure: Procedure) -> tuple[Person, ...]:
    """Return who decides on an outcome on which those who have to agree do not: nobody before it was returned
    twice."""
    approval = procedure.stage(case.current.stage).approval
    if approval is None or case.current.returned < _DISAGREE:
        return ()
    return standing_in((approval.settled_by or procedure.escalates_to,), case, procedure)


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
    return tuple(dict.fromkeys((*ids(reviewers), *ids(those_who_assign(case, procedure)))))


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
    if what in get_args(DecisionName):
        if case.is_unconfirmed:
            return ids(those_who_confirm(case, procedure))
        return ids(deciders(what, case, procedure))
    return responsible(case, procedure)


def turns(case: Case, procedure: Procedure) -> tuple[tuple[Notice, str, tuple[str, ...]], ...]:
    """Return who is asked for something at the moment: the notice that asks, the event that it is about, and the
    persons."""
    found: list[tuple[Notice, str, tuple[str, ...]]] = []
    current = case.current
    if case.is_open and current.responded_at is None:
        if lacks_reviewers(case, procedure):
            began = "ComplaintSubmitted" if len(case.stages) == 1 else "ComplaintEscalated"
            found.append(("new-case", began, ids(those_who_assign(case, procedure))))
        found.append(("approval-request", "OutcomeRecorded", asked_to_approve(case, procedure)))
    waiting = {
        "ComplaintSubmitted": "lateness" if case.is_open and not case.lateness else "",
        "LateReplyAsked": "late-reply" if case.late_reply == "asked" else "",
        "ReopeningAsked": "letter" if case.reopening == "asked" else "",
        "CaseEnded": "completion" if case.owes_letter else "",
    }
    found += [
        ("decision-request", began, ids(those_there(deciders(what, case, procedure))))
        for began, what in waiting.items()
        if what and not case.is_unconfirmed
    ]
    return tuple(found)


def nobody_left(case: Case, procedure: Procedure) -> Literal["", "assign", "review", "approve"]:
    """Return what nobody in the directory can do on the current stage, although it is to be done; empty: nothing."""
    current = case.current
    if not case.is_open or current.responded_at is not None:
        return ""
    if not those_who_assign(case, procedure):
        return "assign"
    if current.awaits_approval:
        return "" if approvers(case, procedure) else "approve"
    reviewed = any(procedure.person(person) is not None for person in current.reviewers)
    return "" if reviewed or candidates(case, procedure) else "review"


def keepers_of_directory(case: Case, procedure: Procedure) -> tuple[Person, ...]:
    """Return who can put somebody else into the directory, or have it done."""
    roles = procedure.directory.kept_by if procedure.directory is not None else (procedure.coordinator,)
    return standing_in(roles, case, procedure)


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
