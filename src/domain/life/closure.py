"""How a case ends, and until when it is kept."""

from __future__ import annotations

from datetime import datetime

from domain.calendars import Calendar
from domain.case import Case
from domain.counting import count
from domain.events import SYSTEM, CaseEnded, Event
from domain.procedure import Procedure


def close(
    case: Case, how: str, *, procedure: Procedure, calendar: Calendar, now: datetime
) -> tuple[Event, ...]:
    """The closure. `how` is `satisfied`, `lapsed`, `exhausted`, `declined`, `settled`, `unwritten` or
    `logged`."""
    keep = count((procedure.retention.keep,), now, calendar=calendar)
    return (CaseEnded(at=now, by=SYSTEM, stage=case.current.stage, how=how, keep_until=keep.due),)
