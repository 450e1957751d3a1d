"""Keeping a closed case for its time, and letting it go: the one guard before the one path that deletes."""

from __future__ import annotations

from datetime import datetime

from domain.calendars import Calendar, end_of, spell_day, to_london
from domain.case import Case
from domain.commands import LiftHold, PlaceHold
from domain.counting import count
from domain.errors import (
    AlreadyDone,
    DeletionRefused,
    FieldProblem,
    Incomplete,
    NotNow,
    Refused,
    UnknownChoice,
)
from domain.events import SYSTEM, DeletionAnnounced, DeletionBegun, Event, HoldLifted, HoldPlaced
from domain.life.standing import holds_role
from domain.procedure import Procedure


def due_for_deletion_at(case: Case) -> datetime | None:
    """When the retention run has to look at the case next; None: not while it is open or held."""
    if case.erasing:
        return case.destroy_at
    if case.keep_until is None or case.holds or case.is_asked:
        return None
    return case.destroy_at or end_of(case.keep_until)


def announce_deletion(
    case: Case, *, procedure: Procedure, calendar: Calendar, now: datetime
) -> tuple[Event, ...]:
    """Nothing where it has been announced. DeletionRefused: the case is open or held, or its time is not over."""
    if case.destroy_at is not None:
        return ()
    if against := _against(case, now):
        raise DeletionRefused(against)
    notice = count((procedure.retention.notice,), now, calendar=calendar)
    return (DeletionAnnounced(at=now, by=SYSTEM, destroy_at=notice.due_at),)


def begin_deletion(case: Case, *, now: datetime) -> tuple[Event, ...]:
    """The guard. Nothing where it was passed before: an erasure that broke off goes on.
    DeletionRefused: anything at all stands against it."""
    if case.erasing:
        return ()
    against = list(_against(case, now))
    if case.destroy_at is None:
        against.append("it has not been announced")
    elif now < case.destroy_at:
        against.append(f"the notice runs until {spell_day(to_london(case.destroy_at).date())}")
    if against:
        raise DeletionRefused(tuple(against))
    return (DeletionBegun(at=now, by=SYSTEM),)


def may_hold(case: Case, by: str, procedure: Procedure) -> Refused | None:
    if case.erasing:
        return NotNow("The destruction of this case has begun.")
    return holds_role(by, (procedure.retention.told,), procedure)


def may_lift(case: Case, by: str, procedure: Procedure) -> Refused | None:
    if refusal := may_hold(case, by, procedure):
        return refusal
    if not case.holds:
        return AlreadyDone("This case is not held.")
    return None


def place_hold(case: Case, command: PlaceHold, *, procedure: Procedure, now: datetime) -> tuple[Event, ...]:
    if refusal := may_hold(case, command.by, procedure):
        raise refusal
    if not str(command.reason.words.get("reason", "")).strip():
        raise Incomplete((FieldProblem("reason", "Write why the case has to be kept."),))
    return (HoldPlaced(at=now, by=command.by, hold=command.reason.id, reason=command.reason.id),)


def lift_hold(case: Case, command: LiftHold, *, procedure: Procedure, now: datetime) -> tuple[Event, ...]:
    if refusal := may_lift(case, command.by, procedure):
        raise refusal
    if command.hold not in case.holds:
        raise UnknownChoice("There is no such hold on this case.")
    return (HoldLifted(at=now, by=command.by, hold=command.hold),)


def _against(case: Case, now: datetime) -> tuple[str, ...]:
    against = []
    if case.is_open or case.keep_until is None:
        against.append("it is open")
    elif now < end_of(case.keep_until):
        against.append(f"it is kept until {spell_day(case.keep_until)}")
    if case.holds:
        against.append("it is held")
    if case.is_asked:
        against.append("a request of the complainant waits for an answer")
    if any(record.external == "open" for record in case.stages):
        against.append("help from outside has not answered yet")
    return tuple(against)
