"""Calendars of a bundle that knows of other holidays than the one that was compiled here."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import lru_cache

from adapters import procedures
from domain.calendars import Calendar
from domain.procedure import Procedure

# While a world is installed others stand in their place.
_compiled_calendar_of = procedures.calendar_of
_compiled_calendars = procedures.calendars


def calendar_of(procedure: Procedure, days: frozenset[date]) -> Calendar:
    """As `adapters.procedures.calendar_of`, where each of `days` is a holiday if it was none, and none if it was."""
    return _changed(_compiled_calendar_of(procedure), days) if days else _compiled_calendar_of(procedure)


def calendars(days: frozenset[date]) -> str:
    """As `adapters.procedures.calendars`."""
    return " ".join([_compiled_calendars(), *map(str, sorted(days))])


@lru_cache(maxsize=256)
def _changed(calendar: Calendar, days: frozenset[date]) -> Calendar:
    known = {day for day, _ in calendar.holidays}
    kept = [one for one in calendar.holidays if one[0] not in days]
    new = [(day, "A day of thanks") for day in days - known]
    return replace(calendar, holidays=tuple(sorted([*kept, *new])))
