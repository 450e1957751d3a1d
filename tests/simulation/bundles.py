"""Bundles that are deployed in the middle of a life: they know of other holidays than the one that was compiled here,
and carry new versions of procedures."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from adapters import procedures
from domain.calendars import Calendar
from domain.frozen import replace
from domain.ladder import Stage
from domain.procedure import Procedure

# While a world is installed others stand in their place.
_compiled_load = procedures.load
_compiled_calendar_of = procedures.calendar_of
_compiled_calendars = procedures.calendars


@dataclass(frozen=True, slots=True)
class Bundle:
    """What differs from the bundle that was compiled here: each of `days` is a holiday if it was none, and none if it
    was; each procedure of `released` has one version more."""

    days: frozenset[date] = frozenset()
    released: frozenset[str] = frozenset()

    def load(self, slug: str, version: int | None = None) -> Procedure:
        """As `adapters.procedures.load`."""
        return _loaded(self.released, slug, version)

    def calendar_of(self, procedure: Procedure) -> Calendar:
        """As `adapters.procedures.calendar_of`."""
        calendar = _compiled_calendar_of(procedure)
        return _with(calendar, self.days) if self.days else calendar

    def calendars(self) -> str:
        """As `adapters.procedures.calendars`."""
        return _fingerprint(self.days)


FIRST = Bundle()


@dataclass(frozen=True, slots=True)
class Deployment:
    """A bundle, and from when on each function runs it."""

    bundle: Bundle
    since: Mapping[str, float]


# A world asks for these at every step.


@lru_cache(maxsize=1000)
def _loaded(released: frozenset[str], slug: str, version: int | None) -> Procedure:
    if slug in released:
        new = _next_version(slug)
        if version in (None, new.version):
            return new
    return _compiled_load(slug, version)


@lru_cache(maxsize=1000)
def _fingerprint(days: frozenset[date]) -> str:
    return " ".join([_compiled_calendars(), *map(str, sorted(days))])


@lru_cache
def _next_version(slug: str) -> Procedure:
    """Everything may take one day, week or whatever it is counted in more."""
    procedure = _compiled_load(slug)
    stages = tuple(_longer(stage) for stage in procedure.stages)
    return replace(procedure, version=procedure.version + 1, stages=stages)


def _longer(stage: Stage) -> Stage:
    deadlines = (
        replace(
            rule, within=tuple(dataclasses.replace(limit, count=limit.count + 1) for limit in rule.within)
        )
        for rule in stage.deadlines
    )
    return replace(stage, deadlines=tuple(deadlines))


@lru_cache(maxsize=256)
def _with(calendar: Calendar, days: frozenset[date]) -> Calendar:
    known = {day for day, _ in calendar.holidays}
    kept = [one for one in calendar.holidays if one[0] not in days]
    new = [(day, "A day of thanks") for day in days - known]
    return dataclasses.replace(calendar, holidays=tuple(sorted([*kept, *new])))
