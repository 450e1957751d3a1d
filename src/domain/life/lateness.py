"""A complaint that came late: whether it is considered is for the role that the procedure names, and for no machine."""

from __future__ import annotations

from datetime import datetime

from domain.calendars import Calendar
from domain.case import Case, evolve
from domain.commands import DecideLateness
from domain.errors import AlreadyDone, FieldProblem, Incomplete, NotAllowed, Refused
from domain.events import Event, LatenessDecided
from domain.life.closure import close
from domain.life.standing import conflicted, decides_lateness, holds_role, open_at
from domain.procedure import Procedure


def may_decide_lateness(case: Case, by: str, stage: str, procedure: Procedure) -> Refused | None:
    role = decides_lateness(case, procedure)
    if not role:
        return NotAllowed("There is nothing to decide about when this complaint came.")
    if refusal := conflicted(case, by) or holds_role(by, (role,), procedure) or open_at(case, stage):
        return refusal
    if case.lateness:
        return AlreadyDone("It has been decided whether this complaint is considered.")
    return None


def decide_lateness(
    case: Case, command: DecideLateness, *, procedure: Procedure, calendar: Calendar, now: datetime
) -> tuple[Event, ...]:
    """Accepted, the case goes on; declined, it ends. Incomplete: no reason is given."""
    if refusal := may_decide_lateness(case, command.by, command.stage, procedure):
        raise refusal
    if not str(command.reason.words.get("reason", "")).strip():
        raise Incomplete((FieldProblem("reason", "Write the reason for your decision."),))
    decided = LatenessDecided(
        at=now, by=command.by, stage=command.stage, accepted=command.accepted, reason=command.reason.id
    )
    if command.accepted:
        return (decided,)
    after = evolve(case, decided, ref=case.ref)
    return (decided, *close(after, "declined", procedure=procedure, calendar=calendar, now=now))
