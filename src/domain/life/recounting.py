"""Holidays and terms become known while cases run: their dates are counted again, and both dates are kept."""

from __future__ import annotations

from datetime import datetime

from domain.calendars import Calendar
from domain.case import Case
from domain.commands import Promised, Recount
from domain.deadlines import deadlines
from domain.events import SYSTEM, DateMoved, DatesRecounted, Event
from domain.procedure import Procedure


def promised(case: Case, procedure: Procedure, calendar: Calendar) -> tuple[Promised, ...]:
    """The dates that run, as they are counted now. A closed case has none."""
    if not case.is_open:
        return ()
    return tuple(
        Promised(deadline=one.name, due_at=one.due.due_at)
        for one in deadlines(case, procedure, calendar)
        if not one.is_met
    )


def recount(
    case: Case, command: Recount, *, procedure: Procedure, calendar: Calendar, now: datetime
) -> tuple[Event, ...]:
    """Nothing where each date is the one that was promised, or is over either way."""
    counted = {one.deadline: one.due_at for one in promised(case, procedure, calendar)}
    moves = tuple(
        DateMoved(deadline=one.deadline, was=one.due_at, now=counted[one.deadline])
        for one in command.promised
        if one.deadline in counted
        and counted[one.deadline] != one.due_at
        and max(counted[one.deadline], one.due_at) > now
    )
    return (DatesRecounted(at=now, by=SYSTEM, moves=moves),) if moves else ()
