"""The procedures and calendars that a bundle carries, as Python that `authoring.compile` wrote.

Nothing is imported before it is asked for, and then only the one organisation's procedure.

    KeyError
    └── UnknownProcedure
        ├── UnknownOrganisation   there is no such organisation here
        └── UnknownVersion        its procedure has no such version
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from importlib import import_module
from types import ModuleType

from domain.calendars import Calendar, Period
from domain.procedure import Procedure, organisation_in

PACKAGE = "compiled"

WOKEN_BY = 2
"""Raised when other things wake a case than before, so that open cases are counted again once."""


class UnknownProcedure(KeyError):
    """What was asked for is not in this bundle; `str()` is a sentence."""

    def __str__(self) -> str:
        return str(self.args[0])


class UnknownOrganisation(UnknownProcedure):
    def __init__(self, slug: str) -> None:
        super().__init__("There is no such organisation.")
        self.slug = slug


class UnknownVersion(UnknownProcedure):
    def __init__(self, slug: str, version: int) -> None:
        super().__init__(f"The procedure of {slug} has no version {version}.")
        self.slug = slug
        self.version = version


def load(slug: str, version: int | None = None) -> Procedure:
    """Return an organisation's procedure: the version under which a case was opened, or the current one.

    UnknownOrganisation, UnknownVersion: it was not compiled."""
    index = import_module(PACKAGE)
    if slug not in index.VERSIONS or (version is None and slug not in index.CURRENT):
        raise UnknownOrganisation(slug)
    if version is None:
        version = index.CURRENT[slug]
    if version not in index.VERSIONS[slug]:
        raise UnknownVersion(slug, version)
    # The name comes from the index, so that nothing that a request said chooses a module.
    procedure: Procedure = _module(f"procedure_{slug}_v{version}").PROCEDURE
    return procedure


def drawing_of(procedure: Procedure) -> str:
    """Return the drawing of a current procedure: an SVG element to stand in a page as it is."""
    drawing: str = _module(f"drawing_{procedure.slug}_v{procedure.version}").SVG
    return drawing


def calendar_of(procedure: Procedure) -> Calendar:
    """Return the calendar by which the procedure's deadlines are counted: its region's, with its own school year."""
    return _calendar(procedure.region, procedure.school_year.terms, procedure.school_year.closures)


def organisations() -> tuple[str, ...]:
    """Return every organisation in this bundle, by slug."""
    current: Mapping[str, int] = import_module(PACKAGE).CURRENT
    return tuple(sorted(slug for slug in current if "/" not in slug))


def served(environ: Mapping[str, str]) -> tuple[str, ...]:
    """Return the organisations that this deployment serves: those in ORGANISATIONS (a comma between two), in that
    order; all, by slug, where it is empty or not set.

    UnknownOrganisation: it names one that was not compiled."""
    named = tuple(
        dict.fromkeys(slug for part in environ.get("ORGANISATIONS", "").split(",") if (slug := part.strip()))
    )
    known = organisations()
    for slug in named:
        if slug not in known:
            raise UnknownOrganisation(slug)
    return named or known


def served_procedures(environ: Mapping[str, str]) -> tuple[str, ...]:
    """Return the procedures that this deployment serves, by slug: each organisation's own, followed by what it has
    beside it (`<organisation>/data-protection`). UnknownOrganisation as for `served`."""
    current: Mapping[str, int] = import_module(PACKAGE).CURRENT
    theirs: dict[str, list[str]] = {}
    for slug in sorted(current):
        theirs.setdefault(organisation_in(slug), []).append(slug)
    return tuple(slug for organisation in served(environ) for slug in theirs.get(organisation, ()))


def calendars() -> str:
    """Return what is known of holidays and terms in this bundle, and by which rules cases wake, as a fingerprint."""
    return f"{import_module(PACKAGE).CALENDARS} {WOKEN_BY}"


def rules() -> str:
    """Return by which rules it is decided what waits for whom, as a fingerprint."""
    fingerprint: str = import_module(PACKAGE).RULES
    return fingerprint


def months_left(now: datetime) -> int:
    """Return for how many months from now public holidays are known."""
    until = date.fromisoformat(import_module(PACKAGE).KNOWN_UNTIL)
    return (until.year - now.year) * 12 + until.month - now.month


@cache
def _calendar(region: str, terms: tuple[Period, ...], closures: tuple[Period, ...]) -> Calendar:
    known = _module(f"calendar_{region}")
    return Calendar(
        region,
        known.HOLIDAYS,
        known_from=known.KNOWN_FROM,
        known_until=known.KNOWN_UNTIL,
        terms=terms,
        closures=closures,
    )


def _module(name: str) -> ModuleType:
    """Return a module of the package; Python itself keeps it after the first time."""
    return import_module(f"{PACKAGE}.{name.replace('-', '_').replace('/', '__')}")
