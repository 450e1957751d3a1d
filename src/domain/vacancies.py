"""What is left undone in a case by somebody who has left the directory, or has lost a role, and who can do it now."""

from __future__ import annotations

from typing import Literal

from domain.case import Case
from domain.frozen import Frozen, replace
from domain.people import (
    candidates,
    coordinating,
    deciders,
    ids,
    in_line,
    keepers_of_directory,
    nobody_left,
    those_there,
    those_who_assign,
    those_who_confirm,
    turns,
    waits_for,
    without_involved,
)
from domain.planned import owners
from domain.procedure import Person, Procedure

Undone = Literal[
    "review", "review-without-role", "assign", "approve", "decide", "letter", "step", "confirm", "nobody"
]
"""`review`: the reviewer has left. `review-without-role`: the reviewer has lost the role, and can go on with what they
were named for. `assign`, `approve`, `decide`, `letter`, `step`, `confirm`: a reviewer has to be named, an outcome
approved, something decided, a letter that is owed written, something that was promised done, or it has to be said who
is involved. `nobody`: nobody in the directory can do it."""


class Vacancy(Frozen):
    """What is to be done, and who is told: persons, by id."""

    what: Undone
    told: tuple[str, ...]


def vacancies(case: Case, left: str, roles: tuple[str, ...], procedure: Procedure) -> tuple[Vacancy, ...]:
    """Return what the case waited for `left` to do, and does not any more: who has lost these `roles`, or is no longer
    among the people of the `procedure`. A role that they have again they have not lost. After the closure that is what
    was asked for then, what is owed, and what was promised."""
    person = procedure.person(left)
    lost = tuple(role for role in roles if person is None or role not in person.roles)
    if person is not None and not lost:
        return ()
    before = _with(left, lost, procedure)
    found = [
        *_review(case, left, before, procedure),
        *_asked(case, left, before, procedure),
        *_promised(case, left, before, procedure),
    ]
    if found and (nobody_left(case, procedure) or not all(vacancy.told for vacancy in found)):
        found.append(Vacancy(what="nobody", told=ids(keepers_of_directory(case, procedure))))
    return tuple(found)


def _with(left: str, lost: tuple[str, ...], procedure: Procedure) -> Procedure:
    """Return the procedure as though `left` were there, and had the roles that they have lost."""
    had = procedure.person(left) or Person(id=left, name="", email="", roles=())
    again = Person(id=had.id, name=had.name, email=had.email, roles=(*had.roles, *lost))
    others = tuple(person for person in procedure.people if person.id != left)
    return replace(procedure, people=(*others, again))


def _review(case: Case, left: str, before: Procedure, procedure: Procedure) -> tuple[Vacancy, ...]:
    if not waits_for(case, left):
        return ()
    told = ids(those_who_assign(case, procedure))
    if procedure.person(left) is None:
        return (Vacancy(what="review", told=told),)
    # Who was never a candidate was named in spite of that, and is no less than they were.
    could, can = (left in ids(candidates(case, those)) for those in (before, procedure))
    return (Vacancy(what="review-without-role", told=told),) if could and not can else ()


def _asked(case: Case, left: str, before: Procedure, procedure: Procedure) -> list[Vacancy]:
    """Return what somebody else has to do who can. Those who could do it beside `left` are told as well: they may have
    left it to them. Where fellow reviewers approve, a reviewer is wanted first."""
    now = _waiting(case, procedure)
    approval = procedure.stage(case.current.stage).approval
    by_fellows = approval is not None and approval.by == "fellow-reviewers" and waits_for(case, left)
    return [
        Vacancy(what=what, told=now[what])
        for what, persons in _waiting(case, before).items()
        if left in persons
        and what in now
        and left not in now[what]
        and not (what == "approve" and by_fellows)
    ]


def _promised(case: Case, left: str, before: Procedure, procedure: Procedure) -> tuple[Vacancy, ...]:
    """Return what an outcome promised and `left` had to do. Those who have the role beside them may have left it to
    them; where nobody is left whose it is, whoever coordinates sees to it."""
    told: list[str] = []
    for action in case.actions:
        now = owners(action, procedure)
        if action.done_at is None and left in owners(action, before) and left not in now:
            able = tuple(person for person in now if not case.is_barred(person))
            told += able or ids(_coordinators(case, procedure))
    return (Vacancy(what="step", told=tuple(dict.fromkeys(told))),) if told else ()


def _coordinators(case: Case, procedure: Procedure) -> tuple[Person, ...]:
    able = without_involved(case, procedure)
    return in_line(coordinating(case, procedure), able)


def _waiting(case: Case, procedure: Procedure) -> dict[Undone, tuple[str, ...]]:
    """Return who is asked for what."""
    found: dict[Undone, tuple[str, ...]] = {}
    if case.is_unconfirmed:
        found["confirm"] = ids(those_there(those_who_confirm(case, procedure)))
    for notice, began, persons in turns(case, procedure):
        match notice:
            case "new-case":
                found["assign"] = persons
            case "approval-request":
                found["approve"] = persons
            case _ if began in ("ReopeningAsked", "CaseEnded"):
                found["letter"] = persons
            case _:
                found["decide"] = (*found.get("decide", ()), *persons)
    if case.is_open and case.contact_limit is not None and case.contact_limit.decided_at is None:
        found["decide"] = (*found.get("decide", ()), *ids(deciders("contact-limit", case, procedure)))
    return {what: tuple(dict.fromkeys(persons)) for what, persons in found.items()}
