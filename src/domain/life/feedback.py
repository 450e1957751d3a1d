"""Suggestions and compliments: logged, thanked for, passed on to whom they concern, and kept like every case."""

from __future__ import annotations

from datetime import datetime

from domain.case import Case
from domain.commands import FollowUp
from domain.errors import AlreadyDone, FieldProblem, Incomplete, NotAllowed, NotNow, Refused
from domain.events import Event, FollowedUp
from domain.life.intake import said
from domain.life.standing import conflicted, holds_role
from domain.procedure import LOGGED, Procedure


def passed_to(case: Case, procedure: Procedure) -> str:
    """The role that it is passed on to."""
    form = procedure.form(case.form)
    return (form.passed_to if form is not None else "") or procedure.coordinator


def may_follow_up(case: Case, by: str, procedure: Procedure) -> Refused | None:
    if case.kind not in LOGGED:
        return NotAllowed("A complaint is answered, and not only followed up.")
    roles = tuple(dict.fromkeys((passed_to(case, procedure), procedure.coordinator)))
    if refusal := conflicted(case, by) or holds_role(by, roles, procedure):
        return refusal
    if case.erasing:
        return NotNow("The destruction of this case has begun.")
    if case.followed_up:
        return AlreadyDone("What came of it is on record.")
    return None


def follow_up(case: Case, command: FollowUp, *, procedure: Procedure, now: datetime) -> tuple[Event, ...]:
    if refusal := may_follow_up(case, command.by, procedure):
        raise refusal
    if not said(command.note, "note"):
        raise Incomplete((FieldProblem("note", "Write what comes of it."),))
    return (FollowedUp(at=now, by=command.by, note=command.note.id),)
