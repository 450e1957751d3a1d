"""What an observer of the world knows of a case, without asking the application's clients for it."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from adapters import procedures
from adapters.cases.attributes import from_attributes
from adapters.cases.rules import rules_of
from domain.calendars import Calendar
from domain.case import Case
from domain.directory import Directory, people_on
from domain.frozen import replace
from domain.procedure import Person, Procedure
from domain.records import from_record
from tests.simulation.dynamodb import Table
from tests.simulation.expressions import Item

LONDON = ZoneInfo("Europe/London")
_KNOWN: dict[int, tuple[Any, Case]] = {}


def state_of(table: Table, ref: str) -> Any:
    """The stored state, or the tombstone in its place; None: there is neither."""
    item = table.item(f"CASE#{ref}", "STATE")
    return None if item is None else from_attributes(item)


def case_of(table: Table, ref: str) -> Case | None:
    """The case as it is stored; None: there is none, or it was destroyed."""
    item = table.item(f"CASE#{ref}", "STATE")
    if item is None or "case" not in item:
        return None
    stored = item["case"]
    known = _KNOWN.get(id(stored))
    if known is not None and known[0] is stored:
        return known[1]
    case: Case = from_record((Case,), from_attributes({"case": stored})["case"])
    if len(_KNOWN) > 200:
        _KNOWN.clear()
    _KNOWN[id(stored)] = (stored, case)
    return case


@lru_cache(maxsize=256)
def _rules(
    organisation: str, version: int, known: tuple[int, str], case: _Same
) -> tuple[Procedure, Calendar]:
    return rules_of(case.case)


def forget_rules() -> None:
    """What was known of procedures and calendars came from other code than what runs now."""
    _rules.cache_clear()


class _Same:
    """Carries a case past a cache that is about its procedure."""

    def __init__(self, case: Case) -> None:
        self.case = case

    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return 0


_PEOPLE: dict[int, tuple[Item, Directory]] = {}


def directory_of(table: Table, organisation: str) -> Item | None:
    """The directory that an organisation's staff keep, as it is stored; None: it is still the procedure file's."""
    return table.item(f"DIRECTORY#{organisation}", "DIRECTORY")


def people_in(directory: Item, now: datetime) -> tuple[Person, ...]:
    """Everybody in a stored directory, on the day that `now` belongs to."""
    known = _PEOPLE.get(id(directory))
    if known is None or known[0] is not directory:
        if len(_PEOPLE) > 200:
            _PEOPLE.clear()
        found: Directory = from_record((Directory,), from_attributes(directory)["directory"])
        _PEOPLE[id(directory)] = known = (directory, found)
    return people_on(known[1], now)


def comings_and_goings(directory: Item) -> list[float]:
    """The moments at which somebody in a stored directory goes away or is back."""
    people_in(directory, datetime(2026, 1, 1, tzinfo=UTC))
    days = [
        day
        for entry in _PEOPLE[id(directory)][1].people
        for absence in entry.absences
        for day in (absence.first, absence.last + timedelta(days=1))
    ]
    return [datetime.combine(day, time(), LONDON).timestamp() for day in days]


def file_rules(case: Case) -> tuple[Procedure, Calendar]:
    """The rules of a case, with the people of the procedure file."""
    known = procedures.load(case.organisation).version, procedures.calendars()
    return _rules(case.organisation, case.procedure_version, known, _Same(case))


def rules(case: Case, table: Table, now: datetime) -> tuple[Procedure, Calendar]:
    """The rules of a case, with the people of today."""
    procedure, calendar = file_rules(case)
    directory = directory_of(table, procedure.organisation_slug)
    if directory is None:
        return procedure, calendar
    return replace(procedure, people=people_in(directory, now)), calendar
