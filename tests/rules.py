"""The rules asked in one line: a case at a moment, by a procedure and a calendar."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from importlib import import_module

from domain import command, registry
from domain import consequences as following
from domain.calendars import Calendar
from domain.case import Case
from domain.command import Command, Events
from domain.deadlines import Promised
from domain.effect import Consequence
from domain.errors import Refused
from domain.event import Event
from domain.occasions import Occasion
from domain.procedure import Procedure
from domain.situation import Outset, Situation

AT_ANY_TIME = datetime(2026, 1, 1, tzinfo=UTC)
"""For what does not ask when."""

WITHOUT_HOLIDAYS = Calendar("nowhere", (), known_from=date(1990, 1, 1), known_until=date(2090, 1, 1))
"""For what counts nothing."""

EVENTS = tuple(getattr(import_module(room), name) for name, room in registry.ROOM_OF_EVENT.items())
"""The class of every event."""

ACTIONS = registry.names()


def situation(
    case: Case,
    procedure: Procedure,
    calendar: Calendar = WITHOUT_HOLIDAYS,
    *,
    now: datetime = AT_ANY_TIME,
) -> Situation:
    return Situation(case, procedure=procedure, calendar=calendar, now=now)


def decide(
    case: Case | None,
    asked: Command,
    *,
    ref: str,
    procedure: Procedure,
    calendar: Calendar,
    now: datetime,
) -> Events:
    """The events that a command leads to; `case` is None where there is none yet."""
    if case is None:
        return command.decide(Outset(ref, procedure=procedure, calendar=calendar, now=now), asked)
    return command.decide(situation(case, procedure, calendar, now=now), asked)


def consequences(
    before: Case | None, events: Sequence[Event], *, ref: str, procedure: Procedure, calendar: Calendar
) -> tuple[Consequence, ...]:
    """Everything that follows from `events`, which were decided on `before`."""
    at: Situation | Outset
    if before is None:
        at = Outset(ref, procedure=procedure, calendar=calendar, now=AT_ANY_TIME)
    else:
        at = situation(before, procedure, calendar, now=events[0].at if events else AT_ANY_TIME)
    return following.consequences(at, events)


def wakes(case: Case, procedure: Procedure, calendar: Calendar) -> tuple[Occasion, ...]:
    return situation(case, procedure, calendar).wakes


def promised(case: Case, procedure: Procedure, calendar: Calendar) -> tuple[Promised, ...]:
    return situation(case, procedure, calendar).promised


def refusal(
    action: str, case: Case, *, by: str, stage: str, procedure: Procedure, now: datetime = AT_ANY_TIME
) -> Refused | None:
    return registry.refusal(action, situation(case, procedure, now=now), by=by, stage=stage)


def available(
    case: Case,
    *,
    by: str,
    procedure: Procedure,
    among: tuple[str, ...] = ACTIONS,
    now: datetime = AT_ANY_TIME,
) -> tuple[str, ...]:
    found = registry.available(situation(case, procedure, now=now), by=by)
    return tuple(action for action in found if action in among)
