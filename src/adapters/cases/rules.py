"""By which rules a case is worked on: those that it was opened under, with the people and the calendar of today."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from adapters import procedures
from adapters.people.directory import with_todays_people
from domain.procedure import Procedure, SchoolYear

if TYPE_CHECKING:
    from adapters.site import Site
    from domain.calendars import Calendar
    from domain.case import Case


def rules_of(case: Case) -> tuple[Procedure, Calendar]:
    """The procedure that the case is pinned to, and its calendar. Only the rules are pinned: who fills a role, and
    which days are known to be holidays, is as of today. The people are those of the newest procedure file; see
    `todays_rules_of` for those whom staff keep."""
    procedure = procedures.load(case.organisation, case.procedure_version)
    current = procedures.load(case.organisation)
    if current.version != procedure.version:
        school_year = _known_terms(procedure.school_year, current.school_year)
        procedure = replace(procedure, people=current.people, school_year=school_year)
    return procedure, procedures.calendar_of(procedure)


def todays_rules_of(case: Case, *, site: Site) -> tuple[Procedure, Calendar]:
    """As `rules_of`, with the people of the directory as it is today."""
    procedure, calendar = rules_of(case)
    return with_todays_people(procedure, site=site), calendar


def _known_terms(pinned: SchoolYear, current: SchoolYear) -> SchoolYear:
    """The terms and closures as they are known today, and those of former years that are listed no longer."""
    begins = min((term.first for term in current.terms), default=None)
    if begins is None:
        return pinned
    return SchoolYear(
        terms=(*(term for term in pinned.terms if term.last < begins), *current.terms),
        closures=(*(one for one in pinned.closures if one.last < begins), *current.closures),
    )
