"""By which rules a case is worked on: those that it was opened under, with the people and the calendar of today."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from adapters import procedures
from adapters.people.directory import with_todays_people
from domain.procedure import Procedure, SchoolYear
from domain.situation import Situation

if TYPE_CHECKING:
    from adapters.site import Site
    from domain.calendars import Calendar
    from domain.case import Case


def rules_of(case: Case) -> tuple[Procedure, Calendar]:
    """Return the procedure that the case is pinned to, and its calendar. Only the rules are pinned: who fills a role,
    and which days are known to be holidays, is as of today. The people are those of the newest procedure file; see
    `among_todays_people` for those whom staff keep."""
    procedure = procedures.load(case.organisation, case.procedure_version)
    current = procedures.load(case.organisation)
    if current.version != procedure.version:
        school_year = _known_terms(procedure.school_year, current.school_year)
        procedure = replace(procedure, people=current.people, school_year=school_year)
    return procedure, procedures.calendar_of(procedure)


def situation_of(case: Case, *, now: datetime) -> Situation:
    """Return the case at `now`, by its rules, with the people of the newest procedure file."""
    procedure, calendar = rules_of(case)
    return Situation(case, procedure=procedure, calendar=calendar, now=now)


def among_todays_people(at: Situation, *, site: Site) -> Situation:
    """Return the same, with the people of the directory as it is today."""
    return at.among(with_todays_people(at.procedure, site=site).people)


def todays_situation_of(case: Case, *, site: Site) -> Situation:
    """Return the case as it is now, with the people of the directory as it is today."""
    return among_todays_people(situation_of(case, now=site.clock.now()), site=site)


def _known_terms(pinned: SchoolYear, current: SchoolYear) -> SchoolYear:
    """Return the terms and closures as they are known today, and those of former years that are listed no longer."""
    begins = min((term.first for term in current.terms), default=None)
    if begins is None:
        return pinned
    return SchoolYear(
        terms=(*(term for term in pinned.terms if term.last < begins), *current.terms),
        closures=(*(closure for closure in pinned.closures if closure.last < begins), *current.closures),
    )
