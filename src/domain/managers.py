"""Who reviews a complaint about somebody in the directory, where the procedure keeps that for managers."""

from __future__ import annotations

from domain.case import Case
from domain.procedure import Person, Procedure


def stands_above(person: Person, case: Case, procedure: Procedure) -> bool:
    """Return whether `person` can look into what those who are involved did: a manager who shares no role with them,
    where the procedure asks for that."""
    if procedure.about_staff is None or not case.involved:
        return True
    theirs = {role for one in procedure.people if one.id in case.involved for role in one.roles}
    manages = not set(procedure.about_staff.reviewed_by).isdisjoint(person.roles)
    return manages and theirs.isdisjoint(person.roles)


def no_longer_above(case: Case, procedure: Procedure) -> tuple[str, ...]:
    """Return the reviewers of the current stage in whose place a manager has to review it, by id."""
    if case.current.responded_at is not None or managers_of(case, procedure) is None:
        return ()
    known = (procedure.person(reviewer) for reviewer in case.current.reviewers)
    return tuple(
        person.id for person in known if person is not None and not stands_above(person, case, procedure)
    )


def managers_of(case: Case, procedure: Procedure) -> tuple[str, tuple[Person, ...]] | None:
    """Return who reviews the current stage where it is about somebody in the directory, with the role that is asked:
    managers who are no peers of anybody involved, and were on no earlier stage. None: the procedure does not ask for
    it, nobody is involved, or nobody is left."""
    rule, review = procedure.about_staff, procedure.stage(case.current.stage).review
    if rule is None or not case.involved:
        return None
    before = case.involved_before(case.current.stage)
    own = (review.role,) if review.role in rule.reviewed_by else ()
    for role in dict.fromkeys((*own, *rule.reviewed_by)):
        able = tuple(
            person
            for person in procedure.holders(role)
            if stands_above(person, case, procedure) and person.id not in before and not person.is_away
        )
        if len(able) >= review.count:
            return role, able
    return None
