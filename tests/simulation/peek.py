"""What an observer of the world knows of a case, without asking the application's clients for it."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from adapters.attributes import from_attributes
from adapters.execute import rules_of
from domain.calendars import Calendar
from domain.case import Case
from domain.procedure import Procedure
from domain.records import from_record
from tests.simulation.dynamodb import Table

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


@lru_cache(maxsize=64)
def _rules(organisation: str, version: int, case: _Same) -> tuple[Procedure, Calendar]:
    return rules_of(case.case)


class _Same:
    """Carries a case past a cache that is about its procedure."""

    def __init__(self, case: Case) -> None:
        self.case = case

    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return 0


def rules(case: Case) -> tuple[Procedure, Calendar]:
    return _rules(case.organisation, case.procedure_version, _Same(case))
